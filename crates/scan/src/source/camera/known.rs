//! The cameras that the system knows of, each by a name of its own.

use nokhwa::utils::ApiBackend;

use super::words::{Phase, in_words};
use crate::source::SourceError;

/// A camera that the system knows of. It need not be free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraDevice {
    /// Its number, for [`super::Camera::new`].
    pub index: u32,
    /// Its name, for people; no other has the same.
    pub name: String,
}

/// Looks for cameras. Each device is asked only once what it is, so that looking often wakes none.
#[derive(Debug, Default)]
pub struct Known {
    asked: Vec<(CameraDevice, bool)>,
}

impl Known {
    /// The cameras there are now, in the order of their numbers; may be none.
    ///
    /// # Errors
    /// The system cannot be asked.
    pub fn look(&mut self) -> Result<Vec<CameraDevice>, SourceError> {
        let listed = nokhwa::query(ApiBackend::Auto).map_err(|e| in_words(Phase::Open, &e.to_string()))?;
        let device = |c: nokhwa::utils::CameraInfo| {
            Some(CameraDevice { index: c.index().as_index().ok()?, name: c.human_name() })
        };
        Ok(self.told_apart(listed.into_iter().filter_map(device).collect(), gives_pictures))
    }

    fn told_apart(&mut self, mut listed: Vec<CameraDevice>, ask: impl Fn(u32) -> bool) -> Vec<CameraDevice> {
        listed.sort_by_key(|device| device.index);
        self.asked.retain(|(device, _)| listed.contains(device));
        for device in listed {
            if !self.asked.iter().any(|(one, _)| *one == device) {
                let pictures = ask(device.index);
                self.asked.push((device, pictures));
            }
        }
        self.asked.sort_by_key(|(device, _)| device.index);
        numbered(self.asked.iter().filter(|(_, pictures)| *pictures).map(|(device, _)| device.clone()))
    }
}

/// Cameras of one make have one name: the second of them is called `… (2)`.
fn numbered(devices: impl Iterator<Item = CameraDevice>) -> Vec<CameraDevice> {
    let mut all: Vec<CameraDevice> = Vec::new();
    for CameraDevice { index, name } in devices {
        let taken = |name: &str| all.iter().any(|one| one.name == name);
        let names = (1..).map(|n| if n == 1 { name.clone() } else { format!("{name} ({n})") });
        let own = names.into_iter().find(|name| !taken(name)).unwrap_or_default();
        all.push(CameraDevice { index, name: own });
    }
    all
}

/// Whether a device gives pictures: many cameras have a second one that only tells about them. One that does not say counts as
/// a camera, so that its trouble is named once it is opened.
#[cfg(target_os = "linux")]
fn gives_pictures(index: u32) -> bool {
    use v4l::capability::Flags;
    let asked = v4l::Device::new(index as usize).and_then(|device| device.query_caps());
    asked.map_or(true, |said| said.capabilities.contains(Flags::VIDEO_CAPTURE))
}

#[cfg(not(target_os = "linux"))]
fn gives_pictures(_: u32) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn device(index: u32, name: &str) -> CameraDevice {
        CameraDevice { index, name: name.to_owned() }
    }

    #[test]
    fn what_gives_no_pictures_is_no_camera_and_equal_ones_are_told_apart() {
        let listed =
            vec![device(3, "HD"), device(2, "HD"), device(1, "HD"), device(0, "HD"), device(4, "USB")];
        let cameras = Known::default().told_apart(listed, |index| index != 1 && index != 3);
        assert_eq!(cameras, [device(0, "HD"), device(2, "HD (2)"), device(4, "USB")]);
    }

    #[test]
    fn a_device_is_asked_once_and_again_after_it_was_away() {
        let (mut known, asked) = (Known::default(), RefCell::new(Vec::new()));
        let mut look = |listed: &[CameraDevice]| {
            known.told_apart(listed.to_vec(), |index| {
                asked.borrow_mut().push(index);
                true
            })
        };
        let (one, two) = (device(0, "A"), device(1, "B"));
        look(std::slice::from_ref(&one));
        assert_eq!(look(&[one.clone(), two.clone()]).len(), 2);
        assert_eq!(look(std::slice::from_ref(&two)), std::slice::from_ref(&two));
        look(&[one, two]);
        assert_eq!(*asked.borrow(), [0, 1, 0]);
    }
}
