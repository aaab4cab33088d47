//! A desk on a temporary folder, with answers made by hand in the server's place.

use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use usher_core::{
    chain::{AnswerProof, digest_code, sha256, sign_answer},
    clock::{Hlc, Reading},
    entry::*,
    ids::*,
    session::SessionRules,
    verdict::{Validity, Verdict},
};
use usher_protocol::{records::*, sync::*};
use usher_replica::*;
use uuid::Uuid;

/// The log that the server in whose place answers are made writes.
pub(crate) const SERVER: Identity = Identity { station: StationId(Uuid::from_u128(0x5e)), epoch: Epoch(1) };

pub(crate) fn server_key() -> SigningKey {
    SigningKey::from_bytes(&[0x5e; 32])
}

pub(crate) const NOW_MS: i64 = 1_780_000_000_000;
pub(crate) const HALL: SessionId = SessionId(Uuid::from_u128(0xa1));
pub(crate) const SECRET: [u8; 32] = [5; 32];

pub(crate) struct Bench {
    pub(crate) replica: Replica,
    pub(crate) who: Identified,
    pub(crate) position: u64,
    pub(crate) folder: TempDir,
    /// Which log the server writes, and its end.
    pub(crate) own: (Identity, Head),
    /// What it signs with.
    pub(crate) key: SigningKey,
}

pub(crate) fn stamp(at_ms: i64) -> Stamp {
    let reading = Reading {
        wall_ms: at_ms,
        mono_ms: (at_ms - NOW_MS).unsigned_abs(),
        boot: BootId(Uuid::from_u128(8)),
    };
    Stamp { reading, now_ms: at_ms }
}

pub(crate) fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x1000 + n))
}

pub(crate) fn code(n: u128) -> String {
    format!("CODE-{n:06}")
}

pub(crate) fn hall(capacity: Option<u32>) -> SessionRecord {
    let rules = SessionRules { capacity, rev: 3, ..SessionRules::new(HALL, NOW_MS, NOW_MS + 3_600_000) };
    SessionRecord { name: "Keynote".into(), room: "Hall A".into(), rules, pause_words: String::new() }
}

pub(crate) fn guest(n: u128) -> PersonRecord {
    PersonRecord {
        id: person(n),
        name: format!("Guest Nº{n} Gómez"),
        email: format!("g{n}@example.org"),
        organisation: String::new(),
        kind: "Full pass".into(),
        order: String::new(),
        note: String::new(),
        flags: Vec::new(),
        attention: false,
        code: Some(digest_code(&SECRET, &code(n))),
        cancelled: false,
        valid: Validity::default(),
        revoked_codes: Vec::new(),
        registrations: vec![Registration { session: HALL, cancelled: false }],
        profile: None,
    }
}

impl Bench {
    /// An enrolled desk with a hall of `capacity` and guests 0 to 9, granted `rights`.
    pub(crate) fn new(capacity: Option<u32>, rights: u64) -> Self {
        let mut bench = Self::unsynced();
        let people = (0..10).map(|n| Change::Person(guest(n)));
        bench.feed(std::iter::once(Change::Session(hall(capacity))).chain(people).collect(), rights);
        bench
    }

    /// An enrolled desk that has heard nothing yet.
    pub(crate) fn unsynced() -> Self {
        let folder = TempDir::new().unwrap();
        let replica = Replica::open(folder.path()).unwrap();
        let who = Identified {
            event: EventId(Uuid::from_u128(1)),
            identity: Identity { station: StationId(Uuid::from_u128(2)), epoch: Epoch(77) },
            name: "Desk 1".into(),
            machine: MachineId(Uuid::from_u128(3)),
            key: SigningKey::from_bytes(&[9; 32]),
            event_secret: SECRET,
            address: "http://127.0.0.1:1/".into(),
            fingerprint: None,
        };
        replica.enrol(&Enrolled { who: who.clone(), term: 1 }, stamp(NOW_MS)).unwrap();
        Self { replica, who, position: 0, folder, own: (SERVER, Head::EMPTY), key: server_key() }
    }

    pub(crate) fn request(&self) -> Outgoing {
        self.replica.next_request(&self.who, Asking::default()).unwrap()
    }

    /// What a server that holds the log up to `acknowledged` would answer.
    pub(crate) fn answer(&mut self, acknowledged: Head, changes: Vec<Change>, rights: u64) -> SyncAnswer {
        let changes: Vec<_> = changes
            .into_iter()
            .map(|change| {
                self.position += 1;
                Positioned { position: self.position, change }
            })
            .collect();
        let grants = vec![GrantTotal { session: HALL, total: rights }];
        let quiet = SyncAnswer::quiet(1, self.position, NOW_MS);
        SyncAnswer { acknowledged, changes, grants, profiles: Some(Vec::new()), ..quiet }
    }

