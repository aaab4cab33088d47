//! What the commands find: the desk and the supervisor's seat, each there only where its window is.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use usher_core::clock::Reading;
use usher_protocol::window::SavePlace;
use usher_station::{Desk, Health, Host, Push, Supervisor, SystemHost};

use crate::{args::Shown, camera::Viewers, outbox::Outbox};

/// The real machine around a desk of this app: the system's clocks and randomness, and the outbox.
pub(crate) struct Machine {
    system: SystemHost<fn(Push)>,
    outbox: Arc<Outbox>,
}

impl Machine {
    fn new(outbox: &Arc<Outbox>) -> Self {
        Self { system: SystemHost::new(drop), outbox: Arc::clone(outbox) }
    }
}

impl Host for Machine {
    fn reading(&self) -> Reading {
        self.system.reading()
    }

    fn random(&self) -> u128 {
        self.system.random()
    }

    fn machine(&self) -> u128 {
        self.system.machine()
    }

    fn save_places(&self) -> Vec<SavePlace> {
        self.system.save_places()
    }

    fn health(&self, folder: &Path) -> Health {
        self.system.health(folder)
    }

    fn push(&self, push: Push) {
        self.outbox.put(push);
    }
}

/// Desk and supervisor of this process. A process without a desk window leaves the desk's files alone.
#[derive(Debug)]
pub(crate) struct Rooms {
    desk: Option<Desk<Machine>>,
    supervisor: Option<Supervisor<Machine>>,
    /// Who watches the camera.
    pub(crate) viewers: Arc<Viewers>,
    page_spoke: AtomicBool,
}

impl Rooms {
    /// Opens what the windows to be shown need.
    pub(crate) fn open(folder: &Path, shown: Shown, outbox: &Arc<Outbox>) -> Self {
        Self {
            desk: shown.desk().then(|| Desk::open(folder, Machine::new(outbox))),
            supervisor: shown.supervisor().then(|| Supervisor::open(folder, Machine::new(outbox))),
            viewers: Arc::default(),
            page_spoke: AtomicBool::new(false),
        }
    }

    pub(crate) const fn desk(&self) -> Option<&Desk<Machine>> {
        self.desk.as_ref()
    }

    pub(crate) const fn supervisor(&self) -> Option<&Supervisor<Machine>> {
        self.supervisor.as_ref()
    }

    /// The desk's page is there and calls.
    pub(crate) fn note_page(&self) {
        self.page_spoke.store(true, Ordering::Relaxed);
    }

    /// Whether the desk's page ever called: a window whose page never came up must not ask before it closes.
    pub(crate) fn page_spoke(&self) -> bool {
        self.page_spoke.load(Ordering::Relaxed)
    }
}
