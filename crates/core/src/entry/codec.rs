//! Entries to canonical bytes and back.

use minicbor::{Decoder, Encode, Encoder};

use super::{Body, Entry};
use crate::ids::EntryHash;

/// The longest entry that is written or taken, in bytes.
pub const ENTRY_BYTES_MAX: usize = 4096;

/// The number of elements of an envelope of version 1; later versions may append.
const ELEMENTS: u64 = 12;

/// Why bytes are not an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Longer than [`ENTRY_BYTES_MAX`].
    #[error("an entry has at most {ENTRY_BYTES_MAX} bytes; this one has {0}")]
    TooLong(usize),
    /// Not the envelope of DESIGN section 4.
    #[error("not an entry: {0}")]
    Envelope(String),
    /// Bytes stand behind the entry.
    #[error("{0} bytes stand behind the entry")]
    Trailing(usize),
}

impl From<minicbor::decode::Error> for DecodeError {
    fn from(error: minicbor::decode::Error) -> Self {
        Self::Envelope(error.to_string())
    }
}

impl Entry {
    /// The canonical bytes: what is hashed, stored and sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        append(&Envelope(self), &mut out);
        self.body.encode_fields(&mut out);
        out
    }

    /// Reads an entry. A body that cannot be interpreted becomes [`Body::Unknown`]; elements behind the body, which a later
    /// version may append, are passed over (the stored bytes keep them).
    ///
    /// # Errors
    /// When the bytes are too long, are no envelope, or have something behind them. Never because of the body.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(DecodeError::TooLong(bytes.len()));
        }
        let mut decoder = Decoder::new(bytes);
        let elements = decoder.array()?.filter(|n| *n >= ELEMENTS);
        let elements = elements.ok_or_else(|| DecodeError::Envelope("12 elements are wanted".into()))?;
        let entry = decode_envelope(&mut decoder, bytes)?;
        for _ in ELEMENTS..elements {
            decoder.skip()?;
        }
        match bytes.len() - decoder.position() {
            0 => Ok(entry),
            rest => Err(DecodeError::Trailing(rest)),
        }
    }
}

fn decode_envelope(decoder: &mut Decoder<'_>, bytes: &[u8]) -> Result<Entry, DecodeError> {
    Ok(Entry {
        v: decoder.u32()?,
        event: decoder.decode()?,
        station: decoder.decode()?,
        epoch: decoder.decode()?,
        seq: decoder.u64()?,
        prev_hash: decoder.decode::<EntryHash>()?,
        hlc: decoder.decode()?,
        wall_ms: decoder.i64()?,
        mono_ms: decoder.u64()?,
        boot_id: decoder.decode()?,
        body: decode_body(decoder, bytes)?,
    })
}

fn decode_body(decoder: &mut Decoder<'_>, bytes: &[u8]) -> Result<Body, DecodeError> {
    let number = decoder.u32()?;
    let start = decoder.position();
    decoder.skip()?;
    Ok(Body::decode_fields(number, &bytes[start..decoder.position()]))
}

struct Envelope<'a>(&'a Entry);

impl<C> Encode<C> for Envelope<'_> {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let entry = self.0;
        e.array(ELEMENTS)?.u32(entry.v)?;
        entry.event.encode(e, ctx)?;
        entry.station.encode(e, ctx)?;
        entry.epoch.encode(e, ctx)?;
        e.u64(entry.seq)?;
        entry.prev_hash.encode(e, ctx)?;
        entry.hlc.encode(e, ctx)?;
        e.i64(entry.wall_ms)?.u64(entry.mono_ms)?;
        entry.boot_id.encode(e, ctx)?;
        e.u32(entry.body.number())?.ok()
    }
}

/// Appends the canonical bytes of `value`. Writing to memory cannot fail, and no type here refuses to be encoded.
pub(super) fn append<T: Encode<()>>(value: &T, out: &mut Vec<u8>) {
    let done = minicbor::encode(value, out);
    debug_assert!(done.is_ok(), "encoding to memory failed");
}
