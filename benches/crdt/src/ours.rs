//! Usher: ten desks' logs, and the server that takes, counts and keeps them.
#![expect(clippy::expect_used, reason = "a measurement that fails is none")]

use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use usher_authority::{
    Authority, Fresh, NewEvent, PersonSpec, Proven, SessionSpec,
    conformance::desk::{Desk, Sent, counter},
};
use usher_authority_sqlite::SqliteStore;
use usher_core::{chain::sign_entry, entry::Body, ids::EventId, session::WhenEmpty};
use usher_protocol::{
    proof::ProofHeaders,
    sync::{Change, Signed, SyncAnswer, SyncRequest},
};

use crate::{
    cpu::Cpu,
    evening::{Arrival, Counts, DESKS, Ids, PAGE, PEOPLE, SESSIONS, START_MS},
    figures::{Figures, packed},
};

/// The server with its database in a folder, and its desks.
#[derive(Debug)]
pub struct Ours {
    folder: TempDir,
    /// The server.
    pub server: Authority<SqliteStore>,
    /// The event.
    pub event: EventId,
    /// The ids that it gave.
    pub ids: Ids,
}

/// The length of a body on the wire, with its proof and signature.
fn on_wire(headers: &ProofHeaders, body: usize) -> usize {
    headers.proof.len() + headers.signature.len() + body
}

/// The day's beginning, with random numbers.
pub fn at_start(random: &mut dyn FnMut() -> u128) -> Fresh<'_> {
    Fresh { now_ms: START_MS, random }
}

impl Ours {
    /// The event with its sessions and guests.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is a folder");
        let store = SqliteStore::create(&folder.path().join("usher.db")).expect("there is a database");
        let event = NewEvent { name: "Measured".into(), time_zone: "Europe/Madrid".into(), fast_door: true };
        let mut random = counter(1);
        let server = Authority::create(store, &event, at_start(&mut random)).expect("the event is made");
        let sessions: Vec<_> = (0..SESSIONS).map(session).collect();
        server.import_sessions(&sessions, at_start(&mut random)).expect("the sessions are imported");
        let people: Vec<_> = (0..PEOPLE).map(person).collect();
        server
            .import_participants(&people, at_start(&mut random), &mut |_| {})
            .expect("the people are imported");
        let (event, ids) = (server.event().expect("it is there").id, ids(&server));
        Self { folder, server, event, ids }
    }

    /// The ten desks, whose logs are open and known to the server.
    #[must_use]
    pub fn desks(&self) -> Vec<Desk> {
        let enrol = |number: usize| {
            let number = u8::try_from(number).expect("there are few desks");
            let mut desk = Desk::enrol(&self.server, number, START_MS).expect("the desk is enrolled");
            let sent = self.request(&mut desk, START_MS);
            let answer = self.serve(&wire(&sent), START_MS).0;
            desk.apply(&answer).expect("the answer is taken");
            desk
        };
        (1..=DESKS).map(enrol).collect()
    }

    /// The next request of a desk that is up to date: nothing comes back but what is acknowledged.
    fn request(&self, desk: &mut Desk, now_ms: i64) -> Sent {
        desk.cursor = self.server.feed_end().expect("the feed has an end");
        desk.request(Vec::new(), PAGE, now_ms)
    }

    /// What the server does with a request, but for HTTP: the proof, the body, the rules, the answer and its signature.
    pub fn serve(
        &self,
        (headers, body): &(ProofHeaders, Vec<u8>),
        now_ms: i64,
    ) -> (SyncAnswer, Vec<u8>, Signed) {
        let presented = headers.read().expect("the proof is read");
        let key = self
            .server
            .credential(presented.proof.station)
            .expect("it is looked up")
            .expect("it is known")
            .key;
        let proof = presented.clone().verify(&key, body).expect("it is signed");
        let request: SyncRequest = serde_json::from_slice(body).expect("the body is read");
        let (bytes, signature) = presented.evidence();
        let mut random = counter(now_ms.unsigned_abs().into());
        let proven = Proven { proof: &proof, bytes, signature };
        let done = self.server.sync(proven, &request, Fresh { now_ms, random: &mut random });
        let answer = done.expect("the store works").expect("it is answered");
        let text = serde_json::to_vec(&answer).expect("it is plain data");
        let signed = self.server.sign_answer(proof.identity(), &answer, &text).expect("it is signed");
        (answer, text, signed)
    }

    /// Runs the day.
    #[must_use]
    pub fn run(&self, pages: &[Vec<Arrival>], desks: &mut [Desk]) -> (Figures, Counts) {
        let (mut figures, mut cpu) = (Figures::of("usher, server"), Cpu);
        for page in pages {
            let desk = &mut desks[page[0].desk];
            figures.write += cpu.of(|| self.write(desk, page));
            let now_ms = page[page.len() - 1].at_ms;
            let (mut sent, mut answer) = (None, None);
            figures.merge += cpu.of(|| {
                let request = wire(&self.request(desk, now_ms));
                answer = Some(self.serve(&request, now_ms).0);
                sent = Some(request);
            });
            let (sent, answer) = sent.zip(answer).expect("it was sent");
            desk.apply(&answer).expect("the answer is taken");
            figures.wire += on_wire(&sent.0, sent.1.len());
            figures.wire_packed += on_wire(&sent.0, packed(&sent.1));
        }
        figures.lone = self.lone(&mut desks[0], &pages[0][0]);
        (figures, self.counts())
    }

    /// Entries as a desk makes them: encoded, chained by their hashes, signed. Their commit is measured by `door`.
    fn write(&self, desk: &mut Desk, page: &[Arrival]) {
        let key = SigningKey::from_bytes(&[u8::try_from(page[0].desk + 1).unwrap_or_default(); 32]);
        for one in page {
            let body = one.body(&self.ids);
            let hlc = usher_core::clock::Hlc::from_ms(one.at_ms);
            desk.write(hlc.0, Body::CheckIn(body));
            std::hint::black_box(sign_entry(&key, desk.head.hash));
        }
    }

    fn lone(&self, desk: &mut Desk, one: &Arrival) -> usize {
        self.write(desk, &[*one]);
        let (headers, body) = wire(&self.request(desk, one.at_ms));
        on_wire(&headers, body.len())
    }

    fn counts(&self) -> Counts {
        let board = self.server.board(START_MS).expect("there is a board");
        let line = |one: &usher_protocol::board::BoardSession| {
            (one.id.parse().expect("it is an id"), (one.inside, one.occupied))
        };
        board.sessions.iter().map(line).collect()
    }

    /// Ends the server, so that everything stands in its one file, reads that, and begins again.
    #[must_use]
    pub fn stored(self) -> (Self, Vec<u8>) {
        let Self { folder, server, event, ids } = self;
        drop(server);
        let path = folder.path().join("usher.db");
        let bytes = std::fs::read(&path).expect("it is read");
        let store = SqliteStore::open(&path).expect("it opens");
        let server = Authority::open(store).expect("it has the event");
        (Self { folder, server, event, ids }, bytes)
    }
}

