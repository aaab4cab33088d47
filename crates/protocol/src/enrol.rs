//! Enrolment: a one-time code becomes a credential bound to the client's own key (`POST /v1/enrol`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_core::ids::{ActorId, Epoch, MachineId, StationId, Term};

use crate::records::EventRecord;

/// What a credential may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Scans, and syncs its log.
    Desk,
    /// Sees the board.
    Supervisor,
}

/// The request. It carries no proof header: the code and the signature under it stand in for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// Version of the protocol.
    pub protocol: u32,
    /// The one-time code, as typed; case, spaces and hyphens do not matter.
    pub code: String,
    /// The role that the client wants; the code must have been made for it.
    pub role: Role,
    /// The client's Ed25519 public key, lower-case hexadecimal.
    pub public_key: String,
    /// Its signature under the normalised code, lower-case hexadecimal.
    pub signature: String,
    /// The epoch that the client opens.
    pub epoch: Epoch,
    /// The computer.
    pub machine: MachineId,
}

/// The answer. A request repeated with the same code and key (the first answer was lost) gets the same answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// Always "usher".
    pub service: String,
    /// The id that the client writes under.
    pub station: StationId,
    /// The name that others see.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The random id under which a supervisor acts.
    pub actor: Option<ActorId>,
    /// The event.
    pub event: EventRecord,
    /// The secret under which ticket codes are digested, lower-case hexadecimal; empty for supervisors.
    pub event_secret: String,
    /// The server's term.
    pub term: Term,
    /// The server's clock, milliseconds since 1970 UTC.
    pub server_ms: i64,
}

impl std::fmt::Debug for EnrolAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolAnswer")
            .field("station", &self.station)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// A code as it is compared and signed: upper case, without spaces and hyphens, the letters that look like digits read as such.
#[must_use]
pub fn normalise_code(code: &str) -> String {
    let plain = code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase());
    plain
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_as_people_type() {
        assert_eq!(normalise_code(" 7kq2-m4xo \n"), "7KQ2M4X0");
        assert_eq!(normalise_code("il"), "11");
    }
}
