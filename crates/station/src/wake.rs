//! The bell: a stream of server-sent events that says when the feed moved, so that other desks' check-ins appear at once.
//!
//! Losing it loses nothing: the sync loop asks by itself every few seconds.

use std::time::Duration;

use futures_util::StreamExt;
use usher_replica::Backoff;

use crate::{
    Desk, Host,
    client::{CallError, Client},
};

/// Runs until the task is aborted.
pub(crate) async fn run<H: Host>(desk: Desk<H>) {
    let mut backoff = Backoff::default();
    loop {
        let heard = listen(&desk).await;
        if matches!(heard, Ok(true)) {
            backoff.succeed();
        }
        if let Err(error) = heard {
            tracing::debug!(%error, "no bell this time");
        }
        let wait_ms = backoff.fail(desk.0.host.random() as u64);
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }
}

/// Listens until the stream ends; whether the bell rang at all.
async fn listen<H: Host>(desk: &Desk<H>) -> Result<bool, CallError> {
    let (Some(who), Ok(files)) = (desk.state().who.clone(), desk.files()) else { return Ok(false) };
    let ask = files.plain_request(&who).map_err(|error| CallError::Setup(error.to_string()))?;
    let answer = Client::of(&who)?.stream("v1/wake", &ask.proof, ask.body).await?;
    let mut parts = answer.bytes_stream();
    let mut rung = false;
    while let Some(part) = parts.next().await {
        // What the bell says does not matter, only that it rang: the sync's own cursor decides what is new.
        if part?.windows(5).any(|five| five == b"data:") {
            rung = true;
            desk.ring();
        }
    }
    Ok(rung)
}
