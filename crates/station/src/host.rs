//! What a desk needs from the machine around it: clocks, randomness, and somewhere to push what changed.

use std::path::Path;

use usher_core::clock::Reading;
use usher_protocol::window::{BatteryView, DeskView, SavePlace, SupervisorView};

/// Something that the windows should show.
#[derive(Clone, Debug)]
pub enum Push {
    /// The desk's new view.
    Desk(Box<DeskView>),
    /// The supervisor's new view.
    Supervisor(Box<SupervisorView>),
}

/// How the computer under a desk is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Free bytes where the desk's files lie; none: unknown.
    pub disk_free: Option<u64>,
    /// The battery; none: there is none, or it is unknown.
    pub battery: Option<BatteryView>,
}

/// The machine around a desk. Small on purpose: the handlers run in tests and without a window over any implementation.
pub trait Host: Send + Sync + 'static {
    /// The computer's clocks, now.
    fn reading(&self) -> Reading;

    /// 128 fresh random bits, fit for keys.
    fn random(&self) -> u128;

    /// The computer, kept outside the desk's files.
    fn machine(&self) -> u128;

    /// Folders that a file for somebody else could be saved in, the best first.
    fn save_places(&self) -> Vec<SavePlace> {
        Vec::new()
    }

    /// How the computer is; `folder` holds the desk's files.
    fn health(&self, _folder: &Path) -> Health {
        Health::default()
    }

    /// Shows what changed. Must not call back into the desk.
    fn push(&self, push: Push);
}
