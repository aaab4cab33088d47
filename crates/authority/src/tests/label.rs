//! The template of the event's badges goes down the feed like the rest of the event.

use serde_json::json;
use usher_protocol::sync::{Change, Positioned};

use super::{NOW, sync, world};
use crate::conformance::desk::Desk;

fn labels(changes: &[Positioned]) -> Vec<Option<serde_json::Value>> {
    let of = |item: &Positioned| match &item.change {
        Change::Event(event) => Some(event.label.clone()),
        _ => None,
    };
    changes.iter().filter_map(of).collect()
}

#[test]
fn a_template_reaches_a_desk_once_and_goes_again() {
    let world = world();
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    let template = json!({ "width_mm": 90, "what_a_later_server_knows": [1, "é"] });
    sync(&world, &mut desk, Vec::new(), NOW);
    assert!(world.set_label(Some(template.clone())).unwrap());
    assert_eq!(
        labels(&sync(&world, &mut desk, Vec::new(), NOW).changes),
        [Some(template.clone())],
        "as it was given"
    );
    assert!(!world.set_label(Some(template)).unwrap(), "the same once more");
    assert_eq!(labels(&sync(&world, &mut desk, Vec::new(), NOW).changes), []);
    assert!(world.set_label(None).unwrap());
    assert_eq!(labels(&sync(&world, &mut desk, Vec::new(), NOW).changes), [None]);
    assert_eq!(world.event().unwrap().label, None);
}
