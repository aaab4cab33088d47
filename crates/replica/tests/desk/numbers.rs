//! Numbers by property: whatever happens in whatever order, the cached sums, the overlay and the fold of all entries agree.

use proptest::prelude::*;
use usher_core::{
    entry::{Bind, Body, Entry, Head, Merge, Outcome, Resolve, Split},
    fold::Ledger,
    ids::{ActorId, EntryKey, ShiftId},
    incident::double_id,
};
use usher_protocol::sync::Change;
use usher_replica::Decided;

use crate::{
    bench::*,
    lives::{event, from_server},
};

#[derive(Clone, Debug)]
enum Step {
    LetIn(u128),
    UndoLast,
    Elsewhere(u128, i64),
    /// Guest `n` leaves by this desk.
    CheckOut(u128),
    Merge(u128, u128),
    Split(usize),
    Resolve(usize, usize, bool),
    /// The server binds an exit of this desk, if there is one, to some check-in.
    Bind(usize),
    Absorb,
    Acknowledge,
    Grant(u64),
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0..8_u128).prop_map(Step::LetIn),
        2 => Just(Step::UndoLast),
        2 => (0..8_u128).prop_map(Step::CheckOut),
        2 => (0..5_u128, 0..5_u128).prop_map(|(a, b)| Step::Merge(a, b)),
        1 => (0..5_usize).prop_map(Step::Split),
        2 => (0..20_usize, 0..20_usize, any::<bool>()).prop_map(|(a, b, one)| Step::Resolve(a, b, one)),
        1 => (0..20_usize).prop_map(Step::Bind),
        3 => (0..8_u128, -5..5_i64).prop_map(|(n, at)| Step::Elsewhere(n, at)),
        2 => Just(Step::Absorb),
        2 => Just(Step::Acknowledge),
        1 => (0..12_u64).prop_map(Step::Grant),
        1 => Just(Step::Reopen),
    ];
    proptest::collection::vec(step, 1..25)
}

fn run(steps: &[Step]) -> (Bench, Ledger) {
    let mut bench = Bench::new(Some(30), 4);
    bench.feed(vec![event(&bench)], 4);
    let mut others = Ledger::of(SERVER.station);
    let mut said = Said::default();
    let mut elsewhere_seq = 0;
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::LetIn(n) => drop(bench.let_in(at as u128, *n)),
            Step::UndoLast => undo_last(&bench, at),
            Step::Elsewhere(n, ms) => {
                elsewhere_seq += 1;
                let (key, change) = elsewhere(50, elsewhere_seq, *n, NOW_MS + ms);
                let Change::Entry(bytes) = &change else { unreachable!() };
                others.apply(&usher_core::entry::Entry::from_bytes(&bytes.0).unwrap());
                bench.feed(vec![change], 0);
                said.elsewhere.push(key);
            }
            Step::CheckOut(n) => check_out(&bench, at, *n),
            Step::Merge(a, b) => {
                let body = Body::Merge(Merge { a: person(*a), b: person(*b) });
                let merge = said.by_server(&mut bench, &mut others, body);
                said.merges.push(merge);
            }
            Step::Split(n) => {
                if let Some(merge) = said.merges.get(n % said.merges.len().max(1)).copied() {
                    said.by_server(&mut bench, &mut others, Body::Split(Split { merge }));
                }
            }
            Step::Resolve(a, b, one) => said.resolve(&mut bench, &mut others, (*a, *b), *one),
            Step::Bind(n) => said.bind(&mut bench, &mut others, *n),
            Step::Absorb => drop(bench.replica.absorb(&bench.who).unwrap()),
            Step::Acknowledge => acknowledge(&mut bench),
            Step::Grant(total) => bench.feed(Vec::new(), *total),
            Step::Reopen => bench = reopen(bench),
        }
        let rights = bench.replica.known(&bench.who, HALL).unwrap().rights;
        assert!(rights.holds(), "I1 is broken: {rights:?}");
    }
    (bench, others)
}

/// What others wrote so far.
#[derive(Default)]
struct Said {
    seq: u64,
    merges: Vec<EntryKey>,
    elsewhere: Vec<EntryKey>,
}

impl Said {
    fn by_server(&mut self, bench: &mut Bench, all: &mut Ledger, body: Body) -> EntryKey {
        self.seq += 1;
        let change = from_server(bench, self.seq, body);
        let Change::Entry(bytes) = &change else { unreachable!() };
        all.apply(&Entry::from_bytes(&bytes.0).unwrap());
        bench.feed(vec![change], 0);
        SERVER.key(self.seq)
    }

    /// What the server can know of: others' check-ins, and the own ones, which are absorbed by then.
    fn check_ins(&self, bench: &Bench) -> Vec<EntryKey> {
        while bench.replica.absorb(&bench.who).unwrap() > 0 {}
        let own = bench.log().into_iter().filter(|l| matches!(l.entry.body, Body::CheckIn(_)));
        own.map(|l| l.entry.key()).chain(self.elsewhere.iter().copied()).collect()
    }

