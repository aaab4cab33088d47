//! `POST /v1/enrol`: the one request without a proof. The code and the signature under it stand in for one.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Request, State},
    response::Response,
};
use usher_protocol::{enrol::EnrolRequest, error::ErrorCode};

use super::{
    App,
    answer::{Refusal, json},
    body,
};
use crate::{clock, store::fresh};

pub(crate) async fn enrol(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Refusal> {
    if !app.tries.allowed(from.ip(), clock::now_ms()) {
        return Err(Refusal::new(ErrorCode::TooManyTries));
    }
    let (parts, body) = request.into_parts();
    let turn = app.strangers.try_acquire().map_err(|_| Refusal::new(ErrorCode::TooManyTries))?;
    let request: EnrolRequest = body::parse(&body::read_short(&parts.headers, body).await?)?;
    drop(turn);
    let done = app.blocking("an enrolment", move |app| {
        let done = fresh(|fresh| app.server.enrol(&request, fresh))?;
        app.ring();
        Ok(done)
    });
    match done.await? {
        Ok(answer) => {
            tracing::info!(station = %answer.station, role = ?answer.role, "enrolled");
            Ok(json(answer))
        }
        Err(code) => {
            if code == ErrorCode::CodeUnknown {
                app.tries.wrong(from.ip(), clock::now_ms());
            }
            Err(Refusal::new(code))
        }
    }
}
