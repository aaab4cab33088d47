//! A desk at its plainest, for tests of the rules: it keeps its log, its rights and what the feed told it, and can lose answers.
//! The real one is `usher-replica`; this one shares no code with it.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::SigningKey;
use usher_core::{
    capacity::Rights,
    chain::{RequestProof, hash_entry, sha256, sign_enrolment, sign_request},
    clock::Hlc,
    entry::{
        Basis, Body, CheckIn, CheckOut, ENTRY_VERSION, Entry, Found, Head, OpenEpoch, Return, Subject, Undo,
        UndoReason,
    },
    ids::{BootId, EntryKey, Epoch, EventId, Identity, MachineId, SessionId, ShiftId, StationId},
};
use usher_protocol::{
    enrol::{EnrolRequest, Role, normalise_code},
    error::ErrorCode,
    limits::PROTOCOL,
    sync::{
        Asks, BranchEntry, Change, Cursor, EntryBytes, GrantTotal, StationStatus, SyncAnswer, SyncRequest,
        Want,
    },
};
use uuid::Uuid;

use crate::{Authority, Error, Fresh, Proven, Result, Store};

/// A random source that gives 1, 2, 3 … spread over all bits, from `seed` on.
pub fn counter(seed: u128) -> impl FnMut() -> u128 {
    let mut last = seed;
    move || {
        last += 1;
        last.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
    }
}

/// A request as it stands on the wire: it can be sent any number of times.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The proof.
    pub proof: RequestProof,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The signature under them.
    pub signature: [u8; 64],
    /// The body.
    pub body: SyncRequest,
}

impl Sent {
    /// Hands the request to an authority.
    ///
    /// # Errors
    /// The store's own.
    pub fn to<S: Store>(
        &self,
        authority: &Authority<S>,
        now_ms: i64,
    ) -> Result<Result<SyncAnswer, ErrorCode>> {
        let proven = Proven { proof: &self.proof, bytes: &self.bytes, signature: &self.signature };
        let mut random = counter(u128::from(now_ms.unsigned_abs()) << 32);
        authority.sync(proven, &self.body, Fresh { now_ms, random: &mut random })
    }
}

/// A desk.
#[derive(Clone)]
pub struct Desk {
    /// Its log.
    pub i: Identity,
    /// The log's entries, in order.
    pub log: Vec<Vec<u8>>,
    /// The end of its log.
    pub head: Head,
    /// How far the server said that it has the log.
    pub acknowledged: u64,
    /// How far the log was handed over.
    pub handed: u64,
    /// Where it stands in the feed.
    pub cursor: Cursor,
    /// Its rights for each session.
    pub rights: BTreeMap<SessionId, Rights>,
    /// The entries of others.
    pub known: BTreeMap<EntryKey, Vec<u8>>,
    /// The newest record under each name, as JSON.
    pub records: BTreeMap<String, String>,
    /// What it asks supervisors for.
    pub asks: Option<Asks>,
    key: SigningKey,
    event: EventId,
    basis: BTreeMap<u64, (SessionId, Basis)>,
    released: BTreeSet<EntryKey>,
}

impl Desk {
    /// The enrolment request of desk number `number`.
    #[must_use]
    pub fn enrolment(number: u8, code: &str, role: Role) -> (SigningKey, EnrolRequest) {
        let key = SigningKey::from_bytes(&[number; 32]);
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        let request = EnrolRequest {
            protocol: PROTOCOL,
            code: code.into(),
            role,
            public_key: hex(key.verifying_key().as_bytes()),
            signature: hex(&sign_enrolment(&key, &normalise_code(code))),
            epoch: Epoch(u64::from(number)),
            machine: MachineId(Uuid::from_u128(u128::from(number))),
        };
        (key, request)
    }

