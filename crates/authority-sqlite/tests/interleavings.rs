//! Syncs of three desks interleaved at random, with lost answers, repetition and reordering, over both stores at once: the
//! invariants of DESIGN section 5, convergence, idempotency, and equal answers of both stores to the same calls.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tempfile::TempDir;
use usher_authority::{
    Authority, Fresh, MemoryStore, NewEvent, SessionSpec, Store,
    conformance::desk::{Desk, Sent, counter},
};
use usher_authority_sqlite::SqliteStore;
use usher_core::{
    entry::{Basis, Body, CheckIn, Entry, Exit, Outcome, Subject},
    fold::Ledger,
    ids::{ActorId, EntryKey, PersonId, SessionId},
    session::WhenEmpty,
};
use usher_protocol::{
    decide::Decision,
    error::ErrorCode,
    sync::{SyncAnswer, Want},
};
use uuid::Uuid;

const NOW: i64 = 1_700_000_000_000;
const DESKS: usize = 3;
const CAPACITY: u32 = 7;
const CROWD: usize = 10_000;

#[derive(Clone, Debug)]
enum Step {
    Enter {
        desk: usize,
        person: u8,
    },
    Undo {
        desk: usize,
        which: usize,
    },
    Leave {
        desk: usize,
        which: usize,
    },
    Return {
        desk: usize,
    },
    /// Somebody leaves by a door that does not know the check-in.
    Exit {
        desk: usize,
        which: usize,
    },
    Merge {
        a: u8,
        b: u8,
    },
    Split {
        which: usize,
    },
    Resolve {
        which: usize,
        outcome: Outcome,
    },
    Sync {
        desk: usize,
        want: u64,
        page: usize,
        lost: bool,
    },
    Replay {
        which: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0..DESKS, 0..12_u8).prop_map(|(desk, person)| Step::Enter { desk, person }),
        2 => (0..DESKS, 0..50_usize).prop_map(|(desk, which)| Step::Undo { desk, which }),
        1 => (0..DESKS, 0..50_usize).prop_map(|(desk, which)| Step::Leave { desk, which }),
        1 => (0..DESKS).prop_map(|desk| Step::Return { desk }),
        6 => (0..DESKS, 0..6_u64, 1..6_usize, any::<bool>())
            .prop_map(|(desk, want, page, lost)| Step::Sync { desk, want, page, lost }),
        2 => (0..50_usize).prop_map(|which| Step::Replay { which }),
        1 => (0..DESKS, 0..50_usize).prop_map(|(desk, which)| Step::Exit { desk, which }),
        1 => (0..6_u8, 0..6_u8).prop_map(|(a, b)| Step::Merge { a, b }),
        1 => (0..6_usize).prop_map(|which| Step::Split { which }),
        1 => (0..6_usize, outcome()).prop_map(|(which, outcome)| Step::Resolve { which, outcome }),
    ];
    proptest::collection::vec(step, 1..60)
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![Just(Outcome::OnePerson), Just(Outcome::TwoPeople)]
}

fn talk() -> SessionSpec {
    SessionSpec {
        name: "Talk".into(),
        code: None,
        room: String::new(),
        starts_ms: NOW,
        ends_ms: NOW + 1,
        capacity: Some(CAPACITY),
        late_after_ms: 0,
        opens_before_ms: 0,
        ends_after_ms: 0,
        when_empty: WhenEmpty::Strict,
        open_to_all: true,
        hold_seats: false,
        hold_for_ms: None,
    }
}

fn made<S: Store>(store: S) -> (Authority<S>, Vec<Desk>) {
    let mut random = counter(1);
    let event = NewEvent { name: "E".into(), time_zone: "UTC".into(), fast_door: true };
    let authority = Authority::create(store, &event, Fresh { now_ms: NOW, random: &mut random }).unwrap();
    authority.import_sessions(&[talk()], Fresh { now_ms: NOW, random: &mut random }).unwrap();
    let desks = (1..=DESKS).map(|n| Desk::enrol(&authority, n as u8, NOW).unwrap()).collect();
    (authority, desks)
}

