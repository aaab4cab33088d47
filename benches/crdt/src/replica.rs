//! One more desk, which takes the others' check-ins from the feed into its own files.
#![expect(clippy::expect_used, reason = "a measurement that fails is none")]

use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use usher_authority::conformance::desk::{Desk, counter};
use usher_core::{
    clock::Reading,
    ids::{BootId, Identity},
};
use usher_protocol::{
    enrol::{EnrolAnswer, Role},
    sync::SyncAnswer,
};
use usher_replica::{Asking, Enrolled, Identified, Receipt, Replica, Stamp};
use uuid::Uuid;

use crate::{
    cpu::Cpu,
    evening::{Counts, START_MS},
    figures::{Figures, packed},
    ours::{Ours, at_start},
};

/// The desk's number.
const NUMBER: u8 = 11;

/// A desk with its files in a folder.
#[derive(Debug)]
pub struct Seat {
    folder: TempDir,
    replica: Replica,
    who: Identified,
}

fn identified(key: SigningKey, answer: &EnrolAnswer, identity: Identity) -> Identified {
    let secret = HEXLOWER.decode(answer.event_secret.as_bytes()).expect("it is hexadecimal");
    Identified {
        event: answer.event.id,
        identity,
        name: answer.name.clone(),
        machine: usher_core::ids::MachineId(Uuid::from_u128(u128::from(NUMBER))),
        key,
        event_secret: secret.try_into().expect("it has 32 bytes"),
        address: "http://127.0.0.1:1/".into(),
        fingerprint: None,
    }
}

impl Seat {
    /// Enrolled, with the guests of the event.
    #[must_use]
    pub fn new(ours: &Ours) -> Self {
        let mut random = counter(u128::from(NUMBER) << 64);
        let code = ours
            .server
            .make_enrolment_code(Role::Desk, "Desk 11", 60_000, at_start(&mut random))
            .expect("there is a code")
            .code;
        let (key, request) = Desk::enrolment(NUMBER, &code, Role::Desk);
        let answer = ours
            .server
            .enrol(&request, at_start(&mut random))
            .expect("the store works")
            .expect("it is enrolled");
        let who = identified(key, &answer, Identity { station: answer.station, epoch: request.epoch });
        let folder = tempfile::tempdir().expect("there is a folder");
        let replica = Replica::open(folder.path()).expect("the files open");
        let reading = Reading { wall_ms: START_MS, mono_ms: 0, boot: BootId(Uuid::from_u128(1)) };
        let stamp = Stamp { reading, now_ms: START_MS };
        replica.enrol(&Enrolled { who: who.clone(), term: answer.term }, stamp).expect("it is kept");
        let seat = Self { folder, replica, who };
        seat.follow(ours, &mut Figures::default());
        seat
    }

    /// Fetches the feed to its end.
    fn follow(&self, ours: &Ours, figures: &mut Figures) {
        while self.page(ours, figures) {}
    }

    fn page(&self, ours: &Ours, figures: &mut Figures) -> bool {
        let asking = Asking { now_ms: START_MS, ..Asking::default() };
        let sent = self.replica.next_request(&self.who, asking).expect("a request is made");
        let (_, body, signed) = ours.serve(&(sent.proof.clone(), sent.body.clone()), START_MS);
        let mut more = false;
        figures.merge += Cpu.of(|| {
            let answer: SyncAnswer = serde_json::from_slice(&body).expect("the answer is read");
            let receipt = Some(Receipt { signed: &signed, body: &body });
            let done = self.replica.apply_answer(&self.who, &sent, &answer, receipt, START_MS);
            more = done.expect("the answer is applied").more;
        });
        figures.wire += body.len();
        figures.wire_packed += packed(&body);
        more
    }

    /// Runs the day, which the server holds already.
    #[must_use]
    pub fn run(&self, ours: &Ours) -> (Figures, Counts) {
        let mut figures = Figures::of("usher, desk");
        self.follow(ours, &mut figures);
        let count = |record: &usher_protocol::records::SessionRecord| {
            let tally = self.replica.known(&self.who, record.rules.id).expect("it is counted").tally;
            (record.rules.id.0, (tally.inside, tally.occupied))
        };
        let sessions = self.replica.sessions().expect("they are read");
        (figures, sessions.iter().map(count).collect())
    }

    /// Closes the files, so that everything stands in the one that others' entries are in, reads that, and opens them again.
    #[must_use]
    pub fn stored(self) -> (Self, Vec<u8>) {
        let Self { folder, replica, who } = self;
        drop(replica);
        let bytes = std::fs::read(lists(folder.path())).expect("it is read");
        let replica = Replica::open(folder.path()).expect("the files open");
        (Self { folder, replica, who }, bytes)
    }
}

fn lists(folder: &Path) -> PathBuf {
    folder.join("replica.db")
}
