//! A folder of pictures played as a camera, for machines without one, for demonstrations and for the scripted door.
//!
//! The folder is listed anew at every change of picture, so pictures may be put in and taken out while it plays.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::letterbox::{empty, letterboxed};
pub use super::playlist::{AtEnd, Pace};
use super::playlist::{Player, Step, following};
use super::{Arrival, FrameSource, SourceError};
use crate::clock;
use crate::frame::Frame;

/// More pictures than this in a folder are not looked at.
pub const PICTURES_MAX: usize = 100_000;
/// A folder without pictures is looked at again so often.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// Plays the pictures of a folder in the order of their names.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    pace: Pace,
    start: Instant,
    player: Player,
    current: Option<OsString>,
    /// Whether a round through the folder has shown any picture: one with broken pictures only must not spin.
    round_showed_one: bool,
    in_view: Option<Frame>,
}

impl Files {
    /// A source for a folder. The folder need not be there yet: asking for a frame then says so.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, pace: Pace) -> Self {
        Self {
            folder: folder.into(),
            pace,
            start: clock::now(),
            player: Player::default(),
            current: None,
            round_showed_one: false,
            in_view: None,
        }
    }

    /// The picture in view, if any.
    #[must_use]
    pub fn current(&self) -> Option<PathBuf> {
        self.current.as_ref().map(|name| self.folder.join(name))
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(clock::now().saturating_duration_since(self.start).as_millis()).unwrap_or(u64::MAX)
    }

    fn advance(&mut self, timeout: Duration) -> Result<Arrival, SourceError> {
        let names = listed(&self.folder)?;
        let Some(name) = self.choose(&names) else { return self.nothing_follows(names.is_empty(), timeout) };
        let path = self.folder.join(&name);
        self.current = Some(name);
        match Frame::from_file(&path) {
            Ok(picture) => Ok(self.show(picture)),
            Err(error) => Ok(Arrival::Skipped { picture: path, reason: error.to_string() }),
        }
    }

    fn choose(&mut self, names: &[OsString]) -> Option<OsString> {
        if let Some(name) = following(names, self.current.as_ref()) {
            return Some(name.clone());
        }
        let again = self.pace.at_end == AtEnd::Loop && self.round_showed_one;
        self.round_showed_one = false;
        if again { following(names, None).cloned() } else { None }
    }

    fn show(&mut self, picture: Frame) -> Arrival {
        let frame = letterboxed(picture);
        self.in_view = Some(frame.clone());
        self.round_showed_one = true;
        let now_ms = self.now_ms();
        self.player.shown(self.pace, now_ms);
        Arrival::Frame(frame)
    }

    /// At the end of the list: over, or, with nothing that could be shown, a pause before looking again.
    fn nothing_follows(&mut self, folder_is_empty: bool, timeout: Duration) -> Result<Arrival, SourceError> {
        if self.pace.at_end == AtEnd::Stop && self.current.is_some() {
            return Ok(Arrival::Ended);
        }
        self.current = None;
        thread::sleep(timeout.min(LOOK_AGAIN));
        if folder_is_empty {
            return Err(SourceError::NoPictures { folder: self.folder.clone() });
        }
        Ok(Arrival::Nothing)
    }
}

impl FrameSource for Files {
    fn next_frame(&mut self, timeout: Duration) -> Result<Arrival, SourceError> {
        let now_ms = self.now_ms();
        let step = match self.player.step(self.pace, now_ms) {
            Step::Wait(wait_ms) if Duration::from_millis(wait_ms) <= timeout => {
                thread::sleep(Duration::from_millis(wait_ms));
                self.player.step(self.pace, now_ms + wait_ms)
            }
            step => step,
        };
        match step {
            Step::Advance => self.advance(timeout),
            Step::Again => Ok(self.in_view.clone().map_or(Arrival::Nothing, Arrival::Frame)),
            Step::Blank => Ok(empty().map_or(Arrival::Nothing, Arrival::Frame)),
            Step::Wait(_) => {
                thread::sleep(timeout);
                Ok(Arrival::Nothing)
            }
        }
    }

    fn name(&self) -> String {
        format!("pictures in {}", self.folder.display())
    }
}

fn listed(folder: &Path) -> Result<Vec<OsString>, SourceError> {
    let unreadable =
        |e: std::io::Error| SourceError::Folder { folder: folder.to_owned(), detail: e.to_string() };
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    Ok(entries.flatten().map(|e| e.file_name()).filter(is_picture).take(PICTURES_MAX).collect())
}

/// By its ending; hidden files are half-written ones as often as not.
fn is_picture(name: &OsString) -> bool {
    let hidden = name.as_encoded_bytes().starts_with(b".");
    let ending = Path::new(name).extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    !hidden && matches!(ending.as_deref(), Some("jpg" | "jpeg" | "png"))
}
