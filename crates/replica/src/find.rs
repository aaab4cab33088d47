//! Searching the guest list by name, e-mail, organisation or order, while typing; and whether what was typed is a ticket's code.

use rusqlite::Connection;
use usher_core::{entry::Subject, ids::SessionId};
use usher_protocol::{
    limits::{FIND_ROWS_MAX, TYPED_CODE_CHARS_MIN},
    records::PersonRecord,
    window::FindStatus,
};

use crate::{
    Guest, Identified, Replica, Side, StoreError,
    added::Added,
    here::{self, Leavings},
    judge, look_up,
    open::OneState,
    profiles,
};

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// Who was found, best first; at most [`FIND_ROWS_MAX`].
    pub guests: Vec<Found>,
    /// There are more.
    pub more: bool,
    /// The text is exactly a code that is known here, which reads like this.
    pub code: Option<String>,
}

/// A guest that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The guest.
    pub guest: Guest,
    /// How the guest stands at the session.
    pub status: FindStatus,
    /// Found only with a letter of what was typed taken for a mistake; these come last.
    pub near: bool,
}

/// A guest as the list knows one.
struct Listed {
    guest: Guest,
    near: bool,
    /// Whether the registration for the session is cancelled; none: there is none.
    booking: Option<bool>,
}

impl Replica {
    /// Guests whose words begin with the words of `text`, best first, whatever its case and accents; where they are few, then those of
    /// whom that is true with one letter typed wrong. A text of fewer than two characters finds nobody. A scan waits for this only while
    /// this desk's own walk-ins are read and while it is looked up who of the found is inside.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn find(&self, who: &Identified, text: &str, session: SessionId) -> Result<Finding, StoreError> {
        let own = profiles::all(&self.door().log)?;
        let (mut all, code) = self.search(|search| {
            let hits = search.hits(text)?;
            let _one_state = OneState::of(&search.lists)?;
            let added = Added::of(&search.lists, own, text)?;
            let new = added.found.into_iter().map(|guest| Listed { guest, near: false, booking: None });
            let listed = hits.into_iter().map(|hit| listed(&search.lists, session, hit));
            let listed = listed.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
            let listed = listed.into_iter().filter(|one| !added.erased.contains(&one.guest.id));
            Ok((new.chain(listed).collect::<Vec<_>>(), known_code(&search.lists, who, text)?))
        })?;
        let more = all.len() > FIND_ROWS_MAX;
        all.truncate(FIND_ROWS_MAX);
        Ok(Finding { guests: self.stand(who, session, all)?, more, code })
    }

    /// How guests stand at a session.
    fn stand(
        &self,
        who: &Identified,
        session: SessionId,
        listed: Vec<Listed>,
    ) -> Result<Vec<Found>, StoreError> {
        let side = self.door();
        // As when a scan is judged: one state of the lists, read before the log.
        let _one_state = OneState::of(&side.lists)?;
        let leavings = Leavings::of(&side, who)?;
        let found = |one: Listed| {
            let status = status(&side, who, session, &one, &leavings)?;
            Ok(Found { guest: one.guest, status, near: one.near })
        };
        listed.into_iter().map(found).collect()
    }

    /// What the feed says of people is in the lists: a mistyped word may mean one of theirs.
    pub(crate) fn hear_of<'a>(&self, people: impl Iterator<Item = &'a PersonRecord>) {
        self.with_open_search(|search| {
            people.for_each(|one| search.hear_of([&one.name, &one.email, &one.organisation]));
        });
    }
}

fn listed(
    lists: &Connection,
    session: SessionId,
    hit: crate::search::Hit,
) -> Result<Option<Listed>, StoreError> {
    let Some(guest) = judge::listed(lists, hit.id)? else { return Ok(None) };
    let booking = judge::registration(lists, hit.id, session)?;
    Ok(Some(Listed { guest, near: hit.near, booking }))
}

fn status(
    side: &Side,
    who: &Identified,
    session: SessionId,
    one: &Listed,
    leavings: &Leavings,
) -> Result<FindStatus, StoreError> {
    let subject = Subject::Person(one.guest.id);
    let is_in = !here::inside_but(side, who, session, subject, leavings)?.is_empty();
    Ok(stands(is_in, one.guest.cancelled || one.booking == Some(true), one.booking.is_some()))
}

/// How somebody stands who may be in, whose ticket or booking may be cancelled, and who may be booked.
pub(crate) const fn stands(is_in: bool, cancelled: bool, booked: bool) -> FindStatus {
    match (is_in, cancelled, booked) {
        (true, ..) => FindStatus::In,
        (_, true, _) => FindStatus::Cancelled,
        (.., true) => FindStatus::Booked,
        _ => FindStatus::NotBooked,
    }
}

/// The text as the code that it is. Tickets print theirs in capitals or not; who types it may not look.
fn known_code(lists: &Connection, who: &Identified, text: &str) -> Result<Option<String>, StoreError> {
    let code = text.trim();
    if code.chars().count() < TYPED_CODE_CHARS_MIN {
        return Ok(None);
    }
    for reading in [code.to_owned(), code.to_uppercase(), code.to_lowercase()] {
        if look_up::look_up_one(lists, who, &reading)?.person().is_some() {
            return Ok(Some(reading));
        }
    }
    Ok(None)
}
