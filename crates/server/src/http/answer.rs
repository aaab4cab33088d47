//! Answers: JSON, error bodies with their codes, nothing internal.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use usher_protocol::error::{ErrorBody, ErrorCode};

/// A request that is not answered as asked. What a client sees is the code; details that help nobody stay in the log.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    pub(crate) detail: Option<String>,
    status: Option<StatusCode>,
}

impl Refusal {
    pub(crate) const fn new(code: ErrorCode) -> Self {
        Self { code, detail: None, status: None }
    }

    pub(crate) fn because(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: Some(detail.into()), status: None }
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status: Some(status), ..self }
    }

    /// An unexpected failure: logged here, once; the client learns only that it is not its fault.
    pub(crate) fn fault(what: &'static str, error: &dyn std::fmt::Display) -> Self {
        tracing::error!(what, %error, "a request failed");
        Self::new(ErrorCode::ServerFault)
    }
}

/// The status of each code; clients decide by the code, proxies and people by the status.
const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::Unauthorised => StatusCode::UNAUTHORIZED,
        ErrorCode::Revoked | ErrorCode::WrongRole | ErrorCode::CodeUnknown => StatusCode::FORBIDDEN,
        ErrorCode::CodeUsed | ErrorCode::CodeExpired => StatusCode::GONE,
        ErrorCode::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::ClientTooOld | ErrorCode::ServerTooOld => StatusCode::UPGRADE_REQUIRED,
        ErrorCode::ChainBroken => StatusCode::CONFLICT,
        ErrorCode::NotSupported => StatusCode::NOT_IMPLEMENTED,
        ErrorCode::ServerFault => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.status.unwrap_or_else(|| status(self.code));
        tracing::debug!(code = ?self.code, status = status.as_u16(), "refused");
        (status, [(header::CACHE_CONTROL, "no-store")], Json(ErrorBody::new(self.code, self.detail)))
            .into_response()
    }
}

/// A success as JSON that no cache keeps.
pub(crate) fn json<T: Serialize>(value: T) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(value)).into_response()
}
