//! The proofs of requests and answers: what decodes encodes again, and means the same.

use usher_core::{
    chain::{AnswerProof, RequestProof},
    succession::Succession,
};
use usher_protocol::{
    proof::ProofHeaders,
    sync::{EntryBytes, Signed},
};

/// Takes any bytes: as a request's proof, as an answer's, as a succession, and as the two headers.
pub fn take(bytes: &[u8]) {
    if let Ok(proof) = RequestProof::from_bytes(bytes) {
        let again = RequestProof::from_bytes(&proof.to_bytes());
        assert_eq!(again.ok(), Some(proof));
    }
    if let Ok(proof) = AnswerProof::from_bytes(bytes) {
        let again = AnswerProof::from_bytes(&proof.to_bytes());
        assert_eq!(again.ok(), Some(proof));
    }
    if let Ok(says) = Succession::from_bytes(bytes) {
        let again = Succession::from_bytes(&says.to_bytes());
        assert_eq!(again.ok(), Some(says));
    }
    as_headers(bytes);
}

/// Bytes come back out of the headers; text that is none is refused.
fn as_headers(bytes: &[u8]) {
    let (proof, signature) = bytes.split_at(bytes.len().saturating_sub(64));
    let signed = Signed { proof: EntryBytes(proof.to_vec()), signature: EntryBytes(signature.to_vec()) };
    let headers = ProofHeaders::of(&signed);
    assert_eq!(headers.signed(), Some(signed));
    let _ = headers.read().map(|presented| presented.evidence().0.len());
    let text = String::from_utf8_lossy(bytes);
    let (proof, signature) = text.split_once('.').unwrap_or((&text, ""));
    let _ = ProofHeaders { proof: proof.into(), signature: signature.into() }.read();
}
