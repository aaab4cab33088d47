//! What must come of it, by looking at every computer's own log, entry by entry.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    chain::hash_entry,
    entry::{Body, Entry, Subject},
    ids::{EntryHash, EntryKey, Identity},
};
use usher_protocol::sync::{BranchEntry, Change};
use usher_sim::desk::Desk;

use crate::stage::Stage;

/// One computer's log as it wrote it: every life that it knows, also what stood there when it was copied.
type Course = BTreeMap<EntryKey, EntryHash>;

/// What the server gives out: how often each entry, and under which names.
#[derive(Default)]
struct Held {
    entries: BTreeMap<EntryHash, Entry>,
    names: BTreeMap<EntryKey, EntryHash>,
    branches: BTreeSet<Identity>,
    nested: BTreeSet<Identity>,
}

/// Checks everything; how many branches there are, and how many of them left another branch.
pub(crate) fn check(stage: &Stage, seed: u64) -> (u64, u64) {
    let held = held(stage, seed);
    let courses: Vec<Course> = stage.desks.iter().map(course).collect();
    let written: BTreeSet<_> = courses.iter().flat_map(Course::values).collect();
    for hash in &written {
        assert!(held.entries.contains_key(*hash), "seed {seed}: the server lacks an entry");
    }
    let due = counts(&held, &courses);
    let authority = stage.server.authority().unwrap();
    assert_eq!(authority.check().unwrap(), Vec::<String>::new(), "seed {seed}");
    assert_eq!(authority.verify().unwrap().findings, [], "seed {seed}");
    let board = authority.board(0).unwrap();
    let row = &board.sessions[0];
    assert_eq!((row.occupied, row.inside), due, "seed {seed}: the board");
    for (d, desk) in stage.desks.iter().enumerate() {
        let (files, who) = (desk.files().unwrap(), desk.who().unwrap());
        let known = files.known(who, stage.session).unwrap().tally;
        assert_eq!((known.occupied, known.inside), due, "seed {seed}: computer {d}");
        assert_eq!(files.check(who).unwrap().differences, [], "seed {seed}: computer {d}");
    }
    (held.branches.len() as u64, held.nested.len() as u64)
}

fn held(stage: &Stage, seed: u64) -> Held {
    let mut held = Held::default();
    let bytes = stage.server.snapshot().unwrap();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match serde_json::from_slice::<Change>(line) {
            Ok(Change::Entry(bytes)) => take(&mut held, &bytes.0, None, seed),
            Ok(Change::Branch(BranchEntry { mark, entry })) => {
                let log = Entry::from_bytes(&entry.0).unwrap().identity();
                let at = mark.clone().of(log).identity();
                held.branches.insert(at);
                if !mark.before.is_empty() {
                    held.nested.insert(at);
                }
                take(&mut held, &entry.0, Some(at), seed);
            }
            _ => {}
        }
    }
    held
}

fn take(held: &mut Held, bytes: &[u8], at: Option<Identity>, seed: u64) {
    let (hash, entry) = (hash_entry(bytes), Entry::from_bytes(bytes).unwrap());
    let key = at.unwrap_or(entry.identity()).key(entry.seq);
    assert!(held.names.insert(key, hash).is_none(), "seed {seed}: two entries under one name");
    assert!(held.entries.insert(hash, entry).is_none(), "seed {seed}: an entry is held twice");
}

fn course(desk: &Desk) -> Course {
    let lives = desk.lives().unwrap();
    lives.iter().flat_map(|(_, log)| log).map(|one| (one.entry.key(), one.hash)).collect()
}

/// How many check-ins stand, and how many people they are.
fn counts(held: &Held, courses: &[Course]) -> (u64, u64) {
    let mut over: BTreeSet<_> = courses.iter().flat_map(|course| ended(held, course)).collect();
    over.extend(held.entries.values().filter_map(|entry| match &entry.body {
        Body::Bind(bind) => held.names.get(&bind.check_in).copied(),
        _ => None,
    }));
    let mut people = BTreeSet::<Subject>::new();
    let mut standing = 0;
    for (hash, entry) in &held.entries {
        if let (Body::CheckIn(one), false) = (&entry.body, over.contains(hash)) {
            people.insert(one.subject);
            standing += 1;
        }
    }
    (standing, people.len() as u64)
}

/// The check-ins that a computer's log ends, each as that computer meant it: in the same life its own entry, else by the name that the
/// server gives out.
fn ended(held: &Held, course: &Course) -> BTreeSet<EntryHash> {
    let meant = |entry: &Entry, of: &EntryKey| {
        let own = entry.identity() == of.identity();
        if own { course.get(of).copied() } else { held.names.get(of).copied() }
    };
    let entries = course.values().filter_map(|hash| held.entries.get(hash));
    let named = entries.filter_map(|entry| match &entry.body {
        Body::Undo(one) => meant(entry, &one.of),
        Body::CheckOut(one) => meant(entry, &one.of),
        _ => None,
    });
    named.collect()
}
