//! A desk's disk fails at every I/O of every operation of the workload.

use usher_core::entry::Body;
use usher_disk::Io;

use crate::{
    Blow, sound,
    workload::{Failed, Op, Stage, canonical},
};

/// The workload's state before one operation, and what the log says before and after it.
struct Before {
    op: Op,
    stage: Stage,
    log: Vec<Body>,
    after: Vec<Body>,
    ios: Vec<Io>,
}

/// What the sweep met.
#[derive(Debug, Default)]
struct Seen {
    blows: u64,
    said_failed: u64,
    failed_yet_there: u64,
    needs_restart: u64,
    misread: u64,
}

fn prepare(ops: &[Op]) -> Vec<Before> {
    let mut stage = Stage::new();
    let mut all = Vec::new();
    for op in ops {
        let copy = stage.copy();
        let log = if stage.desk.is_up() { stage.bodies().unwrap() } else { Vec::new() };
        stage.run(*op, false).unwrap_or_else(|Failed(why)| panic!("{op:?} on a sound disk: {why}"));
        let after = stage.bodies().unwrap();
        let ios = ios(&copy, *op);
        all.push(Before { op: *op, stage: copy, log, after, ios });
    }
    all
}

/// The I/Os of `op` from a cold start.
fn ios(before: &Stage, op: Op) -> Vec<Io> {
    let mut stage = begin(before, op);
    stage.desk.disk.record();
    stage.run(op, false).unwrap();
    stage.desk.stop();
    stage.desk.disk.recorded()
}

fn begin(before: &Stage, op: Op) -> Stage {
    let mut stage = before.copy();
    if op != Op::Start {
        stage.desk.start().unwrap();
    }
    stage
}

impl Before {
    /// One blow at one I/O, and everything that must hold afterwards.
    fn strike(&self, at: u64, blow: Blow, seen: &mut Seen) -> Result<(), String> {
        let mut stage = begin(&self.stage, self.op);
        stage.desk.disk.plan(blow.fault(at));
        let done = stage.run(self.op, false);
        let ended = blow.end(&stage.desk.disk, at);
        stage.desk.disk.heal();
        seen.blows += 1;
        seen.said_failed += u64::from(done.is_err());
        if ended {
            stage.desk.stop();
            sound(&stage.desk.disk, "/desk/log.db")?;
            sound(&stage.desk.disk, "/desk/replica.db")?;
            self.restart(&mut stage)?;
            self.after_restart(&mut stage, done.is_ok(), seen)?;
        } else if done.is_err() {
            self.go_on(&mut stage, seen)?;
        }
        self.finish(&mut stage, ended)
    }

    /// SQLite takes a short read of a database file for the end of the file and goes on with zeros: what the list says may be
    /// wrong then, and a page that is written back is damaged. That must not pass for whole: the log's chain shows it.
    fn misread(why: &str) -> bool {
        ["damaged", "malformed", "other:", " stands where "].iter().any(|word| why.contains(word))
    }

    fn restart(&self, stage: &mut Stage) -> Result<(), String> {
        stage.desk.start().map_err(|error| format!("the app does not start again: {error}"))
    }

    /// What was answered is there; what said that it failed is there once or not at all, and once after another try.
    fn after_restart(&self, stage: &mut Stage, done: bool, seen: &mut Seen) -> Result<(), String> {
        let found = stage.bodies().map_err(|Failed(why)| format!("the log cannot be read: {why}"))?;
        stage.check_rights(&found).map_err(|Failed(why)| why)?;
        stage.list_works().map_err(|Failed(why)| format!("the list: {why}"))?;
        if done && found != self.after {
            return Err(format!("answered, and lost: {} entries, {} are due", found.len(), self.after.len()));
        }
        if !done && found != self.log && found != self.after {
            return Err(format!("neither before nor after: {found:?}"));
        }
        seen.failed_yet_there += u64::from(!done && found == self.after && self.log != self.after);
        if !done {
            self.again(stage)?;
        }
        Ok(())
    }

