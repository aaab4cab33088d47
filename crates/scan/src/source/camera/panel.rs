//! The controls of a camera under Linux, by their V4L2 numbers. Asked of the driver directly: nokhwa reads every control of the camera
//! for each question, and a camera on a bus takes a millisecond for each. Elsewhere a camera has no controls here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use v4l::control::{Control as Set, Description, Flags, Type, Value};

use crate::source::{
    control::{Control, ControlKind},
    heed::Panel,
};

/// How a control of the driver is a control of ours.
#[derive(Clone, Copy)]
enum Form {
    /// A number between bounds.
    Range,
    /// On or off.
    Switch,
    /// A list of which some entries are on, the others off: the first that the camera offers is chosen.
    List { on: &'static [u32], off: &'static [u32] },
}

/// `linux/v4l2-controls.h`. Where a camera has both of a kind, the first counts.
const KNOWN: [(ControlKind, u32, Form); 8] = [
    // The flash's mode: none, flash, torch.
    (ControlKind::Light, 0x009c_0901, Form::List { on: &[2], off: &[0] }),
    // The lamp of a microscope or document camera.
    (ControlKind::Light, 0x0098_0925, Form::Switch),
    // Automatic, manual, by shutter, by aperture: in the last only the time is chosen by the camera, as most have it.
    (ControlKind::AutoExposure, 0x009a_0901, Form::List { on: &[3, 0], off: &[1, 2] }),
    (ControlKind::Exposure, 0x009a_0902, Form::Range),
    (ControlKind::Exposure, 0x0098_0911, Form::Range),
    (ControlKind::Brightness, 0x0098_0900, Form::Range),
    (ControlKind::AutoFocus, 0x009a_090c, Form::Switch),
    (ControlKind::Focus, 0x009a_090a, Form::Range),
];

/// An opened device, and what it said that it has.
pub(super) struct Controls {
    device: v4l::Device,
    known: Vec<Known>,
}

struct Known {
    kind: ControlKind,
    form: Form,
    described: Description,
}

impl Controls {
    /// The controls of the camera of this number. One that does not answer has none: pictures come all the same.
    pub(super) fn of(index: u32) -> Option<Self> {
        let device = v4l::Device::new(index as usize).ok()?;
        let offered = asked(&device);
        let usable = |described: Description| {
            let (kind, _, form) = KNOWN.into_iter().find(|(_, id, form)| fits(*form, *id, &described))?;
            Some(Known { kind, form, described })
        };
        Some(Self { known: offered.into_iter().filter_map(usable).collect(), device })
    }

    fn known(&self, kind: ControlKind) -> Option<&Known> {
        let rank = |known: &&Known| KNOWN.iter().position(|(_, id, _)| *id == known.described.id);
        self.known.iter().filter(|one| one.kind == kind).min_by_key(rank)
    }

    /// Whether the camera decides it by itself at the moment: asked anew, because every switch may change it.
    fn inactive(&self, id: u32) -> bool {
        asked(&self.device).iter().any(|one| one.id == id && one.flags.contains(Flags::INACTIVE))
    }
}

/// What the driver offers. The library panics at kinds of controls that are newer than it: such a camera has none.
fn asked(device: &v4l::Device) -> Vec<Description> {
    let offered = catch_unwind(AssertUnwindSafe(|| device.query_controls()));
    offered.ok().and_then(Result::ok).unwrap_or_default()
}

impl Panel for Controls {
    fn control(&self, kind: ControlKind) -> Option<Control> {
        let known = self.known(kind)?;
        let id = known.described.id;
        let value = self.device.control(id).ok().and_then(|control| number(&control.value))?;
        Some(Control { active: !self.inactive(id), ..shown(kind, known.form, &known.described, value) })
    }

    fn set(&mut self, kind: ControlKind, value: i64) {
        let Some(known) = self.known(kind) else { return };
        let value = match known.form {
            Form::Range => Value::Integer(value),
            Form::Switch => Value::Boolean(value != 0),
            Form::List { on, off } => {
                let entry = offered(&known.described, if value == 0 { off } else { on });
                Value::Integer(entry.map_or(0, i64::from))
            }
        };
        // What a driver refuses is seen when the control is looked at again.
        let _ = self.device.set_control(Set { id: known.described.id, value });
    }
}

