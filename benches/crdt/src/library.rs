//! A general CRDT library: ten documents that are written at the desks, and one that they are merged into and counted from.

use std::collections::BTreeSet;

use usher_core::ids::{EventId, Identity};

use crate::{
    cpu::Cpu,
    evening::{Arrival, Counts, DESKS, Ids, who},
    figures::{Figures, packed},
};

/// How many lone updates are measured.
const LONE: usize = 1_000;

/// A document of a library: a map from an entry's key to its facts.
pub trait Library {
    /// Its name on crates.io.
    const NAME: &'static str;

    /// An empty document of writer number `peer`.
    fn new(peer: u64) -> Self;

    /// Puts one check-in, as a change of its own: each must survive by itself.
    fn write(&mut self, key: &str, facts: &[u8]);

    /// What was written since the last call, for the wire.
    fn news(&mut self) -> Vec<u8>;

    /// Takes another document's news in.
    fn merge(&mut self, news: &[u8]);

    /// Gives every check-in's facts.
    fn each(&mut self, see: &mut dyn FnMut(&[u8]));

    /// The whole document, for the disk.
    fn save(&mut self) -> Vec<u8>;
}

/// What the writer of a page is to a library.
#[derive(Clone, Copy, Debug)]
pub struct Writers<'a> {
    /// The event.
    pub event: EventId,
    /// The desks.
    pub desks: &'a [Identity],
    /// The ids that the server gave.
    pub ids: &'a Ids,
}

/// Runs the day through a library.
#[must_use]
pub fn run<L: Library>(pages: &[Vec<Arrival>], writers: Writers<'_>) -> (Figures, Counts) {
    let mut desks: Vec<L> = (0..DESKS).map(|desk| L::new(desk as u64 + 1)).collect();
    let (mut merged, mut written) = (L::new(99), vec![0_u64; DESKS]);
    let (mut figures, mut cpu) = (Figures::of(L::NAME), Cpu);
    for page in pages {
        let desk = page[0].desk;
        let facts: Vec<_> =
            page.iter().map(|one| one.facts(writers.event, writers.desks[desk], writers.ids)).collect();
        figures.write += cpu.of(|| {
            for facts in &facts {
                written[desk] += 1;
                desks[desk].write(&format!("{desk}:{}", written[desk]), facts);
            }
        });
        let mut news = Vec::new();
        figures.merge += cpu.of(|| {
            news = desks[desk].news();
            merged.merge(&news);
        });
        figures.sends(&news);
    }
    let mut counts = Counts::new();
    figures.fold += cpu.of(|| counts = count(&mut merged));
    let saved = merged.save();
    (figures.disk, figures.disk_packed) = (saved.len(), packed(&saved));
    figures.lone = lone::<L>(pages, writers);
    (figures, counts)
}

fn count<L: Library>(merged: &mut L) -> Counts {
    let (mut seen, mut counts) = (BTreeSet::new(), Counts::new());
    merged.each(&mut |facts| {
        let Some((session, person)) = who(facts) else { return };
        let count = counts.entry(session).or_default();
        count.0 += u64::from(seen.insert((session, person)));
        count.1 += 1;
    });
    counts
}

/// Bytes of one check-in that is sent as soon as it is made.
fn lone<L: Library>(pages: &[Vec<Arrival>], writers: Writers<'_>) -> usize {
    let mut desk = L::new(1);
    let mut bytes = 0;
    for (n, one) in pages.iter().flatten().take(LONE).enumerate() {
        desk.write(&format!("0:{n}"), &one.facts(writers.event, writers.desks[0], writers.ids));
        bytes += desk.news().len();
    }
    bytes / LONE
}
