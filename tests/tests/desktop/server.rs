//! The real `usher-server` over an event that is open now: made by its own commands from CSV files, as an organiser would.

use std::{path::PathBuf, process::Command};

use chrono::{SecondsFormat, TimeDelta, Utc};

use crate::{
    process::{Running, program},
    scene::Scene,
    trouble::{Context, Done, demand, until},
};

/// Booked for *Opening*, with their tickets.
pub(crate) const OPENING: [(&str, &str); 8] = [
    ("Ada Lindqvist", "TICKET-1001"),
    ("Bao Nguyen", "TICKET-1002"),
    ("Chiara Rossi", "TICKET-1003"),
    ("Dmitri Volkov", "TICKET-1004"),
    ("Elif Yilmaz", "TICKET-1005"),
    ("Farid Haddad", "TICKET-1006"),
    ("Grace Okafor", "TICKET-1007"),
    ("Hana Novak", "TICKET-1008"),
];
/// Booked for *Workshop* alone.
pub(crate) const WORKSHOP: (&str, &str) = ("Ivo Marek", "TICKET-2001");
/// The places of *Opening*.
pub(crate) const CAPACITY: u64 = 40;

/// The server, running or not.
pub(crate) struct Server {
    program: PathBuf,
    data: PathBuf,
    port: Option<u16>,
    running: Option<Running>,
    artefacts: PathBuf,
}

impl Server {
    /// Makes the event and serves it.
    pub(crate) async fn open(scene: &Scene) -> Done<Self> {
        let mut server = Self::prepare(scene, &sessions_csv(), &guests_csv())?;
        server.serve().await?;
        Ok(server)
    }

    /// Makes the event from these two tables, and serves nothing yet.
    pub(crate) fn prepare(scene: &Scene, sessions: &str, guests: &str) -> Done<Self> {
        let program = program("USHER_SERVER", "usher-server", "Build it (cargo build -p usher-server)")?;
        let (data, artefacts) = (scene.path("event.db"), scene.artefacts.clone());
        let server = Self { program, data, port: None, running: None, artefacts };
        server.call(&["event", "create", "--name", "Harbour Days", "--time-zone", "Europe/Lisbon"])?;
        std::fs::write(scene.path("sessions.csv"), sessions).doing("sessions.csv")?;
        std::fs::write(scene.path("guests.csv"), guests).doing("guests.csv")?;
        server.import(scene)?;
        Ok(server)
    }

    fn import(&self, scene: &Scene) -> Done {
        self.call(&["import", "sessions", &scene.path("sessions.csv").to_string_lossy()])?;
        self.call(&["import", "participants", &scene.path("guests.csv").to_string_lossy()]).map(drop)
    }

    /// The database is lost while the server is down; the roster and the organiser's files make it anew.
    pub(crate) fn restore(&self, scene: &Scene) -> Done {
        for end in ["db", "db-wal", "db-shm"] {
            let _ = std::fs::remove_file(self.data.with_extension(end));
        }
        self.call(&["restore"])?;
        self.import(scene)
    }

    /// Keeps the database aside, while the server is down.
    pub(crate) fn back_up(&self) -> Done {
        std::fs::copy(&self.data, self.data.with_extension("backup")).doing("a backup").map(drop)
    }

