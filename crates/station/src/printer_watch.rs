//! Asks the badges' printer how it is while *Doors ready* is open, beside the door: a printer may take ten seconds to say nothing.

use std::time::Duration;

use tokio::time::timeout;
use usher_labels::{Printer, Spooler};
use usher_protocol::window::BadgeProblem;

use crate::{Desk, Host, printing::problem};

/// How long to wait before the printer is asked again: somebody is loading paper and looks at the screen.
const AGAIN: Duration = Duration::from_secs(3);

/// Asks whenever there is somebody to see the answer, until the desk ends.
pub(crate) async fn run<H: Host>(desk: Desk<H>) {
    loop {
        desk.0.badges.look.notified().await;
        while let Some(printer) = desk.printer_to_ask() {
            let answer = ask(&printer).await;
            if desk.heard_of_printer(printer, answer) {
                desk.push();
            }
            // Another printer, or the check was closed: looked at again at once.
            let _ = timeout(AGAIN, desk.0.badges.look.notified()).await;
        }
    }
}

async fn ask(printer: &str) -> Result<(), BadgeProblem> {
    let printer: Printer = printer.parse().map_err(|_| BadgeProblem::NoPrinter)?;
    usher_labels::check(&printer, &Spooler::of_this_computer()).await.map_err(|why| problem(&why))
}

impl<H: Host> Desk<H> {
    /// The printer, while the check before opening is open.
    fn printer_to_ask(&self) -> Option<String> {
        self.state().ready.as_ref()?;
        self.0.badges.set().printer
    }

    /// Keeps what the printer said; false: nothing new.
    fn heard_of_printer(&self, printer: String, answer: Result<(), BadgeProblem>) -> bool {
        let mut state = self.state();
        let Some(seen) = &mut state.ready else { return false };
        let heard = Some((printer, answer));
        let new = seen.printer != heard;
        seen.printer = heard;
        new
    }
}
