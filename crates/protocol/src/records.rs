//! The configuration of an event as it goes down the feed: each record replaces the one with its id.

use serde::{Deserialize, Serialize};
use usher_core::{
    ids::{CodeDigest, EventId, PersonId, SessionId, StationId},
    session::SessionRules,
    verdict::Validity,
};

use crate::{pin::PinRecord, profile::Profile, ticket::TicketKey};

/// The event itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Which event.
    pub id: EventId,
    /// Its name.
    pub name: String,
    /// Its IANA time zone, for example `Europe/Madrid`.
    pub time_zone: String,
    /// Whether desks let a clean Registered in at the scan, unless a desk chose otherwise.
    pub fast_door: bool,
    /// Who speaks for the server: what only it writes is believed from no other log. None: a server of version 0.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<ServerRecord>,
    /// The keys that its signed tickets are, or were, signed with; the newest last. At most [`TICKET_KEYS_MAX`].
    ///
    /// [`TICKET_KEYS_MAX`]: crate::limits::TICKET_KEYS_MAX
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticket_keys: Vec<TicketKey>,
    /// Who is called where the server cannot be reached: a telephone number as it is dialled, or any short words. Empty: nobody is named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help_phone: String,
    /// With what supervisors unlock desks and let guests in whom a desk refuses. At most [`PINS_MAX`].
    ///
    /// [`PINS_MAX`]: crate::limits::PINS_MAX
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<PinRecord>,
    /// What stands on name badges, as `usher-labels` reads it (docs/decisions/0023). Carried as it is: a desk that cannot read one, or knows
    /// less than the server, still has the event. At most 8 KiB of JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<serde_json::Value>,
}

impl EventRecord {
    /// An event with the settings that one has at first.
    #[must_use]
    pub const fn new(id: EventId, name: String, time_zone: String) -> Self {
        Self {
            id,
            name,
            time_zone,
            fast_door: true,
            server: None,
            ticket_keys: Vec::new(),
            help_phone: String::new(),
            pins: Vec::new(),
            label: None,
        }
    }
}

/// The server as a writer of entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerRecord {
    /// The id that its logs carry.
    pub station: StationId,
    /// Its Ed25519 public key in lower-case hexadecimal.
    pub public_key: String,
}

/// A session: what is shown, and the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// Its title.
    pub name: String,
    /// The room; may be empty.
    pub room: String,
    /// What verdicts depend on.
    pub rules: SessionRules,
    /// What a supervisor says while the session is paused; at most [`MESSAGE_CHARS_MAX`] characters. Empty: nothing.
    ///
    /// [`MESSAGE_CHARS_MAX`]: crate::limits::MESSAGE_CHARS_MAX
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pause_words: String,
}

/// A participant as desks know them: the least that the door needs. Codes travel as digests only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// Who.
    pub id: PersonId,
    /// The name as it is shown; empty where the organiser's file had none.
    pub name: String,
    /// For the search by e-mail; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Organisation or company; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    /// Ticket kind, for example "Full pass"; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The order that the ticket was bought with; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub order: String,
    /// What the volunteer should know; asks before letting in. May be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Words of the organiser's for whom the volunteer is to look at, such as "Speaker" or "Minor", in the organiser's order; each asks before
    /// letting in. At most [`FLAGS_MAX`] of [`FLAG_CHARS_MAX`] characters.
    ///
    /// [`FLAGS_MAX`]: crate::limits::FLAGS_MAX
    /// [`FLAG_CHARS_MAX`]: crate::limits::FLAG_CHARS_MAX
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// The organiser wants a second look, without saying why; asks before letting in. The desk has words for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub attention: bool,
    /// The ticket's code under the event's secret; none: found by name only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeDigest>,
    /// The whole ticket was cancelled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
    /// When the ticket is good.
    #[serde(default, skip_serializing_if = "is_open")]
    pub valid: Validity,
    /// Codes that this person's ticket had before, and the ids of signed tickets that were revoked ([`TicketId::digest`]); reading one says
    /// *Old ticket*.
    ///
    /// [`TicketId::digest`]: crate::ticket::TicketId::digest
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked_codes: Vec<CodeDigest>,
    /// The sessions that the person is booked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registrations: Vec<Registration>,
    /// What a desk wrote of somebody whom no organiser's list names, so that a server that was put back can be given it back; none: the
    /// person is on such a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Box<Profile>>,
}

fn is_open(valid: &Validity) -> bool {
    *valid == Validity::default()
}

/// A participant × session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The session.
    pub session: SessionId,
    /// Taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
}

/// A desk, so that others can name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationRecord {
    /// Which.
    pub id: StationId,
    /// Its name, for example `Desk 2`.
    pub name: String,
    /// Its public key in lower-case hexadecimal.
    pub public_key: String,
    /// Whether its credential was revoked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub revoked: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"id":"018f0000-0000-7000-8000-000000000001","name":"Ana","note":"Lift"}"#;

    #[test]
    fn a_person_without_flags_is_written_as_before_there_were_any() {
        let person: PersonRecord = serde_json::from_str(LINE).unwrap();
        assert!(person.flags.is_empty() && !person.attention);
        assert_eq!(serde_json::to_string(&person).unwrap(), LINE);
        let flagged = PersonRecord { flags: vec!["VIP".into()], attention: true, ..person };
        let written = serde_json::to_string(&flagged).unwrap();
        assert!(written.ends_with(r#""flags":["VIP"],"attention":true}"#), "{written}");
        assert_eq!(serde_json::from_str::<PersonRecord>(&written).unwrap(), flagged);
    }
}
