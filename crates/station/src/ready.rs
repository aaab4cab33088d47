//! *Doors ready*: the check before opening. While it is open a code is only seen, never judged (UX section 4).

use usher_core::entry::Found;
use usher_protocol::{
    commands::{CheckReady, Handles},
    window::{DeskView, ReadyView, WindowError},
};

use crate::{Desk, Host, view};

/// Which codes were read since the check was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    camera: bool,
    scanner: bool,
}

impl<H: Host> Desk<H> {
    /// Whether a code was only to be seen.
    pub(crate) fn only_sees(&self, found: Found) -> bool {
        let mut state = self.state();
        let Some(seen) = &mut state.ready else { return false };
        seen.camera |= found == Found::Camera;
        seen.scanner |= found == Found::Scanner;
        true
    }

    /// What the check found out; none while it is not open.
    pub(crate) fn ready_view(&self) -> Option<ReadyView> {
        let seen = self.state().ready?;
        let health = self.0.host.health(&self.0.folder);
        Some(ReadyView {
            camera_read: seen.camera,
            scanner_read: seen.scanner,
            disk_free: health.disk_free,
            battery: health.battery,
        })
    }
}

impl<H: Host> Handles<CheckReady> for Desk<H> {
    async fn handle(&self, args: CheckReady) -> Result<DeskView, WindowError> {
        self.work(move |desk| {
            let mut state = desk.state();
            state.ready = args.open.then(|| state.ready.unwrap_or_default());
            drop(state);
            Ok(view::desk_view(desk))
        })
        .await
    }
}
