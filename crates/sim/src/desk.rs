//! A desk: the replica over a simulated disk, with the clocks and the memory of the app around it.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use rusqlite::Connection;
use usher_core::{
    clock::{Anchor, corrected_ms},
    ids::{Epoch, Identity, MachineId, SessionId, ShiftId},
};
use usher_disk::{Choices, Disk};
use usher_replica::{Asked, Identified, Logged, NewLife, Outgoing, Replica, Stamp, StoreError};
use uuid::Uuid;

use crate::{
    clock::{Clock, START_MS},
    files::Files,
    server::Wire,
};

mod door;
mod rows;
mod talk;

pub use talk::carried;

/// Where its files are.
pub const FOLDER: &str = "/desk";
const ANCHOR: &str = "anchor";

/// A guest at the desk, with the verdict's id.
#[derive(Clone, Copy, Debug)]
pub struct Card {
    /// The id that decisions name.
    pub verdict: Uuid,
    /// What was asked.
    pub asked: Asked,
}

/// A desk's computer.
#[derive(Debug)]
pub struct Desk {
    /// Its number, from 0.
    pub number: usize,
    /// Its disk.
    pub disk: Disk,
    /// Its clocks.
    pub clock: Clock,
    /// Who it is, once enrolled, and while it runs.
    pub who: Option<Identified>,
    /// The session that it serves.
    pub serves: Option<SessionId>,
    /// The version of the protocol that it speaks; none: the newest.
    pub protocol: Option<u32>,
    /// Requests on their way, by number.
    pub sent: BTreeMap<u64, Outgoing>,
    // Before the files: the last connection to go takes the write-ahead log with it.
    reader: Option<Connection>,
    files: Option<Replica>,
    anchor: Option<Anchor>,
    shift: ShiftId,
    machine: MachineId,
}

impl Desk {
    /// A computer that is switched off.
    #[must_use]
    pub fn new(number: usize, disk: Disk) -> Self {
        let id = Uuid::from_u128(0x5000 + number as u128);
        Self {
            number,
            disk,
            clock: Clock::new(START_MS, id.as_u128()),
            who: None,
            serves: None,
            protocol: None,
            sent: BTreeMap::new(),
            reader: None,
            files: None,
            anchor: None,
            shift: ShiftId(id),
            machine: MachineId(Uuid::from_u128(0x6000 + number as u128)),
        }
    }

    /// Starts the app.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn start(&mut self) -> Result<(), StoreError> {
        let files = Replica::open_on(Arc::new(Files(self.disk.clone())), Path::new(FOLDER))?;
        self.who = files.identity()?;
        self.anchor = files.setting(ANCHOR)?;
        self.files = Some(files);
        Ok(())
    }

    /// Looks the lists through, as the station does when it starts; whether they are as they were written.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn look_lists_through(&self) -> Result<bool, StoreError> {
        self.files()?.look_lists_through()
    }

    /// Starts a second copy of the app on the same folder; whether it was refused as it must be.
    #[must_use]
    pub fn second_start_is_refused(&self) -> bool {
        let second = Replica::open_on(Arc::new(Files(self.disk.clone())), Path::new(FOLDER));
        matches!(second, Err(StoreError::OpenElsewhere | StoreError::Io(_)))
    }

    /// Whether the app runs.
    #[must_use]
    pub const fn is_up(&self) -> bool {
        self.files.is_some()
    }

    /// Ends the app in order.
    pub fn stop(&mut self) {
        self.reader = None;
        self.files = None;
        self.forget();
    }

    /// Ends the app's process.
    pub fn kill(&mut self) {
        self.disk.kill();
        self.stop();
    }

    /// Cuts the power; the computer starts again later, with another boot.
    pub fn power_cut(&mut self, choices: &mut Choices, now_ms: i64, boot: u128) {
        self.disk.crash(choices);
        self.stop();
        self.clock.reboot(now_ms, boot);
    }

    /// What only the memory held is gone.
    fn forget(&mut self) {
        self.sent.clear();
        (self.who, self.anchor) = (None, None);
    }

    /// The files, while the app runs.
    ///
    /// # Errors
    /// [`StoreError::NotEnrolled`] while it does not.
    pub fn files(&self) -> Result<&Replica, StoreError> {
        self.files.as_ref().ok_or(StoreError::NotEnrolled)
    }

    /// Who it is.
    ///
    /// # Errors
    /// [`StoreError::NotEnrolled`].
    pub fn who(&self) -> Result<&Identified, StoreError> {
        self.who.as_ref().ok_or(StoreError::NotEnrolled)
    }

    fn both(&self) -> Result<(&Replica, &Identified), StoreError> {
        Ok((self.files()?, self.who()?))
    }

    /// The desk's time, as it believes it to be.
    #[must_use]
    pub fn stamp(&self, now_ms: i64) -> Stamp {
        let reading = self.clock.read(now_ms);
        Stamp { reading, now_ms: corrected_ms(reading, self.anchor.as_ref()) }
    }

    /// Does what it owes the server: how many entries that took.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn do_duties(&self, now_ms: i64) -> Result<u64, StoreError> {
        let (files, who) = self.both()?;
        files.do_duties(who, self.serves, self.stamp(now_ms))
    }

    /// Begins a new life of the log.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn begin_life(&mut self, why: NewLife, epoch: Epoch, now_ms: i64) -> Result<(), StoreError> {
        let (files, who) = self.both()?;
        let next = files.begin_life(who, why, epoch, self.machine, self.stamp(now_ms))?;
        self.who = Some(next);
        Ok(())
    }

    /// Absorbs own entries.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn absorb(&self) -> Result<usize, StoreError> {
        let (files, who) = self.both()?;
        files.absorb(who)
    }

    /// Whether the log goes on where this computer left it.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn goes_on(&self) -> Result<bool, StoreError> {
        let (files, who) = self.both()?;
        files.goes_on(who, self.machine)
    }

    /// The whole log of the life that is written.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn log(&self) -> Result<Vec<Logged>, StoreError> {
        let (files, who) = self.both()?;
        files.logged(who.identity, 0, usize::MAX >> 1)
    }

    /// Every life of the log, whole; none before it is enrolled.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn lives(&self) -> Result<Vec<(Identity, Vec<Logged>)>, StoreError> {
        let Some(who) = &self.who else { return Ok(Vec::new()) };
        let files = self.files()?;
        let whole = |i| Ok((i, files.logged(i, 0, usize::MAX >> 1)?));
        files.lives(who)?.into_iter().map(whole).collect()
    }
}

/// A request as it travels.
#[must_use]
pub fn wire(outgoing: &Outgoing) -> Wire {
    Wire { proof: outgoing.proof.clone(), body: outgoing.body.clone() }
}
