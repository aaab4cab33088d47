//! The count: who is in, seats, doubles and overshoot, from the desks' lines alone.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::{
    super::{Report, diary::Diary},
    Evidence, never_over,
    places::Limits,
    tables::{Entry, cell, key},
    written_off::{self, Unseen},
};

/// What the observer counted in a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// In the end.
    pub(super) places: Option<u64>,
    /// The most that may be in at the end, beside held seats that were used twice and what was written off too high.
    pub(super) limit: Option<u64>,
    /// Lost desks' places that were written off.
    pub(super) unseen: Unseen,
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

    /// The highest worst case that the board may show.
    pub(super) fn most(&self) -> Option<u64> {
        self.limit.map(|limit| limit + self.held_twice + self.unseen.more)
    }

    pub(super) fn over(&self) -> u64 {
        self.places.map_or(0, |places| self.occupied.saturating_sub(places))
    }
}

/// Counts every room as the server can know it, `known`; and watches its capacity over the whole evening in `all` that happened.
pub(super) fn count(
    all: &[&Entry],
    known: &[&Entry],
    evidence: &Evidence,
    report: &mut Report,
) -> BTreeMap<String, Counted> {
    let mut counts = BTreeMap::new();
    for (name, places) in &evidence.rooms {
        let limits = places.map(|places| Limits::new(name, places, &evidence.diary));
        let counted = count_room(name, limits.as_ref(), known, &evidence.diary);
        let check_ins: Vec<_> =
            of_kind(all, "check_in").filter(|entry| cell(entry, "session") == name).collect();
        if check_ins.iter().any(|entry| cell(entry, "basis") == "over_grant") {
            report.wrong.push(format!("OVER GRANT: {name} is strict and nobody overrode it"));
        }
        if let Some(limits) = &limits {
            never_over::check(name, limits, &evidence.diary, &check_ins, all, report);
        }
        counts.insert(name.clone(), counted);
    }
    tell(&counts, report);
    counts
}

fn count_room(name: &str, limits: Option<&Limits>, known: &[&Entry], diary: &Diary) -> Counted {
    let undone: HashSet<&str> = of_kind(known, "undo").map(|entry| cell(entry, "of")).collect();
    let check_ins: Vec<_> =
        of_kind(known, "check_in").filter(|entry| cell(entry, "session") == name).collect();
    let standing: Vec<_> =
        check_ins.iter().copied().filter(|entry| !undone.contains(key(entry).as_str())).collect();
    let people: HashSet<_> = standing.iter().map(|entry| cell(entry, "person_id")).collect();
    let held = standing.iter().filter(|entry| cell(entry, "basis") == "held");
    let holders: HashSet<_> = held.clone().map(|entry| cell(entry, "person_id")).collect();
    Counted {
        places: limits.map(|limits| limits.places),
        limit: limits.map(Limits::last),
        unseen: written_off::count(name, &standing, diary),
        inside: people.len() as u64,
        occupied: standing.len() as u64,
        held_twice: (held.count() - holders.len()) as u64,
        check_ins: check_ins.len() as u64,
    }
}

fn tell(counts: &BTreeMap<String, Counted>, report: &mut Report) {
    let sum = |figure: fn(&Counted) -> u64| counts.values().map(figure).sum::<u64>();
    report.figures.push(("inside", sum(|one| one.inside)));
    report.figures.push(("double admissions", sum(Counted::doubles)));
    report.figures.push(("seats over capacity", sum(Counted::over)));
    report.figures.push(("held seats used twice", sum(|one| one.held_twice)));
    report.figures.push(("seats written off and never seen", sum(|one| one.unseen.seats.0)));
    report.figures.push(("let in beyond what was written off", sum(|one| one.unseen.beyond)));
    report.figures.push((
        "rooms full at the end",
        counts.values().filter(|one| one.places == Some(one.occupied)).count() as u64,
    ));
}

pub(super) fn of_kind<'a>(entries: &'a [&'a Entry], kind: &'a str) -> impl Iterator<Item = &'a Entry> {
    entries.iter().copied().filter(move |entry| cell(entry, "kind") == kind)
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
