//! The sync loop: beside the door, never in its way.
//!
//! One request at a time: read, let go, send, apply. After a failure it waits with jitter; a local entry or the server's bell
//! wakes it at once, but a server that does not answer is not asked more often than the backoff says.
//!
//! A list that has to be there first is fetched first. One that is only to be fetched anew waits until there is nothing more to say
//! ([`crate::renewal`]).

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use usher_core::{clock::Reading, ids::Epoch};
use usher_protocol::{
    error::ErrorCode,
    sync::{Asks, StationStatus, SyncAnswer},
    window::{OfflineWhy, StoreProblem},
};
use usher_replica::{
    Asking, Backoff, Identified, NewLife, Outgoing, Receipt, Replica, SnapshotError, StoreError, SyncError,
};

use crate::{
    Desk, Host,
    client::{Answered, CallError, Client},
    line::Line,
    renewal::Renewal,
};

/// How often a quiet desk asks, bell or not.
const QUIET: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncFault {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sync(#[from] SyncError),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    #[error("the worker thread ended")]
    Thread,
}

impl SyncFault {
    /// What it means for the line to the server.
    fn why_offline(&self) -> OfflineWhy {
        match self {
            Self::Call(error) => error.why_offline(),
            Self::Sync(SyncError::Unsigned) | Self::Snapshot(SnapshotError::Unsigned) => {
                OfflineWhy::OtherServer
            }
            Self::Store(error)
            | Self::Sync(SyncError::Store(error))
            | Self::Snapshot(SnapshotError::Store(error)) => match error.problem() {
                StoreProblem::DiskFull => OfflineWhy::DiskFull,
                _ => OfflineWhy::Files,
            },
            // A stream that broke off.
            Self::Snapshot(_) | Self::Thread => OfflineWhy::NoAnswer,
        }
    }
}

/// Runs until the task is aborted.
pub(crate) async fn run<H: Host>(desk: Desk<H>) {
    let (mut backoff, mut line, mut renewal) = (Backoff::default(), Line::default(), Renewal::default());
    if let Err(error) = with_files(&desk, Replica::look_lists_through).await {
        tracing::warn!(%error, "the guest list could not be looked through");
    }
    loop {
        let Some(who) = desk.state().who.clone() else {
            desk.0.bell.notified().await;
            continue;
        };
        match round(&desk, &who, &mut line).await {
            // What failed comes next: the pause after it grows on.
            Ok(Round { put_off: true, .. }) => {}
            Ok(Round { more: true, .. }) => backoff.succeed(),
            Ok(_) => {
                backoff.succeed();
                if !renewal.renewed(&desk, &who, &mut line).await {
                    let _ = tokio::time::timeout(QUIET, desk.0.bell.notified()).await;
                }
            }
            Err(error) => {
                line.hang_up();
                lost(&desk, &error);
                let wait_ms = backoff.fail(desk.0.host.random() as u64);
                tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            }
        }
    }
}

fn lost<H: Host>(desk: &Desk<H>, error: &SyncFault) {
    tracing::info!(%error, "no sync this time");
    let news = desk.state().link.lost(desk.0.host.reading(), error.why_offline());
    if news {
        desk.push();
    }
}

/// How a round went.
#[derive(Clone, Copy, Debug)]
struct Round {
    /// There is more to do at once.
    more: bool,
    /// Something was left out that brought no answer the last time, and comes with the next one.
    put_off: bool,
}

/// One round.
async fn round<H: Host>(desk: &Desk<H>, who: &Arc<Identified>, line: &mut Line) -> Result<Round, SyncFault> {
    let client = line.client(who)?;
    if with_files(desk, Replica::needs_snapshot).await? {
        fetch_snapshot(desk, who, &client).await?;
    }
    let (asking, whose) = (asking(desk), Arc::clone(who));
    let asks = asking.status.asks;
    let outgoing = with_files(desk, move |files| files.next_request(&whose, asking)).await?;
    let answered = client.call::<SyncAnswer>("v1/sync", &outgoing.proof, outgoing.body.clone()).await;
    if let Err(CallError::Refused(ErrorCode::ServerTooOld)) = &answered
        && desk.speak_older()
    {
        return Ok(Round { more: true, put_off: false });
    }
    let answered = answered?;
    let kept = asks.filter(|_| answered.answer.asks_kept);
    apply(desk, who, outgoing, answered, kept).await
}

async fn apply<H: Host>(
    desk: &Desk<H>,
    who: &Arc<Identified>,
    outgoing: Outgoing,
    answered: Answered<SyncAnswer>,
    kept: Option<Asks>,
) -> Result<Round, SyncFault> {
    let (reading, whose) = (desk.0.host.reading(), Arc::clone(who));
    let (server_ms, learning) = (answered.answer.server_ms, answered.answer.learning);
    let applied = with_files(desk, move |files| {
        let receipt = answered.signed.as_ref().map(|signed| Receipt { signed, body: &answered.body });
        Ok(files.apply_answer(&whose, &outgoing, &answered.answer, receipt, server_ms))
    });
    let applied = applied.await??;
    // Only what the server signed sets this desk's clock: a stale answer was not even looked at.
    if !applied.stale {
        hear(desk, reading, server_ms, learning);
        desk.hear_answers(kept);
    }
    let wrote = if applied.fenced {
        begin_life(desk, who, NewLife::Fenced).await?;
        true
    } else {
        let serving = desk.state().seat.served();
        let (stamp, whose) = (desk.stamp(), Arc::clone(who));
        with_files(desk, move |files| files.do_duties(&whose, serving, stamp)).await? > 0
    };
    if let Err(error) = desk.judge_waiting() {
        tracing::warn!(%error, "a waiting guest could not be judged again");
    }
    desk.push();
    Ok(Round { more: (applied.more || wrote) && !applied.stale, put_off: applied.put_off })
}

/// The server answered, gave its time and said whether it learns.
fn hear<H: Host>(desk: &Desk<H>, reading: Reading, server_ms: i64, learning: bool) {
    let before = {
        let mut state = desk.state();
        let before = state.link.anchor;
        state.link.heard(reading, server_ms);
        state.learning = learning;
        before
    };
    desk.keep_anchor(before);
}

/// The server gives this log nothing more: the desk goes on with a new one.
async fn begin_life<H: Host>(desk: &Desk<H>, who: &Arc<Identified>, why: NewLife) -> Result<(), SyncFault> {
    // One decision at a time: nothing may be written into the old life behind its end.
    let (of, whose) = (desk.clone(), Arc::clone(who));
    let next = with_files(desk, move |files| {
        let _deciding = of.0.deciding.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let epoch = Epoch(of.0.host.random() as u64);
        let next = files.begin_life(&whose, why, epoch, whose.machine, of.stamp())?;
        of.state().who = Some(Arc::new(next.clone()));
        Ok(next)
    });
    let next = next.await?;
    tracing::warn!(epoch = %next.identity.epoch, "the server fenced this log; a new one was begun");
    Ok(())
}

fn asking<H: Host>(desk: &Desk<H>) -> Asking {
    let (now_ms, wall_ms) = (desk.stamp().now_ms, desk.0.host.reading().wall_ms);
    let state = desk.state();
    let (serving, initials) = (state.seat.served(), state.seat.initials.clone());
    let asks = state.asking.status(&state.cards, now_ms);
    let (session, also) = (state.seat.session, state.seat.also.clone());
    let status = StationStatus { wall_ms, waiting: 0, session, also, initials, asks };
    Asking { serving, status, protocol: Some(state.protocol), now_ms }
}

/// Fetches the whole list and puts it in the place of the one in use.
pub(crate) async fn fetch_snapshot<H: Host>(
    desk: &Desk<H>,
    who: &Arc<Identified>,
    client: &Client,
) -> Result<(), SyncFault> {
    let whose = Arc::clone(who);
    let ask = with_files(desk, move |files| files.plain_request(&whose)).await?;
    let answer = client.stream("v1/snapshot", &ask.proof, ask.body).await?;
    let mut loading = with_files(desk, Replica::begin_snapshot).await?;
    let mut parts = answer.bytes_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(CallError::from)?;
        let taken = tokio::task::spawn_blocking(move || loading.take(&part).map(|()| loading));
        loading = taken.await.map_err(|_| SyncFault::Thread)??;
        show_progress(desk, loading.progress());
    }
    let (now_ms, whose) = (desk.stamp().now_ms, Arc::clone(who));
    with_files(desk, move |files| Ok(files.finish_snapshot(loading, now_ms))).await??;
    // Own entries go into the new list's sums before anybody asks for them: each would be counted on top every time.
    with_files(desk, move |files| {
        while files.absorb(&whose)? > 0 {}
        Ok(())
    })
    .await?;
    desk.state().loading = None;
    desk.push();
    Ok(())
}