    /// One sync that acknowledges nothing and brings `changes`.
    pub(crate) fn feed(&mut self, changes: Vec<Change>, rights: u64) {
        let sent = self.request();
        let answer = self.answer(Head::EMPTY, changes, rights);
        self.apply(&sent, &answer).unwrap();
    }

    /// Applies an answer as the server would have signed it.
    pub(crate) fn apply(&self, sent: &Outgoing, answer: &SyncAnswer) -> Result<Applied, SyncError> {
        let body = serde_json::to_vec(answer).unwrap();
        let signed = self.signed(sent.life, answer.acknowledged, answer.cursor, &body);
        let receipt = Receipt { signed: &signed, body: &body };
        self.replica.apply_answer(&self.who, sent, answer, Some(receipt), NOW_MS)
    }

    /// What the server signs with `body`, whose own log ends as [`Self::own`] says.
    pub(crate) fn signed(&self, to: Identity, acknowledged: Head, cursor: Cursor, body: &[u8]) -> Signed {
        let (event, (own, head), body) = (self.who.event, self.own, sha256(body));
        let Cursor { term, position } = cursor;
        let bytes =
            AnswerProof { event, to, own, head, acknowledged, term, position, body, root: None }.to_bytes();
        let signature = sign_answer(&self.key, &bytes);
        Signed::new(bytes, &signature)
    }

    pub(crate) fn verdict(&self, n: u128) -> Verdict {
        self.replica.judge(&self.who, &self.asked(n)).unwrap().unwrap().judgement.verdict
    }

    pub(crate) fn head_at(&self, seq: Seq) -> Head {
        let logged = &self.replica.logged(self.who.identity, seq - 1, 1).unwrap()[0];
        Head { seq, hash: logged.hash }
    }

    pub(crate) fn asked(&self, n: u128) -> Asked {
        let ticket = self.replica.look_up(&self.who, &[code(n)]).unwrap();
        Asked { ticket, session: HALL, now_ms: NOW_MS }
    }

    pub(crate) fn decision(&self, verdict: u128, n: u128) -> Decision {
        Decision {
            verdict: Uuid::from_u128(verdict),
            asked: self.asked(n),
            act: Act::LetIn,
            found: usher_core::entry::Found::Camera,
            shift: ShiftId(Uuid::from_u128(4)),
            stamp: stamp(NOW_MS),
        }
    }

    pub(crate) fn let_in(&self, verdict: u128, n: u128) -> Decided {
        self.replica.let_in(&self.who, &self.decision(verdict, n)).unwrap()
    }

    /// Lets guest `n` in and gives the entry.
    pub(crate) fn admit(&self, n: u128) -> EntryKey {
        match self.let_in(0xf000 + n, n) {
            Decided::LetIn(key) => key,
            other => panic!("guest {n} was not let in: {other:?}"),
        }
    }

    pub(crate) fn undo(&self, verdict: u128, of: EntryKey) -> EntryKey {
        let shift = ShiftId(Uuid::from_u128(4));
        self.replica
            .undo(&self.who, Uuid::from_u128(verdict), of, UndoReason::WrongPerson, shift, stamp(NOW_MS))
            .unwrap()
            .unwrap()
    }

    pub(crate) fn rights(&self) -> u64 {
        self.replica.known(&self.who, HALL).unwrap().rights.available()
    }

    pub(crate) fn log(&self) -> Vec<Logged> {
        self.replica.logged(self.who.identity, 0, 10_000).unwrap()
    }
}

/// A check-in by another desk, as it comes down the feed.
pub(crate) fn elsewhere(station: u128, seq: Seq, n: u128, at_ms: i64) -> (EntryKey, Change) {
    let entry = Entry {
        v: ENTRY_VERSION,
        event: EventId(Uuid::from_u128(1)),
        station: StationId(Uuid::from_u128(station)),
        epoch: Epoch(5),
        seq,
        prev_hash: EntryHash([0; 32]),
        hlc: Hlc::from_ms(at_ms),
        wall_ms: at_ms,
        mono_ms: 0,
        boot_id: BootId(Uuid::from_u128(6)),
        body: Body::CheckIn(CheckIn {
            session: HALL,
            subject: Subject::Person(person(n)),
            basis: Basis::Grant,
            found: usher_core::entry::Found::Camera,
            registered: true,
            late: false,
            rev: 1,
            shift: ShiftId(Uuid::from_u128(4)),
            override_by: None,
            override_reason: None,
        }),
    };
    let bytes = entry.to_bytes();
    (entry.key(), Change::Entry(EntryBytes(bytes)))
}