    fn resolve(&mut self, bench: &mut Bench, all: &mut Ledger, (a, b): (usize, usize), one: bool) {
        let keys = self.check_ins(bench);
        if keys.is_empty() {
            return;
        }
        let incident = double_id(keys[a % keys.len()], keys[b % keys.len()]);
        let outcome = if one { Outcome::OnePerson } else { Outcome::TwoPeople };
        let actor = ActorId(uuid::Uuid::nil());
        self.by_server(bench, all, Body::Resolve(Resolve { incident, outcome, actor, over_by: None }));
    }

    fn bind(&mut self, bench: &mut Bench, all: &mut Ledger, n: usize) {
        let keys = self.check_ins(bench);
        let exit = bench.log().into_iter().find(|l| matches!(l.entry.body, Body::Exit(_)));
        if let (Some(exit), false) = (exit, keys.is_empty()) {
            let (exit, check_in) = (exit.entry.key(), keys[n % keys.len()]);
            self.by_server(bench, all, Body::Bind(Bind { exit, check_in }));
        }
    }
}

fn check_out(bench: &Bench, at: usize, n: u128) {
    let (verdict, shift) = (uuid::Uuid::from_u128(20_000 + at as u128), ShiftId(uuid::Uuid::from_u128(4)));
    bench.replica.check_out(&bench.who, verdict, &bench.asked(n), shift, stamp(NOW_MS)).unwrap();
}

fn undo_last(bench: &Bench, at: usize) {
    let log = bench.log();
    let undone: Vec<_> = log
        .iter()
        .filter_map(|l| if let usher_core::entry::Body::Undo(u) = &l.entry.body { Some(u.of) } else { None })
        .collect();
    let standing = log
        .iter()
        .rev()
        .map(|l| &l.entry)
        .find(|e| matches!(e.body, usher_core::entry::Body::CheckIn(_)) && !undone.contains(&e.key()));
    if let Some(entry) = standing {
        bench.undo(10_000 + at as u128, entry.key());
    }
}

fn acknowledge(bench: &mut Bench) {
    let sent = bench.request();
    let head = sent.proof.read().unwrap().proof.head;
    let answer = bench.answer(if head.seq == 0 { Head::EMPTY } else { head }, Vec::new(), 0);
    bench.apply(&sent, &answer).unwrap();
}

/// The process ends and starts again on the same files.
pub(crate) fn reopen(bench: Bench) -> Bench {
    let Bench { replica, who, position, folder, own, key } = bench;
    drop(replica);
    let replica = usher_replica::Replica::open(folder.path()).unwrap();
    Bench { replica, who, position, folder, own, key }
}

/// What the desk shows is the fold of all entries, however much of it is cached.
fn agrees(steps: &[Step]) -> Result<(), TestCaseError> {
    let (bench, mut all) = run(steps);
    for logged in bench.log() {
        all.apply(&logged.entry);
    }
    let wanted = all.tally(HALL);
    prop_assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally, wanted);
    prop_assert_eq!(bench.replica.check(&bench.who).unwrap().differences, []);
    while bench.replica.absorb(&bench.who).unwrap() > 0 {}
    prop_assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally, wanted);
    prop_assert!(bench.replica.look_lists_through().unwrap(), "every row carries its sum");
    bench.replica.rebuild(&bench.who).unwrap();
    prop_assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally, wanted);
    prop_assert_eq!(bench.replica.check(&bench.who).unwrap().differences, []);
    prop_assert!(bench.replica.look_lists_through().unwrap());
    Ok(())
}

/// Found by the property below: the sums were moved by what became of another person's group, which was one with this one before.
#[test]
fn a_decision_after_a_split_moves_the_sums_of_the_person_that_it_is_about() {
    use Step::{Elsewhere, LetIn, Merge, Resolve, Split};
    let others = [Elsewhere(2, 0), Elsewhere(2, 0), Elsewhere(0, 0)];
    let before = [LetIn(0), Merge(0, 2)].into_iter().chain(others).chain([LetIn(1), Split(0)]);
    agrees(&before.chain([Resolve(2, 18, false)]).collect::<Vec<_>>()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn cached_sums_overlay_and_fold_agree(steps in steps()) {
        agrees(&steps)?;
    }

    #[test]
    fn nobody_is_let_in_twice_by_one_desk(people in proptest::collection::vec(0..4_u128, 1..20)) {
        let bench = Bench::new(None, 0);
        for (at, n) in people.iter().enumerate() {
            let decided = bench.let_in(at as u128, *n);
            let first = !people[..at].contains(n);
            prop_assert_eq!(matches!(decided, Decided::LetIn(_)), first);
        }
        prop_assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally.unsettled, 0);
    }
}

#[test]
fn numbers_never_dip_while_entries_are_absorbed_beside_the_door() {
    const GUESTS: u128 = 400;
    let mut bench = Bench::new(None, 0);
    bench.feed((10..GUESTS).map(|n| Change::Person(guest(n))).collect(), 0);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                bench.replica.absorb(&bench.who).unwrap();
            }
        });
        let seen: Vec<_> = (0..GUESTS)
            .map(|n| {
                bench.let_in(n, n);
                bench.replica.known(&bench.who, HALL).unwrap().tally.inside
            })
            .collect();
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(seen, (1..=GUESTS as u64).collect::<Vec<_>>());
    });
}