    /// Enrols desk number `number` and opens its log.
    ///
    /// # Errors
    /// The store's own; a refusal is [`Error::Store`].
    pub fn enrol<S: Store>(authority: &Authority<S>, number: u8, now_ms: i64) -> Result<Self> {
        let mut random = counter(u128::from(number) << 64);
        let name = format!("Desk {number}");
        let fresh = Fresh { now_ms, random: &mut random };
        let code = authority.make_enrolment_code(Role::Desk, &name, 60_000, fresh)?.code;
        let (key, request) = Self::enrolment(number, &code, Role::Desk);
        let answer = authority.enrol(&request, Fresh { now_ms, random: &mut random })?;
        let answer = answer.map_err(|code| Error::Store(format!("enrolment refused: {code:?}")))?;
        Ok(Self::new(key, answer.event.id, Identity { station: answer.station, epoch: request.epoch }))
    }

    fn new(key: SigningKey, event: EventId, i: Identity) -> Self {
        let mut desk = Self {
            i,
            log: Vec::new(),
            head: Head::EMPTY,
            acknowledged: 0,
            handed: 0,
            cursor: Cursor::default(),
            rights: BTreeMap::new(),
            known: BTreeMap::new(),
            records: BTreeMap::new(),
            asks: None,
            key,
            event,
            basis: BTreeMap::new(),
            released: BTreeSet::new(),
        };
        desk.write(0, Body::OpenEpoch(OpenEpoch { follows: None, machine: MachineId(Uuid::from_u128(1)) }));
        desk
    }

    /// The same station with a new log, as after a fork.
    #[must_use]
    pub fn reopened(&self, epoch: u64) -> Self {
        let station: StationId = self.i.station;
        let desk = Self::new(self.key.clone(), self.event, Identity { station, epoch: Epoch(epoch) });
        Self { cursor: Cursor { term: self.cursor.term, position: 0 }, ..desk }
    }

    /// Appends an entry with the logical time `hlc`.
    pub fn write(&mut self, hlc: u64, body: Body) -> EntryKey {
        let entry = Entry {
            v: ENTRY_VERSION,
            event: self.event,
            station: self.i.station,
            epoch: self.i.epoch,
            seq: self.head.seq + 1,
            prev_hash: self.head.hash,
            hlc: Hlc(hlc),
            wall_ms: 0,
            mono_ms: 0,
            boot_id: BootId(Uuid::from_u128(2)),
            body,
        };
        let bytes = entry.to_bytes();
        self.head = Head { seq: entry.seq, hash: hash_entry(&bytes) };
        self.log.push(bytes);
        entry.key()
    }

    /// Lets somebody in, whatever the rights say.
    pub fn check_in(&mut self, session: SessionId, subject: Subject, basis: Basis, hlc: u64) -> EntryKey {
        let key = self.write(
            hlc,
            Body::CheckIn(CheckIn {
                session,
                subject,
                basis,
                found: Found::Camera,
                registered: true,
                late: false,
                rev: 1,
                shift: ShiftId(Uuid::from_u128(3)),
                override_by: None,
                override_reason: None,
            }),
        );
        self.basis.insert(key.seq, (session, basis));
        self.rights.entry(session).or_default().admitted += u64::from(basis == Basis::Grant);
        key
    }

    /// Takes an own check-in back; says whether the right came back here.
    pub fn undo(&mut self, seq: u64, hlc: u64) -> bool {
        let of = self.i.key(seq);
        let held = self.basis.get(&seq).copied();
        let refund = seq > self.handed && held.is_some_and(|(_, basis)| basis == Basis::Grant);
        let refund = self.released.insert(of) && refund;
        if let (true, Some((session, _))) = (refund, held) {
            self.rights.entry(session).or_default().refunded += 1;
        }
        let shift = ShiftId(Uuid::from_u128(3));
        self.write(hlc, Body::Undo(Undo { of, refund, reason: UndoReason::Left, shift }));
        refund
    }

    /// Counts somebody out whose check-in is known here.
    pub fn check_out(&mut self, of: EntryKey, hlc: u64) {
        self.released.insert(of);
        self.write(hlc, Body::CheckOut(CheckOut { of, shift: ShiftId(Uuid::from_u128(3)) }));
    }

