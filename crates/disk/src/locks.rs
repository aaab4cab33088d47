//! SQLite's two kinds of locks, as its Unix VFS keeps them: five levels on the database file, eight slots on the shared memory.

use std::collections::BTreeMap;

use rusqlite::ffi;

/// Who holds a lock.
pub(crate) type Holder = u64;

pub(crate) const SHM_SLOTS: usize = ffi::SQLITE_SHM_NLOCK as usize;

/// The levels held on one database file.
#[derive(Debug, Default)]
pub(crate) struct Locks(BTreeMap<Holder, i32>);

impl Locks {
    fn of(&self, who: Holder) -> i32 {
        self.0.get(&who).copied().unwrap_or(ffi::SQLITE_LOCK_NONE)
    }

    fn others(&self, who: Holder) -> i32 {
        let others = self.0.iter().filter(|(holder, _)| **holder != who);
        others.map(|(_, level)| *level).max().unwrap_or(ffi::SQLITE_LOCK_NONE)
    }

    /// Raises the lock of `who`; false: busy. On the way to exclusive it may stay pending, which keeps new readers out.
    pub(crate) fn lock(&mut self, who: Holder, level: i32) -> bool {
        let others = self.others(who);
        let (free, reached) = match level {
            _ if level <= self.of(who) => return true,
            ffi::SQLITE_LOCK_SHARED => (others < ffi::SQLITE_LOCK_PENDING, level),
            ffi::SQLITE_LOCK_RESERVED => (others < ffi::SQLITE_LOCK_RESERVED, level),
            _ if others >= ffi::SQLITE_LOCK_RESERVED => (false, self.of(who)),
            _ if others >= ffi::SQLITE_LOCK_SHARED => (false, ffi::SQLITE_LOCK_PENDING),
            _ => (true, ffi::SQLITE_LOCK_EXCLUSIVE),
        };
        if free || reached > self.of(who) && reached == ffi::SQLITE_LOCK_PENDING {
            self.0.insert(who, reached);
        }
        free
    }

    pub(crate) fn unlock(&mut self, who: Holder, level: i32) {
        if level == ffi::SQLITE_LOCK_NONE {
            self.0.remove(&who);
        } else if self.of(who) > level {
            self.0.insert(who, level);
        }
    }

    pub(crate) fn reserved(&self) -> bool {
        self.0.values().any(|level| *level >= ffi::SQLITE_LOCK_RESERVED)
    }
}

/// The slots of one shared memory: −1 for one holder alone, otherwise how many share it.
#[derive(Debug, Default)]
pub(crate) struct Slots([i32; SHM_SLOTS]);

/// What one connection holds of them, as bits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mine {
    shared: u32,
    alone: u32,
}

impl Slots {
    /// Takes slots; false: busy.
    pub(crate) fn take(&mut self, mine: &mut Mine, range: std::ops::Range<usize>, shared: bool) -> bool {
        let mask = mask(&range);
        if shared {
            return self.share(mine, range, mask);
        }
        if self.0[range.clone()].iter().any(|slot| *slot != 0) {
            return false;
        }
        self.0[range].fill(-1);
        mine.alone |= mask;
        true
    }

    fn share(&mut self, mine: &mut Mine, range: std::ops::Range<usize>, mask: u32) -> bool {
        if mine.shared & mask != 0 {
            return true;
        }
        if self.0[range.clone()].iter().any(|slot| *slot < 0) {
            return false;
        }
        self.0[range].iter_mut().for_each(|slot| *slot += 1);
        mine.shared |= mask;
        true
    }

    pub(crate) fn give_back(&mut self, mine: &mut Mine, range: std::ops::Range<usize>) {
        for slot in range {
            let bit = 1 << slot;
            if mine.alone & bit != 0 {
                self.0[slot] = 0;
            } else if mine.shared & bit != 0 {
                self.0[slot] -= 1;
            }
            mine.alone &= !bit;
            mine.shared &= !bit;
        }
    }
}

fn mask(range: &std::ops::Range<usize>) -> u32 {
    range.clone().fold(0, |mask, slot| mask | 1 << slot)
}
