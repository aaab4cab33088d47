//! The cached tables against the entries: comparing and rebuilding (DESIGN section 6: materialised tables are caches of the
//! fold).

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    capacity::Rights,
    clock::Hlc,
    entry::{Body, Entry},
    fold::Merged,
    ids::{EntryKey, Identity, IncidentId, SessionId, StationId},
};

use super::Authority;
use crate::{
    Result,
    derive::{apply, placed, rebuild},
    memory::MemoryStore,
    store::{CheckInRow, HoldState, Look, ResolvedRow, SessionSums, Store},
};

/// Everything that is derived from entries.
#[derive(Default)]
struct Derived {
    check_ins: BTreeMap<EntryKey, CheckInRow>,
    sums: BTreeMap<SessionId, SessionSums>,
    rights: BTreeMap<(SessionId, Identity), Rights>,
    merges: BTreeMap<EntryKey, Merged>,
    resolved: BTreeMap<IncidentId, ResolvedRow>,
    /// Held seats, what was written off and accepted, releases, exits and messages, each in words.
    others: BTreeMap<String, String>,
}

/// Whose rows are looked up: what the configuration and the entries name.
#[derive(Default)]
struct Named {
    sessions: Vec<SessionId>,
    stations: Vec<StationId>,
    /// Exits, and what is released.
    entries: BTreeSet<EntryKey>,
}

impl<S: Store> Authority<S> {
    /// What the tables say differently from the entries, in words for a log; empty: they agree. It folds all entries in memory.
    ///
    /// # Errors
    /// The store's own.
    pub fn check(&self) -> Result<Vec<String>> {
        let (held, afresh) = self.store.read(|look| {
            let named = named(look)?;
            Ok((derived(look, &named)?, self.afresh(look, &named)?))
        })?;
        let mut differences = Vec::new();
        compare("check-in", &held.check_ins, &afresh.check_ins, &mut differences);
        compare("session", &held.sums, &afresh.sums, &mut differences);
        compare("rights", &held.rights, &afresh.rights, &mut differences);
        compare("merge", &held.merges, &afresh.merges, &mut differences);
        compare("incident", &held.resolved, &afresh.resolved, &mut differences);
        compare("", &held.others, &afresh.others, &mut differences);
        Ok(differences)
    }

    /// How many entries are of a kind, or a form, that only a later version knows: kept, passed on, and in no table.
    ///
    /// # Errors
    /// The store's own.
    pub fn unread(&self) -> Result<u64> {
        let mut count = 0;
        self.store.read(|look| {
            look.entries(&mut |row| {
                let known =
                    Entry::from_bytes(&row.bytes).is_ok_and(|one| !matches!(one.body, Body::Unknown(_)));
                count += u64::from(!known);
                Ok(true)
            })
        })?;
        Ok(count)
    }

    /// Makes the tables anew from the entries, in one transaction.
    ///
    /// # Errors
    /// The store's own: the tables are as they were.
    pub fn rebuild(&self) -> Result<()> {
        self.write(|txn| rebuild(txn, self.own().i.station))
    }

    fn afresh(&self, look: &dyn Look, named: &Named) -> Result<Derived> {
        MemoryStore::default().write(|scratch| {
            for (i, log) in look.logs()? {
                scratch.put_log(i, &log)?;
            }
            look.entries(&mut |row| {
                apply(scratch, &placed(look, &row)?, row.received_ms, self.own().i.station)?;
                Ok(true)
            })?;
            derived(scratch, named)
        })
    }
}

fn named(look: &dyn Look) -> Result<Named> {
    let sessions = look.sessions()?.into_iter().map(|row| row.record.rules.id).collect();
    let stations = look.stations()?.into_iter().map(|row| row.record.id).collect();
    let mut named = Named { sessions, stations, ..Named::default() };
    look.entries(&mut |row| {
        let entry = placed(look, &row)?;
        named.entries.extend(match &entry.body {
            Body::Undo(undo) => Some(undo.of),
            Body::CheckOut(out) => Some(out.of),
            Body::Bind(bind) => Some(bind.check_in),
            Body::Exit(_) => Some(entry.key()),
            _ => None,
        });
        Ok(true)
    })?;
    Ok(named)
}

/// The rows that have no type of their own here, each under its name.
fn others(look: &dyn Look, named: &Named) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    let mut add = |name: String, row: &dyn std::fmt::Debug| all.insert(name, format!("{row:?}"));
    for session in &named.sessions {
        for state in [HoldState::On, HoldState::Cut, HoldState::Free] {
            for hold in look.holds(*session, state)? {
                add(format!("held seat of {} at {session}", hold.person), &hold);
            }
        }
        add(format!("held seats that are free at {session}"), &look.holds_freed(*session)?);
        for row in look.holds_ended(*session)? {
            add(format!("held seats ended by {:?} at {session}", row.i), &row);
        }
        for row in look.settled(*session)? {
            add(format!("settlement of {:?} at {session}", row.i), &row);
        }
    }
    for station in &named.stations {
        add(format!("what was accepted of {station}"), &look.accepted(*station)?);
    }
    for message in look.messages(Hlc::default(), i64::MAX as u64)? {
        let read = look.message_reads(message.key)?;
        add(format!("message {:?}", message.key), &(message, read));
    }
    for key in &named.entries {
        add(format!("releases of {key:?}"), &look.releases_of(*key)?);
        add(format!("exit {key:?}"), &look.exit(*key)?);
    }
    Ok(all)
}

fn derived(look: &dyn Look, named: &Named) -> Result<Derived> {
    let merges = look.merges()?.into_iter().map(|merge| (merge.key, merge)).collect();
    let resolved = look.all_resolved()?.into_iter().map(|row| (row.incident, row)).collect();
    let sums = look.all_sums()?.into_iter().collect();
    let mut all = Derived { sums, merges, resolved, others: others(look, named)?, ..Derived::default() };
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
