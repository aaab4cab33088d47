//! The capacity at every moment of the evening, by the desks' own clocks.

use std::collections::BTreeMap;

use super::{
    super::{
        Report,
        diary::{Diary, Settled},
    },
    count::of_kind,
    places::Limits,
    tables::{Entry, cell, key, number},
    written_off::is_behind,
};

/// A room as it fills.
#[derive(Default)]
struct Room<'a> {
    taken: i64,
    /// Held seats that were used by two desks, each beyond its first use.
    twice: i64,
    seats: BTreeMap<&'a str, i64>,
    /// By settlement: places that were written off, and taken in truth.
    real: Vec<i64>,
}

impl<'a> Room<'a> {
    fn moved(&mut self, is_in: bool, entry: &'a Entry, settled: &[&Settled]) {
        let step = if is_in { 1 } else { -1 };
        self.taken += step;
        if cell(entry, "basis") == "held" {
            let uses = self.seats.entry(cell(entry, "person_id")).or_default();
            let before = *uses;
            *uses += step;
            self.twice += (*uses - 1).max(0) - (before - 1).max(0);
        }
        for (real, settled) in self.real.iter_mut().zip(settled) {
            *real += if is_behind(entry, settled, &settled.held.0) { step } else { 0 };
        }
    }

    /// How many more a lost desk let in than was said when it was written off: their places were given to others.
    fn more_than_said(&self, at_ms: i64, settled: &[&Settled]) -> i64 {
        let each = self.real.iter().zip(settled).filter(|(_, settled)| settled.asked_ms <= at_ms);
        each.map(|(real, settled)| (real - signed(settled.spent)).max(0)).sum()
    }
}

/// At no moment were there more people than the limit of that moment, beyond held seats that two desks used, and what a lost desk did
/// beyond what was said of it.
pub(super) fn check(
    name: &str,
    limits: &Limits,
    diary: &Diary,
    check_ins: &[&Entry],
    all: &[&Entry],
    report: &mut Report,
) {
    let settled: Vec<_> = diary.settled.iter().filter(|settled| settled.room == name).collect();
    let mut room = Room { real: vec![0; settled.len()], ..Room::default() };
    for (at_ms, is_in, entry) in moments(check_ins, all) {
        room.moved(is_in, entry, &settled);
        let (limit, more) = (limits.at(at_ms), room.more_than_said(at_ms, &settled));
        if room.taken - room.twice - more > signed(limit) {
            report.wrong.push(format!(
                "OVER CAPACITY: {} in {name}, which may have {limit}, at {at_ms} ({} held seats used twice, {more} more than written off)",
                room.taken, room.twice
            ));
            return;
        }
    }
}

/// Who came in and who was taken back, in the order of time; at one moment the latter first.
fn moments<'a>(check_ins: &[&'a Entry], all: &[&Entry]) -> Vec<(i64, bool, &'a Entry)> {
    let mut moments: Vec<(i64, bool, &Entry)> =
        check_ins.iter().map(|entry| (number(entry, "wall_ms"), true, *entry)).collect();
    for undo in of_kind(all, "undo") {
        if let Some(of) = check_ins.iter().find(|entry| key(entry) == cell(undo, "of")) {
            moments.push((number(undo, "wall_ms"), false, *of));
        }
    }
    moments.sort_by_key(|(at, is_in, _)| (*at, *is_in));
    moments
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
