//! `POST /v1/wake`: the live bell, as server-sent events. It says how far the feed has come; what is new comes by sync.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream::{self, Stream};
use tokio::sync::{OwnedSemaphorePermit, watch};
use usher_protocol::{enrol::Role, error::ErrorCode, sync::Cursor, sync::Wake};

use super::{App, HEARTBEAT, answer::Refusal, auth};

/// Bells to one client are at least this far apart: a burst of commits is one sync, not a hundred.
const APART: Duration = Duration::from_millis(200);

pub(crate) async fn wake(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    auth::caller(&app, request, &[Role::Desk, Role::Supervisor]).await?.in_force()?;
    let permit = stream_permit(&app)?;
    let bells = Bells { end: app.bell.listen(), stopped: app.stopped.clone(), rang: false, _permit: permit };
    Ok(events(stream::unfold(bells, next_bell)))
}

/// A live stream of events with heartbeats.
pub(crate) fn events(stream: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("heartbeat")).into_response()
}

/// The right to one more live stream.
pub(crate) fn stream_permit(app: &App) -> Result<OwnedSemaphorePermit, Refusal> {
    let full = |_| {
        Refusal::because(ErrorCode::ServerFault, "too many live streams are open")
            .with_status(axum::http::StatusCode::SERVICE_UNAVAILABLE)
    };
    Arc::clone(&app.streams).try_acquire_owned().map_err(full)
}

struct Bells {
    end: watch::Receiver<Cursor>,
    stopped: watch::Receiver<bool>,
    rang: bool,
    _permit: OwnedSemaphorePermit,
}

/// The first bell comes at once, so that nothing falls between a sync and the start of listening.
async fn next_bell(mut bells: Bells) -> Option<(Result<Event, Infallible>, Bells)> {
    if bells.rang {
        let next = async {
            tokio::time::sleep(APART).await;
            bells.end.changed().await.ok()
        };
        tokio::select! {
            changed = next => changed?,
            _ = bells.stopped.wait_for(|stop| *stop) => return None,
        }
    }
    bells.rang = true;
    let cursor = *bells.end.borrow_and_update();
    let event = Event::default().event("wake").json_data(Wake { cursor }).ok()?;
    Some((Ok(event), bells))
}
