//! The names of things: random 128-bit ids, and the keys made of them.
//!
//! Each kind of id is a type of its own, so that a session can never be passed where a person is meant. Ids are made by the
//! adapters (randomness is input); this module only carries, prints, reads and encodes them.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self, e: &mut minicbor::Encoder<W>, _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(self.0.as_bytes())?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                Uuid::from_slice(d.bytes()?).map(Self).map_err(|_| minicbor::decode::Error::message("an id has 16 bytes"))
            }
        }
    )*};
}

uuid_id! {
    /// One conference; everything else belongs to one event.
    EventId,
    /// One desk's computer, or the authority itself where it writes entries.
    StationId,
    /// A room, talk or gate with a capacity.
    SessionId,
    /// A participant, or a walk-in.
    PersonId,
    /// Who sat at the desk for a while; the name behind it is a profile, never in the log.
    ShiftId,
    /// A supervisor who acted; the name behind it is a profile.
    ActorId,
    /// The computer under a station; kept outside its database, so that a copied disk is noticed.
    MachineId,
    /// One boot of that computer: `mono_ms` is comparable only within it.
    BootId,
}

/// A random 64-bit number that names one life of a station's log: new at enrolment, after a restored backup, after a fork
/// (DESIGN section 4). Shown and sent in JSON as 16 hexadecimal digits, because JavaScript rounds large integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Epoch(#[n(0)] pub u64);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Epoch {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

impl Serialize for Epoch {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Epoch {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The number of an entry in its epoch's log: 1, 2, 3 … without gaps; 0 stands for "none yet".
pub type Seq = u64;

/// The server's term: grows with every restore, so that what an older life of the server said is recognised (DESIGN section 5).
pub type Term = u64;

/// Which log: `i = (station, epoch)`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[cbor(array)]
pub struct Identity {
    /// The desk.
    #[n(0)]
    pub station: StationId,
    /// The life of its log.
    #[n(1)]
    pub epoch: Epoch,
}

impl Identity {
    /// The key of entry number `seq` in this log.
    #[must_use]
    pub const fn key(self, seq: Seq) -> EntryKey {
        EntryKey { station: self.station, epoch: self.epoch, seq }
    }
}

/// Which entry, in all logs of the event. Orders as DESIGN section 4 breaks ties: station, epoch, seq.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[cbor(array)]
pub struct EntryKey {
    /// The desk that wrote it.
    #[n(0)]
    pub station: StationId,
    /// The life of its log.
    #[n(1)]
    pub epoch: Epoch,
    /// Its number there, from 1.
    #[n(2)]
    pub seq: Seq,
}

impl EntryKey {
    /// The log that this entry stands in.
    #[must_use]
    pub const fn identity(self) -> Identity {
        Identity { station: self.station, epoch: self.epoch }
    }
}

macro_rules! bytes32 {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}({self})", stringify!($name)) }
        }

        impl FromStr for $name {
            type Err = BadHex;
            fn from_str(text: &str) -> Result<Self, BadHex> { hex32(text).map(Self) }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = std::array::TryFromSliceError;
            fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> { bytes.try_into().map(Self) }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self, e: &mut minicbor::Encoder<W>, _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                d.bytes()?.try_into().map(Self).map_err(|_| minicbor::decode::Error::message("32 bytes are wanted here"))
            }
        }
    )*};
}

bytes32! {
    /// SHA-256 of an entry's canonical bytes.
    EntryHash,
    /// HMAC-SHA-256 of a ticket's code under the event's secret: entries and replicas name tickets without holding them.
    CodeDigest,
    /// The id of an incident: SHA-256 over its kind and the keys of its entries (DESIGN section 4).
    IncidentId,
}

/// A text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("64 hexadecimal digits are wanted here")]
pub struct BadHex;

fn hex32(text: &str) -> Result<[u8; 32], BadHex> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return Err(BadHex);
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| BadHex)?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| BadHex)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_travels_through_json_whole() {
        let epoch = Epoch(u64::MAX - 1);
        let json = serde_json::to_string(&epoch).unwrap();
        assert_eq!(json, "\"fffffffffffffffe\"");
        assert_eq!(serde_json::from_str::<Epoch>(&json).unwrap(), epoch);
    }

    #[test]
    fn hashes_read_back_and_refuse_what_is_not_hexadecimal() {
        let hash = EntryHash([0xab; 32]);
        assert_eq!(hash.to_string().parse::<EntryHash>(), Ok(hash));
        assert_eq!("zz".repeat(32).parse::<EntryHash>(), Err(BadHex));
        assert_eq!("ab".parse::<EntryHash>(), Err(BadHex));
        assert_eq!("é".repeat(32).parse::<EntryHash>(), Err(BadHex));
    }
}
