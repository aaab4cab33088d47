//! The keyboard scanner: what the *Scanner test* learned of it, and whether what a slow one typed is a ticket at all (UX section 3).

use usher_protocol::{
    commands::{Handles, KnowCode, SetScanner},
    window::{DeskView, ScannerSettings, WindowError},
};
use usher_replica::{Identified, Replica, Ticket};

use crate::{Desk, Host, desk::fault, handlers::bounded, view};

/// The name of the setting that survives a restart.
pub(crate) const SCANNER: &str = "scanner";

impl<H: Host> Desk<H> {
    /// The first reading that is a known or signed ticket here, or at the door that a practice covers.
    fn know(&self, readings: &[String]) -> Result<Option<String>, WindowError> {
        let door = self.acting();
        for reading in readings {
            if door.knows(reading)? || self.knows(reading)? {
                return Ok(Some(reading.clone()));
            }
        }
        Ok(None)
    }

    fn knows(&self, reading: &str) -> Result<bool, WindowError> {
        let who = self.who()?;
        known(self.files()?, &who, reading)
    }

    /// Keeps what was learned, for the door and for the practice that may cover it.
    fn keep_scanner(&self, set: Option<ScannerSettings>) -> Result<(), WindowError> {
        if set.as_ref().is_some_and(|set| !set.is_sound()) {
            return Err(WindowError::BadCall);
        }
        self.files()?.keep_setting(SCANNER, &set).map_err(|error| fault(&error))?;
        self.acting().state().scanner.clone_from(&set);
        self.state().scanner = set;
        Ok(())
    }
}

fn known(files: &Replica, who: &Identified, reading: &str) -> Result<bool, WindowError> {
    let ticket = files.look_up(who, &[reading.to_owned()]).map_err(|error| fault(&error))?;
    Ok(matches!(ticket, Ticket::Person { .. } | Ticket::Signed { .. }))
}

impl<H: Host> Handles<KnowCode> for Desk<H> {
    async fn handle(&self, args: KnowCode) -> Result<Option<String>, WindowError> {
        self.look_only(move |desk| desk.know(&bounded(args.readings))).await
    }
}

impl<H: Host> Handles<SetScanner> for Desk<H> {
    async fn handle(&self, args: SetScanner) -> Result<DeskView, WindowError> {
        self.work_here(move |desk| {
            desk.keep_scanner(args.set)?;
            Ok(view::desk_view(&desk.acting()))
        })
        .await
    }
}