/// Whether a control is the one of this number, of this form, and lets itself be both read and set.
fn fits(form: Form, id: u32, described: &Description) -> bool {
    let usable = !described.flags.intersects(Flags::DISABLED | Flags::READ_ONLY | Flags::WRITE_ONLY);
    let formed = match form {
        Form::Range => described.typ == Type::Integer && described.minimum < described.maximum,
        Form::Switch => described.typ == Type::Boolean,
        Form::List { on, off } => {
            described.typ == Type::Menu
                && offered(described, on).is_some()
                && offered(described, off).is_some()
        }
    };
    described.id == id && usable && formed
}

/// The first of these entries that the camera's list has.
fn offered(described: &Description, entries: &[u32]) -> Option<u32> {
    let items = described.items.as_deref().unwrap_or_default();
    entries.iter().copied().find(|entry| items.iter().any(|(item, _)| item == entry))
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        Value::Boolean(on) => Some(i64::from(*on)),
        _ => None,
    }
}

fn shown(kind: ControlKind, form: Form, described: &Description, value: i64) -> Control {
    let switch = |of: i64| match form {
        Form::List { on, .. } => i64::from(on.iter().any(|entry| i64::from(*entry) == of)),
        _ => i64::from(of != 0),
    };
    let (min, max, step) =
        (described.minimum, described.maximum, i64::try_from(described.step).unwrap_or(1).max(1));
    match form {
        Form::Range => Control { kind, min, max, step, value, default: described.default, active: true },
        _ => Control {
            kind,
            min: 0,
            max: 1,
            step: 1,
            value: switch(value),
            default: switch(described.default),
            active: true,
        },
    }
}

#[cfg(test)]
mod tests {
    use v4l::control::MenuItem;

    use super::*;

    fn described(typ: Type, (minimum, maximum): (i64, i64), items: &[u32], flags: Flags) -> Description {
        let items = items.iter().map(|entry| (*entry, MenuItem::Name(String::new()))).collect();
        Description {
            id: 1,
            typ,
            name: String::new(),
            minimum,
            maximum,
            step: 1,
            default: maximum,
            flags,
            items: Some(items),
        }
    }

    const AUTO: Form = Form::List { on: &[3, 0], off: &[1, 2] };

    #[test]
    fn a_list_is_a_switch_where_the_camera_offers_both_sides() {
        let usb = described(Type::Menu, (0, 3), &[1, 3], Flags::empty());
        assert!(fits(AUTO, 1, &usb));
        assert_eq!((offered(&usb, &[3, 0]), offered(&usb, &[1, 2])), (Some(3), Some(1)));
        let on = |value| shown(ControlKind::AutoExposure, AUTO, &usb, value).value;
        assert_eq!((on(0), on(1), on(2), on(3)), (1, 0, 0, 1));
        assert_eq!(shown(ControlKind::AutoExposure, AUTO, &usb, 1).default, 1);
        assert!(
            !fits(AUTO, 1, &described(Type::Menu, (0, 3), &[3], Flags::empty())),
            "it cannot be turned off"
        );
    }

    #[test]
    fn what_cannot_be_read_and_set_is_no_control() {
        let range = |flags| described(Type::Integer, (0, 9), &[], flags);
        assert!(fits(Form::Range, 1, &range(Flags::SLIDER | Flags::INACTIVE)));
        for flags in [Flags::DISABLED, Flags::READ_ONLY, Flags::WRITE_ONLY] {
            assert!(!fits(Form::Range, 1, &range(flags)));
        }
        assert!(
            !fits(Form::Range, 1, &described(Type::Integer, (7, 7), &[], Flags::empty())),
            "one value only"
        );
        assert!(!fits(Form::Switch, 1, &range(Flags::empty())));
        assert!(!fits(Form::Range, 2, &range(Flags::empty())), "another control");
    }
}
