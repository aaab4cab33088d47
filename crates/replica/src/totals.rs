//! A session's numbers as this desk knows them: the cached sums, and the own entries that the cache has not absorbed yet.

use std::collections::BTreeSet;

use rusqlite::params;
use usher_core::{capacity::Rights, fold::Tally, ids::SessionId};

use crate::{
    Identified, Replica, Side, StoreError, absorb, groups,
    here::{self, Leavings},
    holds,
    life::Life,
    open::OneState,
    people, rights, row,
};

/// What this desk knows of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The room.
    pub tally: Tally,
    /// This desk's rights.
    pub rights: Rights,
    /// Seats held for registered guests who are not in yet.
    pub held: u64,
}

impl Replica {
    /// The numbers of a session.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn known(&self, who: &Identified, session: SessionId) -> Result<Known, StoreError> {
        let side = self.door();
        let _one_state = OneState::of(&side.lists)?;
        let (tally, rights) = (tally(&side, who, session)?, rights::of(&side.log, session)?);
        Ok(Known { tally, rights, held: holds::count(&side.lists, session)? })
    }

    /// The rights of a session, of which the lists say nothing.
    ///
    /// # Errors
    /// A fault of `log.db`.
    pub fn rights(&self, session: SessionId) -> Result<Rights, StoreError> {
        rights::of(&self.door().log, session)
    }

    /// The sessions that this desk holds unspent rights for.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn holding(&self) -> Result<Vec<SessionId>, StoreError> {
        let side = self.door();
        let all = rights::all(&side.log)?;
        Ok(all.into_iter().filter(|(_, rights)| rights.available() > 0).map(|(session, _)| session).collect())
    }

    /// How many guests are on the list, whether all are here, and when it last agreed with the server.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn list_state(&self) -> Result<(u64, bool, Option<i64>), StoreError> {
        let side = self.door();
        // Guests are numbered from 1 without gaps and never removed, so the last number is the count, without counting.
        let people = side.lists.query_row("SELECT coalesce(max(nr), 0) FROM person", [], |row| row.get(0))?;
        let (complete, synced) = side
            .lists
            .query_row("SELECT complete, synced_ms FROM feed", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((row::number(people), complete, synced))
    }
}

/// The session's sum over all entries known here. To be asked inside a transaction of the lists: sums and `absorbed` must be of
/// one state.
pub(crate) fn tally(side: &Side, who: &Identified, session: SessionId) -> Result<Tally, StoreError> {
    let leavings = Leavings::of(side, who)?;
    let mut sum = groups::tally(&side.lists, session)?;
    // Persons that are one are one group, whichever of them the entries name.
    let mut firsts = BTreeSet::new();
    for subject in unabsorbed(side, who, session, &leavings)? {
        firsts.extend(people::names(&side.lists, &subject, false)?.into_iter().next());
    }
    for subject in firsts {
        let cached = people::group(&side.lists, session, &subject)?;
        sum = sum.moved(cached.tally(), here::group(side, who, session, &subject, &leavings)?.tally());
    }
    Ok(sum)
}

/// The subjects of the session whose own check-ins, or whose releases, the cache has not absorbed yet. Short: absorbing runs
/// beside the door all the time.
fn unabsorbed(
    side: &Side,
    who: &Identified,
    session: SessionId,
    leavings: &Leavings,
) -> Result<BTreeSet<Vec<u8>>, StoreError> {
    let mut read = side.log.prepare_cached(
        "SELECT subject FROM check_in WHERE epoch = ?2 AND seq > ?3 AND session = ?1
         UNION SELECT subject FROM check_in WHERE released_epoch = ?2 AND released_by > ?3 AND session = ?1",
    )?;
    let mut found = BTreeSet::new();
    for life in Life::all(&side.log, who.identity.station)? {
        let epoch = life.i.epoch;
        let after = absorb::absorbed(&side.lists, epoch)?;
        let at = params![row::id(&session.0), row::bits(epoch.0), row::bits(after)];
        for subject in read.query_map(at, |row| row.get(0))? {
            found.insert(subject?);
        }
    }
    for of in leavings.checked_out() {
        let place = groups::place(&side.lists, of)?;
        found.extend(place.filter(|(at, _)| *at == session).map(|(_, subject)| subject));
    }
    Ok(found)
}
