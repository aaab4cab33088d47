//! The rules of the server: one value over a store. What each call does stands in a module of its own.

mod accepting;
mod answer;
mod awaiting;
mod board;
mod checkpoint;
mod cutoff;
mod enrol;
mod event_settings;
mod exits;
mod export;
mod find;
mod grants;
mod holds;
mod ingest;
mod keys;
mod label;
mod learning;
mod logs;
mod own_log;
mod people;
mod profiles;
mod relayed;
mod restore;
mod rostered;
mod rotate;
mod sessions;
mod setup;
mod signed_tickets;
mod snapshot;
mod supervise;
mod sync;
mod tables;
mod ticket_keys;
mod verify;
mod verify_saved;
mod words;

use std::sync::{Mutex, PoisonError, RwLock};

use ed25519_dalek::{SigningKey, VerifyingKey};
use usher_core::ids::{EventId, Identity, Term};
use zeroize::Zeroizing;

use enrol::WrongTries;
use keys::PastKeys;
use rostered::Rostered;

pub use board::BOARD_INCIDENTS_MAX;
pub use enrol::WRONG_TRIES_MAX;
pub use event_settings::PinAdded;
pub use restore::UNKNOWN_DESKS;
pub use rotate::Rotation;
pub use signed_tickets::{Revocation, TicketSigner};
pub use sync::{Carried, Proven};
pub use ticket_keys::Withdrawal;
pub use verify::{Finding, Flaw, Verified};
pub use verify_saved::SavedLog;

/// The server's rules over a store. All methods take `&self`, block while the store works, and may be called from several
/// threads. Everything that changes is in the store: several processes may hold an `Authority` over one database.
pub struct Authority<S> {
    store: S,
    roster: Rostered,
    // Replaced when a new term begins, and with the key: read once per call.
    own: RwLock<OwnLog>,
    secret: Zeroizing<[u8; 32]>,
    tries: Mutex<WrongTries>,
}

/// What the authority writes its own entries with; fixed until a new term begins or the key is replaced.
#[derive(Clone)]
struct OwnLog {
    event: EventId,
    i: Identity,
    term: Term,
    key: SigningKey,
    /// The keys that it signed with before.
    past: PastKeys,
}

impl<S> Authority<S> {
    /// The server's term.
    #[must_use]
    pub fn term(&self) -> Term {
        self.own().term
    }

    /// The event, which never changes.
    #[must_use]
    pub fn event_id(&self) -> EventId {
        self.own().event
    }

    /// The log that the server itself writes.
    #[must_use]
    pub fn own_log(&self) -> Identity {
        self.own().i
    }

    /// What the server writes with now. Read inside a transaction: a new term begins inside one as well.
    fn own(&self) -> OwnLog {
        self.own.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The secret that tests digest codes with.
    #[cfg(test)]
    pub(crate) fn secret_for_tests(&self) -> [u8; 32] {
        *self.secret
    }

    /// The store itself, for tests that put it back.
    #[cfg(test)]
    pub(crate) const fn store_for_tests(&self) -> &S {
        &self.store
    }

    /// The key that the server signs with now.
    #[must_use]
    pub fn server_key(&self) -> VerifyingKey {
        self.own().key.verifying_key()
    }
}

impl<S> std::fmt::Debug for Authority<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("event", &self.own().event).finish_non_exhaustive()
    }
}
