//! Judging a scan from both files: no lock is taken, nothing is written.

use rusqlite::{Connection, OptionalExtension, params};
use usher_core::{
    entry::Subject,
    ids::{CodeDigest, PersonId, SessionId},
    verdict::{Judgement, Question, Standby, Standing, Validity, judge},
};
use usher_protocol::{records::SessionRecord, ticket::TicketKind};

use crate::{
    Identified, Replica, Side, StoreError, here, holds, life::Life, lists, open::OneState, profiles, rights,
    row, totals, write_ahead,
};

/// What stands at the door, once the list was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticket {
    /// Somebody on the guest list; `revoked`: by a code that was replaced.
    Person {
        /// Who.
        id: PersonId,
        /// The code that was read is an old one.
        revoked: bool,
    },
    /// A signed ticket whose signature is good, whether its guest is on the list here or not.
    Signed {
        /// Whose it is.
        id: PersonId,
        /// It was revoked.
        revoked: bool,
        /// When the key that signed it was withdrawn, milliseconds since 1970 UTC: it is an old ticket from then on.
        key_until_ms: Option<i64>,
        /// When the ticket itself says that it is good.
        valid: Validity,
        /// Its kind as the ticket says it.
        kind: TicketKind,
    },
    /// A code that no list knows.
    Unknown(CodeDigest),
    /// A text that only looks like a signed ticket of this event.
    Forged(CodeDigest),
    /// Another event's code.
    OtherEvent(CodeDigest),
    /// Another kind of code.
    NotATicket,
}

impl Ticket {
    /// How entries name it; none for what is never recorded.
    #[must_use]
    pub const fn subject(&self) -> Option<Subject> {
        match *self {
            Self::Person { id, .. } | Self::Signed { id, .. } => Some(Subject::Person(id)),
            Self::Unknown(digest) | Self::Forged(digest) | Self::OtherEvent(digest) => {
                Some(Subject::Code(digest))
            }
            Self::NotATicket => None,
        }
    }

    /// Whose ticket it is, on the list here or not.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match *self {
            Self::Person { id, .. } | Self::Signed { id, .. } => Some(id),
            _ => None,
        }
    }
}

/// What is judged.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The ticket.
    pub ticket: Ticket,
    /// The session that the desk serves.
    pub session: SessionId,
    /// The corrected time, milliseconds since 1970 UTC.
    pub now_ms: i64,
}

/// A guest as the card shows one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Who.
    pub id: PersonId,
    /// The name; may be empty.
    pub name: String,
    /// Organisation; may be empty.
    pub organisation: String,
    /// Ticket kind; may be empty.
    pub kind: String,
    /// The order; may be empty.
    pub order: String,
    /// What the volunteer should know; may be empty.
    pub note: String,
    /// Words of the organiser's for whom the volunteer is to look at, in order.
    pub flags: Vec<String>,
    /// The organiser wants a second look.
    pub attention: bool,
    /// The whole ticket was cancelled.
    pub cancelled: bool,
    /// When the ticket is good.
    pub valid: Validity,
}

impl Guest {
    /// Whether the organiser wants the volunteer to look before letting them in (DESIGN section 7).
    #[must_use]
    pub const fn asks(&self) -> bool {
        self.attention || !self.note.is_empty() || !self.flags.is_empty()
    }
}

/// A verdict with what it was made from.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The answer.
    pub judgement: Judgement,
    /// The guest, where known. Of one who is not on the list here yet, what the signed ticket says.
    pub guest: Option<Guest>,
    /// The session as it was judged.
    pub session: SessionRecord,
    /// Whether the guest has a confirmed registration here.
    pub registered: bool,
}

