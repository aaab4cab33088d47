//! Who may ask what: the public side of an enrolment.

use ed25519_dalek::VerifyingKey;
use usher_core::ids::{ActorId, StationId};
use usher_protocol::enrol::Role;

/// A station or supervisor as the server knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its id, as proofs carry it.
    pub station: StationId,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The key that its proofs are verified with.
    pub key: VerifyingKey,
    /// The id under which a supervisor acts.
    pub actor: Option<ActorId>,
    /// Whether it was revoked. A revoked desk's sync is still handed to [`crate::Authority::sync`], which keeps its entries as
    /// disputed and answers `Revoked`: facts are never stranded.
    pub revoked: bool,
}

/// A one-time enrolment code, to be shown once: only its digest is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// Eight of Crockford's letters as `XXXX-XXXX`.
    pub code: String,
    /// When it stops being good, milliseconds since 1970 UTC.
    pub expires_ms: i64,
}

impl std::fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolmentCode").field("expires_ms", &self.expires_ms).finish_non_exhaustive()
    }
}
