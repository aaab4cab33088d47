//! `POST /v1/decide`: a supervisor's decision. The role is checked here as well as in the window.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use usher_protocol::{
    decide::{DecideAnswer, Decision, SeenBoard},
    enrol::Role,
    error::{ErrorCode, SERVICE},
};

use super::{
    App,
    answer::{Refusal, json},
    auth, body,
};
use crate::clock;

pub(crate) async fn decide(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let caller = auth::caller(&app, request, &[Role::Supervisor]).await?.in_force()?;
    let decision: Decision = body::parse(&caller.body)?;
    let seen = SeenBoard::of(&caller.body);
    let actor = caller.credential.actor.ok_or_else(|| Refusal::new(ErrorCode::WrongRole))?;
    let done = app.blocking("a decision", move |app| {
        let done = app.server.decide_on(seen.as_ref(), &decision, actor, clock::now_ms())?;
        app.ring();
        tracing::info!(?decision, ?done, "a supervisor decided");
        Ok(done)
    });
    let done = done.await?;
    Ok(json(DecideAnswer { service: SERVICE.into(), refused: done.err(), rev: done.ok().flatten() }))
}
