//! Walk-ins: people without a ticket, added at this desk. The entry, the name beside it and the check-in are one transaction of `log.db`
//! (DESIGN section 4), and whether there is a place is judged before anything of it is written.

use rusqlite::{Connection, params};
use usher_core::{
    clock::Hlc,
    entry::{Body, Entry, Subject, WalkIn},
    ids::{EntryKey, PersonId},
};
use usher_protocol::profile::Profile;

use crate::{
    Asked, Decided, Decision, Identified, Judged, Replica, Side, StoreError, Ticket, decide, judge,
    log::{self, append},
    profiles, row,
    undo::entry_id,
};

/// Somebody new, as the volunteer wrote it down. What is wrong with it the caller asks [`Profile::fault`] before.
#[derive(Clone, Copy, Debug)]
pub struct NewGuest<'a> {
    /// The id that the guest gets.
    pub id: PersonId,
    /// The name as it is shown.
    pub name: &'a str,
    /// E-mail address; may be empty.
    pub email: &'a str,
    /// Ticket kind; may be empty.
    pub kind: &'a str,
}

/// What became of a walk-in.
#[derive(Clone, Debug)]
pub enum WalkedIn {
    /// Committed, now or by an earlier call for the same verdict: the guest is on the list.
    Added {
        /// Who; the id of the call that wrote it.
        person: PersonId,
        /// The walk-in.
        key: EntryKey,
        /// The check-in, where the guest was let in with it.
        let_in: Option<EntryKey>,
        /// The verdict that stands.
        judged: Box<Judged>,
    },
    /// The guest cannot be let in now; nothing was written.
    NotNow(Box<Judged>),
    /// This desk does not know the session.
    Impossible,
}

impl Replica {
    /// Adds somebody, and lets them in where `let_in` says so. `decision.asked.ticket` and `decision.act` do not matter.
    ///
    /// # Errors
    /// A fault of the files; nothing was written then.
    pub fn walk_in(
        &self,
        who: &Identified,
        guest: &NewGuest<'_>,
        decision: &Decision,
        let_in: bool,
    ) -> Result<WalkedIn, StoreError> {
        self.decide(who, |side| walk_in(side, who, guest, decision, let_in))
    }
}

fn walk_in(
    side: &Side,
    who: &Identified,
    guest: &NewGuest<'_>,
    decision: &Decision,
    let_in: bool,
) -> Result<WalkedIn, StoreError> {
    if let Some(key) = decide::decided(&side.log, decision.verdict, decide::WALK_IN)? {
        return again(side, who, key, decision);
    }
    // Judged before there is such a person: by a name that is not written yet.
    let known =
        profiles::guest(guest.id, &Profile::written(guest.name, guest.email, guest.kind, Hlc::default()));
    let asked = Asked { ticket: Ticket::Person { id: guest.id, revoked: false }, ..decision.asked };
    let Some(judged) = judge::judge_new(side, who, &asked, known)? else { return Ok(WalkedIn::Impossible) };
    if let_in && judged.judgement.basis.is_none() {
        return Ok(WalkedIn::NotNow(Box::new(judged)));
    }
    let entry = append(
        &side.log,
        who,
        decision.stamp,
        Body::WalkIn(WalkIn { person: guest.id, shift: Some(decision.shift) }),
    )?;
    profiles::write(&side.log, guest.id, Profile::written(guest.name, guest.email, guest.kind, entry.hlc))?;
    decide::remember(&side.log, decision.verdict, decide::WALK_IN, entry.key())?;
    let key =
        if let_in { Some(admit(side, who, &Decision { asked, ..*decision }, judged.clone())?) } else { None };
    Ok(WalkedIn::Added { person: guest.id, key: entry.key(), let_in: key, judged: Box::new(judged) })
}

fn admit(side: &Side, who: &Identified, decision: &Decision, judged: Judged) -> Result<EntryKey, StoreError> {
    let decision = Decision { act: decide::Act::LetInAnyway, ..*decision };
    match decide::admit(side, who, &decision, judged)? {
        Decided::LetIn(key) => {
            decide::remember(&side.log, decision.verdict, decide::LET_IN, key)?;
            Ok(key)
        }
        // What is given up with an error is rolled back.
        Decided::Changed(_) | Decided::Impossible => {
            Err(StoreError::Damaged("a guest who could be let in could not".into()))
        }
    }
}

