//! Taking an own entry back, and what became of this desk's entries since (DESIGN sections 4 and 5).

use rusqlite::{Connection, OptionalExtension, params};
use usher_core::{
    entry::{Basis, Body, CheckIn, Subject, Undo, UndoReason},
    ids::{EntryKey, Epoch, Identity, Seq, SessionId, ShiftId},
};
use uuid::Uuid;

use crate::{
    Identified, Replica, StoreError,
    decide::{TAKEN_BACK, UNDO, decided, remember},
    groups,
    life::Life,
    log::{self, Stamp, append},
    rights, row, walk_in,
};

/// What became of an own entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stands.
    Stands,
    /// It was taken back.
    TakenBack,
    /// Whom it let in was checked out.
    Left,
}

/// The name of an own entry where one id is wanted, the same after every restart.
#[must_use]
pub const fn entry_id(key: EntryKey) -> Uuid {
    Uuid::from_u128(key.station.0.as_u128() ^ ((key.epoch.0 as u128) << 64) ^ key.seq as u128)
}

impl Replica {
    /// Takes back an own check-in, walk-in or decline, once; none: it is no such entry of this desk. The right of a check-in comes
    /// back here only if the entry has not been handed over (DESIGN section 5). A walk-in and the check-in of its own commit are taken
    /// back together.
    ///
    /// # Errors
    /// A fault of the files; nothing was written then.
    pub fn undo(
        &self,
        who: &Identified,
        verdict: Uuid,
        of: EntryKey,
        reason: UndoReason,
        shift: ShiftId,
        stamp: Stamp,
    ) -> Result<Option<EntryKey>, StoreError> {
        let why = Why { reason, shift, stamp };
        self.decide(who, |side| {
            let Some(key) = take_back(&side.log, who, of, why)? else { return Ok(None) };
            if let Some(partner) = walk_in::partner(&side.log, of)? {
                take_back(&side.log, who, partner, why)?;
            }
            walk_in::erase_name(side, of)?;
            remember(&side.log, verdict, UNDO, key)?;
            Ok(Some(key))
        })
    }

    /// The own entry that is taken back together with `of`: of a walk-in and the check-in of its own commit the other one.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn partner(&self, of: EntryKey) -> Result<Option<EntryKey>, StoreError> {
        walk_in::partner(&self.door().log, of)
    }

    /// What became of an own entry.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn fate(&self, of: EntryKey) -> Result<Fate, StoreError> {
        let log = &self.door().log;
        if decided(log, entry_id(of), TAKEN_BACK)?.is_some() {
            return Ok(Fate::TakenBack);
        }
        let Some(by) = released_by(log, of)? else { return Ok(Fate::Stands) };
        let released = log::entry(log, by)?;
        Ok(match released.map(|entry| entry.body) {
            Some(Body::CheckOut(_)) => Fate::Left,
            _ => Fate::TakenBack,
        })
    }

    /// At which session and for whom a check-in is, where it is known here.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn place_of(&self, check_in: EntryKey) -> Result<Option<(SessionId, Subject)>, StoreError> {
        let side = self.door();
        if let Some((session, subject)) = groups::place(&side.lists, check_in)? {
            return Ok(Some((session, row::subject_of(&subject)?)));
        }
        // What was written a moment ago is not absorbed yet.
        let own = log::entry(&side.log, check_in)?.filter(|entry| entry.station == check_in.station);
        Ok(own.and_then(|entry| match entry.body {
            Body::CheckIn(one) => Some((one.session, one.subject)),
            _ => None,
        }))
    }

    /// The own entry of this name ([`entry_id`]).
    ///
    /// # Errors
    /// A fault of the files.
    pub fn entry_of(&self, who: &Identified, id: Uuid) -> Result<Option<EntryKey>, StoreError> {
        let named = id.as_u128() ^ who.identity.station.0.as_u128();
        let (epoch, seq) = (Epoch((named >> 64) as u64), named as Seq);
        let lives = Life::all(&self.door().log, who.identity.station)?;
        Ok(lives.into_iter().find(|life| life.i.epoch == epoch).map(|life| life.i.key(seq)))
    }
}

/// What an Undo says beside what it names.
#[derive(Clone, Copy)]
struct Why {
    reason: UndoReason,
    shift: ShiftId,
    stamp: Stamp,
}

/// Takes one entry back, once; none: it cannot be.
fn take_back(
    log: &Connection,
    who: &Identified,
    of: EntryKey,
    why: Why,
) -> Result<Option<EntryKey>, StoreError> {
    if let Some(key) = decided(log, entry_id(of), TAKEN_BACK)? {
        return Ok(Some(key));
    }
    let Some(refund) = takes_back(log, who, of)? else { return Ok(None) };
    // In the same life the name is that of the life: what is a branch of it is known to the reader.
    let named = if of.epoch == who.identity.epoch { of } else { life(log, who, of)?.key(of) };
    let body = Body::Undo(Undo { of: named, refund, reason: why.reason, shift: why.shift });
    let key = append(log, who, why.stamp, body)?.key();
    remember(log, entry_id(of), TAKEN_BACK, key)?;
    Ok(Some(key))
}

fn life(log: &Connection, who: &Identified, of: EntryKey) -> Result<Life, StoreError> {
    Life::of(log, Identity { epoch: of.epoch, ..who.identity })
}

/// Whether the entry can be taken back, and whether a right came back with it.
fn takes_back(log: &Connection, who: &Identified, of: EntryKey) -> Result<Option<bool>, StoreError> {
    if of.station != who.identity.station {
        return Ok(None);
    }
    match log::entry(log, of)?.map(|entry| entry.body) {
        Some(Body::CheckIn(check_in)) => refund(log, who, of, &check_in).map(Some),
        Some(Body::Decline(_) | Body::WalkIn(_)) => Ok(Some(false)),
        _ => Ok(None),
    }
}

fn refund(log: &Connection, who: &Identified, of: EntryKey, check_in: &CheckIn) -> Result<bool, StoreError> {
    // A check-in that was checked out has given its seat back: its right does not come back as well (I5).
    let here = of.epoch == who.identity.epoch && of.seq > life(log, who, of)?.handed;
    let refund = here && released_by(log, of)?.is_none();
    if refund && check_in.basis == Basis::Grant {
        rights::refund(log, check_in.session)?;
    }
    Ok(refund)
}

/// The own entry that released a check-in.
fn released_by(log: &Connection, of: EntryKey) -> Result<Option<EntryKey>, StoreError> {
    let sql = "SELECT coalesce(released_epoch, epoch), released_by FROM check_in
               WHERE epoch = ?1 AND seq = ?2 AND released_by IS NOT NULL";
    let mut read = log.prepare_cached(sql)?;
    let found = read.query_row(params![row::bits(of.epoch.0), row::bits(of.seq)], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    });
    let key = |(epoch, seq)| EntryKey { epoch: Epoch(row::number(epoch)), seq: row::number(seq), ..of };
    Ok(found.optional()?.map(key))
}