    fn again(&self, stage: &mut Stage) -> Result<(), String> {
        if self.op == Op::Start {
            return Ok(());
        }
        stage.run(self.op, true).map_err(|Failed(why)| format!("a second try failed: {why}"))
    }

    /// The process lives: the second try works at once, or after a restart.
    fn go_on(&self, stage: &mut Stage, seen: &mut Seen) -> Result<(), String> {
        if stage.desk.is_up() && self.again(stage).is_ok() && stage.list_works().is_ok() {
            return Ok(());
        }
        seen.needs_restart += 1;
        stage.desk.stop();
        self.restart(stage)?;
        self.after_restart(stage, false, seen)
    }

    /// After everything the log says what it should, in this process and in the next one, and the list can be used.
    fn finish(&self, stage: &mut Stage, ended: bool) -> Result<(), String> {
        self.settled(stage)?;
        if !ended {
            stage.desk.stop();
            self.restart(stage)?;
            self.settled(stage)?;
        }
        Ok(())
    }

    fn settled(&self, stage: &Stage) -> Result<(), String> {
        let found = stage.bodies().map_err(|Failed(why)| format!("the log cannot be read: {why}"))?;
        if found != self.after {
            let odd: Vec<_> = found.iter().zip(&self.after).filter(|(a, b)| a != b).collect();
            return Err(format!(
                "in the end {} entries, {} are due; other: {odd:?}",
                found.len(),
                self.after.len()
            ));
        }
        stage.check_rights(&found).map_err(|Failed(why)| why)?;
        let whole = stage.list_works().map_err(|Failed(why)| format!("the list: {why}"))?;
        if whole { Ok(()) } else { Err("the list is neither whole nor empty".into()) }
    }
}

fn sweep(guests: i64, cuts: u64) {
    let mut seen = Seen::default();
    let mut wrong = Vec::new();
    for before in prepare(&canonical(guests, cuts > 2)) {
        for (at, io) in (0..).zip(&before.ios) {
            for blow in Blow::all(*io, at, cuts) {
                let Err(why) = before.strike(at, blow, &mut seen) else { continue };
                if blow.misreads() && Before::misread(&why) {
                    seen.misread += 1;
                } else {
                    wrong.push(format!("{:?}, {blow:?} at I/O {at} ({io:?}): {why}", before.op));
                }
            }
        }
    }
    eprintln!("{seen:?}");
    assert!(wrong.is_empty(), "{} wrong, first:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert!(seen.misread * 200 < seen.blows, "{seen:?}");
    assert!(seen.said_failed > 100 && seen.failed_yet_there > 0, "{seen:?}");
}

#[test]
fn every_io_of_a_desk_may_fail() {
    sweep(2, 2);
}

#[test]
#[ignore = "nightly: several minutes unoptimised"]
fn every_io_of_a_desk_may_fail_at_length() {
    sweep(5, 12);
}

/// Seed 1179: a process is killed between writing and syncing, the next one finds the entry and goes on from it, and then the power
/// is cut.
#[test]
fn what_a_killed_process_left_is_durable_before_anybody_relies_on_it() {
    let ops = [Op::Start, Op::Enrol, Op::Snapshot, Op::Request, Op::Apply, Op::LetIn(0)];
    let all = prepare(&ops);
    let Some(last) = all.last() else { return };
    for at in 0..last.ios.len() as u64 {
        let mut stage = begin(&last.stage, last.op);
        stage.desk.disk.plan(Blow::Kill.fault(at));
        let _killed = stage.run(last.op, false);
        stage.desk.kill();
        stage.desk.start().unwrap();
        let found = stage.bodies().unwrap();
        stage.desk.disk.crash(&mut usher_disk::Choices::drop_all());
        stage.desk.stop();
        stage.desk.start().unwrap();
        assert_eq!(stage.bodies().unwrap(), found, "killed at I/O {at}");
        assert!(stage.desk.goes_on().unwrap(), "killed at I/O {at}");
    }
}