/// Pushes the progress, but not more often than it can be seen.
fn show_progress<H: Host>(desk: &Desk<H>, progress: (u64, u64)) {
    let step = (progress.1 / 50).max(1);
    let shown = desk.state().loading.map_or(0, |(loaded, _)| loaded);
    if progress.0 >= shown + step {
        desk.state().loading = Some(progress);
        desk.push();
    }
}

/// Work on the files, off the runtime's threads.
pub(crate) async fn with_files<H: Host, T: Send + 'static>(
    desk: &Desk<H>,
    work: impl FnOnce(&Replica) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, SyncFault> {
    let desk = desk.clone();
    let done = tokio::task::spawn_blocking(move || match &desk.0.files {
        Ok(files) => work(files),
        Err(_) => Err(StoreError::NotEnrolled),
    });
    Ok(done.await.map_err(|_| SyncFault::Thread)??)
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;

    #[test]
    fn a_fault_of_this_computer_is_not_told_as_the_networks() {
        let store = |kind| StoreError::Io(Error::from(kind));
        let full = SyncFault::Snapshot(SnapshotError::Store(store(ErrorKind::StorageFull)));
        assert_eq!(full.why_offline(), OfflineWhy::DiskFull);
        let full = SyncFault::Sync(SyncError::Store(store(ErrorKind::StorageFull)));
        assert_eq!(full.why_offline(), OfflineWhy::DiskFull);
        let closed = SyncFault::Store(store(ErrorKind::PermissionDenied));
        assert_eq!(closed.why_offline(), OfflineWhy::Files);
        assert_eq!(SyncFault::Snapshot(SnapshotError::NotWhole).why_offline(), OfflineWhy::NoAnswer);
    }
}
