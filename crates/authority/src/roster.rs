//! The roster: what the server writes down outside its database, so that a database put back to an older backup is noticed and
//! the desks enrolled since are known (DESIGN section 5, *Restored server*).
//!
//! A list of lines that grows. A line is kept durably before the first answer that depends on it. Only when the server's key is replaced
//! is it written anew, without the old one.

use serde::{Deserialize, Serialize};
use usher_core::ids::{ActorId, Identity, MachineId, Term};
use usher_protocol::{
    enrol::Role,
    records::{EventRecord, StationRecord},
    sync::Signed,
    ticket::TicketKey,
};

use crate::Result;

/// One line of the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RosterLine {
    /// The event, with what the server needs to speak for it: enough to go on when the database is lost.
    Event {
        /// What desks see.
        record: EventRecord,
        /// The secret under which ticket codes are digested.
        secret: Secret,
        /// The seed of the server's Ed25519 key: the newest.
        key: Secret,
    },
    /// The server's key took the place of another, which says so ([`usher_core::succession`]); they stand in their order.
    Succession(Signed),
    /// The keys that tickets are signed with, all of them; a later line says more than an earlier one.
    TicketKeys {
        /// What desks see.
        keys: Vec<TicketKey>,
        /// The seed of the newest; none: it was withdrawn.
        secret: Option<Secret>,
    },
    /// The server began a term.
    Term {
        /// Which.
        term: Term,
        /// The log that the server writes in it.
        own: Identity,
    },
    /// A desk or supervisor was enrolled.
    Station {
        /// What others see.
        record: StationRecord,
        /// What it may do.
        role: Role,
        /// The id under which a supervisor acts.
        actor: Option<ActorId>,
        /// The computer.
        machine: MachineId,
    },
    /// A log was first heard of.
    Log(Identity),
    /// The feed had reached this position in this term.
    Mark {
        /// The term.
        term: Term,
        /// The position.
        position: u64,
    },
}

/// 32 secret bytes, as 64 hexadecimal digits in the file and as nothing in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub [u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).map_err(serde::de::Error::custom)?;
        bytes.try_into().map(Self).map_err(|_| serde::de::Error::custom("a secret has 32 bytes"))
    }
}

/// Where the roster is kept.
pub trait Roster: Send + Sync {
    /// Every line, in the order in which they were kept. A torn last line counts as never written.
    ///
    /// # Errors
    /// What the file system says, or a line that cannot be read.
    fn lines(&self) -> Result<Vec<RosterLine>>;

    /// Adds a line; it is durable when this gives `Ok`.
    ///
    /// # Errors
    /// What the file system says; the line may or may not be there.
    fn keep(&self, line: &RosterLine) -> Result<()>;

    /// Puts these lines in the place of all that are kept, so that a key that was replaced is kept no longer. When this gives `Ok` it is
    /// durable; whatever happens, either the old lines stand there or the new ones.
    ///
    /// # Errors
    /// What the file system says; the old lines or the new ones stand there.
    fn rewrite(&self, lines: &[RosterLine]) -> Result<()>;
}

/// No roster: a database of which no backup will ever be put back, as in tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRoster;

impl Roster for NoRoster {
    fn lines(&self) -> Result<Vec<RosterLine>> {
        Ok(Vec::new())
    }

    fn keep(&self, _: &RosterLine) -> Result<()> {
        Ok(())
    }

    fn rewrite(&self, _: &[RosterLine]) -> Result<()> {
        Ok(())
    }
}
