//! A station's files from outside: decisions, sync, snapshots, faults.

mod bench;
mod decisions;
mod faults;
mod numbers;
mod snapshots;
mod syncing;
