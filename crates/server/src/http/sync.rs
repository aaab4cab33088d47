//! `POST /v1/sync`: a station's entries up, the feed down. The answer leaves after the commit.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use usher_protocol::{enrol::Role, sync::SyncRequest};

use super::{
    App,
    answer::{Refusal, json},
    auth, body,
};
use crate::clock;

pub(crate) async fn sync(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let caller = auth::caller(&app, request, &[Role::Desk]).await?;
    let request: SyncRequest = body::parse(&caller.body)?;
    let done = app.blocking("a sync", move |app| {
        let done = app.server.sync(caller.proven(), &request, clock::now_ms())?;
        app.ring();
        Ok(done)
    });
    done.await?.map(json).map_err(Refusal::new)
}