impl Replica {
    /// Judges; none when this desk does not know the session.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn judge(&self, who: &Identified, asked: &Asked) -> Result<Option<Judged>, StoreError> {
        judge_on(&self.door(), who, asked)
    }

    /// The sessions that a person is booked for.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn bookings(&self, id: PersonId) -> Result<Vec<SessionId>, StoreError> {
        let side = self.door();
        let mut read = side
            .lists
            .prepare_cached("SELECT session FROM registration WHERE person = ?1 AND NOT cancelled")?;
        let rows = read.query_map(params![row::id(&id.0)], |row| row.get::<_, Vec<u8>>(0))?;
        rows.collect::<Result<Vec<_>, _>>()?.iter().map(|id| row::uuid(id).map(SessionId)).collect()
    }

    /// One guest.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn guest(&self, id: PersonId) -> Result<Option<Guest>, StoreError> {
        guest(&self.door(), id)
    }
}

pub(crate) fn judge_on(side: &Side, who: &Identified, asked: &Asked) -> Result<Option<Judged>, StoreError> {
    judge_when(side, who, asked, None, true)
}

/// Judges somebody who is on no list yet, under the id and name that they are to get.
pub(crate) fn judge_new(
    side: &Side,
    who: &Identified,
    asked: &Asked,
    guest: Guest,
) -> Result<Option<Judged>, StoreError> {
    judge_when(side, who, asked, Some(guest), true)
}

/// Judges as if the guest were not in: somebody who comes back takes a right as at the first time.
pub(crate) fn judge_coming_back(
    side: &Side,
    who: &Identified,
    asked: &Asked,
) -> Result<Option<Judged>, StoreError> {
    judge_when(side, who, asked, None, false)
}

fn judge_when(
    side: &Side,
    who: &Identified,
    asked: &Asked,
    new: Option<Guest>,
    once: bool,
) -> Result<Option<Judged>, StoreError> {
    // One state of the lists for all that is asked below, read before the log: what is absorbed meanwhile is then counted once.
    let _one_state = OneState::of(&side.lists)?;
    let Some(session) = lists::session(&side.lists, asked.session)? else { return Ok(None) };
    let guest = match new {
        Some(new) => Some(new),
        None => asked.ticket.person().map(|id| guest(side, id)).transpose()?.flatten(),
    };
    let (standing, registered) = standing(side, asked, guest.as_ref())?;
    let subject = asked.ticket.subject().filter(|_| once);
    let inside = subject.map(|subject| here::inside(side, who, asked.session, subject));
    let admitted = inside.transpose()?.and_then(|inside| inside.first().copied());
    let admitted = admitted.map(|one| Standby { key: one.key, at_ms: one.hlc.ms() });
    let life = Life::of(&side.log, who.identity)?;
    // A log that was written off gives nobody a seat any more, also where its next life could not be begun yet (seed 106312).
    let available = if life.fenced { 0 } else { rights::of(&side.log, asked.session)?.available() };
    let held = !life.fenced && has_hold(side, who, &life, asked)?;
    let question = Question {
        standing,
        session: &session.rules,
        now_ms: asked.now_ms,
        admitted,
        available,
        held,
        occupied: totals::tally(side, who, asked.session)?.occupied,
        // Counted only where it decides between two refusals.
        held_for_others: if held || available > 0 { 0 } else { holds::count(&side.lists, asked.session)? },
    };
    let judgement = judge(&question);
    let guest = guest.or_else(|| nameless(&asked.ticket));
    Ok(Some(Judged { judgement, guest, session, registered }))
}

/// Whether a seat is held for the guest and this life may use it: it has synced to the feed's end, and the server waits for its word, in
/// the term that holds the seat or an earlier one; and the lists are not the rest of some that lost their newest part. A seat that is
/// used is not there a second time: also not for who comes back while the exit is not known here, or not bound.
fn has_hold(side: &Side, who: &Identified, life: &Life, asked: &Asked) -> Result<bool, StoreError> {
    let Some(id) = asked.ticket.person() else { return Ok(false) };
    Ok(holds::holds(&side.lists, asked.session, id, life.since)?
        && holds::are_current(&side.log, &side.lists, asked.session)?
        && !write_ahead::is_lost(&side.log)?
        && life.since > 0
        && life.acknowledged.seq > 0
        && !here::uses_hold(side, who, asked.session, id)?)
}

