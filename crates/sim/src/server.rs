//! The authority over SQLite on a simulated disk, as the HTTP server calls it.

use std::path::Path;

use usher_authority::{Authority, Error, Fresh, Proven, Result};
use usher_authority_sqlite::SqliteStore;
use usher_disk::{Choices, Disk};
use usher_protocol::{
    enrol::{EnrolAnswer, EnrolRequest, Role},
    error::ErrorCode,
    limits::ENROL_CODE_MS,
    proof::ProofHeaders,
    sync::{Signed, SyncRequest},
};

use crate::{chance::Chance, event::Event, roster::RosterFile};

/// The database.
pub const FILE: &str = "/server/usher.db";
/// The roster beside it.
pub const ROSTER: &str = "/server/usher.db.roster";

/// A request as it travels.
#[derive(Clone, Debug)]
pub struct Wire {
    /// The headers.
    pub proof: ProofHeaders,
    /// The body.
    pub body: Vec<u8>,
}

/// An answer's body, and what the server signs about it.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The body.
    pub body: Vec<u8>,
    /// The proof and the signature under it.
    pub signed: Signed,
}

/// What the server says to a sync request: a reply, or a refusal.
pub type Answer = Result<Reply, ErrorCode>;

/// The server's computer.
#[derive(Debug)]
pub struct Server {
    /// Its disk.
    pub disk: Disk,
    chance: Chance,
    authority: Option<Authority<SqliteStore>>,
}

impl Server {
    /// A server with `event` on an empty disk.
    ///
    /// # Errors
    /// The store's own.
    pub fn create(disk: Disk, event: &Event, seed: u64, now_ms: i64) -> Result<Self> {
        let mut server = Self::on(disk, seed);
        server.make(event, now_ms)?;
        Ok(server)
    }

    /// Makes the event where there is none, and imports what is missing of it: what organisers do again after it failed.
    ///
    /// # Errors
    /// The store's own.
    pub fn make(&mut self, event: &Event, now_ms: i64) -> Result<()> {
        let chance = &mut self.chance;
        let mut random = || chance.wide();
        let store = SqliteStore::create_on(self.disk.vfs_name(), Path::new(FILE))?;
        let roster = Box::new(RosterFile::new(self.disk.clone(), ROSTER));
        let fresh = Fresh { now_ms, random: &mut random };
        match Authority::create_with(store, roster, &event.head(), fresh) {
            Err(Error::EventExists { .. }) => self.start(now_ms)?,
            other => self.authority = Some(other?),
        }
        self.import(event, now_ms)
    }

    /// `usher-server restore`: the event out of its roster, into an empty database; then the organiser's tables.
    ///
    /// # Errors
    /// The store's own.
    pub fn restore(&mut self, event: &Event, now_ms: i64) -> Result<()> {
        let roster = Box::new(RosterFile::new(self.disk.clone(), ROSTER));
        let store = self.store()?;
        let chance = &mut self.chance;
        let fresh = Fresh { now_ms, random: &mut || chance.wide() };
        self.authority = Some(Authority::restore(store, roster, fresh)?);
        self.import(event, now_ms)
    }

    /// Imports sessions and people; again changes nothing.
    ///
    /// # Errors
    /// The store's own.
    pub fn import(&mut self, event: &Event, now_ms: i64) -> Result<()> {
        self.with(now_ms, |authority, fresh| authority.import_sessions(&event.sessions, fresh))?;
        self.with(now_ms, |authority, fresh| {
            authority.import_participants(&event.people, fresh, &mut |_| {})
        })?;
        Ok(())
    }

    /// A server that does not run yet, over a disk that has its files.
    #[must_use]
    pub const fn on(disk: Disk, seed: u64) -> Self {
        Self { disk, chance: Chance::new(seed), authority: None }
    }

    fn store(&self) -> Result<SqliteStore> {
        SqliteStore::create_on(self.disk.vfs_name(), Path::new(FILE))
    }

