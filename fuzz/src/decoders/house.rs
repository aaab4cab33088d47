//! The server that foreign bytes meet: a small event in SQLite on a simulated disk, made once and copied for each try, with every id the
//! same in every process.
#![expect(clippy::expect_used, reason = "without its fixture the fuzzer cannot begin")]

use std::{path::Path, sync::LazyLock};

use usher_authority::{
    Authority, Fresh, Proven,
    conformance::desk::{Desk, counter},
};
use usher_authority_sqlite::SqliteStore;
use usher_core::chain::RequestProof;
use usher_disk::Disk;
use usher_protocol::sync::SyncRequest;
use usher_sim::{clock::START_MS, event::Event};

/// When everything happens, in milliseconds since 1970 UTC.
pub const NOW_MS: i64 = START_MS + 60_000;
const FILE: &str = "/server/usher.db";

/// The event as it is before any foreign byte.
pub struct House {
    disk: Disk,
    desks: Vec<Desk>,
}

/// A server with its database.
pub type Server = Authority<SqliteStore>;

static HOUSE: LazyLock<House> = LazyLock::new(|| House::make().expect("the event is made"));

impl House {
    /// The one of this process.
    #[must_use]
    pub fn get() -> &'static Self {
        &HOUSE
    }

    fn make() -> usher_authority::Result<Self> {
        let (disk, event) = (Disk::new(1), Event::small(10, 6));
        let store = SqliteStore::create_on(disk.vfs_name(), Path::new(FILE))?;
        let mut random = counter(1);
        let server = Authority::create(store, &event.head(), Fresh { now_ms: NOW_MS, random: &mut random })?;
        server.import_sessions(&event.sessions, Fresh { now_ms: NOW_MS, random: &mut random })?;
        let fresh = Fresh { now_ms: NOW_MS, random: &mut random };
        server.import_participants(&event.people, fresh, &mut |_| {})?;
        let desks = [1, 2].map(|number| Desk::enrol(&server, number, NOW_MS));
        let desks = desks.into_iter().collect::<usher_authority::Result<_>>()?;
        Ok(Self { disk, desks })
    }

    /// The two desks with their logs' first entries.
    #[must_use]
    pub fn desks(&self) -> Vec<Desk> {
        self.desks.clone()
    }

    /// A server over a copy of its own, which goes with it.
    #[must_use]
    pub fn open(&self) -> (Disk, Server) {
        let disk = self.disk.copy();
        let store = SqliteStore::create_on(disk.vfs_name(), Path::new(FILE)).expect("the copy opens");
        let server = Authority::open(store).expect("the copy has the event");
        (disk, server)
    }
}

/// Asks everything that organisers and supervisors ask: whatever was taken, no question may end the server.
pub fn look_around(server: &Server) {
    assert!(server.board(NOW_MS).is_ok() && server.incidents().is_ok());
    assert!(server.export_door(&mut |_| Ok(())).is_ok());
    assert!(server.snapshot(&mut |_| Ok(())).is_ok());
}

/// Hands a request in as if its proof had been verified; a store on a disk without faults takes everything.
pub fn sync(server: &Server, proof: &RequestProof, request: &SyncRequest) {
    let (bytes, signature) = (proof.to_bytes(), [7; 64]);
    let proven = Proven { proof, bytes: &bytes, signature: &signature };
    let mut random = counter(9);
    let answer = server.sync(proven, request, Fresh { now_ms: NOW_MS, random: &mut random });
    let _ = answer.expect("no request is too much for the store");
}
