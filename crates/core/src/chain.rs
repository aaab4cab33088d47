//! Hashes and signatures: what makes a log evidence.
//!
//! SHA-256 chains the entries; the station signs each entry's hash at commit (a recovered disk then proves every prefix) and
//! one proof per request on the wire (DESIGN section 4). Every signed message starts with a word of its own, so that no
//! signature made for one purpose can serve another.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::{
    entry::{Entry, Head},
    ids::{CodeDigest, EntryHash, Epoch, EventId, Identity, Seq, StationId, Term},
};

const ENTRY_WORD: &[u8] = b"usher entry v1\0";
const REQUEST_WORD: &[u8] = b"usher request v1\0";
const ENROL_WORD: &[u8] = b"usher enrol v1\0";
const ANSWER_WORD: &[u8] = b"usher answer v1\0";
const ROOT_WORD: &[u8] = b"usher root v1\0";

/// SHA-256 of an entry's canonical bytes.
#[must_use]
pub fn hash_entry(bytes: &[u8]) -> EntryHash {
    EntryHash(Sha256::digest(bytes).into())
}

/// SHA-256 of any bytes, as request proofs name a body.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The digest under which entries and replicas name a ticket's code.
#[must_use]
pub fn digest_code(event_secret: &[u8; 32], code: &str) -> CodeDigest {
    // RFC 2104: a key shorter than the block is filled up with zeros.
    let mut block = [0; 64];
    block[..32].copy_from_slice(event_secret);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(code.as_bytes());
    CodeDigest(mac.finalize().into_bytes().into())
}

/// The station's signature under an entry's hash.
#[must_use]
pub fn sign_entry(key: &SigningKey, hash: EntryHash) -> [u8; 64] {
    sign(key, ENTRY_WORD, &hash.0)
}

/// Whether `signature` is the station's under `hash`.
#[must_use]
pub fn verify_entry(key: &VerifyingKey, hash: EntryHash, signature: &[u8; 64]) -> bool {
    verify(key, ENTRY_WORD, &hash.0, signature)
}

/// Signs an enrolment code with the key that is to be enrolled: whoever enrols a key has it.
#[must_use]
pub fn sign_enrolment(key: &SigningKey, code: &str) -> [u8; 64] {
    sign(key, ENROL_WORD, code.as_bytes())
}

/// Whether the enrolling side has the key that it presents.
#[must_use]
pub fn verify_enrolment(key: &VerifyingKey, code: &str, signature: &[u8; 64]) -> bool {
    verify(key, ENROL_WORD, code.as_bytes(), signature)
}

/// What one signature per request covers. The server keeps it as the proof of the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct RequestProof {
    /// The event.
    #[n(0)]
    pub event: EventId,
    /// The station that asks.
    #[n(1)]
    pub station: StationId,
    /// Its current epoch.
    #[n(2)]
    pub epoch: Epoch,
    /// The end of the part of its log that the receiver holds once it has taken this request: the last entry sent with it, or
    /// the acknowledged one when none is sent.
    #[n(3)]
    pub head: Head,
    /// Up to which entry its log has been handed over, by any road.
    #[n(4)]
    pub handed: Seq,
    /// The newest server term it knows.
    #[n(5)]
    pub term: Term,
    /// SHA-256 of the request's body before any content encoding.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub body: [u8; 32],
}

impl RequestProof {
    /// The log that the request speaks for.
    #[must_use]
    pub const fn identity(&self) -> Identity {
        Identity { station: self.station, epoch: self.epoch }
    }

    /// Canonical bytes, as sent in the header.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are not a proof.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        minicbor::decode(bytes)
    }
}

/// Signs a request proof's bytes.
#[must_use]
pub fn sign_request(key: &SigningKey, proof: &[u8]) -> [u8; 64] {
    sign(key, REQUEST_WORD, proof)
}

/// Whether `signature` is the station's under the proof's bytes.
#[must_use]
pub fn verify_request(key: &VerifyingKey, proof: &[u8], signature: &[u8; 64]) -> bool {
    verify(key, REQUEST_WORD, proof, signature)
}

