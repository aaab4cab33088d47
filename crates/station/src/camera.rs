//! How this desk has its cameras set, and what they do. The cameras themselves live outside: they read the settings here, because
//! the desk's files keep them beside its other settings, and they go on reading while a page is loaded anew.

use usher_protocol::{
    commands::{Handles, SetCamera},
    limits::NAME_CHARS_MAX,
    window::{CameraSettings, CameraValue, CameraView, DeskView, WindowError},
};
use usher_replica::Replica;

use crate::{Desk, Host, desk::fault, view};

/// The name of the setting that survives a restart.
const SETTING: &str = "camera";
/// So many values are kept, six each of eight cameras; those that were set longest ago go first.
const VALUES_MAX: usize = 48;

/// The settings that the desk's files have. A desk whose settings cannot be read still has a camera.
pub(crate) fn kept(files: &Replica) -> CameraSettings {
    let kept = files.setting(SETTING).unwrap_or_else(|error| {
        tracing::warn!(%error, "the settings of the camera could not be read");
        None
    });
    kept.unwrap_or_default()
}

/// The settings within their bounds: one value for each control, and not too many.
fn bounded(mut set: CameraSettings) -> Result<CameraSettings, WindowError> {
    let mut names = set.values.iter().map(|value| &value.camera).chain(&set.device);
    if names.any(|name| name.chars().count() > NAME_CHARS_MAX) {
        return Err(WindowError::BadCall);
    }
    let mut values: Vec<CameraValue> = Vec::new();
    for value in set.values.into_iter().rev() {
        let known = values.iter().any(|one| (&one.camera, one.kind) == (&value.camera, value.kind));
        if !known && values.len() < VALUES_MAX {
            values.push(value);
        }
    }
    values.reverse();
    set.values = values;
    Ok(set)
}

impl<H: Host> Desk<H> {
    /// How this desk has its cameras set.
    #[must_use]
    pub fn camera_settings(&self) -> CameraSettings {
        self.state().camera_set.clone()
    }

    /// What the camera does.
    pub fn set_camera(&self, camera: CameraView) {
        let changed = {
            let mut state = self.state();
            let changed = state.camera != camera;
            state.camera = camera;
            changed
        };
        if changed {
            self.camera_changed();
        }
    }

    /// One camera for the desk and the one that is practised on.
    pub(crate) fn show_camera_at(&self, practice: &Self) {
        let (camera, set) = {
            let state = self.state();
            (state.camera.clone(), state.camera_set.clone())
        };
        let mut state = practice.state();
        (state.camera, state.camera_set) = (camera, set);
    }

    fn camera_changed(&self) {
        if let Some(practice) = &*self.practising() {
            self.show_camera_at(practice);
        }
        self.push();
    }
}

impl<H: Host> Handles<SetCamera> for Desk<H> {
    async fn handle(&self, args: SetCamera) -> Result<DeskView, WindowError> {
        self.look_only(move |desk| {
            let set = bounded(args.set)?;
            desk.files()?.keep_setting(SETTING, &set).map_err(|error| fault(&error))?;
            desk.state().camera_set = set;
            desk.camera_changed();
            Ok(view::desk_view(&desk.acting()))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use usher_protocol::window::CameraControlKind::{self, Brightness, Focus};

    use super::*;

    fn set(values: &[(&str, CameraControlKind, i64)]) -> CameraSettings {
        let value = |(camera, kind, value): &(&str, _, _)| CameraValue {
            camera: (*camera).to_owned(),
            kind: *kind,
            value: *value,
        };
        CameraSettings { values: values.iter().map(value).collect(), ..CameraSettings::default() }
    }

    #[test]
    fn of_one_control_the_last_value_counts_and_each_camera_has_its_own() {
        let all = [("a", Focus, 1), ("b", Focus, 2), ("a", Brightness, 3), ("a", Focus, 4)];
        let kept = [("b", Focus, 2), ("a", Brightness, 3), ("a", Focus, 4)];
        assert_eq!(bounded(set(&all)).unwrap(), set(&kept));
    }

    #[test]
    fn the_values_are_bounded_and_the_newest_stay() {
        let names: Vec<String> = (0..1_000).map(|n| n.to_string()).collect();
        let all: Vec<_> = names.iter().map(|name| (&**name, Focus, 1)).collect();
        let values = bounded(set(&all)).unwrap().values;
        assert_eq!((values.len(), &*values[0].camera), (VALUES_MAX, "952"));
    }

    #[test]
    fn a_name_without_bounds_is_refused() {
        let device = Some("x".repeat(NAME_CHARS_MAX + 1));
        assert_eq!(bounded(CameraSettings { device, ..set(&[]) }), Err(WindowError::BadCall));
    }
}
