//! What a desk says of held seats stays true over a power cut: the lists do not forget what the log answered.

use usher_core::ids::ActorId;
use usher_disk::Choices;
use usher_protocol::decide::Decision;
use uuid::Uuid;

use crate::workload::{Op, Stage};

/// Seed 832739: the lists went back to before the cut, a restored server did not know of it, and a seat was used that was others'.
#[test]
fn a_power_cut_takes_no_cut_back_that_the_log_has_answered() {
    let mut stage = Stage::new();
    for op in [Op::Start, Op::Enrol, Op::Snapshot, Op::Request, Op::Apply] {
        stage.run(op, false).unwrap();
    }
    let session = stage.desk.serves.unwrap();
    for hold in [true, false] {
        let now_ms = stage.now_ms;
        let decided = stage.server.with(now_ms, |authority, _| {
            authority.decide(&Decision::HoldSeats { session, hold }, ActorId(Uuid::from_u128(7)), now_ms)
        });
        decided.unwrap().unwrap();
        stage.run(Op::Request, false).unwrap();
        stage.run(Op::Apply, false).unwrap();
    }
    let cuts = |stage: &Stage| {
        let rows = stage.desk.list_rows().unwrap();
        rows.into_iter().find(|(table, _)| table == "cut").map(|(_, rows)| rows)
    };
    let before = cuts(&stage);
    assert!(before.as_ref().is_some_and(|rows| rows.len() == 1), "{before:?}");
    assert!(stage.desk.do_duties(stage.now_ms).unwrap() > 0);
    stage.desk.power_cut(&mut Choices::drop_all(), stage.now_ms, 9);
    stage.desk.start().unwrap();
    assert_eq!(cuts(&stage), before);
}
