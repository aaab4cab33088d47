//! Signed tickets: tickets that prove themselves, without a list and without a network (DESIGN section 8, decision 0020).
//!
//! A CBOR Web Token (RFC 8392) in a COSE_Sign1 (RFC 9052) under Ed25519, as Base45 (RFC 9285) behind
//! [`SIGNED_PREFIX`](usher_core::ticket::SIGNED_PREFIX): all of it from the alphanumeric set of QR codes. A ticket under a key has exactly one
//! text; what differs from it in anything is no ticket. What a good ticket *means* (revoked, expired, already in) is judged elsewhere.

mod check;
mod claims;
mod key;
mod text;

pub use check::{Checked, check};
pub use claims::{KIND_BYTES_MAX, SignedTicket, TicketId, TicketKind, seconds};
pub use key::{Kid, TicketKey};
pub use text::{SIGNED_CHARS_MAX, Unreadable, Unverified, read, sign};

#[cfg(test)]
mod tests;
