//! The server's clock: held seats are cut off when their time is over, whether or not anybody asks for anything then.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use usher_authority::Error;

use super::Bell;
use crate::{clock, store::Server};

/// How often the clock is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// Cuts off held seats in time until `stop` says so.
pub(super) async fn watch_clock(server: Arc<Server>, bell: Bell, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        let (server, bell) = (Arc::clone(&server), bell.clone());
        let look = move || -> Result<(), Error> {
            if server.cut_off_overdue_holds(clock::now_ms())? {
                tracing::info!("seats whose time was over are no longer held");
                bell.ring(&server)?;
            }
            Ok(())
        };
        match tokio::task::spawn_blocking(look).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "held seats could not be cut off: tried again in a second")
            }
            Err(error) => tracing::error!(%error, "cutting off held seats failed"),
        }
    }
}
