//! What runs met: a rare path that never came up was not tested.

use std::{collections::BTreeMap, fmt};

use usher_disk::Counts;

use crate::{kinds, network::Network};

/// What five hundred seeds must have met, each at least once: a path that never ran was never tested.
pub const MUST_HAPPEN: &[&str] = &[
    "a booking was cancelled",
    "a booking was made again",
    "a checkpoint of the lists was half a one",
    "a desk ended in the middle of an I/O",
    "a desk forgot that it was enrolled",
    "a desk was settled that is down",
    "a desk was settled that runs",
    "a desk was started again after its disk had failed",
    "a double admission was one person",
    "a double admission was two people",
    "a fenced desk began a new life",
    "a list was to be fetched anew",
    "a merge was taken back",
    "a revoked desk was told so",
    "a settled desk had spent more than was said",
    "a walk-in found no place",
    "a walk-in is not known at a desk yet",
    "a walk-in was found at a desk",
    "a walk-in was let in at once",
    "a walk-in was taken back",
    "a walk-in was taken back everywhere",
    "an answer that nobody waits for",
    "an answer was left aside",
    "an exit ended another desk's check-in",
    "an exit was bound by hand",
    "an operation of a desk failed",
    "an operation of the server failed",
    "came back on a right",
    "came back where guests come and go",
    "came back while leaving was not known here",
    "decided twice",
    "fewer places than may be used",
    "guests come and go from now on",
    "guests do not come and go any more",
    "half a checkpoint of the lists was noticed",
    "held seats were cut off",
    "held seats were ended",
    "held seats were over at their time",
    "judged again, it no longer held",
    "left past a desk that did not know the check-in",
    "left past another desk",
    "left past the same desk",
    "left where guests come and go",
    "let in after an undo",
    "let in on a held seat",
    "let in under another name of the same person",
    "one exit was enough",
    "one held seat was used twice",
    "one of two held seats was taken away by a merge",
    "over capacity",
    "rights that were asked back were returned",
    "rights were given back",
    "seats were held",
    "somebody was let in twice",
    "started twice",
    "the server ended in the middle of an I/O",
    "the server's key was replaced",
    "two people were merged",
    "verdict: already checked in",
    "verdict: cancelled",
    "verdict: grant empty",
    "verdict: no ticket of ours",
    "verdict: not registered",
    "verdict: registered",
    "verdict: seats held",
    "a supervisor's word let somebody in",
    "verdict: session full",
    "verdict: session not open",
    "what a revoked desk had sent was accepted",
    "what a revoked desk sent does not count",
];

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

    /// What of `wanted` never happened.
    #[must_use]
    pub fn never(&self, wanted: &[&'static str]) -> Vec<&'static str> {
        wanted.iter().filter(|what| !self.sometimes.contains_key(*what)).copied().collect()
    }

    /// Counts a fault of the network, a clock or a process.
    pub fn fault(&mut self, what: &str) {
        self.faults_of(what, 1);
    }

    /// Counts what a disk did.
    pub fn disk(&mut self, counts: &Counts) {
        for ((io, kind), count) in &counts.faults {
            self.faults_of(&format!("disk: {kind:?} at {io:?}"), *count);
        }
        self.faults_of("disk: power cut", counts.crashes);
        self.faults_of("disk: a power cut dropped what was not synced", counts.dropping_crashes);
        self.faults_of("disk: a power cut tore a write", counts.tearing_crashes);
        self.faults_of("disk: process killed", counts.kills);
        self.faults_of("disk: refused for want of room", counts.refused);
    }

    /// Counts what the network did to messages.
    pub fn network(&mut self, net: &Network) {
        self.faults_of("network: a request was lost", net.requests_lost);
        self.faults_of("network: an answer was lost", net.answers_lost);
        self.faults_of("network: came twice", net.doubled);
        self.faults_of("network: overtaken", net.overtaken);
    }

    fn faults_of(&mut self, what: &str, count: u64) {
        if count > 0 {
            *self.faults.entry(what.into()).or_default() += count;
        }
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
        table("kinds of DESIGN section 10", kinds::counted(self).collect())?;
        table("faults", self.faults.iter().map(|(name, count)| (name.as_str(), *count)).collect())?;
        table("sometimes", self.sometimes.iter().map(|(name, count)| (*name, *count)).collect())
    }
}