struct World {
    plain: Authority<MemoryStore>,
    file: Authority<SqliteStore>,
    desks: Vec<Desk>,
    session: SessionId,
    sent: Vec<Sent>,
    time: u64,
    /// Who stands in the room, as somebody who sees all doors would count.
    inside: BTreeSet<EntryKey>,
    merges: Vec<EntryKey>,
    exits: usize,
    _folder: TempDir,
}

impl World {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let (plain, desks) = made(MemoryStore::default());
        let (file, same) = made(SqliteStore::create(&folder.path().join("e")).unwrap());
        assert!(desks.iter().map(|desk| &desk.log).eq(same.iter().map(|desk| &desk.log)));
        let session = plain.sessions().unwrap()[0].rules.id;
        let (sent, inside, merges) = (Vec::new(), BTreeSet::new(), Vec::new());
        Self { plain, file, desks, session, sent, time: 0, inside, merges, exits: 0, _folder: folder }
    }

    fn both(&self, sent: &Sent) -> Result<SyncAnswer, ErrorCode> {
        let plain = sent.to(&self.plain, NOW).unwrap();
        assert_eq!(plain, sent.to(&self.file, NOW).unwrap(), "both stores answer alike");
        plain
    }

    fn step(&mut self, step: &Step) {
        self.time += 1;
        match *step {
            Step::Enter { desk, person } => self.enter(desk, person),
            Step::Undo { desk, which } => {
                let standing = self.desks[desk].standing();
                if let Some(seq) = standing.get(which % standing.len().max(1)) {
                    self.desks[desk].undo(*seq, self.time);
                    self.inside.remove(&self.desks[desk].i.key(*seq));
                }
            }
            Step::Leave { desk, which } => self.leave(desk, which),
            Step::Exit { desk, which } => self.exit(desk, which),
            Step::Merge { a, b } => self.merge(a, b),
            Step::Split { which } => {
                if let Some(merge) = self.merges.get(which % self.merges.len().max(1)) {
                    self.decide(&Decision::Split { merge: *merge });
                }
            }
            Step::Resolve { which, outcome } => self.resolve(which, outcome),
            Step::Return { desk } => {
                if self.desks[desk].available(self.session) > 0 {
                    self.desks[desk].give_back(self.session, 1);
                }
            }
            Step::Sync { desk, want, page, lost } => self.sync(desk, want, page, lost),
            Step::Replay { which } => {
                if let Some(sent) = self.sent.get(which % self.sent.len().max(1)).cloned() {
                    self.both(&sent).unwrap();
                }
            }
        }
        self.invariants();
    }

    fn enter(&mut self, desk: usize, person: u8) {
        if self.desks[desk].available(self.session) > 0 {
            let subject = Subject::Person(PersonId(Uuid::from_u128(u128::from(person))));
            let key = self.desks[desk].check_in(self.session, subject, Basis::Grant, self.time);
            self.inside.insert(key);
        }
    }

    /// Somebody leaves by a door that knows the check-in, from the feed or as its own.
    fn leave(&mut self, desk: usize, which: usize) {
        let is_check_in =
            |bytes: &Vec<u8>| matches!(Entry::from_bytes(bytes).unwrap().body, Body::CheckIn(_));
        let known = &self.desks[desk].known;
        let mut keys: Vec<_> =
            known.iter().filter(|(_, bytes)| is_check_in(bytes)).map(|(key, _)| *key).collect();
        keys.extend(self.desks[desk].standing().into_iter().map(|seq| self.desks[desk].i.key(seq)));
        keys.retain(|key| self.inside.contains(key));
        if let Some(of) = keys.get(which % keys.len().max(1)) {
            self.desks[desk].check_out(*of, self.time);
            self.inside.remove(of);
        }
    }

    /// Somebody leaves by a door that does not know the check-in, and has one only.
    fn exit(&mut self, desk: usize, which: usize) {
        let known = |key: &&EntryKey| self.desks[desk].known.contains_key(*key);
        let elsewhere = |key: &&EntryKey| key.station != self.desks[desk].i.station;
        let keys: Vec<_> = self.inside.iter().filter(|key| elsewhere(key) && !known(key)).collect();
        let Some(key) = keys.get(which % keys.len().max(1)).map(|key| **key) else { return };
        let person = self.person_of(key);
        if self.inside.iter().filter(|other| self.person_of(**other) == person).count() == 1 {
            self.desks[desk]
                .write(self.time, Body::Exit(Exit { person, session: self.session, shift: None }));
            self.inside.remove(&key);
            self.exits += 1;
        }
    }

    fn person_of(&self, key: EntryKey) -> PersonId {
        let desk = self.desks.iter().find(|desk| desk.i == key.identity()).unwrap();
        match Entry::from_bytes(&desk.log[key.seq as usize - 1]).unwrap().body {
            Body::CheckIn(CheckIn { subject: Subject::Person(person), .. }) => person,
            other => panic!("no check-in of a person: {other:?}"),
        }
    }

    fn decide(&self, decision: &Decision) -> bool {
        let plain = self.plain.decide(decision, ActorId(Uuid::nil()), NOW).unwrap();
        assert_eq!(
            plain,
            self.file.decide(decision, ActorId(Uuid::nil()), NOW).unwrap(),
            "both decide alike"
        );
        plain.is_ok()
    }

    fn merge(&mut self, a: u8, b: u8) {
        let [a, b] = [a, b].map(|person| PersonId(Uuid::from_u128(u128::from(person))));
        if self.decide(&Decision::Merge { a, b }) {
            self.merges.push(self.last_merge());
        }
    }

    fn last_merge(&self) -> EntryKey {
        let merges = self.plain.board(NOW).unwrap().merges;
        let newest = merges.iter().max_by_key(|merge| merge.seq).unwrap();
        self.plain.own_log().key(newest.seq)
    }

    /// A supervisor says of two check-ins what they were; one person was never in twice.
    fn resolve(&mut self, which: usize, outcome: Outcome) {
        let found = self.plain.incidents().unwrap();
        let Some(found) = found.get(which % found.len().max(1)) else { return };
        let incident = found.incident.id;
        assert!(self.decide(&Decision::Resolve { incident, outcome, over_by: None }));
        if outcome == Outcome::OnePerson {
            self.inside.remove(&found.incident.entries[1]);
        }
    }

    fn sync(&mut self, desk: usize, want: u64, page: usize, lost: bool) {
        let wants = if want == 0 { Vec::new() } else { vec![Want { session: self.session, rights: want }] };
        let sent = self.desks[desk].request(wants, page, NOW);
        let answer = self.both(&sent).unwrap();
        if !lost {
            self.desks[desk].apply(&answer).unwrap();
        }
        self.sent.push(sent);
    }

    fn invariants(&self) {
        for desk in &self.desks {
            let rights = desk.rights.get(&self.session).copied().unwrap_or_default();
            assert!(rights.holds(), "I1");
        }
        let room = self.plain.board(NOW).unwrap().sessions.remove(0);
        assert!(self.inside.len() as u64 <= room.worst, "I2: {} > {}", self.inside.len(), room.worst);
        assert!(room.worst <= u64::from(CAPACITY), "I3");
    }

    /// Every answer arrives until everybody has everything.
    fn heal(&mut self) {
        for _ in 0..self.time as usize + DESKS {
            (0..DESKS).for_each(|desk| self.sync(desk, 0, 500, false));
            let quiet = self.plain.feed_end().unwrap();
            if self.desks.iter().all(|desk| desk.cursor == quiet && desk.acknowledged == desk.head.seq) {
                return;
            }
        }
        panic!("the desks do not drain");
    }

    fn converged(&self) {
        let mut all: BTreeMap<EntryKey, &Vec<u8>> = BTreeMap::new();
        for desk in &self.desks {
            all.extend((1..).zip(&desk.log).map(|(seq, bytes)| (desk.i.key(seq), bytes)));
        }
        for desk in &self.desks {
            let others = all.iter().filter(|(key, _)| key.station != desk.i.station);
            let known = desk.known.iter().filter(|(key, _)| key.station != self.plain.own_log().station);
            assert!(known.eq(others.map(|(key, bytes)| (key, *bytes))), "every other log, byte for byte");
        }
        self.same_state(&all);
    }

    fn same_state(&self, all: &BTreeMap<EntryKey, &Vec<u8>>) {
        let server = self.plain.own_log().station;
        let mut ledger = Ledger::of(server);
        all.values().for_each(|bytes| ledger.apply(&Entry::from_bytes(bytes).unwrap()));
        let of_server = self.desks[0].known.iter().filter(|(key, _)| key.station == server);
        of_server.for_each(|(_, bytes)| ledger.apply(&Entry::from_bytes(bytes).unwrap()));
        let tally = ledger.tally(self.session);
        let board = self.plain.board(NOW).unwrap();
        let room = &board.sessions[0];
        assert_eq!(
            (room.inside, room.occupied, room.unsettled),
            (tally.inside, tally.occupied, tally.unsettled)
        );
        // An exit may end another check-in of the person than the one meant, when that was released elsewhere as well: then a seat
        // counts twice, safely.
        let (seats, truth) = (room.occupied as usize, self.inside.len());
        assert!(truth <= seats && seats <= truth + self.exits, "all is known now: {truth}, {seats}");
        assert_eq!(board.incidents.len() as u64, tally.unsettled, "one for each double admission, no other");
        assert_eq!(board, self.file.board(NOW).unwrap());
        assert_eq!((self.plain.check().unwrap(), self.file.check().unwrap()), (Vec::new(), Vec::new()));
        assert_eq!(exported(&self.plain), exported(&self.file));
    }
}

