//! How a request proves who sends it: two headers beside the body.
//!
//! `usher-proof` carries the canonical bytes of a [`RequestProof`], `usher-signature` the Ed25519 signature under them, both in
//! base64url without padding. The proof names the body by its SHA-256, so the signature covers everything.

use crate::sync::{EntryBytes, Signed};
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{SigningKey, VerifyingKey};
use usher_core::chain::{RequestProof, sha256, sign_request, verify_request};

/// The header with the proof.
pub const PROOF_HEADER: &str = "usher-proof";
/// The header with the signature under it.
pub const SIGNATURE_HEADER: &str = "usher-signature";

/// The values of the two headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofHeaders {
    /// Value of [`PROOF_HEADER`].
    pub proof: String,
    /// Value of [`SIGNATURE_HEADER`].
    pub signature: String,
}

/// A proof as it came, not verified yet.
#[derive(Clone, Debug)]
pub struct Presented {
    /// What it says.
    pub proof: RequestProof,
    bytes: Vec<u8>,
    signature: [u8; 64],
}

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadProof {
    /// The headers are missing or are not a proof.
    #[error("the request carries no readable proof")]
    Unreadable,
    /// The signature is not by this key.
    #[error("the signature is not by the enrolled key")]
    Signature,
    /// The body is not the one that was signed.
    #[error("the body is not the one that was signed")]
    Body,
}

impl ProofHeaders {
    /// An answer's proof as headers.
    #[must_use]
    pub fn of(signed: &Signed) -> Self {
        let encode = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        Self { proof: encode(&signed.proof.0), signature: encode(&signed.signature.0) }
    }

    /// The headers as bytes, when they are base64; believed by nobody yet.
    #[must_use]
    pub fn signed(&self) -> Option<Signed> {
        let decode = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).ok().map(EntryBytes);
        Some(Signed { proof: decode(&self.proof)?, signature: decode(&self.signature)? })
    }

    /// Signs `proof`.
    #[must_use]
    pub fn sign(proof: &RequestProof, key: &SigningKey) -> Self {
        let bytes = proof.to_bytes();
        let signature = sign_request(key, &bytes);
        Self { proof: BASE64URL_NOPAD.encode(&bytes), signature: BASE64URL_NOPAD.encode(&signature) }
    }

    /// Reads the proof without believing it.
    ///
    /// # Errors
    /// [`BadProof::Unreadable`].
    pub fn read(&self) -> Result<Presented, BadProof> {
        let decode = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| BadProof::Unreadable);
        let bytes = decode(&self.proof)?;
        let signature = decode(&self.signature)?.try_into().map_err(|_| BadProof::Unreadable)?;
        let proof = RequestProof::from_bytes(&bytes).map_err(|_| BadProof::Unreadable)?;
        Ok(Presented { proof, bytes, signature })
    }
}

impl Presented {
    /// Believes the proof when `key` signed it and it names `body`.
    ///
    /// # Errors
    /// [`BadProof::Signature`] or [`BadProof::Body`].
    pub fn verify(self, key: &VerifyingKey, body: &[u8]) -> Result<RequestProof, BadProof> {
        if !verify_request(key, &self.bytes, &self.signature) {
            return Err(BadProof::Signature);
        }
        if sha256(body) != self.proof.body {
            return Err(BadProof::Body);
        }
        Ok(self.proof)
    }

    /// The proof's bytes and signature: what the server keeps as the head's proof.
    #[must_use]
    pub fn evidence(&self) -> (&[u8], &[u8; 64]) {
        (&self.bytes, &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use usher_core::{
        entry::Head,
        ids::{Epoch, EventId, StationId},
    };

    fn proof(body: &[u8]) -> RequestProof {
        RequestProof {
            event: EventId("018f0000-0000-7000-8000-000000000001".parse().unwrap()),
            station: StationId("018f0000-0000-7000-8000-000000000002".parse().unwrap()),
            epoch: Epoch(3),
            head: Head::EMPTY,
            handed: 4,
            term: 5,
            body: sha256(body),
        }
    }

    #[test]
    fn a_proof_holds_for_its_key_and_body_only() {
        let key = SigningKey::from_bytes(&[1; 32]);
        let headers = ProofHeaders::sign(&proof(b"hello"), &key);
        let presented = headers.read().unwrap();
        assert_eq!(presented.clone().verify(&key.verifying_key(), b"hello"), Ok(proof(b"hello")));
        assert_eq!(presented.clone().verify(&key.verifying_key(), b"hullo"), Err(BadProof::Body));
        let other = SigningKey::from_bytes(&[2; 32]).verifying_key();
        assert_eq!(presented.verify(&other, b"hello"), Err(BadProof::Signature));
    }

    #[test]
    fn a_changed_proof_is_refused() {
        let key = SigningKey::from_bytes(&[1; 32]);
        let mut headers = ProofHeaders::sign(&proof(b""), &key);
        headers.proof = ProofHeaders::sign(&RequestProof { handed: 9, ..proof(b"") }, &key).proof;
        assert_eq!(headers.read().unwrap().verify(&key.verifying_key(), b""), Err(BadProof::Signature));
        headers.signature = "%%".into();
        assert_eq!(headers.read().unwrap_err(), BadProof::Unreadable);
    }
}
