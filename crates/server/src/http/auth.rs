//! Who asks: the proof is checked before the body is even read, and the body against the proof before anybody looks into it.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, request::Parts},
};
use usher_authority::{Credential, Proven};
use usher_core::chain::{RequestProof, sha256, verify_request};
use usher_protocol::{
    enrol::Role,
    error::ErrorCode,
    proof::{PROOF_HEADER, Presented, ProofHeaders, SIGNATURE_HEADER},
};

use super::{App, answer::Refusal, body};

/// The longest header value that can be a proof or a signature, in bytes.
const HEADER_BYTES_MAX: usize = 1024;

/// A request whose sender is known and whose body is the one that was signed.
pub(crate) struct Caller {
    pub(crate) credential: Credential,
    pub(crate) proof: RequestProof,
    pub(crate) body: Vec<u8>,
    presented: Presented,
}

impl Caller {
    pub(crate) fn proven(&self) -> Proven<'_> {
        let (bytes, signature) = self.presented.evidence();
        Proven { proof: &self.proof, bytes, signature }
    }

    /// Refuses a revoked credential. Syncing asks this of the authority instead, which keeps the facts that come with it.
    pub(crate) fn in_force(self) -> Result<Self, Refusal> {
        if self.credential.revoked { Err(Refusal::new(ErrorCode::Revoked)) } else { Ok(self) }
    }
}

/// Checks who sends `request` and that the role is one of `roles`, then reads the body and checks that it is the signed one.
pub(crate) async fn caller(app: &Arc<App>, request: Request, roles: &[Role]) -> Result<Caller, Refusal> {
    let (Parts { headers, .. }, body) = request.into_parts();
    let (presented, credential) = match proven_sender(app, &headers, roles).await {
        Ok(known) => known,
        Err(refusal) => {
            app.hear_out(body).await;
            return Err(refusal);
        }
    };
    let proof = presented.proof;
    let body = signed_body(&headers, body, &proof).await?;
    Ok(Caller { credential, proof, body, presented })
}

async fn proven_sender(
    app: &Arc<App>,
    headers: &HeaderMap,
    roles: &[Role],
) -> Result<(Presented, Credential), Refusal> {
    let presented = presented(headers)?;
    let credential = signer(app, &presented).await?;
    let fits = roles.contains(&credential.role);
    if fits { Ok((presented, credential)) } else { Err(Refusal::new(ErrorCode::WrongRole)) }
}

fn presented(headers: &HeaderMap) -> Result<Presented, Refusal> {
    let value = |name: &str| {
        let text = headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .filter(|text| text.len() <= HEADER_BYTES_MAX);
        text.map(str::to_owned)
            .ok_or_else(|| Refusal::because(ErrorCode::Unauthorised, "the proof headers are missing"))
    };
    let headers = ProofHeaders { proof: value(PROOF_HEADER)?, signature: value(SIGNATURE_HEADER)? };
    headers.read().map_err(|bad| Refusal::because(ErrorCode::Unauthorised, bad.to_string()))
}

/// Whose signature it is. An unknown key and a wrong signature are one answer: nobody learns which ids exist.
async fn signer(app: &Arc<App>, presented: &Presented) -> Result<Credential, Refusal> {
    let (station, event) = (presented.proof.station, presented.proof.event);
    let own = app.server.event_id();
    let known = app.blocking("looking up a credential", move |app| app.server.credential(station)).await?;
    let (bytes, signature) = presented.evidence();
    known
        .filter(|credential| event == own && verify_request(&credential.key, bytes, signature))
        .ok_or_else(|| Refusal::because(ErrorCode::Unauthorised, "no key enrolled here signed this request"))
}

async fn signed_body(headers: &HeaderMap, body: Body, proof: &RequestProof) -> Result<Vec<u8>, Refusal> {
    let body = body::read(headers, body).await?;
    if sha256(&body) == proof.body {
        Ok(body)
    } else {
        Err(Refusal::because(ErrorCode::Unauthorised, "the body is not the one that was signed"))
    }
}
