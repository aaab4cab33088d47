//! The cached tables against the entries: comparing and rebuilding (DESIGN section 6: materialised tables are caches of the
//! fold).

use std::collections::BTreeMap;

use usher_core::{
    capacity::Rights,
    fold::Merged,
    ids::{EntryKey, Identity, IncidentId, SessionId},
};

use super::Authority;
use crate::{
    Result,
    derive::{apply, placed, rebuild},
    memory::MemoryStore,
    store::{CheckInRow, Look, ResolvedRow, SessionSums, Store},
};

/// Everything that is derived from entries.
#[derive(Default)]
struct Derived {
    check_ins: BTreeMap<EntryKey, CheckInRow>,
    sums: BTreeMap<SessionId, SessionSums>,
    rights: BTreeMap<(SessionId, Identity), Rights>,
    merges: BTreeMap<EntryKey, Merged>,
    resolved: BTreeMap<IncidentId, ResolvedRow>,
}

impl<S: Store> Authority<S> {
    /// What the tables say differently from the entries, in words for a log; empty: they agree. It folds all entries in memory.
    ///
    /// # Errors
    /// The store's own.
    pub fn check(&self) -> Result<Vec<String>> {
        let (held, afresh) = self.store.read(|look| Ok((derived(look)?, self.afresh(look)?)))?;
        let mut differences = Vec::new();
        compare("check-in", &held.check_ins, &afresh.check_ins, &mut differences);
        compare("session", &held.sums, &afresh.sums, &mut differences);
        compare("rights", &held.rights, &afresh.rights, &mut differences);
        compare("merge", &held.merges, &afresh.merges, &mut differences);
        compare("incident", &held.resolved, &afresh.resolved, &mut differences);
        Ok(differences)
    }

    /// Makes the tables anew from the entries, in one transaction.
    ///
    /// # Errors
    /// The store's own: the tables are as they were.
    pub fn rebuild(&self) -> Result<()> {
        self.write(|txn| rebuild(txn, self.own().i.station))
    }

    fn afresh(&self, look: &dyn Look) -> Result<Derived> {
        MemoryStore::default().write(|scratch| {
            for (i, log) in look.logs()? {
                scratch.put_log(i, &log)?;
            }
            look.entries(&mut |row| {
                apply(scratch, &placed(look, &row)?, row.received_ms, self.own().i.station)?;
                Ok(true)
            })?;
            derived(scratch)
        })
    }
}

fn derived(look: &dyn Look) -> Result<Derived> {
    let merges = look.merges()?.into_iter().map(|merge| (merge.key, merge)).collect();
    let resolved = look.all_resolved()?.into_iter().map(|row| (row.incident, row)).collect();
    let sums = look.all_sums()?.into_iter().collect();
    let mut all = Derived { sums, merges, resolved, ..Derived::default() };
    look.check_ins(&mut |row| {
        all.check_ins.insert(row.key, row);
        Ok(true)
    })?;
    for (i, _) in look.logs()? {
        all.rights.extend(look.rights_of(i)?.into_iter().map(|(session, rights)| ((session, i), rights)));
    }
    Ok(all)
}

fn compare<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    what: &str,
    held: &BTreeMap<K, V>,
    afresh: &BTreeMap<K, V>,
    differences: &mut Vec<String>,
) {
    for key in held.keys().chain(afresh.keys().filter(|key| !held.contains_key(key))) {
        let (held, afresh) = (held.get(key), afresh.get(key));
        if held != afresh {
            differences.push(format!("{what} {key:?}: the table says {held:?}, the entries say {afresh:?}"));
        }
    }
}
