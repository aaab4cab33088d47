//! What tools around a desk need beside the window's commands: its own log to read, and a sync without waiting for the clock.

use usher_core::ids::Seq;
use usher_protocol::window::WindowError;
use usher_replica::Logged;

use crate::{Desk, Host, desk::fault};

impl<H: Host> Desk<H> {
    /// This desk's own entries after number `after`, at most `limit`, in order.
    ///
    /// # Errors
    /// [`WindowError::NotReady`] before enrolment, [`WindowError::Store`] for a fault of the files.
    pub fn own_log(&self, after: Seq, limit: usize) -> Result<Vec<Logged>, WindowError> {
        let who = self.who()?;
        self.files()?.logged(who.identity, after, limit).map_err(|error| fault(&error))
    }

    /// Lets the sync loop ask the server now. After failures it still waits as its backoff says.
    pub fn sync_soon(&self) {
        self.ring();
    }
}
