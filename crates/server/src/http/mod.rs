//! The service over HTTP: paths, state, bounds. Each endpoint has a file of its own; the rules are the authority's.

mod answer;
mod auth;
mod board;
mod body;
mod decide;
mod enrol;
mod health;
mod page;
mod people;
mod snapshot;
mod sync;
mod tries;
mod wake;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::StatusCode,
    routing::{get, post},
};
use tokio::sync::{Notify, Semaphore, watch};
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::{
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate, SizeAbove},
    },
    trace::TraceLayer,
};
use usher_authority::Error;
use usher_protocol::error::ErrorCode;

use crate::{run::Bell, store::Server};
use answer::Refusal;
pub(crate) use board::push_boards;

/// Requests worked on at once; more wait for their turn. Live streams count only until they are open.
const REQUESTS_MAX: usize = 256;
/// Live streams open at once.
const STREAMS_MAX: usize = 2_000;
/// Bodies of unknown senders read at once, so that slow strangers never take the turns of stations.
const STRANGERS_MAX: usize = 32;
/// Snapshots written at once; each keeps a thread busy.
const SNAPSHOTS_MAX: usize = 4;
/// A live stream says something at least this often, so that both ends notice a dead line.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Shorter answers go as they are, in bytes: packing them costs the processor more than it saves on the line.
const PACKED_FROM: u64 = 1_024;

/// What every request shares.
pub(crate) struct App {
    server: Arc<Server>,
    bell: Bell,
    stopped: watch::Receiver<bool>,
    streams: Arc<Semaphore>,
    strangers: Semaphore,
    snapshots: Arc<Semaphore>,
    tries: tries::Tries,
    board: watch::Sender<Option<board::Boards>>,
    board_wanted: Notify,
    started: tokio::time::Instant,
}

impl App {
    pub(crate) fn new(server: Arc<Server>, bell: Bell, stopped: watch::Receiver<bool>) -> Arc<Self> {
        Arc::new(Self {
            server,
            bell,
            stopped,
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            strangers: Semaphore::new(STRANGERS_MAX),
            snapshots: Arc::new(Semaphore::new(SNAPSHOTS_MAX)),
            tries: tries::Tries::default(),
            board: watch::Sender::new(None),
            board_wanted: Notify::new(),
            started: tokio::time::Instant::now(),
        })
    }

    /// Runs `work` on a thread that may wait for the disk. A failure is logged here and becomes a code.
    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        what: &'static str,
        work: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Refusal> {
        let app = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&app)).await;
        done.map_err(|error| Refusal::fault(what, &error))?.map_err(|error| Refusal::fault(what, &error))
    }

    /// Reads out what a refused stranger is still sending, unless too many strangers are here.
    async fn hear_out(&self, body: Body) {
        if let Ok(_turn) = self.strangers.try_acquire() {
            body::discard(body).await;
        }
    }

    /// Rings the bell after a commit. What was committed stands even when this fails, so it is only logged.
    fn ring(&self) {
        if let Err(error) = self.bell.ring(&self.server) {
            tracing::warn!(%error, "the bell could not be rung");
        }
    }
}

/// All paths.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(page::page))
        .route("/health", get(health::health))
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/sync", post(sync::sync))
        .route("/v1/snapshot", post(snapshot::snapshot))
        .route("/v1/wake", post(wake::wake))
        .route("/v1/board", post(board::board))
        .route("/v1/decide", post(decide::decide))
        .route("/v1/people", post(people::people))
        .fallback(no_such_path)
        .method_not_allowed_fallback(other_method)
        .layer(
            CompressionLayer::new().compress_when(DefaultPredicate::new().and(SizeAbove::new(PACKED_FROM))),
        )
        .layer(GlobalConcurrencyLimitLayer::new(REQUESTS_MAX))
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

async fn no_such_path() -> Refusal {
    Refusal::because(ErrorCode::BadRequest, "there is nothing at this path")
        .with_status(StatusCode::NOT_FOUND)
}

async fn other_method() -> Refusal {
    Refusal::because(ErrorCode::BadRequest, "this path takes another method")
        .with_status(StatusCode::METHOD_NOT_ALLOWED)
}
