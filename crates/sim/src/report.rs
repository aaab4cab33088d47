//! What runs met: a rare path that never came up was not tested.

use std::{collections::BTreeMap, fmt};

use usher_disk::Counts;

/// Counts over one run or many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Runs.
    pub seeds: u64,
    /// Entries in all desks' logs.
    pub entries: u64,
    /// Steps, by the name of their action.
    pub actions: BTreeMap<&'static str, u64>,
    /// Faults, by kind.
    pub faults: BTreeMap<String, u64>,
    /// Things that should happen now and then.
    pub sometimes: BTreeMap<&'static str, u64>,
}

impl Report {
    /// Counts an action.
    pub fn action(&mut self, name: &'static str) {
        *self.actions.entry(name).or_default() += 1;
    }

    /// Counts something that should happen now and then.
    pub fn sometimes(&mut self, what: &'static str) {
        *self.sometimes.entry(what).or_default() += 1;
    }

    /// Counts a fault of the network, a clock or a process.
    pub fn fault(&mut self, what: &str) {
        match self.faults.get_mut(what) {
            Some(count) => *count += 1,
            None => drop(self.faults.insert(what.into(), 1)),
        }
    }

    /// Counts what a disk did.
    pub fn disk(&mut self, counts: &Counts) {
        for ((io, kind), count) in &counts.faults {
            *self.faults.entry(format!("disk: {kind:?} at {io:?}")).or_default() += count;
        }
        *self.faults.entry("disk: power cut".into()).or_default() += counts.crashes;
        *self.faults.entry("disk: process killed".into()).or_default() += counts.kills;
        *self.faults.entry("disk: refused for want of room".into()).or_default() += counts.refused;
    }

    /// Adds another report.
    pub fn add(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.entries += other.entries;
        other.actions.iter().for_each(|(name, count)| *self.actions.entry(name).or_default() += count);
        other.sometimes.iter().for_each(|(name, count)| *self.sometimes.entry(name).or_default() += count);
        for (name, count) in &other.faults {
            *self.faults.entry(name.clone()).or_default() += count;
        }
    }

    /// How many faults struck.
    #[must_use]
    pub fn faults_in_all(&self) -> u64 {
        self.faults.values().sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} seeds, {} entries, {} faults", self.seeds, self.entries, self.faults_in_all())?;
        let mut table = |title: &str, rows: Vec<(&str, u64)>| {
            writeln!(f, "{title}")?;
            rows.into_iter()
                .filter(|(_, count)| *count > 0)
                .try_for_each(|(name, count)| writeln!(f, "  {count:>9}  {name}"))
        };
        table("actions", self.actions.iter().map(|(name, count)| (*name, *count)).collect())?;
        table("faults", self.faults.iter().map(|(name, count)| (name.as_str(), *count)).collect())?;
        table("sometimes", self.sometimes.iter().map(|(name, count)| (*name, *count)).collect())
    }
}
