//! The keys that tickets are signed with, as the event's record names them.

use std::{fmt, str::FromStr};

use data_encoding::HEXLOWER;
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use usher_core::chain::sha256;

/// Which key: the first 4 bytes of SHA-256 over the public key. A hint where to look, not a proof.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kid(pub [u8; 4]);

impl Kid {
    /// The id of a key.
    #[must_use]
    pub fn of(key: &VerifyingKey) -> Self {
        let [a, b, c, d, ..] = sha256(key.as_bytes());
        Self([a, b, c, d])
    }
}

impl fmt::Display for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kid({self})")
    }
}

/// A text that is not 8 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("8 hexadecimal digits are wanted here")]
pub struct BadKid;

impl FromStr for Kid {
    type Err = BadKid;

    fn from_str(text: &str) -> Result<Self, BadKid> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| BadKid)?;
        bytes.try_into().map(Self).map_err(|_| BadKid)
    }
}

impl Serialize for Kid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Kid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The public part of a key that tickets of the event are, or were, signed with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketKey {
    /// Which.
    pub kid: Kid,
    /// The Ed25519 public key in lower-case hexadecimal.
    pub public_key: String,
    /// When it was made, milliseconds since 1970 UTC; for people to tell keys apart.
    pub from_ms: i64,
    /// When it was withdrawn: from then on its tickets are old ones, whatever they say. None: they are good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
}

impl TicketKey {
    /// A key that was made at `from_ms`.
    #[must_use]
    pub fn of(key: &VerifyingKey, from_ms: i64) -> Self {
        Self { kid: Kid::of(key), public_key: HEXLOWER.encode(key.as_bytes()), from_ms, until_ms: None }
    }

    /// The key itself; none: the record does not hold one.
    #[must_use]
    pub fn verifying_key(&self) -> Option<VerifyingKey> {
        let bytes = HEXLOWER.decode(self.public_key.as_bytes()).ok()?;
        VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok()
    }
}
