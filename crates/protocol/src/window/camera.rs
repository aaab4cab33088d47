//! The camera.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The camera.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CameraView {
    /// Its state.
    pub state: CameraState,
    /// The device's or folder's name; may be empty.
    pub name: String,
    /// Two codes are in view.
    pub two_codes: bool,
    /// A code has been in view for two seconds and could not be read.
    pub unread: bool,
}

/// The camera's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CameraState {
    /// Not started.
    Off,
    /// Pictures come.
    Running,
    /// No camera is there.
    None,
    /// Another program uses it.
    Busy,
    /// It was unplugged.
    Unplugged,
    /// It is there, and sends nothing.
    Silent,
    /// It may not be used, or a fault.
    Failed,
}
