//! What can be set at a camera.

/// What can be set at a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ControlKind {
    /// A switch: its lamp.
    Light,
    /// A switch: the camera chooses how long it exposes.
    AutoExposure,
    /// How long it exposes, in units of the camera's own.
    Exposure,
    /// How bright the picture is.
    Brightness,
    /// A switch: the camera looks for the focus by itself.
    AutoFocus,
    /// How near it is focused, in units of the camera's own.
    Focus,
}

impl ControlKind {
    /// All of them. A switch comes before what it lets be set.
    pub const ALL: [Self; 6] =
        [Self::Light, Self::AutoExposure, Self::Exposure, Self::Brightness, Self::AutoFocus, Self::Focus];
}

/// A control that a camera has, and how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    /// What it sets.
    pub kind: ControlKind,
    /// The least value; 0 of a switch.
    pub min: i64,
    /// The greatest value, more than the least; 1 of a switch.
    pub max: i64,
    /// Between two values, at least 1.
    pub step: i64,
    /// How it stands.
    pub value: i64,
    /// How the camera has it by itself.
    pub default: i64,
    /// False: the camera decides by itself at the moment.
    pub active: bool,
}

/// A control and the value that is wanted of it.
pub type Wish = (ControlKind, i64);
