//! What tools around a desk need beside the window's commands: its own log to read, and a sync without waiting for the clock.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use usher_core::ids::{Identity, Seq};
use usher_protocol::{sync::StationStatus, window::WindowError};
use usher_replica::{Logged, StoreError};

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

    /// Every life of this desk's log, the first one first: an earlier one ended when it was settled, or found to be a copy.
    ///
    /// # Errors
    /// As [`Desk::own_log`].
    pub fn own_lives(&self) -> Result<Vec<Identity>, WindowError> {
        let who = self.who()?;
        self.files()?.lives(&who).map_err(|error| fault(&error))
    }

    /// The entries of one of [`Desk::own_lives`] after number `after`, at most `limit`, in order.
    ///
    /// # Errors
    /// As [`Desk::own_log`].
    pub fn log_of(&self, life: Identity, after: Seq, limit: usize) -> Result<Vec<Logged>, WindowError> {
        self.files()?.logged(life, after, limit).map_err(|error| fault(&error))
    }

    /// Writes this desk's whole log into the file at `path`, for `usher-server carry import`; how many entries. The file is there
    /// whole or not at all.
    ///
    /// # Errors
    /// [`WindowError::NotReady`] before enrolment, [`WindowError::Store`] for a fault of the files or of the other disk.
    pub fn save_log(&self, path: &Path) -> Result<u64, WindowError> {
        let who = self.who()?;
        let part = path.with_extension("part");
        let saved = File::create(&part).map_err(StoreError::from).and_then(|file| {
            let mut file = BufWriter::new(file);
            let (now_ms, status) = (self.stamp().now_ms, StationStatus::default());
            let files = self.0.files.as_ref().map_err(|_| StoreError::NotEnrolled)?;
            let entries = files.carry(&who, &status, now_ms, &mut |line| file.write_all(line))?;
            file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
            std::fs::rename(&part, path)?;
            Ok(entries)
        });
        saved.map_err(|error| fault(&error))
    }

    /// Lets the sync loop ask the server now. After failures it still waits as its backoff says.
    pub fn sync_soon(&self) {
        self.ring();
    }
}
