//! The rules of `sighting`, by example and for any sequence of frames.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::*;

fn code(name: u8) -> Code {
    Code { bytes: vec![name], place: Place::default(), sure: true }
}

fn of(names: &[u8]) -> Reading {
    Reading { codes: names.iter().map(|&n| code(n)).collect(), ..Reading::default() }
}

fn blurred() -> Reading {
    Reading { unread: Some(Place::default()), ..Reading::default() }
}

/// The events of a run of frames `(milliseconds, names in view)`, in short: the name, `2` or nothing.
fn run(frames: &[(u64, &[u8])]) -> Vec<(u64, char)> {
    let mut sighting = Sighting::new();
    let short = |event| match event {
        Event::Code(c) => char::from(c.bytes[0]),
        Event::TwoCodes(_) => '2',
        Event::Unread(_) => '?',
    };
    frames.iter().filter_map(|&(at, names)| Some((at, short(sighting.see(&of(names), at)?)))).collect()
}

#[test]
fn held_in_view_it_counts_once() {
    let frames: Vec<(u64, &[u8])> = (0..100).map(|i| (i * 33, b"a".as_slice())).collect();
    assert_eq!(run(&frames), [(0, 'a')]);
}

#[test]
fn missed_for_a_moment_it_does_not_count_again_but_gone_it_does() {
    assert_eq!(run(&[(0, b"a"), (100, b""), (1_500, b""), (1_599, b"a")]), [(0, 'a')]);
    assert_eq!(run(&[(0, b"a"), (100, b""), (1_600, b""), (1_633, b"a")]), [(0, 'a'), (1_633, 'a')]);
    assert_eq!(run(&[(0, b"a"), (100, b""), (1_600, b"a")]), [(0, 'a')], "in view again at the very limit");
}

#[test]
fn a_pause_of_the_camera_is_no_absence() {
    assert_eq!(run(&[(0, b"a"), (60_000, b"a")]), [(0, 'a')]);
}

#[test]
fn the_next_ticket_counts_at_once_and_the_first_may_come_back() {
    let frames: [(u64, &[u8]); 6] =
        [(0, b"a"), (40, b"b"), (80, b"a"), (900, b"a"), (1_600, b"a"), (1_700, b"b")];
    assert_eq!(run(&frames), [(0, 'a'), (40, 'b'), (1_700, 'b')]);
}

#[test]
fn two_in_view_are_told_once_and_neither_counts() {
    assert_eq!(run(&[(0, b"ab"), (33, b"ab"), (66, b"ba"), (99, b"a"), (132, b"ab")]), [(0, '2')]);
}

#[test]
fn one_of_two_counts_once_the_other_is_away() {
    assert_eq!(run(&[(0, b"ab"), (33, b"b"), (399, b"b"), (400, b"b"), (433, b"b")]), [(0, '2'), (400, 'b')]);
}

#[test]
fn a_ticket_that_counted_stays_counted_while_another_passes_by() {
    assert_eq!(run(&[(0, b"a"), (33, b"ab"), (66, b"a"), (3_000, b"a")]), [(0, 'a'), (33, '2')]);
}

#[test]
fn two_are_told_again_after_a_break() {
    assert_eq!(run(&[(0, b"ab"), (100, b""), (1_600, b"ab")]), [(0, '2'), (1_600, '2')]);
}

#[test]
fn unreadable_for_two_seconds_is_told_once() {
    let mut sighting = Sighting::new();
    let told: Vec<u64> =
        (0..200).map(|i| i * 33).filter(|&t| sighting.see(&blurred(), t).is_some()).collect();
    assert_eq!(told, [2_013]);
}

#[test]
fn a_blur_that_comes_and_goes_or_is_read_is_not_told() {
    let mut sighting = Sighting::new();
    for t in [0, 600, 1_200, 1_800, 2_400, 3_000] {
        assert_eq!(sighting.see(&blurred(), t), None);
        assert_eq!(sighting.see(&of(b""), t + 1), None);
        assert_eq!(sighting.see(&of(b""), t + 550), None);
    }
    let mut sighting = Sighting::new();
    assert_eq!(sighting.see(&blurred(), 0), None);
    assert!(sighting.see(&of(b"a"), 1_000).is_some());
    assert_eq!(sighting.see(&blurred(), 2_100), None, "just read: no advice");
}

#[test]
fn what_is_remembered_is_bounded_and_can_be_forgotten() {
    let mut sighting = Sighting::new();
    for name in 0..=255u8 {
        assert!(sighting.see(&of(&[name]), u64::from(name)).is_some());
    }
    assert!(sighting.held.len() <= HELD_MAX);
    assert_eq!(sighting.see(&of(&[255]), 256), None);
    sighting.clear();
    assert!(sighting.see(&of(&[255]), 257).is_some());
}

proptest! {
    /// Between two scans of one payload lies a time of at least `GONE_MS` in which no frame showed it.
    #[test]
    fn a_payload_counts_again_only_after_being_away(
        steps in prop::collection::vec((1u64..400, prop::collection::btree_set(prop::sample::select(b"abc".to_vec()), 0..3)), 1..200)
    ) {
        let mut sighting = Sighting::new();
        let (mut now, mut last_in_view) = (0, HashMap::<u8, u64>::new());
        let (mut counted, mut was_away) = (HashSet::new(), HashSet::new());
        for (wait, names) in steps {
            now += wait;
            let names: Vec<u8> = names.into_iter().collect();
            for name in &names {
                if last_in_view.insert(*name, now).is_some_and(|last| now - last >= GONE_MS) {
                    was_away.insert(*name);
                }
            }
            match sighting.see(&of(&names), now) {
                Some(Event::Code(c)) => {
                    prop_assert_eq!(&names, &c.bytes, "a scan is the only code in view");
                    prop_assert!(counted.insert(c.bytes[0]) || was_away.remove(&c.bytes[0]));
                    was_away.remove(&c.bytes[0]);
                }
                Some(Event::TwoCodes(codes)) => prop_assert!(codes.len() == names.len() && names.len() >= 2),
                Some(Event::Unread(_)) => prop_assert!(false, "nothing was blurred"),
                None => {}
            }
        }
    }
}
