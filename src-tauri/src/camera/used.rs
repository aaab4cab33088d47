//! The camera in use: the one that the settings choose, set as they say, and another one where that is not there.

use std::time::{Duration, Instant};

use usher_protocol::window::CameraSettings;
use usher_scan::{FrameSource, source::choose};

use super::{controls, source::Cameras};

/// So often it is looked which cameras are there.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// The camera in use, and those that could be.
pub(super) struct Used {
    cameras: Box<dyn Cameras>,
    pub(super) source: Box<dyn FrameSource>,
    pub(super) names: Vec<String>,
    /// The chosen camera is not there, and another one is used.
    pub(super) missing: bool,
    name: Option<String>,
    /// None: it is to be looked now, and whatever is found is opened anew.
    looked: Option<Instant>,
}

impl Used {
    pub(super) fn new(mut cameras: Box<dyn Cameras>) -> Self {
        let source = cameras.camera(None);
        Self { cameras, source, names: Vec::new(), missing: false, name: None, looked: None }
    }

    /// The camera in use is not there any more: what is there may have another number now.
    pub(super) fn look_at_once(&mut self) {
        self.looked = None;
    }

    /// Turns to the camera that the settings choose, and has it set as they say. True: it is another one than before.
    pub(super) fn turn_to(&mut self, set: &CameraSettings, now: Instant) -> bool {
        let anew = self.looked.is_none();
        if self.looked.is_none_or(|looked| now.saturating_duration_since(looked) >= LOOK_AGAIN) {
            self.names = self.cameras.names();
            self.looked = Some(now);
        }
        let choice = choose(&self.names, set.device.as_deref(), self.name.as_deref().unwrap_or_default());
        self.missing = choice.missing && choice.name.is_some();
        // Where nothing is there, the camera in use says why, and is tried again.
        let another = choice.name.is_some() && choice.name != self.name;
        if anew || another {
            self.source = self.cameras.camera(choice.name.as_deref());
            self.name = choice.name;
        }
        self.source.wish(&controls::wishes(set, &self.source.name()));
        another
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use usher_protocol::window::{CameraControlKind, CameraValue};
    use usher_scan::{
        Arrival, SourceError,
        source::{ControlKind, Wish},
    };

    use super::*;
    use crate::clock;

    /// A camera's name, and what was wished of it.
    type Wished = (String, Vec<Wish>);

    /// What is plugged in, and what became of it.
    #[derive(Clone, Default)]
    struct Plugs {
        there: Arc<Mutex<Vec<&'static str>>>,
        opened: Arc<Mutex<Vec<String>>>,
        wished: Arc<Mutex<Vec<Wished>>>,
    }

    struct Plugged(String, Plugs);

    impl FrameSource for Plugged {
        fn next_frame(&mut self, _: Duration) -> Result<Arrival, SourceError> {
            Ok(Arrival::Nothing)
        }

        fn name(&self) -> String {
            self.0.clone()
        }

        fn wish(&mut self, wishes: &[Wish]) {
            self.1.wished.lock().unwrap().push((self.0.clone(), wishes.to_vec()));
        }
    }

    impl Cameras for Plugs {
        fn names(&mut self) -> Vec<String> {
            self.there.lock().unwrap().iter().map(ToString::to_string).collect()
        }

        fn camera(&mut self, name: Option<&str>) -> Box<dyn FrameSource> {
            let name = name.unwrap_or("whatever").to_owned();
            self.opened.lock().unwrap().push(name.clone());
            Box::new(Plugged(name, self.clone()))
        }
    }

    struct Scene {
        plugs: Plugs,
        used: Used,
        now: Instant,
    }

    fn scene(there: &[&'static str]) -> Scene {
        let plugs = Plugs::default();
        *plugs.there.lock().unwrap() = there.to_vec();
        Scene { used: Used::new(Box::new(plugs.clone())), plugs, now: clock::now() }
    }

    impl Scene {
        fn plug(&mut self, there: &[&'static str]) {
            *self.plugs.there.lock().unwrap() = there.to_vec();
            self.now += LOOK_AGAIN;
        }

        /// What is used under these settings, and whether that is in place of the chosen one.
        fn used(&mut self, chosen: Option<&str>) -> (String, bool) {
            let set = CameraSettings { device: chosen.map(str::to_owned), ..CameraSettings::default() };
            self.used.turn_to(&set, self.now);
            (self.used.source.name(), self.used.missing)
        }
    }

    #[test]
    fn another_camera_stands_in_while_the_chosen_one_is_unplugged() {
        let mut scene = scene(&["Built in", "Gooseneck"]);
        assert_eq!(scene.used(Some("Gooseneck")), ("Gooseneck".into(), false));
        scene.plug(&["Built in"]);
        assert_eq!(scene.used(Some("Gooseneck")), ("Built in".into(), true));
        scene.plug(&["Built in", "Gooseneck"]);
        assert_eq!(scene.used(Some("Gooseneck")), ("Gooseneck".into(), false));
    }

    #[test]
    fn a_camera_that_is_plugged_in_takes_nobodys_picture_away() {
        let mut scene = scene(&["Gooseneck"]);
        assert_eq!(scene.used(None).0, "Gooseneck");
        scene.plug(&["Built in", "Gooseneck"]);
        assert_eq!(scene.used(None).0, "Gooseneck");
        assert_eq!(*scene.plugs.opened.lock().unwrap(), ["whatever", "Gooseneck"], "opened once");
    }

    #[test]
    fn the_only_camera_stays_while_it_is_unplugged_and_is_opened_anew_where_it_is_lost() {
        let mut scene = scene(&["Gooseneck"]);
        scene.used(None);
        scene.plug(&[]);
        assert_eq!(scene.used(None), ("Gooseneck".into(), false), "it says itself that it was unplugged");
        scene.used.look_at_once();
        assert_eq!(scene.used(None).0, "whatever");
        scene.plug(&["Gooseneck"]);
        assert_eq!(scene.used(None).0, "Gooseneck");
    }

    #[test]
    fn each_camera_is_set_as_the_settings_say_of_it() {
        let mut scene = scene(&["A", "B"]);
        let value = |camera: &str, value| CameraValue {
            camera: camera.to_owned(),
            kind: CameraControlKind::Exposure,
            value,
        };
        let values = vec![value("A", 1), value("B", 2)];
        for device in ["A", "B"] {
            let set = CameraSettings {
                device: Some(device.to_owned()),
                values: values.clone(),
                ..CameraSettings::default()
            };
            scene.used.turn_to(&set, scene.now);
        }
        let wish = |camera: &str, value| (camera.to_owned(), vec![(ControlKind::Exposure, value)]);
        assert_eq!(*scene.plugs.wished.lock().unwrap(), [wish("A", 1), wish("B", 2)]);
    }
}
