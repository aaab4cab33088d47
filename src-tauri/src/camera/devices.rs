//! The cameras of this computer.

use usher_scan::{
    FrameSource,
    source::camera::{Camera, CameraDevice, Known},
};

use super::source::Cameras;

/// All of them, or the one that the command line names by its number.
pub(super) struct Devices {
    only: Option<u32>,
    known: Known,
}

impl Devices {
    pub(super) fn new(only: Option<u32>) -> Self {
        Self { only, known: Known::default() }
    }

    fn look(&mut self) -> Vec<CameraDevice> {
        let mut devices = self.known.look().unwrap_or_default();
        devices.retain(|device| self.only.is_none_or(|only| device.index == only));
        devices
    }
}

impl Cameras for Devices {
    fn names(&mut self) -> Vec<String> {
        self.look().into_iter().map(|device| device.name).collect()
    }

    fn camera(&mut self, name: Option<&str>) -> Box<dyn FrameSource> {
        let found = self.look().into_iter().find(|device| name.is_none_or(|name| device.name == name));
        // Opening what is not there says so, and in which words.
        let nothing =
            CameraDevice { index: self.only.unwrap_or(0), name: name.unwrap_or_default().to_owned() };
        let device = found.unwrap_or(nothing);
        Box::new(Camera::new(device.index, device.name))
    }
}
