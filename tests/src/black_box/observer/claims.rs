//! What a desk answered against what stands in its log: nothing answered is missing, nothing stands there that nobody asked for.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        Report,
        said::{Asked, Heard, Said},
    },
    tables::{Entry, cell, key, number},
};

/// One desk never lets a guest into a room where it has the guest already: a ticket held up again is one entry.
pub(super) fn check_once(desk: usize, log: &[Entry], wrong: &mut Vec<String>) {
    let mut standing: HashMap<(&str, &str), String> = HashMap::new();
    for entry in log {
        let guest = (cell(entry, "session"), cell(entry, "person_id"));
        match cell(entry, "kind") {
            "check_in" if standing.contains_key(&guest) => {
                let (first, second) = (&standing[&guest], key(entry));
                wrong.push(format!("TWICE: desk {} let one guest in by {first} and by {second}", desk + 1));
            }
            "check_in" => drop(standing.insert(guest, key(entry))),
            "undo" => standing.retain(|_, of| of != cell(entry, "of")),
            _ => {}
        }
    }
}

/// Compares one desk.
pub(super) fn check(
    desk: usize,
    said: &[&Said],
    log: &[Entry],
    people: &HashMap<String, String>,
    report: &mut Report,
) {
    let mut one = Claims { log, people, by_row: HashMap::new(), taken: HashSet::new() };
    let (mut answered, mut open, mut done_unheard) = (0, 0, 0);
    for row in said {
        let found = one.claim(row);
        match (&row.heard, found) {
            (Heard::LetIn { again: false } | Heard::TakenBack, true) => answered += 1,
            (Heard::LetIn { again: true }, _) if one.stands(row) => {}
            (Heard::LetIn { .. } | Heard::TakenBack, _) => report.wrong.push(format!(
                "LOST: desk {} answered {:?} to {:?} (row {}), and its log has no such entry",
                desk + 1,
                row.heard,
                row.asked,
                row.nr
            )),
            (Heard::Nothing, found) => (open, done_unheard) = (open + 1, done_unheard + u64::from(found)),
            (Heard::Refused(_), _) => {}
        }
    }
    for entry in log.iter().filter(|entry| ["check_in", "undo"].contains(&cell(entry, "kind"))) {
        if !one.taken.contains(&key(entry)) {
            let (kind, key) = (cell(entry, "kind"), key(entry));
            report
                .wrong
                .push(format!("INVENTED: desk {} has a {kind} that nobody asked for: {key}", desk + 1));
        }
    }
    add(report, "let in or taken back, and answered", answered);
    add(report, "asked of a desk that was killed", open);
    add(report, "of these done all the same", done_unheard);
}

fn add(report: &mut Report, name: &'static str, more: u64) {
    match report.figures.iter_mut().find(|(word, _)| *word == name) {
        Some((_, figure)) => *figure += more,
        None => report.figures.push((name, more)),
    }
}

struct Claims<'a> {
    log: &'a [Entry],
    people: &'a HashMap<String, String>,
    /// The entry of each row.
    by_row: HashMap<usize, String>,
    taken: HashSet<String>,
}

impl Claims<'_> {
    /// Finds the one entry that a row made, when it may have made one.
    fn claim(&mut self, row: &Said) -> bool {
        if matches!(row.heard, Heard::Refused(_) | Heard::LetIn { again: true }) {
            return false;
        }
        let found = self.log.iter().find(|entry| {
            let at = number(entry, "wall_ms");
            !self.taken.contains(&key(entry))
                && (row.at_ms..=row.done_ms).contains(&at)
                && self.fits(row, entry)
        });
        let Some(entry) = found else { return false };
        self.taken.insert(key(entry));
        self.by_row.insert(row.nr, key(entry));
        true
    }

    fn fits(&self, row: &Said, entry: &Entry) -> bool {
        match &row.asked {
            Asked::LetIn { code } => cell(entry, "kind") == "check_in" && self.is_about(row, code, entry),
            Asked::Undo { of } => {
                cell(entry, "kind") == "undo" && self.by_row.get(of).is_some_and(|of| of == cell(entry, "of"))
            }
        }
    }

    fn is_about(&self, row: &Said, code: &str, entry: &Entry) -> bool {
        let person = self.people.get(code).map(String::as_str);
        cell(entry, "session") == row.room && person == Some(cell(entry, "person_id"))
    }

    /// Whether a guest who was green *again* had been let in here before, and was not taken back since.
    fn stands(&self, row: &Said) -> bool {
        let Asked::LetIn { code } = &row.asked else { return false };
        let earlier = |entry: &&Entry| number(entry, "wall_ms") <= row.done_ms;
        let undone = |of: &str| {
            let undos =
                self.log.iter().filter(|entry| cell(entry, "kind") == "undo" && cell(entry, "of") == of);
            undos.filter(earlier).any(|entry| number(entry, "wall_ms") < row.at_ms)
        };
        self.log.iter().filter(earlier).any(|entry| {
            cell(entry, "kind") == "check_in" && self.is_about(row, code, entry) && !undone(&key(entry))
        })
    }
}
