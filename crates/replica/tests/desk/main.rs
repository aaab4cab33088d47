//! A station's files from outside: decisions, sync, snapshots, faults.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a fixture that cannot be set up fails its test loudly"
)]

mod anew;
mod bench;
mod counted;
mod decisions;
mod faults;
mod flags;
mod holding;
mod keys;
mod lives;
mod names;
mod numbers;
mod people;
mod searching;
mod signed;
mod snapshots;
mod syncing;
mod walk_ins;