    /// The database is put back to what [`Self::back_up`] kept, and the roster beside it is gone: the server is down.
    pub(crate) fn put_back_alone(&self) -> Done {
        for beside in ["-wal", "-shm", ".roster"] {
            let mut name = self.data.clone().into_os_string();
            name.push(beside);
            let _ = std::fs::remove_file(name);
        }
        std::fs::copy(self.data.with_extension("backup"), &self.data).doing("putting it back").map(drop)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port.unwrap_or_default())
    }

    /// Serves, on the same port as before.
    pub(crate) async fn serve(&mut self) -> Done {
        let port_file = self.data.with_extension("port");
        let _ = std::fs::remove_file(&port_file);
        let mut command = Command::new(&self.program);
        command.arg("--data").arg(&self.data).arg("serve");
        command
            .args(["--listen", &format!("127.0.0.1:{}", self.port.unwrap_or(0)), "--port-file"])
            .arg(&port_file);
        let mut running = Running::start("server", &mut command, &self.artefacts, None)?;
        let port = until("the server listens", async || {
            running.still_runs()?;
            Ok(std::fs::read_to_string(&port_file).ok().and_then(|text| text.trim().parse().ok()))
        });
        self.port = Some(port.await?);
        self.running = Some(running);
        Ok(())
    }

    /// Ends it as a system would, and waits.
    pub(crate) async fn stop(&mut self) -> Done {
        self.running.take().ok_or("the server does not run")?.end().await
    }

    /// A one-time code.
    pub(crate) fn code(&self, role: &str, name: &str) -> Done<Enrolment> {
        let said = self.call(&["enrol", "--role", role, "--name", name, "--json"])?;
        let said: serde_json::Value = serde_json::from_str(&said).doing("enrol --json")?;
        let text = |key: &str| {
            said[key].as_str().map(str::to_owned).ok_or_else(|| format!("enrol --json has no {key}"))
        };
        Ok(Enrolment { code: text("code")?, setup: text("setup")? })
    }

    /// How many check-ins stand in the server's own export: not taken back, by distinct people.
    pub(crate) fn inside(&self, session: &str) -> Done<u64> {
        let table = self.call(&["export", "check-ins"])?;
        let mut rows = csv::Reader::from_reader(table.as_bytes());
        let header = rows.headers().doing("the export")?.clone();
        let column =
            |name: &str| header.iter().position(|one| one == name).ok_or(format!("the export has no {name}"));
        let (kind, room, released, person) =
            (column("kind")?, column("session")?, column("released")?, column("person_id")?);
        let mut inside = std::collections::BTreeSet::new();
        for row in rows.records() {
            let row = row.doing("the export")?;
            if row[kind].replace('-', "_") == "check_in" && &row[room] == session && &row[released] == "no" {
                inside.insert(row[person].to_owned());
            }
        }
        Ok(inside.len() as u64)
    }

    /// Takes in a log that a desk saved.
    pub(crate) fn take_in(&self, file: &str) -> Done {
        self.call(&["carry", "import", file]).map(drop)
    }

    /// A command of the organiser's; what it printed.
    pub(crate) fn call(&self, args: &[&str]) -> Done<String> {
        let out = Command::new(&self.program)
            .arg("--data")
            .arg(&self.data)
            .args(args)
            .output()
            .doing("usher-server")?;
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        demand(out.status.success(), || format!("usher-server {}: {}\n{said}", args.join(" "), out.status))?;
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    }
}

/// A one-time code, alone and as the whole setup string.
pub(crate) struct Enrolment {
    /// To be typed.
    pub(crate) code: String,
    /// To be scanned.
    pub(crate) setup: String,
}

/// The time so many minutes from now, as an organiser's table has it.
#[expect(clippy::disallowed_methods, reason = "the sessions lie around the real time")]
pub(crate) fn at(minutes: i64) -> String {
    (Utc::now() + TimeDelta::minutes(minutes)).to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn sessions_csv() -> String {
    format!(
        "name,code,start,end,room,capacity\nOpening,OPEN,{},{},Main hall,{CAPACITY}\nWorkshop,WS,{},{},Dock 2,20\n",
        at(-1),
        at(180),
        at(90),
        at(240)
    )
}

fn guests_csv() -> String {
    let row = |(name, code): (&str, &str), session| format!("{name},{code},Harbour Guild,{session}\n");
    let opening = OPENING.iter().map(|guest| row(*guest, "Opening"));
    ["name,code,organisation,sessions\n".to_owned()]
        .into_iter()
        .chain(opening)
        .chain([row(WORKSHOP, "Workshop")])
        .collect()
}
