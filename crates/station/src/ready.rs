//! *Doors ready*: the check before opening. While it is open a code is only seen, never judged (UX section 4).

use usher_core::entry::Found;
use usher_protocol::{
    commands::{CheckReady, Handles},
    window::{BadgeProblem, DeskView, PrinterCheck, ReadyView, WindowError},
};

use crate::{Desk, Host, view};

/// What was found out since the check was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    camera: bool,
    scanner: bool,
    /// The printer that was asked, and what it said.
    pub(crate) printer: Option<(String, Result<(), BadgeProblem>)>,
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
        let seen = self.state().ready.clone()?;
        let health = self.0.host.health(&self.0.folder);
        Some(ReadyView {
            camera_read: seen.camera,
            scanner_read: seen.scanner,
            disk_free: health.disk_free,
            battery: health.battery,
            printer: self.printer_check(seen.printer),
        })
    }

    /// How the badges' printer stands; none where this desk prints no badges.
    fn printer_check(&self, asked: Option<(String, Result<(), BadgeProblem>)>) -> Option<PrinterCheck> {
        let set = self.0.badges.set();
        let Some(printer) = set.printer else {
            return set.on_let_in.then_some(PrinterCheck::Problem { why: BadgeProblem::NoPrinter });
        };
        Some(match asked.filter(|(asked, _)| *asked == printer) {
            None => PrinterCheck::Asking,
            Some((_, Ok(()))) => PrinterCheck::Good,
            Some((_, Err(why))) => PrinterCheck::Problem { why },
        })
    }
}

impl<H: Host> Handles<CheckReady> for Desk<H> {
    async fn handle(&self, args: CheckReady) -> Result<DeskView, WindowError> {
        self.work(move |desk| {
            let mut state = desk.state();
            state.ready = args.open.then(|| state.ready.take().unwrap_or_default());
            drop(state);
            desk.0.badges.look.notify_one();
            Ok(view::desk_view(desk))
        })
        .await
    }
}
