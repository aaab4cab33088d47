//! The count: who is in, seats, doubles and overshoot, from the desks' lines alone.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::{
    super::Report,
    Evidence,
    tables::{Entry, cell, key, number},
};

/// What the observer counted in a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) places: Option<u64>,
    /// Distinct people.
    pub(super) inside: u64,
    /// Check-ins that were not taken back.
    pub(super) occupied: u64,
    /// Held seats that were used twice.
    pub(super) held_twice: u64,
    /// All check-ins, taken back or not.
    pub(super) check_ins: u64,
}

impl Counted {
    pub(super) const fn doubles(&self) -> u64 {
        self.occupied - self.inside
    }

    pub(super) fn over(&self) -> u64 {
        self.places.map_or(0, |places| self.occupied.saturating_sub(places))
    }
}

/// Counts every room, and watches its capacity over the whole evening.
pub(super) fn count(
    entries: &[&Entry],
    evidence: &Evidence,
    report: &mut Report,
) -> BTreeMap<String, Counted> {
    let undone: HashSet<&str> = of_kind(entries, "undo").map(|entry| cell(entry, "of")).collect();
    let mut counts = BTreeMap::new();
    for (name, places) in &evidence.rooms {
        let check_ins: Vec<_> =
            of_kind(entries, "check_in").filter(|entry| cell(entry, "session") == name).collect();
        let standing: Vec<_> =
            check_ins.iter().filter(|entry| !undone.contains(key(entry).as_str())).collect();
        let people: HashSet<_> = standing.iter().map(|entry| cell(entry, "person_id")).collect();
        let held = standing.iter().filter(|entry| cell(entry, "basis") == "held");
        let holders: HashSet<_> = held.clone().map(|entry| cell(entry, "person_id")).collect();
        let counted = Counted {
            places: *places,
            inside: people.len() as u64,
            occupied: standing.len() as u64,
            held_twice: (held.count() - holders.len()) as u64,
            check_ins: check_ins.len() as u64,
        };
        if check_ins.iter().any(|entry| cell(entry, "basis") == "over_grant") {
            report.wrong.push(format!("OVER GRANT: {name} is strict and nobody overrode it"));
        }
        never_over(name, *places, &check_ins, entries, report);
        counts.insert(name.clone(), counted);
    }
    let sum = |figure: fn(&Counted) -> u64| counts.values().map(figure).sum::<u64>();
    report.figures.push(("inside", sum(|one| one.inside)));
    report.figures.push(("double admissions", sum(Counted::doubles)));
    report.figures.push(("seats over capacity", sum(Counted::over)));
    report.figures.push(("held seats used twice", sum(|one| one.held_twice)));
    report.figures.push((
        "rooms full at the end",
        counts.values().filter(|one| one.places == Some(one.occupied)).count() as u64,
    ));
    counts
}

fn of_kind<'a>(entries: &'a [&'a Entry], kind: &'a str) -> impl Iterator<Item = &'a Entry> {
    entries.iter().copied().filter(move |entry| cell(entry, "kind") == kind)
}

/// At no moment of the evening were there more people than places, beyond held seats that two desks used.
fn never_over(name: &str, places: Option<u64>, check_ins: &[&Entry], all: &[&Entry], report: &mut Report) {
    let Some(places) = places else { return };
    let mut moments: Vec<(i64, bool, &Entry)> =
        check_ins.iter().map(|entry| (number(entry, "wall_ms"), true, *entry)).collect();
    for undo in of_kind(all, "undo") {
        if let Some(of) = check_ins.iter().find(|entry| key(entry) == cell(undo, "of")) {
            moments.push((number(undo, "wall_ms"), false, of));
        }
    }
    moments.sort_by_key(|(at, is_in, _)| (*at, *is_in));
    let mut seats: BTreeMap<&str, i64> = BTreeMap::new();
    let (mut taken, mut twice) = (0_i64, 0_i64);
    for (at, is_in, entry) in moments {
        taken += if is_in { 1 } else { -1 };
        if cell(entry, "basis") == "held" {
            let uses = seats.entry(cell(entry, "person_id")).or_default();
            let before = *uses;
            *uses += if is_in { 1 } else { -1 };
            twice += (*uses - 1).max(0) - (before - 1).max(0);
        }
        if taken - twice > i64::try_from(places).unwrap_or(i64::MAX) {
            report.wrong.push(format!("OVER CAPACITY: {taken} in {name}, which has {places} places, at {at} ({twice} held seats used twice)"));
            return;
        }
    }
}

/// The server's own words about each line.
pub(super) fn check_server(counts: &BTreeMap<String, Counted>, server: &[Entry], wrong: &mut Vec<String>) {
    for (name, counted) in counts {
        let here: Vec<_> = server
            .iter()
            .filter(|entry| cell(entry, "kind") == "check_in" && cell(entry, "session") == name)
            .collect();
        let with = |column: &str, word: &str| {
            let standing =
                here.iter().filter(|entry| column == "released" || cell(entry, "released") == "no");
            standing.filter(|entry| cell(entry, column) == word).count() as u64
        };
        for (what, says, is) in [
            ("check-ins", here.len() as u64, counted.check_ins),
            ("not taken back", with("released", "no"), counted.occupied),
            ("doubles", with("double", "yes"), counted.doubles()),
        ] {
            if says != is {
                wrong.push(format!("COUNT: {what} in {name}: the server's export says {says}, it is {is}"));
            }
        }
    }
}

/// What each desk shows of its room.
pub(super) fn check_views(counts: &BTreeMap<String, Counted>, views: &[Value], wrong: &mut Vec<String>) {
    for view in views {
        let (desk, room) = (view["desk"].as_str().unwrap_or("a desk"), &view["room"]);
        let serving =
            view["sessions"].as_array().into_iter().flatten().find(|one| one["id"] == view["session"]);
        let name = serving.and_then(|one| one["name"].as_str()).unwrap_or_default();
        let Some(counted) = counts.get(name) else {
            wrong.push(format!("{desk} does not say which room it serves"));
            continue;
        };
        if room["inside"].as_u64() != Some(counted.inside) {
            wrong.push(format!(
                "COUNT: {desk} says {} inside {name}, it is {}",
                room["inside"], counted.inside
            ));
        }
    }
}
