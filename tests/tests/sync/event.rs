//! An event with real files, served on a free port.

use std::{net::SocketAddr, path::PathBuf};

use clap::Parser;
use tempfile::TempDir;
use usher_authority::{Authority, NewEvent, PersonSpec, SessionSpec};
use usher_authority_sqlite::SqliteStore;
use usher_core::session::WhenEmpty;
use usher_protocol::{
    board::{Board, BoardSession},
    enrol::Role,
    setup::Setup,
};
use usher_server::{
    cli::{self, grammar::Cli},
    run::{Running, ServeConfig, Tls, own_fingerprint, serve},
    store::{fresh, open},
};

const MIN: i64 = 60_000;

pub(crate) struct Event {
    pub(crate) data: PathBuf,
    folder: TempDir,
}

/// A session that is open now.
pub(crate) fn open_now(name: &str, capacity: Option<u32>, now_ms: i64) -> SessionSpec {
    SessionSpec {
        name: name.into(),
        code: None,
        room: "Room".into(),
        starts_ms: now_ms,
        ends_ms: now_ms + 60 * MIN,
        capacity,
        late_after_ms: 10 * MIN,
        opens_before_ms: 15 * MIN,
        ends_after_ms: 5 * MIN,
        when_empty: WhenEmpty::Strict,
        open_to_all: false,
        hold_seats: false,
        hold_for_ms: None,
    }
}

pub(crate) fn code(n: usize) -> String {
    format!("TICKET-{n:04}")
}

fn guest(n: usize) -> PersonSpec {
    PersonSpec {
        name: Some(format!("Guest {n}")),
        email: Some(format!("g{n}@example.org")),
        code: Some(code(n)),
        sessions: vec!["Hall".into(), "Studio".into(), "Garden".into()],
        // The last ten came in two orders of five.
        order: (n >= 40).then(|| format!("FAMILY {}", n / 5)),
        ..PersonSpec::default()
    }
}

impl Event {
    /// Hall (100 places), Studio (3 places), Garden (no limit), all open now; guests 0 to 49 booked for all.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("usher.db");
        let event = NewEvent { name: "Open Days".into(), time_zone: "Europe/Madrid".into(), fast_door: true };
        let store = SqliteStore::create(&data).unwrap();
        let server = fresh(|fresh| Authority::create(store, &event, fresh)).unwrap();
        let now_ms = fresh(|fresh| fresh.now_ms);
        let sessions = [
            open_now("Hall", Some(100), now_ms),
            open_now("Studio", Some(3), now_ms),
            open_now("Garden", None, now_ms),
        ];
        fresh(|fresh| server.import_sessions(&sessions, fresh)).unwrap();
        let guests: Vec<_> = (0..50).map(guest).collect();
        fresh(|fresh| server.import_participants(&guests, fresh, &mut |_| {})).unwrap();
        Self { data, folder }
    }

    /// An event that the organiser's commands alone made, from two files: Studio (30 places), open now; guests 0 to 59.
    pub(crate) fn of_files() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let event = Self { data: folder.path().join("usher.db"), folder };
        let start = chrono::DateTime::from_timestamp_millis(fresh(|fresh| fresh.now_ms)).unwrap();
        let time = |at: chrono::DateTime<_>| at.to_rfc3339();
        let sessions = format!(
            "name,start,end,capacity\nStudio,{},{},30\n",
            time(start),
            time(start + chrono::TimeDelta::hours(1))
        );
        let guests = (0..60).map(|n| format!("Guest {n},{},Studio\n", code(n)));
        std::fs::write(event.folder("sessions.csv"), sessions).unwrap();
        std::fs::write(
            event.folder("guests.csv"),
            format!("name,code,sessions\n{}", guests.collect::<String>()),
        )
        .unwrap();
        event.run(&["event", "create", "--name", "Open Days", "--time-zone", "Europe/Madrid"]).unwrap();
        event.import_files();
        event
    }

    /// Imports the two files of [`Event::of_files`].
    pub(crate) fn import_files(&self) {
        for (what, file) in [("sessions", "sessions.csv"), ("participants", "guests.csv")] {
            self.run(&["import", what, self.folder(file).to_str().unwrap()]).unwrap();
        }
    }

    /// A database that was kept.
    pub(crate) fn kept(database: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("usher.db");
        std::fs::write(&data, database).unwrap();
        Self { data, folder }
    }

    pub(crate) async fn serve(&self) -> Running {
        self.serve_at(([127, 0, 0, 1], 0).into(), Tls::Off).await
    }

    pub(crate) async fn serve_at(&self, listen: SocketAddr, tls: Tls) -> Running {
        serve(ServeConfig { data: self.data.clone(), listen, tls }).await.unwrap()
    }

    /// A one-time code made by a command beside the running server; `minutes` may be negative for one that is over.
    pub(crate) fn code(&self, role: Role, name: &str, minutes: i64) -> String {
        let server = open(&self.data).unwrap();
        fresh(|fresh| server.make_enrolment_code(role, name, minutes * MIN, fresh)).unwrap().code
    }

    pub(crate) fn setup(&self, address: &str, name: &str) -> Setup {
        let fingerprint = own_fingerprint(&self.data).unwrap();
        Setup { address: address.into(), code: self.code(Role::Desk, name, 10), fingerprint }
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The board as the server would push it now.
    pub(crate) fn board(&self) -> Board {
        open(&self.data).unwrap().board(fresh(|fresh| fresh.now_ms)).unwrap()
    }

    /// A session on the board.
    pub(crate) fn room(&self, name: &str) -> BoardSession {
        self.board().sessions.into_iter().find(|session| session.name == name).unwrap()
    }

    /// A command of `usher-server`; what it says when it fails.
    pub(crate) fn run(&self, args: &[&str]) -> Result<(), String> {
        let data = ["usher-server", "--data", self.data.to_str().unwrap()];
        let line = data.into_iter().chain(args.iter().copied());
        cli::run(Cli::try_parse_from(line).unwrap()).map(drop).map_err(|problem| problem.to_string())
    }
}
