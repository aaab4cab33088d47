//! A byte of the log's file changes behind everybody's back: the file is refused, or the log goes on with a new life without rights, or
//! entries, rights and handover are what they were (DESIGN 10, P7).

use std::collections::BTreeMap;

use usher_core::{chain::RequestProof, entry::Body};
use usher_disk::Disk;
use usher_replica::Outgoing;

use crate::workload::{Failed, Stage, canonical};

const FILE: &str = "/desk/log.db";

/// A desk that was closed in order, and what its files said.
fn closed() -> (Stage, Said) {
    let mut stage = Stage::new();
    for op in canonical(2, true) {
        stage.run(op, false).unwrap();
    }
    let said = Said::by(&stage).unwrap();
    stage.desk.stop();
    (stage, said)
}

fn length(disk: &Disk) -> u64 {
    disk.files().iter().find(|(name, _)| name == FILE).map_or(0, |(_, len)| *len)
}

/// What a desk's files say of what may not change unnoticed.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    log: Vec<Body>,
    granted: u64,
    waiting: u64,
    handed: u64,
}

impl Said {
    fn by(stage: &Stage) -> Result<Self, Failed> {
        let log = stage.bodies()?;
        let granted = stage.check_rights(&log)?;
        let (files, who) = (stage.desk.files()?, stage.desk.who.as_ref().unwrap());
        let waiting = files.waiting(who.identity)?;
        let handed = handed(&stage.desk.request(stage.now_ms)?);
        Ok(Self { log, granted, waiting, handed })
    }
}

/// Up to which entry the request says that the log is handed over.
fn handed(sent: &Outgoing) -> u64 {
    RequestProof::from_bytes(&sent.proof.signed().unwrap().proof.0).unwrap().handed
}

/// What became of one flip.
fn fate(before: &Stage, said: &Said, at: u64) -> &'static str {
    let mut stage = before.copy();
    assert!(stage.desk.disk.flip(FILE, at, 0x10));
    if stage.desk.start().is_err() {
        return "refused at the start";
    }
    match stage.desk.goes_on() {
        Err(_) => "refused",
        Ok(false) => "a new life",
        Ok(true) => match Said::by(&stage) {
            Err(Failed(_)) => "refused when used",
            Ok(found) if found == *said => "no matter",
            Ok(other) => {
                panic!("byte {at} changed unnoticed what the files say: {other:?} instead of {said:?}")
            }
        },
    }
}

fn flips(step: u64) {
    let (stage, said) = closed();
    let mut fates = BTreeMap::<_, u64>::new();
    for at in (0..length(&stage.desk.disk)).step_by(usize::try_from(step).unwrap()) {
        *fates.entry(fate(&stage, &said, at)).or_default() += 1;
    }
    eprintln!("{} bytes, one in {step}: {fates:?}", length(&stage.desk.disk));
    assert!(fates["a new life"] > 0 && fates["refused at the start"] > 0 && fates["no matter"] > 0);
}

#[test]
fn a_flipped_byte_of_the_log_changes_nothing_unnoticed() {
    flips(29);
}

#[test]
#[ignore = "nightly: several minutes unoptimised"]
fn no_flipped_byte_of_the_log_changes_anything_unnoticed() {
    flips(1);
}
