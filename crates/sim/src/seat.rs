//! A desk, and what the simulation knows about it.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::ids::{EntryKey, Identity, Seq};
use usher_disk::Disk;

use crate::desk::{Card, Desk};

/// What a desk's volunteer remembers of a guest.
#[derive(Clone, Copy, Debug)]
pub struct Guest {
    /// The card.
    pub card: Card,
    /// The check-in, once let in.
    pub let_in: Option<EntryKey>,
    /// The entry that took it back.
    pub undone: Option<EntryKey>,
    /// The entry by which the guest left again.
    pub left: Option<EntryKey>,
    /// The guest had been in before, and came back.
    pub came_back: bool,
}

/// A desk, and what the simulation knows about it.
#[derive(Debug)]
pub struct Seat {
    /// The desk.
    pub desk: Desk,
    /// The guests it remembers: gone with the process.
    pub guests: Vec<Guest>,
    /// The log that it writes, also while it is down; none before it is enrolled.
    pub log: Option<Identity>,
    /// Every log that it was ever seen to have.
    pub lives: BTreeSet<Identity>,
    /// Earlier logs that it does not write any more, with their ends: after its files were copied or put back.
    pub frozen: BTreeMap<Identity, Seq>,
    /// Its files were copied or put back: it has to notice.
    pub moved: bool,
    /// Its lists lost their write-ahead log and were not fetched anew yet: what is left may be half a checkpoint.
    pub torn: bool,
    /// A copy of its disk.
    pub earlier: Option<Disk>,
    /// How often its disk had struck when the app was started.
    pub struck_before: u64,
    /// What happens when its disk halts: a power cut, or the end of the process.
    pub halts_with_cut: bool,
}

impl Seat {
    /// A desk that was never started.
    #[must_use]
    pub const fn new(desk: Desk) -> Self {
        Self {
            desk,
            guests: Vec::new(),
            log: None,
            lives: BTreeSet::new(),
            frozen: BTreeMap::new(),
            moved: false,
            torn: false,
            earlier: None,
            struck_before: 0,
            halts_with_cut: false,
        }
    }

    /// Whether it wrote an entry, and still has it.
    #[must_use]
    pub fn has(&self, key: EntryKey) -> bool {
        let i = key.identity();
        self.lives.contains(&i) && self.frozen.get(&i).is_none_or(|end| key.seq <= *end)
    }
}
