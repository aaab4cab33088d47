//! The bell: everybody who listens learns how far the feed has come. It rings after each commit that moved the feed, by this
//! process or, noticed by polling, by a command beside it.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use usher_authority::Error;
use usher_protocol::sync::Cursor;

use crate::store::Server;

/// How often the database is asked whether a command beside the server changed it.
const POLL: Duration = Duration::from_millis(300);

/// Rings for everybody who listens. It is a watch channel: who listens late gets the newest position, nothing queues up.
#[derive(Clone, Debug)]
pub(crate) struct Bell {
    end: Arc<watch::Sender<Cursor>>,
}

impl Bell {
    pub(crate) fn new(end: Cursor) -> Self {
        Self { end: Arc::new(watch::Sender::new(end)) }
    }

    pub(crate) fn listen(&self) -> watch::Receiver<Cursor> {
        self.end.subscribe()
    }

    /// Rings if the feed moved since the last ring. Blocks on the database.
    pub(crate) fn ring(&self, server: &Server) -> Result<(), Error> {
        self.reach(server.feed_end()?);
        Ok(())
    }

    /// Rings if the feed had not been known to reach `end`.
    pub(crate) fn reach(&self, end: Cursor) {
        self.end.send_if_modified(|known| {
            let moved = end > *known;
            if moved {
                *known = end;
            }
            moved
        });
    }
}

/// Watches for changes by other processes until `stop` says so.
pub(crate) async fn watch_others(server: Arc<Server>, bell: Bell, mut stop: watch::Receiver<bool>) {
    let mut last = None;
    loop {
        tokio::select! {
            () = tokio::time::sleep(POLL) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        let (server, bell) = (Arc::clone(&server), bell.clone());
        let look = move || -> Result<u64, Error> {
            let seen = server.changed_elsewhere()?;
            if last != Some(seen) {
                bell.ring(&server)?;
            }
            Ok(seen)
        };
        match tokio::task::spawn_blocking(look).await {
            Ok(Ok(seen)) => last = Some(seen),
            Ok(Err(error)) => tracing::warn!(%error, "could not look for changes by other programs"),
            Err(error) => tracing::error!(%error, "looking for changes by other programs failed"),
        }
    }
}
