//! A served event on a free port, and desks that speak to it over real HTTP with logs of their own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops")]

use std::{path::PathBuf, sync::Once};

use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use usher_authority::{Authority, NewEvent, PersonSpec, SessionSpec};
use usher_authority_sqlite::SqliteStore;
use usher_core::{
    chain::{RequestProof, hash_entry, sha256, sign_enrolment},
    clock::Hlc,
    entry::{Basis, Body, CheckIn, Entry, Found, Head, OpenEpoch, Subject},
    ids::{BootId, Epoch, EventId, MachineId, PersonId, SessionId, ShiftId},
    session::WhenEmpty,
};
use usher_protocol::{
    enrol::{EnrolAnswer, EnrolRequest, Role, normalise_code},
    error::{ErrorBody, ErrorCode},
    proof::{PROOF_HEADER, ProofHeaders, SIGNATURE_HEADER},
    sync::{Cursor, EntryBytes, SyncAnswer, SyncRequest},
};
use usher_server::{
    run::{Running, ServeConfig, Tls, serve},
    store::{Server, fresh, open},
};
use uuid::Uuid;

pub(crate) const NOW_MS: i64 = 1_790_000_000_000;

/// An event in a folder of its own.
pub(crate) struct House {
    _folder: TempDir,
    pub(crate) data: PathBuf,
}

impl House {
    /// With one session without limit and `guests` guests.
    pub(crate) fn new(guests: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("usher.db");
        let event = NewEvent { name: "Open Days".into(), time_zone: "Europe/Madrid".into(), fast_door: true };
        let store = SqliteStore::create(&data).unwrap();
        let server = fresh(|fresh| Authority::create(store, &event, fresh)).unwrap();
        fresh(|fresh| server.import_sessions(&[hall()], fresh)).unwrap();
        import_guests(&server, 0..guests);
        Self { _folder: folder, data }
    }

    pub(crate) fn config(&self) -> ServeConfig {
        ServeConfig { data: self.data.clone(), listen: ([127, 0, 0, 1], 0).into(), tls: Tls::Off }
    }

    pub(crate) async fn serve(&self) -> Running {
        serve(self.config()).await.unwrap()
    }

    /// A connection of its own beside the running server, as a command has.
    pub(crate) fn beside(&self) -> Server {
        open(&self.data).unwrap()
    }

    pub(crate) fn code(&self, role: Role, ttl_ms: i64) -> String {
        let server = self.beside();
        fresh(|fresh| server.make_enrolment_code(role, "Desk 1", ttl_ms, fresh)).unwrap().code
    }

    pub(crate) async fn desk(&self, running: &Running, number: u8) -> Desk {
        let code = self.code(Role::Desk, 60_000);
        Desk::enrol(running.url(), &code, Role::Desk, number).await.unwrap()
    }
}

pub(crate) fn import_guests(server: &Server, numbers: std::ops::Range<usize>) {
    let guests: Vec<_> = numbers.map(guest).collect();
    let report = fresh(|fresh| server.import_participants(&guests, fresh, &mut |_| {})).unwrap();
    assert_eq!((report.added, report.problems.len()), (guests.len(), 0));
}

fn guest(number: usize) -> PersonSpec {
    PersonSpec {
        name: Some(format!("Guest {number}")),
        code: Some(format!("TICKET-{number:05}")),
        sessions: vec!["Hall".into()],
        ..PersonSpec::default()
    }
}

fn hall() -> SessionSpec {
    SessionSpec {
        name: "Hall".into(),
        code: None,
        room: String::new(),
        starts_ms: NOW_MS,
        ends_ms: NOW_MS + 3_600_000,
        capacity: None,
        late_after_ms: 600_000,
        opens_before_ms: 900_000,
        ends_after_ms: 300_000,
        when_empty: WhenEmpty::Strict,
        open_to_all: false,
        hold_seats: false,
        hold_for_ms: None,
    }
}

pub(crate) fn client() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder().danger_accept_invalid_certs(true).no_proxy().build().unwrap()
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn of(request: reqwest::RequestBuilder) -> Self {
        let answer = request.send().await.unwrap();
        Self { status: answer.status().as_u16(), text: answer.text().await.unwrap() }
    }

    pub(crate) fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text))
    }

    /// The code of a refusal; panics on a success or on a body that is no [`ErrorBody`].
    pub(crate) fn code(&self) -> ErrorCode {
        assert!(self.status >= 400, "{self:?}");
        let body: ErrorBody = self.read();
        assert_eq!(body.service, "usher");
        body.error
    }
}

/// A desk's end: key, log, cursor.
pub(crate) struct Desk {
    pub(crate) url: String,
    pub(crate) key: SigningKey,
    pub(crate) epoch: Epoch,
    pub(crate) machine: MachineId,
    pub(crate) enrolled: EnrolAnswer,
    pub(crate) head: Head,
    pub(crate) cursor: Cursor,
    pub(crate) http: reqwest::Client,
}

