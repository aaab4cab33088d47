//! Fetching a list anew that can be used and synced meanwhile: once there is nothing more to say to the server. Where that fails (no room
//! for a second list, a line that breaks off, two hundred desks that want one at once) nothing else fails, and it is tried again later.

use std::sync::Arc;

use usher_replica::{Backoff, Identified, Replica};

use crate::{
    Desk, Host,
    line::Line,
    sync_loop::{SyncFault, fetch_snapshot, with_files},
};

/// When to try again.
#[derive(Debug, Default)]
pub(crate) struct Renewal {
    backoff: Backoff,
    /// By the monotonic clock; not before.
    again_ms: u64,
}

impl Renewal {
    /// Fetches the list where that is due; whether there is a new one.
    pub(crate) async fn renewed<H: Host>(
        &mut self,
        desk: &Desk<H>,
        who: &Arc<Identified>,
        line: &mut Line,
    ) -> bool {
        if desk.0.host.reading().mono_ms < self.again_ms {
            return false;
        }
        match renew(desk, who, line).await {
            Ok(renewed) => {
                *self = Self::default();
                renewed
            }
            Err(error) => {
                tracing::warn!(%error, "the guest list in use stays: no new one this time");
                line.hang_up();
                desk.state().loading = None;
                let wait_ms = self.backoff.fail(desk.0.host.random() as u64);
                self.again_ms = desk.0.host.reading().mono_ms + wait_ms;
                false
            }
        }
    }
}

async fn renew<H: Host>(desk: &Desk<H>, who: &Arc<Identified>, line: &mut Line) -> Result<bool, SyncFault> {
    if !with_files(desk, Replica::wants_snapshot).await? {
        return Ok(false);
    }
    fetch_snapshot(desk, who, &line.client(who)?).await?;
    Ok(true)
}