fn exported<S: Store>(authority: &Authority<S>) -> (Vec<u8>, Vec<usher_authority::DoorRow>) {
    let (mut snapshot, mut rows) = (Vec::new(), Vec::new());
    authority
        .snapshot(&mut |line| {
            snapshot.extend_from_slice(line);
            Ok(())
        })
        .unwrap();
    authority
        .export_door(&mut |row| {
            rows.push(row);
            Ok(())
        })
        .unwrap();
    (snapshot, rows)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn three_desks_in_any_order_keep_the_invariants_and_converge(steps in steps()) {
        let mut world = World::new();
        steps.iter().for_each(|step| world.step(step));
        world.heal();
        world.invariants();
        world.converged();
        let end = world.plain.feed_end().unwrap();
        for sent in world.sent.clone() {
            world.both(&sent).unwrap();
        }
        let wanted = world.plain.feed_end().unwrap().position - end.position;
        prop_assert!(wanted <= u64::from(CAPACITY), "a replayed request can only be granted what is free");
        world.invariants();
    }
}

#[test]
fn desks_that_sync_at_once_lose_nothing() {
    let folder = TempDir::new().unwrap();
    let (authority, desks) = made(SqliteStore::create(&folder.path().join("e")).unwrap());
    let session = authority.sessions().unwrap()[0].rules.id;
    std::thread::scope(|scope| {
        for (number, mut desk) in desks.into_iter().enumerate() {
            let authority = &authority;
            scope.spawn(move || {
                for round in 0..20 {
                    let person = PersonId(Uuid::from_u128(number as u128 * 100 + round));
                    desk.check_in(session, Subject::Person(person), Basis::OverGrant, round as u64);
                    let answer = desk.request(Vec::new(), 500, NOW).to(authority, NOW).unwrap().unwrap();
                    desk.apply(&answer).unwrap();
                    authority.board(NOW).unwrap();
                }
            });
        }
    });
    assert_eq!(authority.board(NOW).unwrap().sessions[0].inside, DESKS as u64 * 20);
    assert_eq!(authority.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_crowd_is_imported_in_bounded_steps() {
    let folder = TempDir::new().unwrap();
    let (authority, _) = made(SqliteStore::create(&folder.path().join("e")).unwrap());
    let people: Vec<_> = (0..CROWD)
        .map(|n| usher_authority::PersonSpec {
            name: Some(format!("Person {n}")),
            email: Some(format!("{n}@example.org")),
            code: Some(format!("CODE-{n}")),
            sessions: vec!["Talk".into()],
            ..usher_authority::PersonSpec::default()
        })
        .collect();
    let mut random = counter(1 << 100);
    let mut done = Vec::new();
    let mut import = || {
        let fresh = Fresh { now_ms: NOW, random: &mut random };
        authority.import_participants(&people, fresh, &mut |so_far| done.push(so_far)).unwrap()
    };
    assert_eq!((import().added, import().unchanged), (CROWD, CROWD));
    assert_eq!((done.len(), done.last()), (2 * CROWD / 1_000, Some(&CROWD)));
    let mut lines = 0;
    authority
        .snapshot(&mut |_| {
            lines += 1;
            Ok(())
        })
        .unwrap();
    assert!(lines > CROWD);
}
