//! How what is wished of a camera's controls is set, whatever the camera.

use super::control::{Control, ControlKind, Wish};

impl Control {
    /// The value nearest to `wanted` that the control can have.
    fn fitted(&self, wanted: i64) -> i64 {
        let within = wanted.clamp(self.min, self.max);
        let (step, over) = (self.step.max(1), (within - self.min) % self.step.max(1));
        let (below, above) = (within - over, within - over + step);
        if 2 * over > step && above <= self.max { above } else { below }
    }
}

/// A camera's controls, as whoever sets them sees them.
pub(super) trait Panel {
    /// The control of this kind as it stands now; none: the camera has none.
    fn control(&self, kind: ControlKind) -> Option<Control>;
    /// Sets it. Whether that was heeded is seen by looking again.
    fn set(&mut self, kind: ControlKind, value: i64);
}

/// The controls that the camera has.
pub(super) fn controls(panel: &impl Panel) -> Vec<Control> {
    ControlKind::ALL.into_iter().filter_map(|kind| panel.control(kind)).collect()
}

/// Sets what is wished. What was wished before, as `touched` remembers, and is no more, goes back to how the camera has it.
pub(super) fn heed(panel: &mut impl Panel, wishes: &[Wish], touched: &mut Vec<ControlKind>) {
    for kind in ControlKind::ALL {
        // Asked one by one: a switch that was just turned decides whether the next one can be set.
        let Some(control) = panel.control(kind) else { continue };
        let wished = wishes.iter().rev().find(|(one, _)| *one == kind).map(|(_, value)| *value);
        let before = touched.iter().position(|one| *one == kind);
        let target = match (wished, before) {
            (Some(value), _) => control.fitted(value),
            (None, Some(at)) => {
                touched.remove(at);
                control.default
            }
            (None, None) => continue,
        };
        if wished.is_some() && before.is_none() {
            touched.push(kind);
        }
        if control.active && control.value != target {
            panel.set(kind, target);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::control::ControlKind::{AutoExposure, Brightness, Exposure, Focus, Light};
    use super::*;

    /// A camera that exposes by itself until it is told not to.
    struct Fake(Vec<Control>);

    impl Panel for Fake {
        fn control(&self, kind: ControlKind) -> Option<Control> {
            let auto = self.0.iter().any(|one| one.kind == AutoExposure && one.value == 1);
            let found = self.0.iter().find(|one| one.kind == kind).copied()?;
            Some(Control { active: kind != Exposure || !auto, ..found })
        }

        fn set(&mut self, kind: ControlKind, value: i64) {
            let one = self.0.iter_mut().find(|one| one.kind == kind).unwrap();
            assert!((one.min..=one.max).contains(&value), "{kind:?} {value}");
            one.value = value;
        }
    }

    fn fake() -> Fake {
        let control = |kind, (min, max, step), default| Control {
            kind,
            min,
            max,
            step,
            value: default,
            default,
            active: true,
        };
        Fake(vec![
            control(Exposure, (3, 2_047, 1), 250),
            control(AutoExposure, (0, 1, 1), 1),
            control(Brightness, (-64, 64, 5), 0),
        ])
    }

    fn value(panel: &Fake, kind: ControlKind) -> i64 {
        panel.control(kind).unwrap().value
    }

    #[test]
    fn the_switch_is_turned_before_what_it_lets_be_set() {
        let mut panel = fake();
        heed(&mut panel, &[(Exposure, 90), (AutoExposure, 0)], &mut Vec::new());
        assert_eq!((value(&panel, AutoExposure), value(&panel, Exposure)), (0, 90));
    }

    #[test]
    fn what_the_camera_decides_by_itself_is_left_to_it() {
        let mut panel = fake();
        heed(&mut panel, &[(Exposure, 90)], &mut Vec::new());
        assert_eq!(value(&panel, Exposure), 250);
    }

    #[test]
    fn what_is_wished_no_more_goes_back_and_what_never_was_stays() {
        let (mut panel, mut touched) = (fake(), Vec::new());
        panel.set(Brightness, 11);
        heed(&mut panel, &[(AutoExposure, 0), (Exposure, 90)], &mut touched);
        heed(&mut panel, &[], &mut touched);
        assert_eq!(value(&panel, AutoExposure), 1);
        assert_eq!(value(&panel, Brightness), 11, "somebody else set it");
        assert!(touched.is_empty());
    }

    #[test]
    fn a_value_beyond_the_bounds_or_between_the_steps_is_the_nearest_that_there_is() {
        let mut panel = fake();
        for (wished, is) in [(9_999, 61), (-9_999, -64), (0, 1), (i64::MAX, 61), (i64::MIN, -64)] {
            heed(&mut panel, &[(Brightness, wished)], &mut Vec::new());
            assert_eq!(value(&panel, Brightness), is);
        }
    }

    #[test]
    fn a_camera_has_only_the_controls_that_it_has() {
        let mut panel = fake();
        heed(&mut panel, &[(Light, 1), (Focus, 3)], &mut Vec::new());
        let kinds: Vec<_> = controls(&panel).into_iter().map(|one| one.kind).collect();
        assert_eq!(kinds, [AutoExposure, Exposure, Brightness]);
    }
}
