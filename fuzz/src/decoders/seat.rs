//! The desk that foreign bytes meet: its files on a simulated disk, made once and copied for each try.
#![expect(clippy::expect_used, reason = "without its fixture the fuzzer cannot begin")]

use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

use ed25519_dalek::SigningKey;
use usher_core::{
    chain::{AnswerProof, sha256, sign_answer},
    clock::Reading,
    entry::Head,
    ids::{BootId, Epoch, EventId, Identity, MachineId, StationId},
};
use usher_disk::Disk;
use usher_protocol::sync::{Signed, SyncAnswer};
use usher_replica::{Asked, Asking, Enrolled, Identified, Outgoing, Receipt, Replica, Stamp, SyncError};
use usher_sim::files::Files;
use uuid::Uuid;

use super::house::NOW_MS;

/// A desk whose event has no server's key yet: it believes the first answer, and from then on only what that server signs.
#[derive(Debug)]
pub struct Seat {
    /// Its files.
    pub replica: Replica,
    /// Who it is.
    pub who: Identified,
}

static DISK: LazyLock<Disk> = LazyLock::new(|| Seat::make(Disk::new(2)));

fn who() -> Identified {
    Identified {
        event: EventId(Uuid::from_u128(1)),
        identity: Identity { station: StationId(Uuid::from_u128(2)), epoch: Epoch(2) },
        name: "Desk 2".into(),
        machine: MachineId(Uuid::from_u128(3)),
        key: SigningKey::from_bytes(&[2; 32]),
        event_secret: [5; 32],
        address: "http://127.0.0.1:1/".into(),
        fingerprint: None,
    }
}

fn stamp() -> Stamp {
    let reading = Reading { wall_ms: NOW_MS, mono_ms: 1, boot: BootId(Uuid::from_u128(8)) };
    Stamp { reading, now_ms: NOW_MS }
}

impl Seat {
    fn make(disk: Disk) -> Disk {
        let seat = Self::over(&disk);
        seat.replica.enrol(&Enrolled { who: who(), term: 1 }, stamp()).expect("the desk is enrolled");
        disk
    }

    fn over(disk: &Disk) -> Self {
        let replica = Replica::open_on(Arc::new(Files(disk.clone())), Path::new("/desk"));
        Self { replica: replica.expect("the files open"), who: who() }
    }

    /// A desk on a copy of its own.
    #[must_use]
    pub fn open() -> Self {
        Self::over(&DISK.copy())
    }

    /// The next request.
    #[must_use]
    pub fn ask(&self) -> Outgoing {
        let asking = Asking { now_ms: NOW_MS, ..Asking::default() };
        self.replica.next_request(&self.who, asking).expect("a request is made")
    }

    /// Applies an answer as its server would have signed it.
    ///
    /// # Errors
    /// What the desk says.
    pub fn apply(&self, sent: &Outgoing, answer: &SyncAnswer, body: &[u8]) -> Result<(), SyncError> {
        let proof = AnswerProof {
            event: self.who.event,
            to: sent.life,
            own: self.who.identity,
            head: Head::EMPTY,
            acknowledged: answer.acknowledged,
            term: answer.term,
            position: answer.cursor.position,
            body: sha256(body),
            root: None,
        };
        let bytes = proof.to_bytes();
        let signed = Signed::new(bytes.clone(), &sign_answer(&SigningKey::from_bytes(&[9; 32]), &bytes));
        let receipt = Receipt { signed: &signed, body };
        self.replica.apply_answer(&self.who, sent, answer, Some(receipt), NOW_MS).map(drop)
    }

    /// Asks everything that a screen asks: whatever came, no question may end the desk.
    pub fn look_around(&self) {
        let _ = self.replica.absorb(&self.who);
        let _ = (self.replica.event(), self.replica.list_state(), self.replica.needs_snapshot());
        let Ok(sessions) = self.replica.sessions() else { return };
        let ticket = self.replica.look_up(&self.who, &["TICKET-000001".into()]);
        let (Some(first), Ok(ticket)) = (sessions.first(), ticket) else { return };
        let asked = Asked { ticket, session: first.rules.id, now_ms: NOW_MS };
        let _ = self.replica.judge(&self.who, &asked);
        let _ = self.replica.find(&self.who, "guest \"1*", first.rules.id);
        let _ = self.replica.known(&self.who, first.rules.id);
        let _ = self
            .replica
            .next_request(&self.who, Asking { serving: vec![first.rules.id], ..Asking::default() });
    }
}