/// A request as it travels.
fn wire(sent: &Sent) -> (ProofHeaders, Vec<u8>) {
    let signed = Signed::new(sent.bytes.clone(), &sent.signature);
    (ProofHeaders::of(&signed), serde_json::to_vec(&sent.body).expect("it is plain data"))
}

fn session(number: usize) -> SessionSpec {
    let starts_ms = START_MS + number as i64 / 2 * 3_600_000;
    SessionSpec {
        name: format!("Session {number}"),
        code: None,
        room: format!("Hall {}", number % 2),
        starts_ms,
        ends_ms: starts_ms + 3_000_000,
        capacity: None,
        late_after_ms: 600_000,
        opens_before_ms: 1_800_000,
        ends_after_ms: 300_000,
        when_empty: WhenEmpty::Strict,
        open_to_all: true,
        hold_seats: false,
        hold_for_ms: None,
    }
}

fn person(number: usize) -> PersonSpec {
    PersonSpec {
        name: Some(format!("Guest Number {number}")),
        email: Some(format!("guest{number}@example.org")),
        code: Some(format!("TICKET-{number:08}")),
        ..PersonSpec::default()
    }
}

fn ids(server: &Authority<SqliteStore>) -> Ids {
    let mut ids = Ids::default();
    let mut line = |line: &[u8]| {
        match serde_json::from_slice(line) {
            Ok(Change::Session(record)) => ids.sessions.push(record.rules.id),
            Ok(Change::Person(record)) => ids.people.push(record.id),
            _ => {}
        }
        Ok(())
    };
    server.snapshot(&mut line).expect("the feed is read");
    assert_eq!((ids.sessions.len(), ids.people.len()), (SESSIONS, PEOPLE));
    ids
}
