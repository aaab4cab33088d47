//! What happened beside the desks: what the supervisor decided and saw, which logs were written off, what came by file, and when the
//! server was put back. The observer's second witness.

use std::{collections::HashSet, path::PathBuf};

use serde_json::Value;

/// What a supervisor decided of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// It has so many places.
    Places(u64),
    /// Its door is open, or paused.
    Door { open: bool },
}

/// A decision that was answered.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    pub(super) room: String,
    pub(super) what: What,
    /// When it was first asked for, milliseconds since 1970 UTC: from then on it may hold.
    pub(super) asked_ms: i64,
    /// When it was answered: from then on it holds.
    pub(super) done_ms: i64,
}

/// A look at the board.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) asked_ms: i64,
    pub(super) done_ms: i64,
    pub(super) board: Value,
}

/// A lost desk's log was written off for a room.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    pub(super) room: String,
    /// `station/epoch`.
    pub(super) log: String,
    pub(super) asked_ms: i64,
    /// How many rights count as spent.
    pub(super) spent: u64,
    /// How many it might have spent, as the board said.
    pub(super) outstanding: u64,
    /// The keys of the log's lines that the server held before, and those that it held after.
    pub(super) held: (HashSet<String>, HashSet<String>),
}

/// A saved log was imported, and once more.
#[derive(Clone, Debug)]
pub(super) struct Carried {
    pub(super) file: PathBuf,
    /// How many new entries it brought.
    pub(super) brought: u64,
    /// And the second time.
    pub(super) again: u64,
}

/// The server's database was put back to a copy of itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct PutBack {
    /// When the copy was made, milliseconds since 1970 UTC.
    pub(super) taken_ms: i64,
    /// From when on the server was down …
    pub(super) from_ms: i64,
    /// … until it could be started on the copy.
    pub(super) until_ms: i64,
    /// How many lines of the server's export the copy lacked.
    pub(super) lacked: u64,
}

/// Everything beside the desks.
#[derive(Clone, Debug, Default)]
pub(super) struct Diary {
    pub(super) decided: Vec<Decided>,
    pub(super) looks: Vec<Look>,
    pub(super) settled: Vec<Settled>,
    pub(super) carried: Vec<Carried>,
    pub(super) put_back: Option<PutBack>,
}
