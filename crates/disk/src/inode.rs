//! One file: what the operating system shows, what stands on the platter, and what lies between.

use std::sync::Arc;

use crate::{Choices, SECTOR_BYTES, choices::Fate, locks::Locks, pages::Pages, shm::Shm};

/// A change that no sync covered yet.
#[derive(Clone, Debug)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Resize(usize),
}

/// One file.
#[derive(Debug, Default)]
pub(crate) struct Inode {
    seen: Pages,
    durable: Pages,
    unsynced: Vec<Change>,
    /// SQLite's locks on a database file.
    pub(crate) locks: Locks,
    /// The shared memory beside a database in WAL mode, while somebody uses it.
    pub(crate) shm: Option<Arc<Shm>>,
    /// How many handles are open.
    pub(crate) open: usize,
}

impl Inode {
    pub(crate) const fn len(&self) -> usize {
        self.seen.len()
    }

    pub(crate) fn read(&self, offset: usize, out: &mut [u8]) -> usize {
        self.seen.read(offset, out)
    }

    pub(crate) fn write(&mut self, offset: usize, bytes: &[u8]) {
        self.seen.write(offset, bytes);
        self.unsynced.push(Change::Write { offset, bytes: bytes.to_vec() });
    }

    pub(crate) fn resize(&mut self, len: usize) {
        self.seen.resize(len);
        self.unsynced.push(Change::Resize(len));
    }

    pub(crate) fn sync(&mut self) {
        self.durable = self.seen.clone();
        self.unsynced.clear();
    }

    /// Changes one byte behind everybody's back, on the platter and in what is shown.
    pub(crate) fn flip(&mut self, offset: usize, mask: u8) -> bool {
        let mut byte = [0];
        if self.seen.read(offset, &mut byte) == 0 {
            return false;
        }
        self.seen.write(offset, &[byte[0] ^ mask]);
        if self.durable.read(offset, &mut byte) == 1 {
            self.durable.write(offset, &[byte[0] ^ mask]);
        }
        true
    }

    /// The same bytes in a file that nobody has open, all of them durable.
    pub(crate) fn copy(&self) -> Self {
        Self { seen: self.seen.clone(), durable: self.seen.clone(), ..Self::default() }
    }

    /// The power is cut: every unsynced piece meets its fate, later ones whatever became of earlier ones.
    pub(crate) fn crash(&mut self, choices: &mut Choices) {
        let mut left = self.durable.clone();
        for change in self.unsynced.drain(..) {
            match change {
                Change::Resize(len) if choices.happened() => left.resize(len),
                Change::Resize(_) => {}
                Change::Write { offset, bytes } => {
                    for (at, piece) in pieces(offset, &bytes) {
                        land(&mut left, at, piece, choices);
                    }
                }
            }
        }
        *self = Self { seen: left.clone(), durable: left, ..Self::default() };
    }

    /// The process ends and the operating system lives on.
    pub(crate) fn kill(&mut self) {
        self.locks = Locks::default();
        self.shm = None;
        self.open = 0;
    }
}

/// A write in parts that lie in one sector each.
fn pieces(offset: usize, bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let first = (SECTOR_BYTES - offset % SECTOR_BYTES).min(bytes.len());
    let (head, rest) = bytes.split_at(first);
    let rest = rest.chunks(SECTOR_BYTES).enumerate();
    std::iter::once((offset, head))
        .chain(rest.map(move |(n, part)| (offset + first + n * SECTOR_BYTES, part)))
}

fn land(left: &mut Pages, at: usize, piece: &[u8], choices: &mut Choices) {
    match choices.fate() {
        Fate::Kept => left.write(at, piece),
        Fate::Dropped => {}
        Fate::Torn => tear(left, at, piece, choices),
    }
}

/// A part of the piece arrived; what follows it is as it was, or rubbish.
fn tear(left: &mut Pages, at: usize, piece: &[u8], choices: &mut Choices) {
    let cut = usize::try_from(choices.below(piece.len() as u64)).unwrap_or(0);
    left.write(at, &piece[..cut]);
    if choices.below(2) == 0 {
        let rubbish: Vec<_> = piece[cut..].iter().map(|byte| byte.rotate_left(3) ^ 0xa5).collect();
        left.write(at + cut, &rubbish);
    }
}
