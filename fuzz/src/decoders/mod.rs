//! One function per decoder that meets foreign bytes: any bytes in, and a panic is a find. Each says beside "no panic" what else must hold.

pub mod carry;
pub mod entry;
pub mod house;
pub mod participants;
pub mod proof;
pub mod seat;
pub mod sessions;
pub mod signed_ticket;
pub mod snapshot;
pub mod sync_answer;
pub mod sync_request;
pub mod ticket;

/// Takes any bytes.
pub type Decoder = fn(&[u8]);

/// Every decoder, by the name of its target and of its folder in `fuzz/corpus`.
pub const ALL: &[(&str, Decoder)] = &[
    ("entry", entry::take),
    ("proof", proof::take),
    ("sync_request", sync_request::take),
    ("sync_answer", sync_answer::take),
    ("ticket", ticket::take),
    ("signed_ticket", signed_ticket::take),
    ("participants", participants::take),
    ("sessions", sessions::take),
    ("carry", carry::take),
    ("snapshot", snapshot::take),
];
