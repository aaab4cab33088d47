//! The camera: what it does, and how this desk has it set.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the camera does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CameraView {
    /// Its state.
    pub state: CameraState,
    /// The device's or folder's name; may be empty.
    pub name: String,
    /// Two codes are in view.
    pub two_codes: bool,
    /// A code has been in view for two seconds and could not be read.
    pub unread: bool,
    /// The cameras that can be chosen, each by a name of its own; empty where there is no choice.
    pub devices: Vec<String>,
    /// The chosen camera is not there: what is shown comes from another one meanwhile.
    pub missing: bool,
    /// What can be set at the camera in use; empty where it has nothing, or is not running.
    pub controls: Vec<CameraControl>,
}

/// The camera's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CameraState {
    /// Not started.
    #[default]
    Off,
    /// Pictures come.
    Running,
    /// No camera is there.
    None,
    /// Another program uses it.
    Busy,
    /// The system does not let this user use it.
    Forbidden,
    /// It was unplugged.
    Unplugged,
    /// It is there, and sends nothing.
    Silent,
    /// It fails in another way.
    Failed,
}

/// Something that can be set at a camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CameraControl {
    /// What.
    pub kind: CameraControlKind,
    /// The least value; 0 of a switch.
    pub min: i64,
    /// The greatest value, more than the least; 1 of a switch.
    pub max: i64,
    /// Between two values, at least 1.
    pub step: i64,
    /// How it stands now.
    pub value: i64,
    /// False: the camera decides by itself at the moment, because the switch before it is on.
    pub active: bool,
}

/// What can be set at a camera. The first of each pair is a switch: 0 off, 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CameraControlKind {
    /// A switch: its lamp.
    Light,
    /// A switch: the camera chooses how long it exposes.
    AutoExposure,
    /// How long it exposes, in units of its own.
    Exposure,
    /// How bright the picture is.
    Brightness,
    /// A switch: the camera looks for the focus by itself.
    AutoFocus,
    /// How near it is focused, in units of its own.
    Focus,
}

/// How a desk has its cameras set. Kept over restarts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CameraSettings {
    /// The chosen camera, by the name that `devices` gives; none: the first one.
    pub device: Option<String>,
    /// The picture in the window is mirrored. What is read never is.
    pub mirror: bool,
    /// What was set at cameras; all else is as each camera has it.
    pub values: Vec<CameraValue>,
}

/// A control of a camera that was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CameraValue {
    /// The camera's name.
    pub camera: String,
    /// Its control.
    pub kind: CameraControlKind,
    /// To what; a value beyond the control's bounds counts as the bound.
    pub value: i64,
}
