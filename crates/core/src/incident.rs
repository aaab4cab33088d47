//! Incidents: contradictions that merging revealed. They are derived, never stored (DESIGN section 4).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    entry::Subject,
    ids::{EntryKey, IncidentId, SessionId},
};

/// The kinds of contradiction. The numbers are part of the incident's id and are frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentKind {
    /// One ticket was let in more than once: one incident for each check-in beside the admission.
    DoubleAdmission = 1,
    /// More seats are taken than the session has, after check-ins without a right or a lowered capacity.
    OverCapacity = 2,
    /// Somebody was let in on a code that no list knows.
    UnknownAdmitted = 3,
    /// A log does not continue itself: a cloned or rolled-back computer, or tampering.
    BrokenChain = 4,
    /// A desk's clock is far off.
    ClockFarOff = 5,
    /// The server was put back to an older state and counts anew from what the desks bring.
    ServerRestored = 6,
}

/// The id of an incident: SHA-256 over its kind and the keys of its entries, in their order.
#[must_use]
pub fn incident_id(kind: IncidentKind, keys: &[EntryKey]) -> IncidentId {
    let mut hash = Sha256::new();
    hash.update(b"usher incident v1\0");
    hash.update([kind as u8]);
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    for key in sorted {
        hash.update(key.station.0.as_bytes());
        hash.update(key.epoch.0.to_be_bytes());
        hash.update(key.seq.to_be_bytes());
    }
    IncidentId(hash.finalize().into())
}

/// The id of the double admission of two check-ins of one subject.
#[must_use]
pub fn double_id(one: EntryKey, other: EntryKey) -> IncidentId {
    incident_id(IncidentKind::DoubleAdmission, &[one, other])
}

/// The id of an incident that belongs to a session rather than to entries, such as [`IncidentKind::OverCapacity`].
#[must_use]
pub fn session_incident_id(kind: IncidentKind, session: SessionId) -> IncidentId {
    let mut hash = Sha256::new();
    hash.update(b"usher session incident v1\0");
    hash.update([kind as u8]);
    hash.update(session.0.as_bytes());
    IncidentId(hash.finalize().into())
}

/// One contradiction, with the entries that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// What [`incident_id`] says.
    pub id: IncidentId,
    /// Which contradiction.
    pub kind: IncidentKind,
    /// At which session, where it is one session's.
    pub session: Option<SessionId>,
    /// About whom, where it is about a person.
    pub subject: Option<Subject>,
    /// The entries, first the one that stands.
    pub entries: Vec<EntryKey>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{Epoch, StationId};
    use uuid::Uuid;

    #[test]
    fn the_id_depends_on_kind_and_entries_but_not_on_their_order() {
        let key = |seq| EntryKey { station: StationId(Uuid::from_u128(1)), epoch: Epoch(2), seq };
        let id = incident_id(IncidentKind::DoubleAdmission, &[key(1), key(2)]);
        assert_eq!(id, incident_id(IncidentKind::DoubleAdmission, &[key(2), key(1)]));
        assert_ne!(id, incident_id(IncidentKind::DoubleAdmission, &[key(1), key(3)]));
        assert_ne!(id, incident_id(IncidentKind::BrokenChain, &[key(1), key(2)]));
    }
}
