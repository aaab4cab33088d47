//! A new guest list takes the place of the old one while the power is cut, the process is killed or the disk fails: the new file never
//! meets the old one's log, and nothing of the two is missed that nobody took away.

use usher_disk::{Choices, Fault, FaultKind};
use usher_sim::{clock::START_MS, event::Event};

use crate::{
    sound,
    workload::{CAPACITY, Op, PEOPLE, Stage},
};

/// So many that the new file has pages where the old one has others.
const MORE: i64 = 150;
const CUTS: u64 = 12;

/// A desk that has a list with changes in its log, and a server with a longer list.
fn stage() -> Stage {
    let mut stage = Stage::new();
    for op in [Op::Start, Op::Enrol, Op::Snapshot, Op::Request, Op::Apply, Op::LetIn(0), Op::Absorb] {
        stage.run(op, false).unwrap();
    }
    let after = Event::small(CAPACITY, PEOPLE + MORE);
    stage.server.import(&after, START_MS).unwrap();
    stage
}

fn running(before: &Stage) -> Stage {
    let mut stage = before.copy();
    stage.desk.start().unwrap();
    stage
}

fn ios_of(mut stage: Stage, work: impl FnOnce(&mut Stage)) -> u64 {
    stage.desk.disk.record();
    work(&mut stage);
    stage.desk.disk.recorded().len() as u64
}

#[test]
fn a_new_list_never_meets_the_old_log() {
    let before = stage();
    let ios = ios_of(running(&before), |stage| stage.run(Op::Snapshot, false).unwrap());
    let mut lengths = std::collections::BTreeSet::new();
    for at in ios - 40..ios {
        for seed in 0..CUTS {
            let mut stage = running(&before);
            stage.desk.disk.plan(Fault { at, kind: FaultKind::Halt, lasting: false });
            let _cut = stage.run(Op::Snapshot, false);
            stage.desk.disk.crash(&mut Choices::seeded(seed * 1_009 + at));
            stage.desk.stop();
            sound(&stage.desk.disk, "/desk/replica.db")
                .unwrap_or_else(|why| panic!("I/O {at}, cut {seed}: {why}"));
            stage.desk.start().unwrap();
            let (people, ..) = stage.desk.files().unwrap().list_state().unwrap();
            let text = stage.desk.files().unwrap().find(
                stage.desk.who().unwrap(),
                "Guest",
                stage.desk.serves.unwrap(),
            );
            assert!(!text.unwrap().guests.is_empty(), "I/O {at}, cut {seed}");
            lengths.insert(people);
        }
    }
    let old_or_new = [PEOPLE as u64, (PEOPLE + MORE) as u64];
    assert!(lengths.iter().eq(&old_or_new), "{lengths:?}");
}

/// Whether the desk believes that its lists lost something.
fn misses_something(stage: &Stage) -> bool {
    stage.desk.files().unwrap().wants_snapshot().unwrap()
}

#[test]
fn a_process_that_is_killed_while_lists_are_swapped_loses_none() {
    let before = stage();
    let ios = ios_of(running(&before), |stage| stage.run(Op::Snapshot, false).unwrap());
    for at in ios - 40..ios {
        let mut stage = running(&before);
        assert!(!misses_something(&stage));
        stage.desk.disk.plan(Fault { at, kind: FaultKind::Halt, lasting: false });
        let _killed = stage.run(Op::Snapshot, false);
        stage.desk.kill();
        stage.desk.start().unwrap();
        assert!(!misses_something(&stage), "I/O {at}");
    }
}

#[test]
fn a_start_that_fails_takes_no_write_ahead_log_away() {
    let before = stage();
    let ios = ios_of(before.copy(), |stage| stage.desk.start().unwrap());
    for at in 0..ios {
        for lasting in [false, true] {
            let mut stage = before.copy();
            stage.desk.disk.plan(Fault { at, kind: FaultKind::Error, lasting });
            let _failed = stage.desk.start();
            stage.desk.stop();
            stage.desk.disk.heal();
            stage.desk.start().unwrap();
            assert!(!misses_something(&stage), "I/O {at}, lasting: {lasting}");
        }
    }
}

#[test]
fn lists_that_could_not_be_opened_again_are_as_soon_as_they_can() {
    let before = stage();
    let ios = ios_of(running(&before), |stage| stage.run(Op::Snapshot, false).unwrap());
    let mut lengths = std::collections::BTreeSet::new();
    for at in ios - 60..ios {
        let mut stage = running(&before);
        stage.desk.disk.plan(Fault { at, kind: FaultKind::Error, lasting: true });
        let failed = stage.run(Op::Snapshot, false).is_err();
        stage.desk.disk.heal();
        let files = stage.desk.files().unwrap();
        let needs = files.needs_snapshot().unwrap();
        assert!(!needs || failed, "I/O {at}");
        let (people, complete, _) = files.list_state().unwrap();
        assert!(complete, "I/O {at}");
        lengths.insert(people);
    }
    let old_or_new = [PEOPLE as u64, (PEOPLE + MORE) as u64];
    assert!(lengths.iter().eq(&old_or_new), "{lengths:?}");
}