fn standing(side: &Side, asked: &Asked, guest: Option<&Guest>) -> Result<(Standing, bool), StoreError> {
    let (revoked, valid, guest) = match (asked.ticket, guest) {
        (Ticket::Person { revoked, .. }, Some(guest)) => (revoked, guest.valid, guest),
        (Ticket::Signed { revoked, key_until_ms, valid, .. }, guest) => {
            let revoked = revoked || key_until_ms.is_some_and(|until| asked.now_ms >= until);
            let Some(guest) = guest else { return Ok((Standing::Signed { revoked, valid }, false)) };
            (revoked, guest.valid.and(valid), guest)
        }
        (Ticket::Forged(_), _) => return Ok((Standing::Forged, false)),
        (Ticket::OtherEvent(_), _) => return Ok((Standing::OtherEvent, false)),
        (Ticket::NotATicket, _) => return Ok((Standing::NotATicket, false)),
        _ => return Ok((Standing::Unknown, false)),
    };
    let booking = registration(&side.lists, guest.id, asked.session)?;
    let registered = booking == Some(false);
    let cancelled = guest.cancelled || booking == Some(true);
    Ok((Standing::Known { revoked, cancelled, valid, registered }, registered))
}

/// What the card shows of a guest who is not on the list here yet: the ticket carries no name.
fn nameless(ticket: &Ticket) -> Option<Guest> {
    let Ticket::Signed { id, valid, kind, .. } = *ticket else { return None };
    Some(Guest {
        id,
        name: String::new(),
        organisation: String::new(),
        kind: kind.as_str().into(),
        order: String::new(),
        note: String::new(),
        flags: Vec::new(),
        attention: false,
        cancelled: false,
        valid,
    })
}

/// Whether the registration of a person for a session is cancelled; none: there is none.
pub(crate) fn registration(
    lists: &Connection,
    person: PersonId,
    session: SessionId,
) -> Result<Option<bool>, StoreError> {
    let mut read =
        lists.prepare_cached("SELECT cancelled FROM registration WHERE person = ?1 AND session = ?2")?;
    Ok(read.query_row(params![row::id(&person.0), row::id(&session.0)], |row| row.get(0)).optional()?)
}

/// One guest, of the list or added here. What was erased here is so whatever the list says, which may not have heard of it yet; of the rest
/// the list says how it is now.
pub(crate) fn guest(side: &Side, id: PersonId) -> Result<Option<Guest>, StoreError> {
    let added = profiles::of(&side.log, id)?.map(|profile| (profile.erased, profiles::guest(id, &profile)));
    match added {
        Some((true, nobody)) => Ok(Some(nobody)),
        added => Ok(listed(&side.lists, id)?.or(added.map(|(_, guest)| guest))),
    }
}

/// Whether the list names this person.
pub(crate) fn is_listed(lists: &Connection, id: PersonId) -> Result<bool, StoreError> {
    Ok(lists.prepare_cached("SELECT 1 FROM person WHERE id = ?1")?.exists(params![row::id(&id.0)])?)
}

/// One guest of the list.
pub(crate) fn listed(lists: &Connection, id: PersonId) -> Result<Option<Guest>, StoreError> {
    let mut read = lists.prepare_cached(
        "SELECT name, organisation, kind, ordered, note, attention, cancelled, valid_from, valid_until, flags FROM person WHERE id = ?1",
    )?;
    let found = read.query_row(params![row::id(&id.0)], |row| {
        let guest = Guest {
            id,
            name: row.get(0)?,
            organisation: row.get(1)?,
            kind: row.get(2)?,
            order: row.get(3)?,
            note: row.get(4)?,
            flags: Vec::new(),
            attention: row.get(5)?,
            cancelled: row.get(6)?,
            valid: Validity { from_ms: row.get(7)?, until_ms: row.get(8)? },
        };
        Ok((guest, row.get::<_, String>(9)?))
    });
    let Some((guest, flags)) = found.optional()? else { return Ok(None) };
    Ok(Some(Guest { flags: lists::from_json(&flags)?, ..guest }))
}
