//! A volunteer: carries a desk's steps out, and writes down what was asked and answered.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    Orders,
    doors::{ROOMS, Room, code},
    plan::Step,
    said::{Asked, Heard, Said},
    versions::DESK_UPGRADED_AT,
};
use crate::real::{
    Failure, clock,
    desk::Process,
    proxy::{Line, Proxy},
};

/// The longest that a desk may take to answer at the door.
const DOOR: Duration = Duration::from_secs(30);
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
}

impl Volunteer {
    pub(super) fn new(index: usize, orders: &Orders, proxy: Proxy) -> Result<Self, Failure> {
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

    /// Carries the steps out; each is counted in `done`.
    pub(super) fn carry_out(&mut self, steps: &[Step], done: &watch::Sender<u64>) -> Result<(), Failure> {
        for step in steps {
            self.step(*step).map_err(|error| format!("{}, {step:?}: {error}", self.name))?;
            done.send_modify(|done| *done += 1);
        }
        if self.orders.upgrades() && self.kills < DESK_UPGRADED_AT {
            self.kills = DESK_UPGRADED_AT - 1;
            self.process.take().ok_or("the desk does not run")?.kill()?;
            self.restart()?;
        }
        self.proxy.turn(Line::Passes)
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
            Step::Wait(ms) => self.process()?.sync(Duration::from_millis(ms)).map(drop),
            Step::Line(line) => self.proxy.turn(line),
            // Version 0.1 saves no log.
            Step::Save if self.orders.desk_is_older(self.kills) => Ok(()),
            Step::Save => self.save(),
        }
    }

    fn serve(&mut self, room: Room) -> Result<(), Failure> {
        let session = self.sessions.get(room.name).cloned().ok_or("a session is missing")?;
        self.call("start", json!({"session": session, "initials": "BX"}))?;
        self.room = Some(room);
        Ok(())
    }

    fn save(&mut self) -> Result<(), Failure> {
        let name = format!("desk-{}-{}.usherlog", self.index + 1, self.saved.len());
        let path = self.orders.out.join(name);
        self.call("save", json!({"path": path}))?;
        self.saved.push(path);
        Ok(())
    }

    /// Asks; with `kill`, the desk is killed after so many microseconds, answered or not. The answer, and when it all ended.
    fn ask(&mut self, call: &str, args: Value, kill: Option<u64>) -> Result<(Option<Value>, i64), Failure> {
        self.process()?.ask(call, args)?;
        let longest = kill.map_or(DOOR, Duration::from_micros);
        let mut answer = self.process()?.answer(longest)?;
        if kill.is_some() {
            let late = self.process.take().ok_or("there is no desk to kill")?.kill_in_a_call()?;
            answer = answer.or(late);
        } else if answer.is_none() {
            return Err(format!("{} gave no answer within {DOOR:?}", self.name).into());
        }
        Ok((answer, clock::wall_ms()))
    }

    /// The desk comes back at its door, whatever it was doing.
    fn restart(&mut self) -> Result<(), Failure> {
        self.kills += 1;
        self.start()?;
        let view = self.call("look", json!({}))?;
        if view["phase"]["kind"] == json!("door") {
            return Ok(());
        }
        Err(format!("{} did not come back to its door: {}", self.name, view["phase"]).into())
    }

    fn scan(&mut self, guest: usize, kill: Option<u64>) -> Result<(), Failure> {
        let Some(room) = self.room else { return Err("no room is served".into()) };
        let (code, at_ms) = (code(guest), clock::wall_ms());
        let args = json!({"readings": [code], "found": "camera"});
        let (answer, done_ms) = self.ask("scan", args, kill)?;
        let asked = Asked::LetIn { code: code.clone() };
        let nr = self.write_down(room.name, (at_ms, done_ms), asked.clone(), heard(answer.as_ref()));
        let card = answer.map(|answer| answer["ok"].clone()).unwrap_or_default();
        self.remember(nr, room.name, &card);
        // On the list, not booked here: let in all the same.
        let asks =
            card["verdict"]["kind"] == json!("not_registered") && card["outcome"]["kind"] == json!("open");
        if asks && kill.is_none() {
            let at_ms = clock::wall_ms();
            let (answer, done_ms) = self.ask("accept", json!({"id": card["id"], "anyway": true}), None)?;
            let nr = self.write_down(room.name, (at_ms, done_ms), asked, heard(answer.as_ref()));
            self.remember(nr, room.name, &answer.unwrap_or_default()["ok"]);
        }
        Ok(())
    }

    fn remember(&mut self, nr: usize, room: &'static str, card: &Value) {
        if self.rows[nr].heard == (Heard::LetIn { again: false }) {
            self.let_in.push((nr, room, card["id"].clone()));
        }
    }

    fn undo(&mut self, kill: Option<u64>) -> Result<(), Failure> {
        let Some((of, room, card)) = self.let_in.pop() else {
            // Nobody was let in here yet; a planned kill happens all the same.
            return kill.map_or(Ok(()), |after_us| self.ask("look", json!({}), Some(after_us)).map(drop));
        };
        let at_ms = clock::wall_ms();
        let (answer, done_ms) = self.ask("undo", json!({"id": card}), kill)?;
        self.write_down(room, (at_ms, done_ms), Asked::Undo { of }, heard(answer.as_ref()));
        Ok(())
    }

    fn write_down(
        &mut self,
        room: &'static str,
        (at_ms, done_ms): (i64, i64),
        asked: Asked,
        heard: Heard,
    ) -> usize {
        let nr = self.rows.len();
        self.rows.push(Said { nr, desk: self.index, room, at_ms, done_ms, asked, heard });
        nr
    }
}

/// What an answer says.
fn heard(answer: Option<&Value>) -> Heard {
    let Some(answer) = answer else { return Heard::Nothing };
    let card = &answer["ok"];
    match card["outcome"]["kind"].as_str() {
        Some("let_in") => Heard::LetIn { again: card["again"] == json!(true) },
        Some("taken_back") => Heard::TakenBack,
        Some(_) => Heard::Refused(card["verdict"]["kind"].as_str().unwrap_or_default().to_owned()),
        None => Heard::Refused(answer["error"].to_string()),
    }
}
