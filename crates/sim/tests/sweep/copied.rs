//! A desk begins another life once, and only where its files are a copy: no power cut brings back a mark that it went past.

use usher_core::ids::Epoch;
use usher_disk::{Choices, Fault, FaultKind, Io};
use usher_replica::NewLife;
use usher_sim::{chance::Chance, desk::Desk};

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

/// Seeds 701417 and 701757: one enrolment's mark is synced and the enrolment fails; the next one's sync fails, and it succeeds.
#[test]
fn a_power_cut_after_two_enrolments_on_a_failing_disk_begins_no_life() {
    let mut fresh = Stage::new();
    fresh.run(Op::Start, false).unwrap();
    let ios = fresh.copy().enrolment_ios();
    let mut enrolled = 0;
    for (first, second) in (0..ios.len()).flat_map(|a| (0..ios.len()).map(move |b| (a, b))) {
        let mut stage = fresh.copy();
        for (n, at) in [(1, first), (2, second)] {
            stage.desk.start().unwrap();
            stage.desk.disk.plan(Fault { at: at as u64, kind: FaultKind::Error, lasting: false });
            let _failed_or_not = stage.enrol_as(n);
            stage.desk.disk.heal();
            stage.desk.kill();
        }
        stage.desk.start().unwrap();
        if stage.desk.who.is_none() || !stage.desk.goes_on().unwrap() {
            continue;
        }
        enrolled += 1;
        stage.desk.power_cut(&mut Choices::drop_all(), stage.now_ms, 9);
        stage.desk.start().unwrap();
        assert!(stage.desk.goes_on().unwrap(), "{:?} {first}, then {:?} {second}", ios[first], ios[second]);
    }
    assert!(enrolled > 0 && ios.contains(&Io::Sync), "{enrolled} of {ios:?}");
}

impl Stage {
    /// Enrols the desk under a new code, with a key and an epoch made from `n`.
    fn enrol_as(&mut self, n: u64) -> Result<(), usher_replica::StoreError> {
        if !self.server.is_up() {
            self.server.start(self.now_ms).unwrap();
        }
        if self.desk.who.is_some() {
            return Ok(());
        }
        let code = self.server.invite("Desk 0", self.now_ms).unwrap();
        let (key, request) = self.desk.enrol_request(&code, &mut Chance::new(n));
        let answer = self.server.enrol(&request, self.now_ms).unwrap().unwrap();
        self.desk.enrol(key, &request, &answer, self.now_ms)
    }

    fn enrolment_ios(mut self) -> Vec<Io> {
        self.desk.start().unwrap();
        self.desk.disk.record();
        self.enrol_as(1).unwrap();
        self.desk.disk.recorded()
    }
}
