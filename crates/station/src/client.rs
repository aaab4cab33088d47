//! HTTP to the server: bounded, timed, and sure that an Usher server answers.

use std::{error::Error as _, time::Duration};

use futures_util::StreamExt;
use reqwest::{
    Client as Http, RequestBuilder, Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
};
use serde::{Serialize, de::DeserializeOwned};
use url::Url;
use usher_protocol::{
    error::{ErrorBody, ErrorCode, SERVICE},
    limits::ANSWER_BYTES_MAX,
    proof::{PROOF_HEADER, ProofHeaders, SIGNATURE_HEADER},
    sync::Signed,
    window::OfflineWhy,
};
use usher_replica::Identified;

use crate::pinned::pinned_config;

const CONNECT: Duration = Duration::from_secs(3);
/// The longest that a call may take, beside what its body takes on a slow line. A server that accepts and never answers costs this once,
/// beside the door.
const CALL: Duration = Duration::from_secs(8);
/// On how slow a line a long body has its time, in bytes a second: half a megabit.
const SLOW_LINE: usize = 64 * 1024;
/// The longest that any call may take: less than [`SILENCE`], which ends an upload as well, and than the server waits for a body.
const LONGEST_CALL: Duration = Duration::from_secs(24);
/// How long an unused connection is kept: longer than a quiet desk waits, and shorter than the server waits for the next request.
const IDLE: Duration = Duration::from_secs(12);
/// How hard bodies are packed: the quickest level. What base64 wastes goes at any level.
const PACKING: i32 = 1;
/// What `content-encoding: zstd` costs.
const PACKED_HEADER_BYTES: usize = 24;
/// The longest silence of a stream: the server sends a heartbeat every 10 s.
const SILENCE: Duration = Duration::from_secs(25);

/// Why a call brought no answer of use.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// Nobody answers, or not in time.
    #[error("no answer: {0}")]
    NoAnswer(String),
    /// The certificate is not the pinned one.
    #[error("the server's certificate is not the one of the setup code")]
    WrongServer,
    /// Something answers that is no Usher server.
    #[error("what answers is not an Usher server (status {0})")]
    NotUsher(u16),
    /// The server says why not.
    #[error("the server refuses: {0:?}")]
    Refused(ErrorCode),
    /// The client could not be built.
    #[error("no client: {0}")]
    Setup(String),
}

impl CallError {
    /// What it means for the line to the server.
    pub(crate) const fn why_offline(&self) -> OfflineWhy {
        match self {
            Self::Refused(ErrorCode::Revoked) => OfflineWhy::Revoked,
            Self::WrongServer | Self::NotUsher(_) | Self::Refused(ErrorCode::Unauthorised) => {
                OfflineWhy::OtherServer
            }
            Self::NoAnswer(_) | Self::Refused(_) | Self::Setup(_) => OfflineWhy::NoAnswer,
        }
    }
}

impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        let mut words = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            words = format!("{words}: {inner}");
            source = inner.source();
        }
        if words.contains("invalid peer certificate") { Self::WrongServer } else { Self::NoAnswer(words) }
    }
}

/// A client of one server.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: Http,
    base: Url,
}

impl Client {
    /// A client of the server at `base`, pinned to `fingerprint` where the setup code gave one.
    pub(crate) fn new(base: Url, fingerprint: Option<&str>) -> Result<Self, CallError> {
        let setup = |error: &dyn std::fmt::Display| CallError::Setup(error.to_string());
        let mut builder =
            Http::builder().connect_timeout(CONNECT).read_timeout(SILENCE).pool_idle_timeout(IDLE).no_proxy();
        // The provider for certificates of known authorities; a second call finds it in place.
        let _ = rustls::crypto::ring::default_provider().install_default();
        if let Some(text) = fingerprint {
            let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|e| setup(&e))?;
            let sha256 = bytes.try_into().map_err(|_| setup(&"a fingerprint has 64 digits"))?;
            builder = builder.tls_backend_preconfigured(pinned_config(sha256).map_err(|e| setup(&e))?);
        }
        Ok(Self { http: builder.build().map_err(|e| setup(&e))?, base })
    }

    /// A client of the server that `who` is enrolled with.
    pub(crate) fn of(who: &Identified) -> Result<Self, CallError> {
        let url = who.address.parse().map_err(|_| CallError::Setup("the server's address".into()))?;
        Self::new(url, who.fingerprint.as_deref())
    }

    fn post(&self, path: &str, body: Vec<u8>) -> Result<RequestBuilder, CallError> {
        let url = self.base.join(path).map_err(|error| CallError::Setup(error.to_string()))?;
        Ok(self.http.post(url).header(CONTENT_TYPE, "application/json").body(body))
    }

    /// A call without a proof: enrolment.
    pub(crate) async fn call_plain<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        ask: &Q,
    ) -> Result<A, CallError> {
        let body = serde_json::to_vec(ask).map_err(|error| CallError::Setup(error.to_string()))?;
        Ok(read_answer(self.post(path, body)?.timeout(CALL).send().await?).await?.0)
    }

    /// A call with a proof, whose answer may be signed.
    pub(crate) async fn call<A: DeserializeOwned>(
        &self,
        path: &str,
        proof: &ProofHeaders,
        body: Vec<u8>,
    ) -> Result<Answered<A>, CallError> {
        let (body, is_packed) = packed(&body).map_or((body, false), |packed| (packed, true));
        let time = time_for(body.len());
        let request = proven(self.post(path, body)?, proof).timeout(time);
        let request = if is_packed { request.header(CONTENT_ENCODING, "zstd") } else { request };
        let answer = request.send().await?;
        let signed = signed(answer.headers());
        let (answer, body) = read_answer(answer).await?;
        Ok(Answered { answer, body, signed })
    }

    /// A stream: a snapshot, or server-sent events. Bounded in silence, not in length.
    pub(crate) async fn stream(
        &self,
        path: &str,
        proof: &ProofHeaders,
        body: Vec<u8>,
    ) -> Result<Response, CallError> {
        let answer = proven(self.post(path, body)?, proof).send().await?;
        if answer.status().is_success() { Ok(answer) } else { Err(refusal(answer).await) }
    }
}

