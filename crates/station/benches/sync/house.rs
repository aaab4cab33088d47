//! The event with its guests, and the server as a process of its own.

use std::{
    env,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use usher_authority::{NewEvent, PersonSpec, SessionSpec};
use usher_core::session::WhenEmpty;
use usher_protocol::{enrol::Role, setup::Setup};
use usher_server::{
    run::own_fingerprint,
    store::{Server, create, fresh, open},
};

/// Guests.
pub(crate) const PEOPLE: usize = 100_000;
/// Sessions beside the one that is served.
const SESSIONS: usize = 11;
const HOUR_MS: i64 = 3_600_000;
/// Set for a run of this binary that is the server.
const AS_SERVER: &str = "USHER_BENCH_SERVER";

/// Whether this process was started to be the server.
pub(crate) fn is_server() -> bool {
    env::var_os(AS_SERVER).is_some()
}

/// How the server presents itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    Off,
    OwnCertificate,
}

/// The event's files, and its server while it runs.
pub(crate) struct House {
    folder: TempDir,
    server: Option<Child>,
    /// What the server says is not read after its first line, but it must be able to say it.
    says: Option<BufReader<ChildStdout>>,
    address: String,
}

impl House {
    /// An event of 100,000 guests and 12 sessions that are open now.
    pub(crate) fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let event = NewEvent { name: "Measured".into(), time_zone: "Europe/Madrid".into(), fast_door: true };
        let server = create(&folder.path().join("usher.db"), &event).unwrap();
        let names = (1..=SESSIONS).map(|n| format!("Session {n}"));
        let sessions: Vec<_> = std::iter::once("Main".to_owned()).chain(names).map(session).collect();
        fresh(|fresh| server.import_sessions(&sessions, fresh)).unwrap();
        let people: Vec<_> = (0..PEOPLE).map(person).collect();
        fresh(|fresh| server.import_participants(&people, fresh, &mut |_| {})).unwrap();
        Self { folder, server: None, says: None, address: "127.0.0.1:0".into() }
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data(&self) -> PathBuf {
        self.folder("usher.db")
    }

    /// The rules over the database, beside or instead of the server.
    pub(crate) fn rules(&self) -> Server {
        open(&self.data()).unwrap()
    }

    /// Starts the server, at the address that it had before.
    pub(crate) fn serve(&mut self, security: Security) {
        let mut command = Command::new(env::current_exe().unwrap());
        command.env(AS_SERVER, "1").env("USHER_LOG", "warn").stdout(Stdio::piped());
        command.arg("--data").arg(self.data()).args(["serve", "--listen", &self.address]);
        if security == Security::OwnCertificate {
            command.arg("--tls-self-signed");
        }
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut says = BufReader::new(child.stdout.take().unwrap());
        says.read_line(&mut line).unwrap();
        self.address = line.trim().rsplit_once('/').unwrap().1.to_owned();
        (self.server, self.says) = (Some(child), Some(says));
    }

    /// Ends the server in order.
    pub(crate) fn stop(&mut self) {
        let Some(mut child) = self.server.take() else { return };
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        child.wait().unwrap();
    }

    /// The server's process.
    pub(crate) fn process(&self) -> u32 {
        self.server.as_ref().unwrap().id()
    }

    /// Where the server listens, without `http://`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// What is typed at a new desk.
    pub(crate) fn code(&self, name: &str) -> String {
        self.code_at(name, &format!("http://{}", self.address), Security::Off)
    }

    /// What is typed at a new desk that reaches the server at `address`.
    pub(crate) fn code_at(&self, name: &str, address: &str, security: Security) -> String {
        let made = fresh(|fresh| self.rules().make_enrolment_code(Role::Desk, name, HOUR_MS, fresh)).unwrap();
        let pinned = security == Security::OwnCertificate;
        let fingerprint = if pinned { own_fingerprint(&self.data()).unwrap() } else { None };
        Setup { address: address.into(), code: made.code, fingerprint }.to_text()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What stands in the ticket of a guest.
pub(crate) fn ticket(n: usize) -> String {
    format!("TICKET-{n:08}")
}

fn person(n: usize) -> PersonSpec {
    PersonSpec {
        name: Some(format!("Guest Number {n}")),
        email: Some(format!("guest{n}@example.org")),
        organisation: Some(format!("Organisation {}", n % 700)),
        code: Some(ticket(n)),
        ..PersonSpec::default()
    }
}

fn session(name: String) -> SessionSpec {
    let now_ms = fresh(|fresh| fresh.now_ms);
    SessionSpec {
        // The one that is served has no limit, so that a day without the server needs no places from it.
        capacity: (name != "Main").then_some(50_000),
        name,
        code: None,
        room: "Hall".into(),
        starts_ms: now_ms,
        ends_ms: now_ms + 12 * HOUR_MS,
        late_after_ms: HOUR_MS,
        opens_before_ms: HOUR_MS,
        ends_after_ms: HOUR_MS,
        when_empty: WhenEmpty::Strict,
        open_to_all: true,
        hold_seats: false,
        hold_for_ms: None,
    }
}
