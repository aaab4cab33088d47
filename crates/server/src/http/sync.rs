//! `POST /v1/sync`: a station's entries up, the feed down. The answer leaves after the commit.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{
        HeaderName,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use usher_protocol::{
    enrol::Role,
    error::ErrorCode,
    proof::{PROOF_HEADER, ProofHeaders, SIGNATURE_HEADER},
    sync::{SyncAnswer, SyncRequest},
};

use super::{App, answer::Refusal, auth, body};
use crate::store::fresh;

pub(crate) async fn sync(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let caller = auth::caller(&app, request, &[Role::Desk]).await?;
    let request: SyncRequest = body::parse(&caller.body)?;
    let done = app.blocking("a sync", move |app| {
        if app.server.lacks_its_key(&request) {
            tracing::error!("{}", usher_authority::Error::KeyReplaced);
        }
        let done = fresh(|fresh| app.server.sync(caller.proven(), &request, fresh))?;
        match &done {
            // Its cursor is the feed's end, as it was committed.
            Ok(answer) if !answer.more => app.bell.reach(answer.cursor),
            _ => app.ring(),
        }
        if request.status.asks.is_some() {
            // A status moves no feed, and a desk that asks for somebody does not wait for the next board.
            app.board_wanted.notify_one();
        }
        match done {
            Ok(answer) => signed(app, &caller, &answer),
            Err(code) => Ok(Err(code)),
        }
    });
    done.await?.map_err(Refusal::new)
}

/// The answer as JSON, with what the server signs about it in the headers.
fn signed(
    app: &App,
    caller: &auth::Caller,
    answer: &SyncAnswer,
) -> usher_authority::Result<Result<Response, ErrorCode>> {
    let Ok(body) = serde_json::to_vec(answer) else { return Ok(Err(ErrorCode::ServerFault)) };
    let signed = app.server.sign_answer(caller.proof.identity(), answer, &body)?;
    let headers = ProofHeaders::of(&signed);
    let response = (
        [
            (CONTENT_TYPE, "application/json".to_owned()),
            (CACHE_CONTROL, "no-store".to_owned()),
            (HeaderName::from_static(PROOF_HEADER), headers.proof),
            (HeaderName::from_static(SIGNATURE_HEADER), headers.signature),
        ],
        body,
    );
    Ok(Ok(response.into_response()))
}
