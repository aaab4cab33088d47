//! A volunteer's seat: one desk's process, what stands on its stage, and what was written down about it.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use serde_json::{Value, json};

use super::{
    Failure, Orders,
    cast::Room,
    clock,
    desk::Process,
    record::{Row, What},
};

/// The longest that a desk with a network may take until it has sent and fetched everything.
const SYNC: Duration = Duration::from_secs(90);

/// Somebody who was let in and can be taken back.
#[derive(Clone, Debug)]
pub(super) struct LetIn {
    pub(super) arrival: usize,
    pub(super) card: String,
    pub(super) room: Room,
}

/// One desk.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) name: String,
    pub(super) index: usize,
    pub(super) orders: Orders,
    process: Option<Process>,
    pub(super) sessions: BTreeMap<Room, String>,
    pub(super) act: &'static str,
    /// Whether the server can be reached from here.
    pub(super) lined: bool,
    pub(super) room: Option<Room>,
    pub(super) let_in: Vec<LetIn>,
    /// The refusal on the stage, recorded when it is closed.
    pub(super) refusal: Option<String>,
    pub(super) rows: Vec<Row>,
}

impl Seat {
    /// A seat whose desk has been started and is not connected yet.
    pub(super) fn new(index: usize, orders: &Orders) -> Result<Self, Failure> {
        let mut seat = Self {
            name: format!("Desk {}", index + 1),
            index,
            orders: orders.clone(),
            process: None,
            sessions: BTreeMap::new(),
            act: "online",
            lined: true,
            room: None,
            let_in: Vec::new(),
            refusal: None,
            rows: Vec::new(),
        };
        seat.start_process()?;
        Ok(seat)
    }

    pub(super) fn start_process(&mut self) -> Result<(), Failure> {
        let word = format!("desk-{}", self.index + 1);
        let log = self.orders.out.join("logs").join(format!("{word}.log"));
        self.process =
            Some(Process::start(&self.orders.desk, &self.name, &self.orders.out.join(word), &log)?);
        Ok(())
    }

    /// `kill -9`.
    pub(super) fn kill_process(&mut self) -> Result<(), Failure> {
        self.process.take().ok_or("there is no desk to kill")?.kill()
    }

    /// Enrols the desk with a setup string, and waits for the whole list.
    pub(super) fn connect(&mut self, setup: &str) -> Result<(), Failure> {
        let answer = self.call("connect", json!({"address": "", "code": setup}))?;
        if answer["kind"] != json!("connected") {
            return Err(format!("{} was not enrolled: {answer}", self.name).into());
        }
        self.sync()?;
        let view = self.look()?;
        let sessions = view["sessions"].as_array().cloned().unwrap_or_default();
        for room in Room::ALL {
            let found = sessions.iter().find(|one| one["name"] == json!(room.name()));
            let id = found.and_then(|one| one["id"].as_str()).ok_or("a session is missing at a desk")?;
            self.sessions.insert(room, id.into());
        }
        Ok(())
    }

    pub(super) fn call(&mut self, call: &str, args: Value) -> Result<Value, Failure> {
        self.process()?.call(call, args)
    }

    pub(super) fn look(&mut self) -> Result<Value, Failure> {
        self.call("look", json!({}))
    }

    /// Waits until everything was sent and is known.
    pub(super) fn sync(&mut self) -> Result<(), Failure> {
        let name = self.name.clone();
        match self.process()?.sync(SYNC)? {
            true => Ok(()),
            false => Err(format!("{name} has not sent and fetched everything within {SYNC:?}").into()),
        }
    }

    fn process(&mut self) -> Result<&mut Process, Failure> {
        self.process.as_mut().ok_or_else(|| "the desk does not run".into())
    }

    /// Serves a room.
    pub(super) fn start(&mut self, room: Room) -> Result<(), Failure> {
        let session = self.sessions.get(&room).cloned().ok_or("a session is missing")?;
        self.call("start", json!({"session": session, "initials": "ÅB"}))?;
        (self.room, self.refusal) = (Some(room), None);
        Ok(())
    }

    /// Closes a refusal on the stage, as its time-out would.
    pub(super) fn close(&mut self) -> Result<(), Failure> {
        if let Some(card) = self.refusal.take() {
            self.call("close", json!({"id": card}))?;
        }
        Ok(())
    }

    /// Writes the desk's log to a file of this name.
    pub(super) fn export(&mut self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.orders.out.join(name);
        self.call("export", json!({"path": path}))?;
        Ok(path)
    }

    pub(super) fn write_down(&mut self, at_ms: i64, what: What) {
        let (desk, act, room, done_ms) = (self.name.clone(), self.act, self.room, clock::wall_ms());
        self.rows.push(Row { desk, act, room, at_ms, done_ms, what });
    }

    pub(super) fn mark(&mut self, word: &'static str) {
        self.write_down(clock::wall_ms(), What::Mark(word));
    }
}
