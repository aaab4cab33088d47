//! Profiles that desks send: personal data beside the log (DESIGN section 4). What they say becomes the record of a person on the list, so that
//! every desk finds a walk-in by name; the record carries the profile, which later ones are put together with. No count asks for any of it.

use usher_core::{
    entry::Body,
    ids::{PersonId, StationId},
};
use usher_protocol::{
    profile::{Profile, ProfileRecord},
    records::PersonRecord,
    sealed,
    sync::SyncRequest,
};

use super::Authority;
use crate::{
    Result, derive,
    store::{Look, PersonRow, Store, Txn},
};

/// Takes profiles in; gives whose were dealt with: kept, or never to be taken.
pub(super) fn take(txn: &mut dyn Txn, records: &[ProfileRecord]) -> Result<Vec<PersonId>> {
    for record in records {
        // Our desks ask for that before they write one.
        if record.profile.fault().is_none() {
            take_one(txn, record)?;
        }
    }
    Ok(records.iter().map(|record| record.person).collect())
}

/// As [`take`], from a desk whose credential was revoked: only names of walk-ins of its own that count.
pub(super) fn take_disputed(txn: &mut dyn Txn, station: StationId, records: &[ProfileRecord]) -> Result<()> {
    // Such a desk is told nothing, and sends them with every request: its log is read only for what is new.
    let mut new = Vec::new();
    for record in records {
        if !is_known(txn, record)? {
            new.push(record.clone());
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let own = walk_ins(txn, station)?;
    new.retain(|record| own.contains(&record.person));
    take(txn, &new).map(drop)
}

fn take_one(txn: &mut dyn Txn, record: &ProfileRecord) -> Result<()> {
    let known = txn.person(record.person)?;
    let before = known.as_ref().map(|row| row.record.profile.clone());
    let profile = match &before {
        // On the organiser's list: no desk renames them.
        Some(None) => return Ok(()),
        Some(Some(before)) => before.as_ref().clone().merge(record.profile.clone()),
        None => Profile::default().merge(record.profile.clone()),
    };
    if before.flatten().is_some_and(|before| *before == profile) {
        return Ok(());
    }
    // Of what else is known of them, only which tickets were revoked outlives what a desk says.
    let revoked_codes = known.map(|row| row.record.revoked_codes).unwrap_or_default();
    let record = PersonRecord { revoked_codes, ..profile.person(record.person) };
    txn.put_person(&PersonRow { record, code: None, likeness: None })
}

/// Whether a profile says nothing that the person's record does not say.
fn is_known(look: &dyn Look, record: &ProfileRecord) -> Result<bool> {
    let known = look.person(record.person)?.and_then(|row| row.record.profile);
    Ok(known.is_some_and(|known| known.as_ref().clone().merge(record.profile.clone()) == *known))
}

/// Whom a desk added by walk-ins that count.
fn walk_ins(look: &dyn Look, station: StationId) -> Result<Vec<PersonId>> {
    let mut found = Vec::new();
    for (i, _) in look.logs()?.into_iter().filter(|(i, _)| i.station == station) {
        let end = look.published_end(i)?;
        look.entries_of(i, 0, &mut |row| {
            if row.key.seq <= end
                && let Body::WalkIn(walk_in) = derive::decode(&row.bytes)?.body
            {
                found.push(walk_in.person);
            }
            Ok(row.key.seq < end)
        })?;
    }
    Ok(found)
}

impl<S: Store> Authority<S> {
    /// What a request brings, in the clear or sealed in a page of a carry file.
    pub(super) fn profiles_of(&self, request: &SyncRequest) -> Vec<ProfileRecord> {
        let sealed = request.sealed_profiles.as_ref().and_then(|sealed| sealed::open(&self.secret, sealed));
        request.profiles.iter().cloned().chain(sealed.into_iter().flatten()).collect()
    }

    /// Erases everything personal that is known of somebody, on the organiser's list or added at a desk, for good: a nameless, cancelled
    /// person is left, so that entries and counts stay as they are. False: there is no such person.
    ///
    /// # Errors
    /// The store's own: nothing was erased then.
    pub fn erase_person(&self, id: PersonId, now_ms: i64) -> Result<bool> {
        let known = self.write(|txn| {
            let Some(row) = txn.person(id)? else { return Ok(false) };
            if !is_erased(&row.record) {
                txn.put_person(&erased(&row))?;
                // A cancelled booking ends a held seat.
                self.set_holds(txn, now_ms)?;
                self.commit_feed(txn, now_ms)?;
            }
            Ok(true)
        })?;
        self.mark_feed()?;
        Ok(known)
    }
}

/// The code's digest stays: by it an import knows whom not to bring back, and a ticket that is shown is told apart from a foreign one.
fn erased(row: &PersonRow) -> PersonRow {
    let PersonRecord { id, code, revoked_codes, registrations, .. } = row.record.clone();
    let registrations = registrations.into_iter().map(|mut one| {
        one.cancelled = true;
        one
    });
    let record = PersonRecord {
        code,
        revoked_codes,
        registrations: registrations.collect(),
        ..Profile::erased().person(id)
    };
    PersonRow { record, code: None, likeness: None }
}

/// Whether nothing is to be known of this person.
pub(super) fn is_erased(record: &PersonRecord) -> bool {
    record.profile.as_ref().is_some_and(|profile| profile.erased)
}
