//! Desk and server over real HTTP: enrolment, guest list, check-ins across desks, the network away and back, the board.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops")]

mod again;
mod arrivals;
#[cfg(unix)]
mod badges;
mod connecting;
mod deciding;
mod door;
mod event;
mod flags;
mod holding;
mod learning;
mod leaving;
mod old;
mod order;
mod other_roads;
mod pins;
mod practising;
mod records;
mod refused;
mod renewing;
mod restoring;
mod rotating;
mod scanner;
mod searching;
mod seat;
mod serving;
mod tickets;
mod undoing;
mod verifying;
mod walk_ins;
mod words;
