//! Numbers by property: whatever happens in whatever order, the cached sums, the overlay and the fold of all entries agree.

use proptest::prelude::*;
use usher_core::{entry::Head, fold::Ledger};
use usher_protocol::sync::Change;
use usher_replica::Decided;

use crate::bench::*;

#[derive(Clone, Debug)]
enum Step {
    LetIn(u128),
    UndoLast,
    Elsewhere(u128, i64),
    Absorb,
    Acknowledge,
    Grant(u64),
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0..8_u128).prop_map(Step::LetIn),
        2 => Just(Step::UndoLast),
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
    let mut others = Ledger::default();
    let mut elsewhere_seq = 0;
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::LetIn(n) => drop(bench.let_in(at as u128, *n)),
            Step::UndoLast => undo_last(&bench, at),
            Step::Elsewhere(n, ms) => {
                elsewhere_seq += 1;
                let (_, change) = elsewhere(50, elsewhere_seq, *n, NOW_MS + ms);
                let Change::Entry(bytes) = &change else { unreachable!() };
                others.apply(&usher_core::entry::Entry::from_bytes(&bytes.0).unwrap());
                bench.feed(vec![change], 0);
            }
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
    bench.replica.apply_answer(&bench.who, &sent, &answer, None, NOW_MS).unwrap();
}

/// The process ends and starts again on the same files.
fn reopen(bench: Bench) -> Bench {
    let Bench { replica, who, position, folder } = bench;
    drop(replica);
    let replica = usher_replica::Replica::open(folder.path()).unwrap();
    Bench { replica, who, position, folder }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn cached_sums_overlay_and_fold_agree(steps in steps()) {
        let (bench, mut all) = run(&steps);
        for logged in bench.log() {
            all.apply(&logged.entry);
        }
        let wanted = all.tally(HALL);
        prop_assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally, wanted);
        while bench.replica.absorb(&bench.who).unwrap() > 0 {}
        prop_assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally, wanted);
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
