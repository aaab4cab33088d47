//! `POST /v1/snapshot`: everything a new desk needs, streamed as newline-delimited JSON, under zstd for clients that take it (`accept-encoding`). Memory stays bounded: the writer
//! waits for the client, and gives a client up that stops reading. Only a few are written at a time: whoever comes while all of them are is refused
//! soon, since a desk that waits for its list does not sync meanwhile, and comes again later.

use std::{
    io::{self, Write},
    sync::Arc,
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
};
use usher_protocol::{enrol::Role, error::ErrorCode};

use super::{App, answer::Refusal, auth};

/// Bytes sent at once.
const CHUNK_BYTES: usize = 64 * 1024;
/// Chunks on their way to the client.
const CHUNKS_MAX: usize = 8;
/// How long a client may stop reading before it is given up.
const STALL_MAX: Duration = Duration::from_secs(60);
/// How long a client waits for its turn.
const TURN_WAIT: Duration = Duration::from_secs(1);
/// The level at which compression costs less than the reading.
const LEVEL: i32 = 3;

type Chunk = io::Result<Bytes>;

pub(crate) async fn snapshot(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let packed = takes_zstd(request.headers());
    auth::caller(&app, request, &[Role::Desk]).await?.in_force()?;
    let turn = turn(&app.snapshots, TURN_WAIT).await?;
    let (sender, mut chunks) = mpsc::channel(CHUNKS_MAX);
    let out =
        Outlet { chunks: sender, runtime: Handle::current(), gathered: Vec::with_capacity(CHUNK_BYTES) };
    tokio::task::spawn_blocking(move || {
        write(&app, out, packed);
        drop(turn);
    });
    // A database that cannot be read shows before the first byte: then the answer is an error, not a torn stream.
    let Some(Ok(first)) = chunks.recv().await else { return Err(Refusal::new(ErrorCode::ServerFault)) };
    let rest = stream::unfold(chunks, |mut chunks| async move { Some((chunks.recv().await?, chunks)) });
    let body = Body::from_stream(futures_util::StreamExt::chain(stream::iter([Ok(first)]), rest));
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson"), (header::CACHE_CONTROL, "no-store")];
    let mut response = (kind, body).into_response();
    if packed {
        response.headers_mut().insert(header::CONTENT_ENCODING, header::HeaderValue::from_static("zstd"));
    }
    Ok(response)
}

/// The right to have one written; too many are under way: come again later.
async fn turn(all: &Arc<Semaphore>, wait: Duration) -> Result<OwnedSemaphorePermit, Refusal> {
    let waited = tokio::time::timeout(wait, Arc::clone(all).acquire_owned()).await;
    let busy =
        |_| Refusal::because(ErrorCode::TooManyTries, "other desks are fetching the list: come again soon");
    waited.map_err(busy)?.map_err(|error| Refusal::fault("a snapshot", &error))
}

fn takes_zstd(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        matches!(name.trim(), "zstd" | "*")
            && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

fn write(app: &App, out: Outlet, packed: bool) {
    let chunks = out.chunks.clone();
    let done = if packed { write_packed(app, out) } else { write_plain(app, out) };
    if let Err(error) = done {
        tracing::warn!(%error, "a snapshot was not sent whole");
        // The client sees a torn stream and tries again.
        let _ = chunks.try_send(Err(io::Error::other("the snapshot broke off")));
    }
}

fn write_packed(app: &App, out: Outlet) -> Result<(), usher_authority::Error> {
    let mut packer = zstd::Encoder::new(out, LEVEL)?;
    app.server.snapshot(&mut |line| packer.write_all(line))?;
    Ok(packer.finish()?.flush()?)
}

fn write_plain(app: &App, mut out: Outlet) -> Result<(), usher_authority::Error> {
    app.server.snapshot(&mut |line| out.write_all(line))?;
    Ok(out.flush()?)
}

/// Gathers bytes into chunks and hands them to the client, waiting while it is behind.
struct Outlet {
    chunks: mpsc::Sender<Chunk>,
    runtime: Handle,
    gathered: Vec<u8>,
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.gathered, Vec::with_capacity(CHUNK_BYTES));
        let sent = self.runtime.block_on(self.chunks.send_timeout(Ok(chunk.into()), STALL_MAX));
        sent.map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "the client no longer reads"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_comes_while_too_many_fetch_the_list_is_refused_soon_and_not_for_ever() {
        let all = Arc::new(Semaphore::new(2));
        let taken = [turn(&all, TURN_WAIT).await.unwrap(), turn(&all, TURN_WAIT).await.unwrap()];
        assert_eq!(turn(&all, Duration::ZERO).await.unwrap_err().code, ErrorCode::TooManyTries);
        drop(taken);
        assert!(turn(&all, Duration::ZERO).await.is_ok());
    }
}