/// What the server signs in each answer. The desk keeps the last one and shows it with its next request: a server that was put
/// back to an older backup learns so from its own signature (DESIGN section 5, *Restored server*), and its log has a proof of
/// its end that any desk can pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct AnswerProof {
    /// The event.
    #[n(0)]
    pub event: EventId,
    /// To which log.
    #[n(1)]
    pub to: Identity,
    /// The server's own log.
    #[n(2)]
    pub own: Identity,
    /// The end of the server's own log.
    #[n(3)]
    pub head: Head,
    /// The end of the asking log as the server holds it, durably.
    #[n(4)]
    pub acknowledged: Head,
    /// The server's term.
    #[n(5)]
    pub term: Term,
    /// The end of the feed.
    #[n(6)]
    pub position: u64,
    /// SHA-256 of the answer's body.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub body: [u8; 32],
    /// The first 64 bits of the chain over all items of the feed up to `position` ([`root_after`]): a server that was put back may have a
    /// feed just as long that says other things. None: the server keeps no such chain.
    #[n(8)]
    pub root: Option<u64>,
}

impl AnswerProof {
    /// Canonical bytes, as sent in the header.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are not a proof.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        minicbor::decode(bytes)
    }
}

/// Signs an answer proof's bytes with the server's key.
#[must_use]
pub fn sign_answer(key: &SigningKey, proof: &[u8]) -> [u8; 64] {
    sign(key, ANSWER_WORD, proof)
}

/// Whether `signature` is the server's under the proof's bytes.
#[must_use]
pub fn verify_answer(key: &VerifyingKey, proof: &[u8], signature: &[u8; 64]) -> bool {
    verify(key, ANSWER_WORD, proof, signature)
}

/// The chain over the entries of the feed, continued by one entry: what a [`Checkpoint`](crate::entry::Checkpoint) commits to.
/// It begins with 32 zero bytes.
#[must_use]
pub fn root_after(root: EntryHash, entry: EntryHash) -> EntryHash {
    let mut hash = Sha256::new();
    hash.update(ROOT_WORD);
    hash.update(root.0);
    hash.update(entry.0);
    EntryHash(hash.finalize().into())
}

/// A statement's bytes as they are signed. About as many as any of them has are reserved.
pub(crate) fn canonical(statement: &impl Encode<()>) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    let done = minicbor::encode(statement, &mut out);
    debug_assert!(done.is_ok(), "encoding to memory failed");
    out
}

pub(crate) fn sign(key: &SigningKey, word: &[u8], message: &[u8]) -> [u8; 64] {
    key.sign(&[word, message].concat()).to_bytes()
}

pub(crate) fn verify(key: &VerifyingKey, word: &[u8], message: &[u8], signature: &[u8; 64]) -> bool {
    key.verify_strict(&[word, message].concat(), &Signature::from_bytes(signature)).is_ok()
}

/// Why an entry does not continue a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainBreak {
    /// It belongs to another event.
    #[error("the entry belongs to another event")]
    Event,
    /// It belongs to another log.
    #[error("the entry belongs to another log")]
    Identity,
    /// Its number is not the next one.
    #[error("entry {found} stands where entry {wanted} is due")]
    Gap {
        /// The number that is due.
        wanted: Seq,
        /// The number that was found.
        found: Seq,
    },
    /// It does not name the hash of the entry before it.
    #[error("entry {seq} does not continue the entry before it")]
    Hash {
        /// Its number.
        seq: Seq,
    },
}

/// Checks that `entry`, whose bytes are `bytes`, continues the log `i` at `head`; returns the new head.
///
/// # Errors
/// A [`ChainBreak`] that says what does not fit.
pub fn follow(
    event: EventId,
    i: Identity,
    head: Head,
    entry: &Entry,
    bytes: &[u8],
) -> Result<Head, ChainBreak> {
    if entry.event != event {
        return Err(ChainBreak::Event);
    }
    if entry.identity() != i {
        return Err(ChainBreak::Identity);
    }
    if entry.seq != head.seq + 1 {
        return Err(ChainBreak::Gap { wanted: head.seq + 1, found: entry.seq });
    }
    if entry.prev_hash != head.hash {
        return Err(ChainBreak::Hash { seq: entry.seq });
    }
    Ok(Head { seq: entry.seq, hash: hash_entry(bytes) })
}