/// An answer, as it came and as it was read.
#[derive(Debug)]
pub(crate) struct Answered<A> {
    pub(crate) answer: A,
    pub(crate) body: Vec<u8>,
    /// What the server signed about it.
    pub(crate) signed: Option<Signed>,
}

/// The body in zstd, where that saves more than the header that names it. Every server since 0.1.0 takes it; the proof is over the
/// plain body.
fn packed(body: &[u8]) -> Option<Vec<u8>> {
    let packed = zstd::bulk::compress(body, PACKING).ok()?;
    (packed.len() + PACKED_HEADER_BYTES < body.len()).then_some(packed)
}

/// The longest that a call with a body of so many bytes may take.
fn time_for(bytes: usize) -> Duration {
    (CALL + Duration::from_secs((bytes / SLOW_LINE) as u64)).min(LONGEST_CALL)
}

fn signed(headers: &HeaderMap) -> Option<Signed> {
    let value = |name| headers.get(name)?.to_str().ok().map(str::to_owned);
    ProofHeaders { proof: value(PROOF_HEADER)?, signature: value(SIGNATURE_HEADER)? }.signed()
}

fn proven(request: RequestBuilder, proof: &ProofHeaders) -> RequestBuilder {
    request.header(PROOF_HEADER, &proof.proof).header(SIGNATURE_HEADER, &proof.signature)
}

async fn read_answer<A: DeserializeOwned>(answer: Response) -> Result<(A, Vec<u8>), CallError> {
    let status = answer.status();
    if status != StatusCode::OK {
        return Err(refusal(answer).await);
    }
    let body = read_bounded(answer).await?;
    let answer = serde_json::from_slice(&body).map_err(|_| CallError::NotUsher(status.as_u16()))?;
    Ok((answer, body))
}

async fn refusal(answer: Response) -> CallError {
    let status = answer.status().as_u16();
    let Ok(body) = read_bounded(answer).await else { return CallError::NotUsher(status) };
    match serde_json::from_slice::<ErrorBody>(&body) {
        Ok(body) if body.service == SERVICE => CallError::Refused(body.error),
        _ => CallError::NotUsher(status),
    }
}

async fn read_bounded(answer: Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    let mut parts = answer.bytes_stream();
    while let Some(part) = parts.next().await {
        body.extend_from_slice(&part?);
        if body.len() > ANSWER_BYTES_MAX {
            return Err(CallError::NoAnswer("the answer is too long".into()));
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_body_has_longer_to_arrive() {
        assert_eq!(time_for(SLOW_LINE - 1), CALL);
        assert_eq!(time_for(2 * SLOW_LINE), CALL + Duration::from_secs(2));
        assert_eq!(time_for(usize::MAX), LONGEST_CALL);
        assert!(LONGEST_CALL < SILENCE);
    }

    #[test]
    fn a_body_is_packed_where_that_saves_something() {
        assert_eq!(packed(b"{}"), None);
        let long = "0123456789abcdef".repeat(100);
        let short = packed(long.as_bytes()).unwrap();
        assert!(short.len() < 100);
        assert_eq!(zstd::bulk::decompress(&short, long.len()).unwrap(), long.as_bytes());
    }
}