/// The same form once more: what it wrote stands.
fn again(side: &Side, who: &Identified, key: EntryKey, decision: &Decision) -> Result<WalkedIn, StoreError> {
    let Some(person) = person_of(&side.log, key)? else { return Ok(WalkedIn::Impossible) };
    let asked = Asked { ticket: Ticket::Person { id: person, revoked: false }, ..decision.asked };
    let Some(judged) = judge::judge_on(side, who, &asked)? else { return Ok(WalkedIn::Impossible) };
    // What was taken back since is not in any more.
    let let_in = match decide::decided(&side.log, decision.verdict, decide::LET_IN)? {
        Some(key) if decide::decided(&side.log, entry_id(key), decide::TAKEN_BACK)?.is_some() => None,
        let_in => let_in,
    };
    Ok(WalkedIn::Added { person, key, let_in, judged: Box::new(judged) })
}

/// Whom an own walk-in added; none: the entry is not one.
fn person_of(log: &Connection, key: EntryKey) -> Result<Option<PersonId>, StoreError> {
    Ok(match log::entry(log, key)?.map(|entry| entry.body) {
        Some(Body::WalkIn(walk_in)) => Some(walk_in.person),
        _ => None,
    })
}

/// The own entry that is taken back together with `of`: a walk-in, with the check-in that was written in the same commit; none: there is none.
pub(crate) fn partner(log: &Connection, of: EntryKey) -> Result<Option<EntryKey>, StoreError> {
    let Some(entry) = log::entry(log, of)? else { return Ok(None) };
    let beside = match entry.body {
        Body::WalkIn(_) => EntryKey { seq: of.seq + 1, ..of },
        Body::CheckIn(_) => EntryKey { seq: of.seq.saturating_sub(1), ..of },
        _ => return Ok(None),
    };
    let other = log::entry(log, beside)?.filter(|other| are_one_commit(&entry, other));
    Ok(other.map(|_| beside))
}

/// Whether a walk-in and a check-in of one person were written with one reading of the clocks.
fn are_one_commit(one: &Entry, other: &Entry) -> bool {
    let at = |entry: &Entry| (entry.boot_id, entry.mono_ms, entry.wall_ms);
    let person = match (&one.body, &other.body) {
        (Body::WalkIn(added), Body::CheckIn(let_in)) | (Body::CheckIn(let_in), Body::WalkIn(added)) => {
            let_in.subject == Subject::Person(added.person)
        }
        _ => false,
    };
    person && at(one) == at(other)
}

/// Erases the name of a walk-in that was taken back by the Undo of `of`, unless the guest is inside by another check-in that this desk
/// knows: who is in has a name.
pub(crate) fn erase_name(side: &Side, of: EntryKey) -> Result<(), StoreError> {
    let walk_in = match partner(&side.log, of)? {
        Some(partner) if person_of(&side.log, of)?.is_none() => partner,
        _ => of,
    };
    match person_of(&side.log, walk_in)? {
        Some(person) if !is_inside(side, person)? => profiles::write(&side.log, person, Profile::erased()),
        _ => Ok(()),
    }
}

/// Whether a check-in of this person stands anywhere, as far as this desk knows.
fn is_inside(side: &Side, person: PersonId) -> Result<bool, StoreError> {
    let subject = row::subject(Subject::Person(person));
    let own = "SELECT 1 FROM check_in WHERE subject = ?1 AND released_by IS NULL";
    let others = "SELECT 1 FROM check_in WHERE subject = ?1 AND NOT released AND station <> ?2";
    let station: Vec<u8> = side.log.query_row("SELECT station FROM identity", [], |row| row.get(0))?;
    Ok(side.log.prepare_cached(own)?.exists(params![subject])?
        || side.lists.prepare_cached(others)?.exists(params![subject, station])?)
}
