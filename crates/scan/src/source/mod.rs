//! Where frames come from: one trait, so that the desk does not know whether a camera or a folder of pictures is behind it.

#[cfg(feature = "camera")]
pub mod camera;
#[cfg(any(test, feature = "camera"))]
mod capture;
mod choice;
mod control;
pub mod files;
#[cfg(any(test, all(feature = "camera", target_os = "linux")))]
mod heed;
mod letterbox;
mod playlist;

use std::path::PathBuf;
use std::time::Duration;

use crate::frame::Frame;

pub use choice::{Choice, choose};
pub use control::{Control, ControlKind, Wish};

/// What came within the time a caller was ready to wait.
#[derive(Debug)]
pub enum Arrival {
    /// The next frame.
    Frame(Frame),
    /// No frame yet; ask again.
    Nothing,
    /// A picture of a folder could not be used and was passed over; ask again.
    Skipped {
        /// The file.
        picture: PathBuf,
        /// What is wrong with it, in words.
        reason: String,
    },
    /// The last picture was shown and the source does not begin anew.
    Ended,
}

/// Why there are no frames, in words that name the remedy. The source may be asked again: it tries anew.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// There is no such camera.
    #[error("no camera was found: plug one in, or choose another source of pictures ({detail})")]
    NoCamera {
        /// What the system said.
        detail: String,
    },
    /// Another program has the camera.
    #[error("the camera is in use: close the other program that shows its picture ({detail})")]
    Busy {
        /// What the system said.
        detail: String,
    },
    /// The system does not let this user open it.
    #[error(
        "the camera may not be used: give this user access to it, on Linux by adding them to the group `video` ({detail})"
    )]
    Forbidden {
        /// What the system said.
        detail: String,
    },
    /// The camera went away while it was running.
    #[error("the camera was unplugged: put the plug back, scanning goes on by itself ({detail})")]
    Unplugged {
        /// What the system said.
        detail: String,
    },
    /// The camera is open but sends nothing.
    #[error(
        "the camera has sent no picture for {seconds} s: pull its plug and put it back, or choose another camera"
    )]
    Silent {
        /// How long it has been silent.
        seconds: u64,
    },
    /// The camera offers no format that can be used.
    #[error("the camera offers no usable picture format: choose another camera ({detail})")]
    Format {
        /// What the system said.
        detail: String,
    },
    /// The camera failed in another way.
    #[error("the camera does not work: pull its plug and put it back, or choose another camera ({detail})")]
    Broken {
        /// What the system said.
        detail: String,
    },
    /// The folder of pictures cannot be listed.
    #[error(
        "the folder of pictures {folder} cannot be read: check that it is there and may be opened ({detail})"
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The folder holds no JPEG or PNG file.
    #[error("the folder {folder} holds no .jpg, .jpeg or .png picture: put one in, it is shown by itself")]
    NoPictures {
        /// The folder.
        folder: PathBuf,
    },
}

impl SourceError {
    /// A code that does not change with the wording, for a window to choose its own words by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCamera { .. } => "no-camera",
            Self::Busy { .. } => "camera-busy",
            Self::Forbidden { .. } => "camera-forbidden",
            Self::Unplugged { .. } => "camera-unplugged",
            Self::Silent { .. } => "camera-silent",
            Self::Format { .. } => "camera-format",
            Self::Broken { .. } => "camera-broken",
            Self::Folder { .. } => "folder-unreadable",
            Self::NoPictures { .. } => "folder-empty",
        }
    }
}

/// A source of frames.
///
/// Invariants: `next_frame` returns within `timeout` and a little, whatever the device does; an error does not end the source,
/// a later call tries again; frames come in the order in which they were taken, and old ones are dropped rather than queued.
pub trait FrameSource: Send {
    /// Waits for the next frame, at most `timeout`.
    ///
    /// # Errors
    /// The reason why no frames come, and what to do about it.
    fn next_frame(&mut self, timeout: Duration) -> Result<Arrival, SourceError>;

    /// What the source is called, for people.
    fn name(&self) -> String;

    /// What can be set, as the source last said; empty while it is not running, and for what is no camera.
    fn controls(&self) -> Vec<Control> {
        Vec::new()
    }

    /// From now on the controls stand as wished, and those that were wished since the camera was opened, and are no more, as it has them
    /// by itself. Heeded with the next frame, and whenever the camera is opened again.
    fn wish(&mut self, wishes: &[Wish]) {
        let _ = wishes;
    }
}
