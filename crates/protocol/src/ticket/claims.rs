//! What a ticket claims, and its form as a CWT.

use std::{fmt, str::FromStr};

use coset::{
    cbor::Value,
    cwt::{ClaimName, ClaimsSet, Timestamp},
};
use data_encoding::HEXLOWER;
use usher_core::{
    chain::digest_code,
    ids::{CodeDigest, EventId, PersonId},
    ticket::SIGNED_PREFIX,
    verdict::Validity,
};
use uuid::Uuid;

/// The longest ticket kind that a ticket carries, in bytes; a longer one is cut.
pub const KIND_BYTES_MAX: usize = 48;
/// The last second that a ticket can name, in the year 2106: later ones would take more room.
const SECONDS_MAX: i64 = u32::MAX as i64;

// Private claims (RFC 8392 section 9.1.1: below -65536). The registered `aud` and `sub` are texts, which would make the code larger.
const EVENT: ClaimName = ClaimName::PrivateUse(-65_537);
const PERSON: ClaimName = ClaimName::PrivateUse(-65_538);
const KIND: ClaimName = ClaimName::PrivateUse(-65_539);

/// The id of a ticket (`cti`): what a revocation names. The same ticket printed again, also under another key, has the same one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketId(pub [u8; 8]);

impl TicketId {
    /// The digest under which a revoked ticket stands among a person's earlier codes: a desk looks it up as it does any code.
    #[must_use]
    pub fn digest(self, event_secret: &[u8; 32]) -> CodeDigest {
        digest_code(event_secret, &format!("{SIGNED_PREFIX}{self}"))
    }
}

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TicketId({self})")
    }
}

impl FromStr for TicketId {
    type Err = data_encoding::DecodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = data_encoding::DecodeError { position: 0, kind: data_encoding::DecodeKind::Length };
        HEXLOWER.decode(text.as_bytes())?.try_into().map(Self).map_err(|_| wrong)
    }
}

/// A ticket's kind as the ticket carries it: at most [`KIND_BYTES_MAX`] bytes, kept in place so that what was scanned is copied cheaply.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TicketKind {
    bytes: [u8; KIND_BYTES_MAX],
    len: usize,
}

impl TicketKind {
    /// `text` as far as there is room for it, without half a letter.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let len = text.floor_char_boundary(KIND_BYTES_MAX);
        let mut bytes = [0; KIND_BYTES_MAX];
        bytes[..len].copy_from_slice(&text.as_bytes()[..len]);
        Self { bytes, len }
    }

    /// The kind; may be empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

impl fmt::Debug for TicketKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

/// What a ticket says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedTicket {
    /// For which event.
    pub event: EventId,
    /// Whose it is.
    pub person: PersonId,
    /// Which ticket it is.
    pub id: TicketId,
    /// Its kind; may be empty.
    pub kind: TicketKind,
    /// From when on it is good (`nbf`), seconds since 1970 UTC; none: no start.
    pub from_s: Option<u64>,
    /// When it stops being good (`exp`), seconds since 1970 UTC; none: no end.
    pub until_s: Option<u64>,
}

/// The seconds that a ticket carries for a validity: never a longer one. From the first whole second that is within it, up to the first
/// that is not.
#[must_use]
pub fn seconds(valid: Validity) -> (Option<u64>, Option<u64>) {
    let bounded = |ms: i64| ms.clamp(0, SECONDS_MAX * 1_000);
    let whole = |s: i64| u64::try_from(s).ok();
    let from = valid.from_ms.and_then(|ms| whole((bounded(ms) + 999) / 1_000));
    (from, valid.until_ms.and_then(|ms| whole((bounded(ms) + 1) / 1_000)))
}

impl SignedTicket {
    /// When it is good by what it says itself. RFC 8392: not any more at the second `exp` itself.
    #[must_use]
    pub fn valid(&self) -> Validity {
        let ms = |s: Option<u64>| s.and_then(|s| i64::try_from(s).ok()).map(|s| s.saturating_mul(1_000));
        Validity { from_ms: ms(self.from_s), until_ms: ms(self.until_s).map(|ms| ms - 1) }
    }

    /// In the order of canonical CBOR, which [`ClaimsSet`] keeps.
    pub(super) fn claims(&self) -> ClaimsSet {
        let time = |s: Option<u64>| s.and_then(|s| i64::try_from(s).ok()).map(Timestamp::WholeSeconds);
        let bytes = |id: Uuid| Value::Bytes(id.as_bytes().to_vec());
        let mut rest = vec![(EVENT, bytes(self.event.0)), (PERSON, bytes(self.person.0))];
        if !self.kind.as_str().is_empty() {
            rest.push((KIND, Value::Text(self.kind.as_str().into())));
        }
        ClaimsSet {
            expiration_time: time(self.until_s),
            not_before: time(self.from_s),
            cwt_id: Some(self.id.0.to_vec()),
            rest,
            ..ClaimsSet::default()
        }
    }

    /// Reads what is ours; whether there is anything else shows when the text is made anew.
    pub(super) fn of_claims(claims: &ClaimsSet) -> Option<Self> {
        let claim =
            |name: &ClaimName| claims.rest.iter().find(|(other, _)| other == name).map(|(_, value)| value);
        let id = |name| Uuid::from_slice(claim(name)?.as_bytes()?).ok();
        let kind = claim(&KIND).map_or(Some(""), Value::as_text)?;
        Some(Self {
            event: EventId(id(&EVENT)?),
            person: PersonId(id(&PERSON)?),
            id: TicketId(claims.cwt_id.as_deref()?.try_into().ok()?),
            kind: TicketKind::of(kind),
            from_s: time(claims.not_before.as_ref())?,
            until_s: time(claims.expiration_time.as_ref())?,
        })
    }
}

/// A time within bounds; none: it is none of ours.
fn time(claimed: Option<&Timestamp>) -> Option<Option<u64>> {
    match claimed {
        None => Some(None),
        Some(Timestamp::WholeSeconds(s)) if (0..=SECONDS_MAX).contains(s) => u64::try_from(*s).ok().map(Some),
        Some(_) => None,
    }
}
