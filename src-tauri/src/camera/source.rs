//! Which frame source the command line asks for, and what its errors are called in the window.

use std::path::PathBuf;

use usher_protocol::window::CameraState;
use usher_scan::{
    FrameSource, SourceError,
    source::files::{Files, Pace},
};

use crate::args::{Args, CameraChoice};

/// Where frames may come from.
pub(super) trait Cameras: Send {
    /// The cameras that can be chosen, each by a name of its own, as they are now. Empty where there is no choice.
    fn names(&mut self) -> Vec<String>;
    /// The camera of this name, opened with its first frame; without a name whatever there is.
    fn camera(&mut self, name: Option<&str>) -> Box<dyn FrameSource>;
}

/// What was asked for.
pub(super) enum Chosen {
    /// A source of frames.
    Source(Box<dyn Cameras>),
    /// No source, and what the window says then.
    Nothing(CameraState),
}

/// Pictures where they are given, otherwise the camera.
pub(super) fn chosen(args: &Args) -> Chosen {
    if let Some(folder) = args.pictures.clone() {
        return Chosen::Source(Box::new(Pictures { folder, picture_ms: args.picture_ms }));
    }
    match args.camera {
        Some(CameraChoice::None) => Chosen::Nothing(CameraState::Off),
        Some(CameraChoice::Index(index)) => camera(Some(index)),
        None => camera(None),
    }
}

/// A folder is what it is: there is nothing to choose.
struct Pictures {
    folder: PathBuf,
    picture_ms: u64,
}

impl Cameras for Pictures {
    fn names(&mut self) -> Vec<String> {
        Vec::new()
    }

    fn camera(&mut self, _: Option<&str>) -> Box<dyn FrameSource> {
        let pace = Pace { picture_ms: self.picture_ms, ..Pace::default() };
        Box::new(Files::new(self.folder.clone(), pace))
    }
}

#[cfg(feature = "camera")]
fn camera(only: Option<u32>) -> Chosen {
    Chosen::Source(Box::new(super::devices::Devices::new(only)))
}

#[cfg(not(feature = "camera"))]
fn camera(_: Option<u32>) -> Chosen {
    tracing::info!("this build reads no camera: give --pictures, or build with the feature `camera`");
    Chosen::Nothing(CameraState::None)
}

/// An error as the window knows it.
pub(super) const fn state_of(error: &SourceError) -> CameraState {
    match error {
        SourceError::NoCamera { .. } | SourceError::Folder { .. } => CameraState::None,
        SourceError::Busy { .. } => CameraState::Busy,
        SourceError::Unplugged { .. } => CameraState::Unplugged,
        SourceError::Silent { .. } => CameraState::Silent,
        SourceError::NoPictures { .. } => CameraState::Off,
        SourceError::Forbidden { .. } => CameraState::Forbidden,
        SourceError::Format { .. } | SourceError::Broken { .. } => CameraState::Failed,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn pictures_come_before_a_camera_and_none_is_off() {
        let chosen = |args: &[&str]| chosen(&Args::parse_from([&["usher"], args].concat()));
        assert!(matches!(chosen(&["--pictures", "p", "--camera", "none"]), Chosen::Source(_)));
        assert!(matches!(chosen(&["--camera", "none"]), Chosen::Nothing(CameraState::Off)));
        if cfg!(not(feature = "camera")) {
            assert!(matches!(chosen(&[]), Chosen::Nothing(CameraState::None)));
        }
    }
}
