//! What the desk is told about its camera: the state from the thread that takes pictures, the hints from the one that reads them.

use std::sync::{Arc, Mutex, PoisonError};

use usher_protocol::window::{CameraControl, CameraSettings, CameraState, CameraView};

/// What the camera's threads work for.
pub(super) trait Counter: Send + Sync + 'static {
    /// What a code would be good for now.
    fn wants(&self) -> Wants;
    /// How the desk has its cameras set.
    fn settings(&self) -> CameraSettings;
    /// A code came into view. May wait for the disk or the network.
    fn take(&self, text: String, wants: Wants);
    /// What the camera does now.
    fn tell(&self, camera: CameraView);
}

/// What a code in view is good for. What was held up for one purpose counts anew for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wants {
    /// Nothing: no session is served.
    #[default]
    Nothing,
    /// Connecting the desk.
    Setup,
    /// Trying the desk out before the doors open.
    Check,
    /// Practising.
    Practice,
    /// The door.
    Tickets,
}

/// The camera's view, put together from both threads. Tells only changes.
pub(super) struct Telling {
    now: Mutex<CameraView>,
    counter: Arc<dyn Counter>,
}

impl Telling {
    pub(super) fn new(counter: Arc<dyn Counter>) -> Self {
        Self { now: Mutex::new(still(CameraState::Off)), counter }
    }

    /// The camera does this now. Hints fall away with the picture.
    pub(super) fn state(&self, state: CameraState, name: &str) {
        self.change(|view| {
            if state != CameraState::Running {
                (view.two_codes, view.unread) = (false, false);
            }
            if state != CameraState::Running || view.name != name {
                view.controls.clear();
            }
            (view.state, view.name) = (state, name.to_owned());
        });
    }

    /// These cameras can be chosen; `missing`: the chosen one is not among them.
    pub(super) fn choice(&self, devices: &[String], missing: bool) {
        self.change(|view| (view.devices, view.missing) = (devices.to_vec(), missing));
    }

    /// What can be set at the camera that runs.
    pub(super) fn controls(&self, controls: Vec<CameraControl>) {
        self.change(|view| view.controls = controls);
    }

    /// The reader's hints.
    pub(super) fn hints(&self, two_codes: bool, unread: bool) {
        self.change(|view| {
            if view.state == CameraState::Running {
                (view.two_codes, view.unread) = (two_codes, unread);
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut CameraView)) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let before = now.clone();
        change(&mut now);
        if *now != before {
            // Told under the lock, so that two threads' news arrive in order. The counter must not call back.
            self.counter.tell(now.clone());
        }
    }
}

/// A camera without a picture.
pub(super) fn still(state: CameraState) -> CameraView {
    CameraView { state, ..CameraView::default() }
}
