//! `POST /v1/board`: the supervisor's board, pushed as it changes. It is computed once for all who watch, and only while somebody does.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    response::{Response, sse::Event},
};
use futures_util::stream;
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::{sleep, timeout},
};
use usher_core::ids::StationId;
use usher_protocol::{
    board::{Board, BoardAsk},
    enrol::Role,
    limits::{PROTOCOL_OLDEST, PROTOCOL_RESTORED},
};

use super::{
    App,
    answer::Refusal,
    auth,
    wake::{events, stream_permit},
};
use crate::clock;

/// The board is computed at most this often.
const APART: Duration = Duration::from_millis(250);
/// And at least this often: last contacts and schedules change by the clock alone.
const AT_LEAST: Duration = Duration::from_secs(5);

/// One board, in words for windows of every version.
#[derive(Clone)]
pub(super) struct Boards {
    newest: Arc<str>,
    oldest: Arc<str>,
}

impl Boards {
    fn of(board: Board) -> serde_json::Result<Self> {
        let newest: Arc<str> = serde_json::to_string(&board)?.into();
        let older = board.clone().readable_by(PROTOCOL_OLDEST);
        let oldest = if older == board { newest.clone() } else { serde_json::to_string(&older)?.into() };
        Ok(Self { newest, oldest })
    }

    fn readable_by(&self, protocol: u32) -> Arc<str> {
        let text = if protocol < PROTOCOL_RESTORED { &self.oldest } else { &self.newest };
        Arc::clone(text)
    }
}

pub(crate) async fn board(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let caller = auth::caller(&app, request, &[Role::Supervisor]).await?.in_force()?;
    let BoardAsk { protocol } = serde_json::from_slice(&caller.body).unwrap_or_default();
    let permit = stream_permit(&app)?;
    let boards = app.board.subscribe();
    app.board_wanted.notify_one();
    let station = caller.credential.station;
    let watching = Watching { app, boards, station, protocol, first: true, _permit: permit };
    Ok(events(stream::unfold(watching, next_board)))
}

struct Watching {
    app: Arc<App>,
    boards: watch::Receiver<Option<Boards>>,
    station: StationId,
    protocol: u32,
    first: bool,
    _permit: OwnedSemaphorePermit,
}

async fn next_board(mut watching: Watching) -> Option<(Result<Event, Infallible>, Watching)> {
    let mut stopped = watching.app.stopped.clone();
    let next = async {
        if !(watching.first && watching.boards.borrow().is_some()) {
            watching.boards.changed().await.ok()?;
        }
        watching.boards.borrow_and_update().clone()
    };
    let boards = tokio::select! {
        boards = next => boards?,
        _ = stopped.wait_for(|stop| *stop) => return None,
    };
    watching.first = false;
    in_force(&watching.app, watching.station).await?;
    let text = boards.readable_by(watching.protocol);
    Some((Ok(Event::default().event("board").data(&*text)), watching))
}

/// A supervisor who is revoked while watching sees nothing more.
async fn in_force(app: &Arc<App>, station: StationId) -> Option<()> {
    let credential = app.blocking("looking up a credential", move |app| app.server.credential(station)).await;
    credential.ok().flatten().filter(|credential| !credential.revoked).map(|_| ())
}

/// Computes boards until the server stops.
pub(crate) async fn push_boards(app: Arc<App>) {
    let mut stopped = app.stopped.clone();
    tokio::select! {
        () = push(&app) => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}

async fn push(app: &Arc<App>) {
    let mut bell = app.bell.listen();
    loop {
        while app.board.receiver_count() == 0 {
            app.board.send_replace(None);
            app.board_wanted.notified().await;
        }
        bell.borrow_and_update();
        if let Ok(boards) = compute(app).await {
            app.board.send_replace(Some(boards));
        }
        sleep(APART).await;
        let wake = async {
            tokio::select! {
                changed = bell.changed() => { let _ = changed; }
                () = app.board_wanted.notified() => {}
            }
        };
        let _ = timeout(AT_LEAST - APART, wake).await;
    }
}

async fn compute(app: &Arc<App>) -> Result<Boards, Refusal> {
    let board = app.blocking("the board", |app| app.server.board(clock::now_ms())).await?;
    Boards::of(board).map_err(|error| Refusal::fault("the board", &error))
}
