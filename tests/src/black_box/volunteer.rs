//! A volunteer: carries a desk's steps out, and writes down what was asked and answered.

mod asking;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    Orders,
    beside::Beside,
    doors::{ROOMS, Room},
    plan::Step,
    said::Said,
    versions::DESK_UPGRADED_AT,
};
use crate::real::{
    Failure, clock,
    desk::Process,
    proxy::{Line, Proxy},
};

/// The longest that a desk with a good network may take until it has sent and fetched everything.
const SYNC: Duration = Duration::from_secs(90);

/// One desk with its volunteer and its network.
#[derive(Debug)]
pub(super) struct Volunteer {
    index: usize,
    orders: Orders,
    pub(super) name: String,
    pub(super) proxy: Proxy,
    process: Option<Process>,
    /// The sessions' ids, by the rooms' names.
    sessions: BTreeMap<String, String>,
    room: Option<Room>,
    /// The rows that let somebody in, with the card to take it back by.
    let_in: Vec<(usize, &'static str, Value)>,
    pub(super) rows: Vec<Said>,
    pub(super) kills: u64,
    pub(super) saved: Vec<PathBuf>,
    /// From when to when the desk asked the server, on a good line, and had everything in the end.
    pub(super) synced: Vec<(i64, i64)>,
    line: Line,
    beside: Arc<Beside>,
}

impl Volunteer {
    pub(super) fn new(
        index: usize,
        orders: &Orders,
        proxy: Proxy,
        beside: &Arc<Beside>,
    ) -> Result<Self, Failure> {
        let mut volunteer = Self {
            index,
            orders: orders.clone(),
            name: format!("Desk {}", index + 1),
            proxy,
            process: None,
            sessions: BTreeMap::new(),
            room: None,
            let_in: Vec::new(),
            rows: Vec::new(),
            kills: 0,
            saved: Vec::new(),
            synced: Vec::new(),
            line: Line::Passes,
            beside: Arc::clone(beside),
        };
        volunteer.start()?;
        Ok(volunteer)
    }

    fn start(&mut self) -> Result<(), Failure> {
        let word = format!("desk-{}", self.index + 1);
        let log = self.orders.out.join("logs").join(format!("{word}.log"));
        let data = self.orders.out.join(word);
        self.process = Some(Process::start(self.orders.desk_after(self.kills), &self.name, &data, &log)?);
        Ok(())
    }

    fn process(&mut self) -> Result<&mut Process, Failure> {
        self.process.as_mut().ok_or_else(|| "the desk does not run".into())
    }

    pub(super) fn call(&mut self, call: &str, args: Value) -> Result<Value, Failure> {
        self.process()?.call(call, args)
    }

    /// Enrols the desk, and waits for the whole list.
    pub(super) fn connect(&mut self, setup: &str) -> Result<(), Failure> {
        let answer = self.call("connect", json!({"address": "", "code": setup}))?;
        if answer["kind"] != json!("connected") {
            return Err(format!("{} was not enrolled: {answer}", self.name).into());
        }
        self.settle()?;
        for session in self.call("look", json!({}))?["sessions"].as_array().into_iter().flatten() {
            let word = |key: &str| session[key].as_str().unwrap_or_default().to_owned();
            self.sessions.insert(word("name"), word("id"));
        }
        Ok(())
    }

    /// Waits until everything is sent and known.
    pub(super) fn settle(&mut self) -> Result<(), Failure> {
        let name = self.name.clone();
        match self.process()?.sync(SYNC)? {
            true => Ok(()),
            false => Err(format!("{name} has not sent and fetched everything within {SYNC:?}").into()),
        }
    }

    /// Takes the steps; each is counted in `done`.
    pub(super) fn take(&mut self, steps: &[Step], done: &watch::Sender<u64>) -> Result<(), Failure> {
        for step in steps {
            self.step(*step).map_err(|error| format!("{}, {step:?}: {error}", self.name))?;
            done.send_modify(|done| *done = done.saturating_add(1));
        }
        Ok(())
    }

    /// Takes the steps, and has a good network in the end.
    pub(super) fn carry_out(&mut self, steps: &[Step], done: &watch::Sender<u64>) -> Result<(), Failure> {
        self.take(steps, done)?;
        if self.orders.upgrades() && self.kills < DESK_UPGRADED_AT {
            self.kills = DESK_UPGRADED_AT - 1;
            self.process.take().ok_or("the desk does not run")?.kill()?;
            self.restart()?;
        }
        self.turn(Line::Passes)
    }

    pub(super) fn turn(&mut self, line: Line) -> Result<(), Failure> {
        self.proxy.turn(line)?;
        self.line = line;
        Ok(())
    }

    fn wait(&mut self, ms: u64) -> Result<(), Failure> {
        let began_ms = clock::wall_ms();
        if self.process()?.sync(Duration::from_millis(ms))? && self.line == Line::Passes {
            self.synced.push((began_ms, clock::wall_ms()));
        }
        Ok(())
    }

    fn step(&mut self, step: Step) -> Result<(), Failure> {
        match step {
            Step::Scan(guest) => self.scan(guest, None),
            Step::ScanKilled(guest, after_us) => {
                self.scan(guest, Some(after_us))?;
                self.restart()?;
                self.scan(guest, None)
            }
            Step::Undo => self.undo(None),
            Step::UndoKilled(after_us) => {
                self.undo(Some(after_us))?;
                self.restart()
            }
            Step::Serve(room) => self.serve(ROOMS[room]),
            Step::Wait(ms) => self.wait(ms),
            Step::Line(line) => self.turn(line),
            // Version 0.1 saves no log.
            Step::Save if self.orders.desk_is_older(self.kills) => Ok(()),
            Step::Save => {
                let file = self.save()?;
                self.beside.saved(file);
                Ok(())
            }
        }
    }

    fn serve(&mut self, room: Room) -> Result<(), Failure> {
        let session = self.sessions.get(room.name).cloned().ok_or("a session is missing")?;
        self.call("start", json!({"session": session, "initials": "BX"}))?;
        self.room = Some(room);
        Ok(())
    }

    pub(super) fn save(&mut self) -> Result<PathBuf, Failure> {
        let name = format!("desk-{}-{}.usherlog", self.index + 1, self.saved.len());
        let path = self.orders.out.join(name);
        self.call("save", json!({"path": path}))?;
        self.saved.push(path.clone());
        Ok(path)
    }

    /// The desk is killed and stays so.
    pub(super) fn die(&mut self) -> Result<(), Failure> {
        self.process.take().ok_or("there is no desk to kill")?.kill()
    }

    pub(super) const fn is_gone(&self) -> bool {
        self.process.is_none()
    }

    /// The desk comes back at its door, whatever it was doing.
    pub(super) fn restart(&mut self) -> Result<(), Failure> {
        self.kills += 1;
        self.start()?;
        let view = self.call("look", json!({}))?;
        if view["phase"]["kind"] == json!("door") {
            return Ok(());
        }
        Err(format!("{} did not come back to its door: {}", self.name, view["phase"]).into())
    }
}
