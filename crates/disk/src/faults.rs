//! Faults: which I/O they strike, and what was counted.

use std::collections::BTreeMap;

/// One kind of operation on a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Io {
    /// Opening or making a file.
    Open,
    /// Reading.
    Read,
    /// Writing.
    Write,
    /// Cutting a file off.
    Truncate,
    /// Syncing a file.
    Sync,
    /// Asking for a file's size.
    Size,
    /// Deleting a file.
    Delete,
    /// Asking whether a file is there.
    Exists,
    /// Mapping shared memory.
    Map,
    /// Renaming a file over another.
    Rename,
    /// Syncing a folder.
    FolderSync,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The operation fails. A failed write may have written its first half; a failed sync has made nothing durable.
    Error,
    /// A read gives half of what was asked for, and zeros.
    ShortRead,
    /// No room: a write or a new file fails, the write after its first half.
    DiskFull,
    /// The machine stops here: this operation and all that follow fail and change nothing, until [`crate::Disk::crash`] or
    /// [`crate::Disk::kill`]. A write that it meets is in flight: a power cut decides about it.
    Halt,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Error, Self::ShortRead, Self::DiskFull, Self::Halt];

    /// Whether this can happen to `io`.
    #[must_use]
    pub const fn fits(self, io: Io) -> bool {
        match self {
            Self::Error | Self::Halt => true,
            Self::ShortRead => matches!(io, Io::Read),
            Self::DiskFull => matches!(io, Io::Write | Io::Open),
        }
    }
}

/// A fault to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which I/O it strikes, counted from its planning; 0 is the next one. A kind that does not fit that I/O does nothing.
    pub at: u64,
    /// What happens.
    pub kind: FaultKind,
    /// Whether every later I/O of the same kind fails as well, until [`crate::Disk::heal`].
    pub lasting: bool,
}

/// What happened on a disk so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// I/Os by kind.
    pub ios: BTreeMap<Io, u64>,
    /// Faults that struck.
    pub faults: BTreeMap<(Io, FaultKind), u64>,
    /// Power cuts.
    pub crashes: u64,
    /// Power cuts that dropped something that was not synced, at least a sector or a name.
    pub dropping_crashes: u64,
    /// Power cuts that tore a write.
    pub tearing_crashes: u64,
    /// Processes that ended without closing their files.
    pub kills: u64,
    /// Bytes that were changed behind everybody's back.
    pub flips: u64,
    /// Writes and new files that a full disk refused.
    pub refused: u64,
}

impl Counts {
    /// How often anything went wrong, but for power cuts and killed processes.
    #[must_use]
    pub fn struck(&self) -> u64 {
        self.faults.values().sum::<u64>() + self.refused + self.flips
    }
}

/// What a disk is going to do wrong.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    done: u64,
    planned: Vec<(u64, Fault)>,
    lasting: Vec<(Io, FaultKind)>,
    halted: bool,
    /// No file may grow.
    pub(crate) full: bool,
    /// Syncing says yes and does nothing: the mistake that tests must notice.
    pub(crate) lies: bool,
    /// Somebody looks from outside: nothing fails, nothing is counted.
    pub(crate) quiet: bool,
    pub(crate) counts: Counts,
    pub(crate) record: Option<Vec<Io>>,
}

impl Plan {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.planned.push((self.done + fault.at, fault));
    }

    /// No more faults; those that struck stay counted.
    pub(crate) fn heal(&mut self) {
        self.planned.clear();
        self.lasting.clear();
        self.full = false;
    }

    pub(crate) const fn is_halted(&self) -> bool {
        self.halted
    }

    /// The machine is started again.
    pub(crate) fn restart(&mut self) {
        self.halted = false;
        self.planned.retain(|(_, fault)| fault.kind != FaultKind::Halt);
    }

    /// Counts one I/O and says what goes wrong with it.
    pub(crate) fn meet(&mut self, io: Io) -> Option<FaultKind> {
        if self.quiet {
            return None;
        }
        if self.halted {
            return Some(FaultKind::Halt);
        }
        let now = self.done;
        self.done += 1;
        *self.counts.ios.entry(io).or_default() += 1;
        if let Some(record) = &mut self.record {
            record.push(io);
        }
        let kind = self.strike(now, io)?;
        *self.counts.faults.entry((io, kind)).or_default() += 1;
        self.halted = kind == FaultKind::Halt;
        Some(kind)
    }

    fn strike(&mut self, now: u64, io: Io) -> Option<FaultKind> {
        let lasting = self.lasting.iter().find(|(of, _)| *of == io).map(|(_, kind)| *kind);
        if self.planned.is_empty() {
            return lasting;
        }
        let struck = self.planned.iter().find(|(at, fault)| *at == now && fault.kind.fits(io)).copied();
        self.planned.retain(|(at, _)| *at > now);
        if let Some((_, fault)) = struck.filter(|(_, fault)| fault.lasting) {
            self.lasting.push((io, fault.kind));
        }
        lasting.or(struck.map(|(_, fault)| fault.kind))
    }
}