    /// Gives rights back.
    pub fn give_back(&mut self, session: SessionId, rights: u32) {
        self.rights.entry(session).or_default().returned += u64::from(rights);
        self.write(0, Body::Return(Return { session, rights }));
    }

    /// What it may still spend.
    #[must_use]
    pub fn available(&self, session: SessionId) -> u64 {
        self.rights.get(&session).map_or(0, Rights::available)
    }

    /// Own check-ins that nobody here has released, oldest first.
    #[must_use]
    pub fn standing(&self) -> Vec<u64> {
        self.basis.keys().copied().filter(|seq| !self.released.contains(&self.i.key(*seq))).collect()
    }

    /// Makes a request with at most `page` entries, and hands the log over.
    pub fn request(&mut self, wants: Vec<Want>, page: usize, now_ms: i64) -> Sent {
        self.handed = self.head.seq;
        let from = usize::try_from(self.acknowledged).unwrap_or(usize::MAX).min(self.log.len());
        let entries: Vec<_> = self.log[from..].iter().take(page).cloned().map(EntryBytes).collect();
        let waiting = (self.log.len() - from - entries.len()) as u64;
        let session = wants.first().map(|want| want.session);
        let grants =
            self.rights.iter().map(|(id, one)| GrantTotal { session: *id, total: one.granted }).collect();
        let status = StationStatus {
            wall_ms: now_ms,
            waiting,
            session,
            also: wants.iter().skip(1).map(|want| want.session).collect(),
            initials: "AB".into(),
            asks: self.asks,
        };
        let (protocol, cursor) = (PROTOCOL, self.cursor);
        self.sign(SyncRequest { protocol, entries, cursor, grants, wants, status, ..SyncRequest::default() })
    }

    /// Signs a body for the log as it stands.
    #[must_use]
    pub fn sign(&self, body: SyncRequest) -> Sent {
        let json = serde_json::to_vec(&body).unwrap_or_default();
        let proof = RequestProof {
            event: self.event,
            station: self.i.station,
            epoch: self.i.epoch,
            head: self.head,
            handed: self.handed,
            term: self.cursor.term,
            body: sha256(&json),
        };
        let bytes = proof.to_bytes();
        let signature = sign_request(&self.key, &bytes);
        Sent { proof, bytes, signature, body }
    }

    /// Takes an answer in; an old one changes nothing.
    ///
    /// # Errors
    /// When a record cannot be written as JSON.
    pub fn apply(&mut self, answer: &SyncAnswer) -> Result<()> {
        self.acknowledged = self.acknowledged.max(answer.acknowledged.seq);
        if answer.cursor < self.cursor {
            return Ok(());
        }
        self.cursor = answer.cursor;
        for item in &answer.changes {
            self.learn(&item.change)?;
        }
        for grant in &answer.grants {
            self.rights.entry(grant.session).or_default().raise_to(grant.total);
        }
        Ok(())
    }

    fn learn(&mut self, change: &Change) -> Result<()> {
        let name = match change {
            Change::Entry(EntryBytes(bytes)) => {
                let entry = Entry::from_bytes(bytes).map_err(|why| Error::Store(why.to_string()))?;
                self.known.insert(entry.key(), bytes.clone());
                return Ok(());
            }
            Change::Event(record) => record.id.to_string(),
            Change::Session(record) => record.rules.id.to_string(),
            Change::Person(record) => record.id.to_string(),
            Change::Station(record) => record.id.to_string(),
            Change::Branch(BranchEntry { mark, entry }) => {
                let entry_read = Entry::from_bytes(&entry.0).map_err(|why| Error::Store(why.to_string()))?;
                let at = Identity { epoch: mark.fork.epoch, ..entry_read.identity() };
                self.known.insert(at.key(entry_read.seq), entry.0.clone());
                return Ok(());
            }
            Change::Proof(_) | Change::Unknown(_) => return Ok(()),
        };
        let json = serde_json::to_string(change).map_err(|why| Error::Store(why.to_string()))?;
        self.records.insert(name, json);
        Ok(())
    }
}
