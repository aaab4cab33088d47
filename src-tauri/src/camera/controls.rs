//! A camera's controls as the window knows them, and what the desk's settings wish of a camera.

use usher_protocol::window::{CameraControl, CameraControlKind, CameraSettings};
use usher_scan::source::{Control, ControlKind, Wish};

/// The controls as the window shows them.
pub(super) fn shown(controls: Vec<Control>) -> Vec<CameraControl> {
    let shown = |Control { kind, min, max, step, value, active, .. }: Control| CameraControl {
        kind: named(kind),
        min,
        max,
        step,
        value,
        active,
    };
    controls.into_iter().map(shown).collect()
}

/// What is wished of the camera of this name.
pub(super) fn wishes(set: &CameraSettings, camera: &str) -> Vec<Wish> {
    let own = set.values.iter().filter(|value| value.camera == camera);
    own.map(|value| (meant(value.kind), value.value)).collect()
}

const fn named(kind: ControlKind) -> CameraControlKind {
    match kind {
        ControlKind::Light => CameraControlKind::Light,
        ControlKind::AutoExposure => CameraControlKind::AutoExposure,
        ControlKind::Exposure => CameraControlKind::Exposure,
        ControlKind::Brightness => CameraControlKind::Brightness,
        ControlKind::AutoFocus => CameraControlKind::AutoFocus,
        ControlKind::Focus => CameraControlKind::Focus,
    }
}

const fn meant(kind: CameraControlKind) -> ControlKind {
    match kind {
        CameraControlKind::Light => ControlKind::Light,
        CameraControlKind::AutoExposure => ControlKind::AutoExposure,
        CameraControlKind::Exposure => ControlKind::Exposure,
        CameraControlKind::Brightness => ControlKind::Brightness,
        CameraControlKind::AutoFocus => ControlKind::AutoFocus,
        CameraControlKind::Focus => ControlKind::Focus,
    }
}

#[cfg(test)]
mod tests {
    use usher_protocol::window::CameraValue;

    use super::*;

    #[test]
    fn each_control_is_the_same_there_and_back_and_each_camera_has_its_own_wishes() {
        let value =
            |camera: &str, kind| CameraValue { camera: camera.to_owned(), kind: named(kind), value: 7 };
        let of_a = ControlKind::ALL.into_iter().map(|kind| value("A", kind));
        let values = of_a.chain([value("B", ControlKind::Focus)]).collect();
        let set = CameraSettings { values, ..CameraSettings::default() };
        assert_eq!(wishes(&set, "A"), ControlKind::ALL.map(|kind| (kind, 7)));
        assert_eq!(wishes(&set, "B"), [(ControlKind::Focus, 7)]);
        assert_eq!(wishes(&set, "C"), []);
    }
}
