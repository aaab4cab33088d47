//! The fault sweep: every I/O of a canonical workload fails once in every way, or is the last one before a power cut
//! (DESIGN section 10). Each operation says that it failed, or is durable; a second try gives one entry.
//!
//! `cargo test -p usher-sim --release --test sweep -- --ignored` is the nightly size.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails loudly")]

mod busy;
mod copied;
mod door;
mod ended;
mod flips;
mod office;
mod swap;
mod workload;

use rusqlite::{Connection, OpenFlags};
use usher_disk::{Choices, Disk, FaultKind, Io};

/// What happens at one I/O.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blow {
    /// It fails, and the next ones do not.
    Once(FaultKind),
    /// It fails, and so do all of its kind until the disk is healed.
    Lasting(FaultKind),
    /// The power is cut there; the number decides what was kept.
    PowerCut(u64),
    /// The process is killed there.
    Kill,
}

impl Blow {
    /// Every kind of fault that `io`, the one at `at`, can have. In a short sweep with few `cuts` faults last at every other I/O.
    fn all(io: Io, at: u64, cuts: u64) -> Vec<Self> {
        let kinds = [FaultKind::Error, FaultKind::ShortRead, FaultKind::DiskFull];
        let kinds = kinds.into_iter().filter(|kind| kind.fits(io));
        let both = kinds.flat_map(|kind| [(0, Self::Once(kind)), (1, Self::Lasting(kind))]);
        let mut blows: Vec<_> =
            both.filter(|(turn, _)| cuts > 2 || at % 2 == *turn).map(|(_, blow)| blow).collect();
        // Ending before a look is the same as ending before the next change.
        let looks = matches!(io, Io::Read | Io::Size | Io::Exists | Io::Map);
        if cuts > 2 || !looks {
            blows.extend((0..cuts).map(Self::PowerCut));
            blows.push(Self::Kill);
        }
        blows
    }

    fn fault(self, at: u64) -> usher_disk::Fault {
        let (kind, lasting) = match self {
            Self::Once(kind) => (kind, false),
            Self::Lasting(kind) => (kind, true),
            Self::PowerCut(_) | Self::Kill => (FaultKind::Halt, false),
        };
        usher_disk::Fault { at, kind, lasting }
    }

    /// Whether SQLite takes it for the end of a file: it says nothing then, and may go on with zeros.
    fn misreads(self) -> bool {
        matches!(self, Self::Once(FaultKind::ShortRead) | Self::Lasting(FaultKind::ShortRead))
    }

    /// Ends the machine or process, where this does; whether it did.
    fn end(self, disk: &Disk, at: u64) -> bool {
        match self {
            Self::PowerCut(seed) => disk.crash(&mut cut(seed, at)),
            Self::Kill => disk.kill(),
            Self::Once(_) | Self::Lasting(_) => return false,
        }
        true
    }
}

/// The first cut keeps nothing, the others are mixtures; a kill keeps everything.
fn cut(seed: u64, at: u64) -> Choices {
    if seed == 0 { Choices::drop_all() } else { Choices::seeded(seed.wrapping_mul(0x9e37_79b9) ^ at) }
}

/// Whether SQLite finds nothing wrong with a database, looking at a copy of the disk; an empty file is sound.
fn sound(disk: &Disk, file: &str) -> Result<(), String> {
    let copy = disk.copy();
    if copy.files().iter().all(|(name, len)| name != file || *len == 0) {
        return Ok(());
    }
    let look = || {
        let all = Connection::open_with_flags_and_vfs(file, OpenFlags::default(), copy.vfs_name())?;
        all.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))
    };
    match look() {
        Ok(said) if said == "ok" => Ok(()),
        Ok(said) => Err(format!("{file}: {said}")),
        Err(error) => Err(format!("{file}: {error}")),
    }
}
