//! Which frame source the command line asks for, and what its errors are called in the window.

use std::path::PathBuf;

use usher_protocol::window::CameraState;
use usher_scan::{
    FrameSource, SourceError,
    source::files::{Files, Pace},
};

use crate::args::{Args, CameraChoice};

/// Makes a source; called again where looking anew may find another device.
pub(super) type Make = Box<dyn Fn() -> Box<dyn FrameSource> + Send>;

/// What was asked for.
pub(super) enum Chosen {
    /// A source of frames.
    Source(Make),
    /// No source, and what the window says then.
    Nothing(CameraState),
}

/// Pictures where they are given, otherwise the camera.
pub(super) fn chosen(args: &Args) -> Chosen {
    if let Some(folder) = args.pictures.clone() {
        return Chosen::Source(pictures(folder, args.picture_ms));
    }
    match args.camera {
        Some(CameraChoice::None) => Chosen::Nothing(CameraState::Off),
        Some(CameraChoice::Index(index)) => camera(Some(index)),
        None => camera(None),
    }
}

fn pictures(folder: PathBuf, picture_ms: u64) -> Make {
    Box::new(move || Box::new(Files::new(folder.clone(), Pace { picture_ms, ..Pace::default() })))
}

#[cfg(feature = "camera")]
fn camera(index: Option<u32>) -> Chosen {
    use usher_scan::source::camera::{Camera, devices};
    Chosen::Source(Box::new(move || {
        let known = devices().unwrap_or_default();
        let device = known.into_iter().find(|device| index.is_none_or(|wanted| device.index == wanted));
        let (number, name) = device.map_or((index.unwrap_or(0), String::new()), |one| (one.index, one.name));
        Box::new(Camera::new(number, name))
    }))
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
        SourceError::Forbidden { .. } | SourceError::Format { .. } | SourceError::Broken { .. } => {
            CameraState::Failed
        }
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
