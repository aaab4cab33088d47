//! A simulated disk as a SQLite VFS: in memory, deterministic, with faults and power cuts. For tests and the simulator only.
//!
//! Each [`Disk`] is a small file system of its own, reachable by SQLite under [`Disk::vfs_name`]; several may live in one
//! process. Every file has what the operating system shows and what stands on the platter; [`Disk::crash`] ends the machine and
//! decides piece by piece which unsynced writes, and which unsynced names, were kept. Faults strike a chosen I/O. Nothing here
//! reads a clock, sleeps or touches the real file system.
//!
//! Left out: memory mapping of database files, folders as objects (a folder is a prefix of names), permissions, and SQLite's own
//! random numbers (salts of its logs), which come from the process and decide nothing that is visible here.

mod choices;
mod disk;
mod faults;
mod handle;
mod inode;
mod locks;
mod machine;
mod methods;
mod names;
mod pages;
mod shm;
mod slots;
mod vfs;

pub use choices::Choices;
pub use disk::{Disk, Held};
pub use faults::{Counts, Fault, FaultKind, Io};

/// The size of what a power cut keeps, drops or tears as one, in bytes; also what SQLite is told.
pub const SECTOR_BYTES: usize = 4096;

/// The largest file, in bytes: a write beyond it finds the disk full.
pub const FILE_BYTES_MAX: usize = 256 * 1024 * 1024;