    /// Starts it again. A database that its roster knows to be older than what was answered begins a new term.
    ///
    /// # Errors
    /// The store's own, or the roster's.
    pub fn start(&mut self, now_ms: i64) -> Result<()> {
        let roster = Box::new(RosterFile::new(self.disk.clone(), ROSTER));
        let store = self.store()?;
        let chance = &mut self.chance;
        let fresh = Fresh { now_ms, random: &mut || chance.wide() };
        self.authority = Some(Authority::open_with(store, roster, fresh)?);
        Ok(())
    }

    /// Whether it runs.
    #[must_use]
    pub const fn is_up(&self) -> bool {
        self.authority.is_some()
    }

    /// Ends it in order.
    pub fn stop(&mut self) {
        self.authority = None;
    }

    /// Ends its process.
    pub fn kill(&mut self) {
        self.disk.kill();
        self.authority = None;
    }

    /// Cuts its power.
    pub fn power_cut(&mut self, choices: &mut Choices) {
        self.disk.crash(choices);
        self.authority = None;
    }

    /// The authority, while it runs.
    ///
    /// # Errors
    /// [`Error::NoEvent`] while it does not.
    pub fn authority(&self) -> Result<&Authority<SqliteStore>> {
        self.authority.as_ref().ok_or(Error::NoEvent)
    }

    /// Runs `work` with a source of random numbers.
    ///
    /// # Errors
    /// What `work` gives, and [`Error::NoEvent`] while the server does not run.
    pub fn with<T>(
        &mut self,
        now_ms: i64,
        work: impl FnOnce(&Authority<SqliteStore>, Fresh<'_>) -> Result<T>,
    ) -> Result<T> {
        let authority = self.authority.as_ref().ok_or(Error::NoEvent)?;
        let chance = &mut self.chance;
        work(authority, Fresh { now_ms, random: &mut || chance.wide() })
    }

    /// A one-time code for a desk.
    ///
    /// # Errors
    /// The store's own.
    pub fn invite(&mut self, name: &str, now_ms: i64) -> Result<String> {
        let code = self.with(now_ms, |authority, fresh| {
            authority.make_enrolment_code(Role::Desk, name, ENROL_CODE_MS, fresh)
        })?;
        Ok(code.code)
    }

    /// `POST /v1/enrol`.
    ///
    /// # Errors
    /// The store's own.
    pub fn enrol(&mut self, request: &EnrolRequest, now_ms: i64) -> Result<Result<EnrolAnswer, ErrorCode>> {
        self.with(now_ms, |authority, fresh| authority.enrol(request, fresh))
    }

    /// `POST /v1/snapshot`: the whole feed.
    ///
    /// # Errors
    /// The store's own.
    pub fn snapshot(&self) -> Result<Vec<u8>> {
        let mut lines = Vec::new();
        self.authority()?.snapshot(&mut |line| {
            lines.extend_from_slice(line);
            Ok(())
        })?;
        Ok(lines)
    }

    /// `POST /v1/sync`.
    ///
    /// # Errors
    /// The store's own: the client gets no answer that it could use.
    pub fn sync(&mut self, wire: &Wire, now_ms: i64) -> Result<Answer> {
        let Ok(presented) = wire.proof.read() else { return Ok(Err(ErrorCode::Unauthorised)) };
        let Some(credential) = self.authority()?.credential(presented.proof.station)? else {
            return Ok(Err(ErrorCode::Unauthorised));
        };
        let Ok(proof) = presented.clone().verify(&credential.key, &wire.body) else {
            return Ok(Err(ErrorCode::Unauthorised));
        };
        let Ok(request) = serde_json::from_slice::<SyncRequest>(&wire.body) else {
            return Ok(Err(ErrorCode::BadRequest));
        };
        let (bytes, signature) = presented.evidence();
        let proven = Proven { proof: &proof, bytes, signature };
        let answer = match self.with(now_ms, |authority, fresh| authority.sync(proven, &request, fresh))? {
            Ok(answer) => answer,
            Err(code) => return Ok(Err(code)),
        };
        let Ok(body) = serde_json::to_vec(&answer) else { return Ok(Err(ErrorCode::ServerFault)) };
        let signed = self.authority()?.sign_answer(proof.identity(), &answer, &body)?;
        Ok(Ok(Reply { body, signed }))
    }
}
