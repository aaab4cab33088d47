//! Error codes: clients see codes, never internals; the words live in the locale files.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a request was not answered. The words for people live in the clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request is not of this protocol.
    BadRequest,
    /// The body is longer than allowed.
    TooLarge,
    /// The proof is missing, wrong, or by an unknown key.
    Unauthorised,
    /// The station's or supervisor's credential was revoked.
    Revoked,
    /// The credential has another role.
    WrongRole,
    /// No such enrolment code.
    CodeUnknown,
    /// The enrolment code was used before.
    CodeUsed,
    /// The enrolment code's time is over.
    CodeExpired,
    /// Too many tries, or too many at once; wait.
    TooManyTries,
    /// The client speaks a protocol that is too old for this server.
    ClientTooOld,
    /// The client speaks a protocol that is too new for this server.
    ServerTooOld,
    /// The log that was sent does not continue what the server holds.
    ChainBroken,
    /// The server does not know this yet: it comes with a later version.
    NotSupported,
    /// The server could not keep what was sent: its disk, or a fault.
    ServerFault,
}

/// The body of every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// Always "usher": tells a client that an Usher server speaks, and not a proxy or another service.
    pub service: String,
    /// Why.
    pub error: ErrorCode,
    /// What a person reading a log may want to know; never shown at a desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// The word that every Usher server gives for itself.
pub const SERVICE: &str = "usher";

impl ErrorBody {
    /// The body for `error`.
    #[must_use]
    pub fn new(error: ErrorCode, detail: Option<String>) -> Self {
        Self { service: SERVICE.into(), error, detail }
    }
}
