//! A copied desk begins another life once: no power cut brings back the mark of the computer that it was copied from.

use usher_core::ids::Epoch;
use usher_disk::Choices;
use usher_replica::NewLife;
use usher_sim::desk::Desk;

use crate::workload::{Op, Stage};

#[test]
fn a_power_cut_after_a_copied_desk_began_a_new_life_makes_it_begin_no_other() {
    let mut stage = Stage::new();
    for op in [Op::Start, Op::Enrol, Op::Snapshot, Op::Request, Op::Apply, Op::LetIn(0)] {
        stage.run(op, false).unwrap();
    }
    let mut copy = Desk::new(1, stage.desk.disk.copy());
    copy.start().unwrap();
    assert!(!copy.goes_on().unwrap());
    copy.begin_life(NewLife::Copied, Epoch(77), stage.now_ms).unwrap();
    copy.power_cut(&mut Choices::drop_all(), stage.now_ms, 9);
    copy.start().unwrap();
    assert_eq!(copy.who().unwrap().identity.epoch, Epoch(77));
    assert!(copy.goes_on().unwrap());
}
