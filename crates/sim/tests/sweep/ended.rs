//! What a desk says of held seats stays true over a power cut: the lists do not forget what the log answered.

use usher_core::ids::ActorId;
use usher_disk::Choices;
use usher_protocol::decide::Decision;
use uuid::Uuid;

use crate::workload::{Op, Stage};

/// A supervisor lets seats be held at the first session, or no longer.
fn decide(stage: &mut Stage, hold: bool) {
    let now_ms = stage.now_ms;
    let decided = stage.server.with(now_ms, |authority, _| {
        let session = authority.sessions()?[0].rules.id;
        authority.decide(&Decision::HoldSeats { session, hold }, ActorId(Uuid::from_u128(7)), now_ms)
    });
    decided.unwrap().unwrap();
}

fn run(stage: &mut Stage, ops: &[Op]) {
    ops.iter().for_each(|op| stage.run(*op, false).unwrap());
}

/// What the desk's lists know to have been taken away.
fn cuts(stage: &Stage) -> Vec<String> {
    let rows = stage.desk.list_rows().unwrap();
    rows.into_iter().find(|(table, _)| table == "cut").map(|(_, rows)| rows).unwrap_or_default()
}

fn last_through_a_power_cut(mut stage: Stage) {
    let before = cuts(&stage);
    assert_eq!(before.len(), 1, "{before:?}");
    stage.desk.power_cut(&mut Choices::drop_all(), stage.now_ms, 9);
    stage.desk.start().unwrap();
    assert_eq!(cuts(&stage), before);
}

/// Seed 832739: the lists went back to before the cut, a restored server did not know of it, and a seat was used that was others'.
#[test]
fn a_power_cut_takes_no_cut_back_that_the_log_has_answered() {
    let mut stage = Stage::new();
    run(&mut stage, &[Op::Start, Op::Enrol, Op::Snapshot, Op::Request, Op::Apply]);
    for hold in [true, false] {
        decide(&mut stage, hold);
        run(&mut stage, &[Op::Request, Op::Apply]);
    }
    assert!(stage.desk.do_duties(stage.now_ms).unwrap() > 0);
    last_through_a_power_cut(stage);
}

/// Nobody waited for a log that had never been answered: the seats were others' when the first answer came.
#[test]
fn a_power_cut_takes_no_cut_back_once_held_seats_may_be_used() {
    let mut stage = Stage::new();
    decide(&mut stage, true);
    run(&mut stage, &[Op::Start, Op::Enrol, Op::Snapshot]);
    decide(&mut stage, false);
    run(&mut stage, &[Op::Request, Op::Apply]);
    last_through_a_power_cut(stage);
}
