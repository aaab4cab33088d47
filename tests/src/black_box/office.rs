//! The office: a supervisor who decides over HTTP while desks and server are killed, and the organiser who imports what desks saved.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{runtime::Handle, sync::watch};

use super::{
    beside::Beside,
    diary::{Carried, Decided, Diary, Look, Settled, What},
    doors::ROOMS,
    meanwhile::Deed,
};
use crate::real::{Failure, clock, organiser::Organiser, supervisor::Supervisor};

/// The longest that the server may be away from the supervisor, with the longest outage.
const ANSWER: Duration = Duration::from_secs(180);

/// Whoever sits there, and what they write down.
pub(super) struct Office<'a> {
    pub(super) supervisor: Supervisor,
    pub(super) organiser: &'a Organiser,
    pub(super) beside: &'a Beside,
    /// The name of the desk that may be lost.
    pub(super) lost: &'a str,
    pub(super) diary: Diary,
    /// What holds for each room, by its index.
    pub(super) wanted: BTreeMap<usize, (Option<u64>, Option<bool>)>,
}

impl Office<'_> {
    /// Does what is planned, each after so many steps of the desks.
    pub(super) fn work(
        &mut self,
        deeds: &[(u64, Deed)],
        runtime: &Handle,
        mut done: watch::Receiver<u64>,
    ) -> Result<(), Failure> {
        for (step, deed) in deeds {
            let _ = runtime.block_on(done.wait_for(|done| done >= step));
            self.carry_out(*deed, runtime).map_err(|error| format!("the office, {deed:?}: {error}"))?;
        }
        Ok(())
    }

    fn carry_out(&mut self, deed: Deed, runtime: &Handle) -> Result<(), Failure> {
        match deed {
            Deed::Places { room, places } => self.places(room, places),
            Deed::Door { room, open } => self.door(room, open),
            Deed::Look => self.look().map(drop),
            Deed::Carry { back } => self.beside.saved_before(back).map_or(Ok(()), |file| self.carry(&file)),
            Deed::CarryLost => {
                self.beside.gone.wait(runtime);
                self.carry_disk()
            }
            Deed::Settle { guess } => {
                self.beside.gone.wait(runtime);
                let done = self.settle(guess);
                self.beside.settled.tell();
                done
            }
            Deed::Confirm => {
                self.beside.put_back.wait(runtime);
                self.confirm()
            }
        }
    }

    /// The evening is over: doors open, what was found of the lost desk in, and it is awaited no longer.
    pub(super) fn close(&mut self, stays_lost: bool) -> Result<(), Failure> {
        for room in 0..ROOMS.len() {
            if self.wanted.get(&room).is_some_and(|(_, open)| *open == Some(false)) {
                self.door(room, true)?;
            }
        }
        self.carry_disk()?;
        if stays_lost { self.settle(0) } else { Ok(()) }
    }

    /// Asks until there is an answer: the server may be dead.
    fn answered<T>(what: &str, mut ask: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
        let mut last = None;
        clock::wait_for(what, ANSWER, || Ok(ask().map_err(|error| last = Some(error.to_string())).ok()))
            .map_err(|error| format!("{error}; at last: {last:?}").into())
    }

    /// Decides; from when to when it was asked. What was decided by an earlier try, whose answer was lost, is decided.
    fn decide(&self, decision: &Value) -> Result<(i64, i64), Failure> {
        let asked_ms = clock::wall_ms();
        let refused = Self::answered("a decision", || self.supervisor.decide(decision))?;
        match refused.as_deref() {
            None | Some("done") => Ok((asked_ms, clock::wall_ms())),
            Some(why) => Err(format!("{decision} was refused: {why}").into()),
        }
    }

    fn look(&mut self) -> Result<Value, Failure> {
        let asked_ms = clock::wall_ms();
        let board = Self::answered("a board", || self.supervisor.board())?;
        self.diary.looks.push(Look { asked_ms, done_ms: clock::wall_ms(), board: board.clone() });
        Ok(board)
    }

    fn places(&mut self, room: usize, places: u64) -> Result<(), Failure> {
        let session = session(&self.look()?, room)?["id"].clone();
        self.wanted.entry(room).or_default().0 = Some(places);
        let asked = self.decide(&json!({"capacity": {"session": session, "capacity": places}}))?;
        self.write_down(room, What::Places(places), asked);
        self.look().map(drop)
    }

    fn door(&mut self, room: usize, open: bool) -> Result<(), Failure> {
        let session = session(&self.look()?, room)?["id"].clone();
        self.wanted.entry(room).or_default().1 = Some(open);
        let state = if open { "open" } else { "paused" };
        let asked = self.decide(&json!({"state": {"session": session, "state": state}}))?;
        self.write_down(room, What::Door { open }, asked);
        Ok(())
    }

    fn write_down(&mut self, room: usize, what: What, (asked_ms, done_ms): (i64, i64)) {
        self.diary.decided.push(Decided { room: ROOMS[room].name.into(), what, asked_ms, done_ms });
    }

    /// A server that was put back may have forgotten decisions.
    fn confirm(&mut self) -> Result<(), Failure> {
        let board = self.look()?;
        for (room, (places, open)) in self.wanted.clone() {
            let now = session(&board, room)?;
            if let Some(places) = places.filter(|places| now["capacity"] != json!(places)) {
                self.places(room, places)?;
            }
            if let Some(open) = open.filter(|open| (now["state"] != json!("paused")) != *open) {
                self.door(room, open)?;
            }
        }
        Ok(())
    }

    /// Writes the lost desk off in every room where the board offers it.
    fn settle(&mut self, guess: u64) -> Result<(), Failure> {
        for session in list(&self.look()?["sessions"]) {
            let lost = self.lost;
            for log in list(&session["logs"]).filter(|log| log["name"] == json!(lost)) {
                self.settle_one(session, log, guess)?;
            }
        }
        Ok(())
    }

    fn settle_one(&mut self, session: &Value, log: &Value, guess: u64) -> Result<(), Failure> {
        let outstanding = log["outstanding"].as_u64().ok_or("a log without places")?;
        let spent = outstanding * guess / 100 + u64::from(guess > 100);
        let name = ["station", "epoch"].map(|key| log[key].as_str().unwrap_or_default()).join("/");
        let i = json!({"station": log["station"], "epoch": log["epoch"]});
        let settle =
            json!({"settle": {"log": i, "session": session["id"], "spent": spent, "reason": "lost"}});
        let before = self.held(&name)?;
        let (asked_ms, _) = self.decide(&settle)?;
        let (room, held) =
            (session["name"].as_str().unwrap_or_default().to_owned(), (before, self.held(&name)?));
        self.diary.settled.push(Settled { room, log: name, asked_ms, spent, outstanding, held });
        Ok(())
    }

    /// The lines of a log that the server holds, by their keys.
    fn held(&self, log: &str) -> Result<HashSet<String>, Failure> {
        let _alone = self.beside.database();
        Ok(lines(self.organiser)?.into_iter().filter(|key| key.starts_with(log)).collect())
    }

    fn carry_disk(&mut self) -> Result<(), Failure> {
        self.beside.disk().map_or(Ok(()), |file| self.carry(&file))
    }

    /// Imports a saved log while the service runs, and once more.
    fn carry(&mut self, file: &Path) -> Result<(), Failure> {
        let _alone = self.beside.database();
        let import = || brought(&self.organiser.run(&["carry", "import", &file.to_string_lossy()])?);
        let (brought, again) = (import()?, import()?);
        self.diary.carried.push(Carried { file: file.into(), brought, again });
        Ok(())
    }
}

/// How many entries were new, as the command says.
fn brought(words: &str) -> Result<u64, Failure> {
    let first = words.split_whitespace().next().ok_or("the import says nothing")?;
    Ok(first.parse()?)
}

fn list(value: &Value) -> std::slice::Iter<'_, Value> {
    value.as_array().map_or(&[][..], Vec::as_slice).iter()
}

fn session(board: &Value, room: usize) -> Result<&Value, Failure> {
    let found = list(&board["sessions"]).find(|one| one["name"] == json!(ROOMS[room].name));
    found.ok_or_else(|| format!("the board has no {}", ROOMS[room].name).into())
}

/// The keys of the server's lines, `station/epoch/number`.
pub(super) fn lines(organiser: &Organiser) -> Result<HashSet<String>, Failure> {
    let table = organiser.run(&["export", "check-ins"])?;
    let mut csv = csv::Reader::from_reader(table.as_bytes());
    let rows = csv.deserialize::<BTreeMap<String, String>>().collect::<Result<Vec<_>, _>>()?;
    Ok(rows
        .iter()
        .map(|row| ["station_id", "epoch", "seq"].map(|column| row[column].as_str()).join("/"))
        .collect())
}