pub(crate) fn enrol_request(code: &str, role: Role, key: &SigningKey, number: u8) -> EnrolRequest {
    EnrolRequest {
        protocol: 1,
        code: code.into(),
        role,
        public_key: HEXLOWER.encode(key.verifying_key().as_bytes()),
        signature: HEXLOWER.encode(&sign_enrolment(key, &normalise_code(code))),
        epoch: Epoch(u64::from(number)),
        machine: MachineId(Uuid::from_u128(u128::from(number))),
    }
}

pub(crate) async fn post_enrol(url: &str, request: &EnrolRequest) -> Answer {
    Answer::of(client().post(format!("{url}/v1/enrol")).json(request)).await
}

impl Desk {
    pub(crate) async fn enrol(url: &str, code: &str, role: Role, number: u8) -> Result<Self, ErrorCode> {
        let key = SigningKey::from_bytes(&[number; 32]);
        let request = enrol_request(code, role, &key, number);
        let answer = post_enrol(url, &request).await;
        if answer.status != 200 {
            return Err(answer.code());
        }
        Ok(Self {
            url: url.into(),
            key,
            epoch: request.epoch,
            machine: request.machine,
            enrolled: answer.read(),
            head: Head::EMPTY,
            cursor: Cursor::default(),
            http: client(),
        })
    }

    pub(crate) fn event(&self) -> EventId {
        self.enrolled.event.id
    }

    /// The next entry of this desk's log; the first is always an OpenEpoch.
    pub(crate) fn write(&mut self, body: Body) -> EntryBytes {
        let seq = self.head.seq + 1;
        let entry = Entry {
            v: 1,
            event: self.event(),
            station: self.enrolled.station,
            epoch: self.epoch,
            seq,
            prev_hash: self.head.hash,
            hlc: Hlc::from_ms(NOW_MS + i64::try_from(seq).unwrap()),
            wall_ms: NOW_MS,
            mono_ms: seq,
            boot_id: BootId(Uuid::from_u128(1)),
            body,
        };
        let bytes = entry.to_bytes();
        self.head = Head { seq, hash: hash_entry(&bytes) };
        EntryBytes(bytes)
    }

    pub(crate) fn open_epoch(&mut self) -> EntryBytes {
        let machine = self.machine;
        self.write(Body::OpenEpoch(OpenEpoch { follows: None, machine }))
    }

    pub(crate) fn check_in(&mut self, session: SessionId, person: PersonId) -> EntryBytes {
        self.write(Body::CheckIn(CheckIn {
            session,
            subject: Subject::Person(person),
            basis: Basis::Unlimited,
            found: Found::Camera,
            registered: true,
            late: false,
            rev: 1,
            shift: ShiftId(Uuid::from_u128(5)),
            override_by: None,
            override_reason: None,
        }))
    }

    pub(crate) fn sync_body(&self, entries: Vec<EntryBytes>) -> Vec<u8> {
        let request = SyncRequest { protocol: 1, entries, cursor: self.cursor, ..SyncRequest::default() };
        serde_json::to_vec(&request).unwrap()
    }

    pub(crate) fn proof(&self, body: &[u8]) -> ProofHeaders {
        let proof = RequestProof {
            event: self.event(),
            station: self.enrolled.station,
            epoch: self.epoch,
            head: self.head,
            handed: self.head.seq,
            term: self.enrolled.term,
            body: sha256(body),
        };
        ProofHeaders::sign(&proof, &self.key)
    }

    /// A request whose proof is for `signed`, whatever is sent as its body.
    pub(crate) fn request(&self, path: &str, signed: &[u8]) -> reqwest::RequestBuilder {
        let headers = self.proof(signed);
        let request = self.http.post(format!("{}{path}", self.url));
        request.header(PROOF_HEADER, headers.proof).header(SIGNATURE_HEADER, headers.signature)
    }

    pub(crate) async fn post(&self, path: &str, body: Vec<u8>) -> Answer {
        Answer::of(self.request(path, &body).body(body)).await
    }

    /// Syncs, and follows the feed one page.
    pub(crate) async fn sync(&mut self, entries: Vec<EntryBytes>) -> SyncAnswer {
        let answer: SyncAnswer = self.post("/v1/sync", self.sync_body(entries)).await.read();
        self.cursor = answer.cursor;
        answer
    }
}

/// Reads server-sent events until one has data, and gives that.
pub(crate) async fn next_event(
    stream: &mut reqwest::Response,
    kept: &mut String,
) -> Option<(String, String)> {
    loop {
        if let Some((event, rest)) = kept.split_once("\n\n") {
            let field = |name: &str| {
                event.lines().find_map(|line| line.strip_prefix(name)).map(|v| v.trim().to_owned())
            };
            let found = field("event:").zip(field("data:"));
            *kept = rest.to_owned();
            if found.is_some() {
                return found;
            }
            continue;
        }
        kept.push_str(std::str::from_utf8(&stream.chunk().await.ok()??).unwrap());
    }
}
