//! What is asked at the door, and what is written down of it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    super::{
        doors::code,
        said::{Asked, Heard, Said},
    },
    Volunteer,
};
use crate::real::{Failure, clock};

/// The longest that a desk may take to answer at the door.
const DOOR: Duration = Duration::from_secs(30);

impl Volunteer {
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

    pub(super) fn scan(&mut self, guest: usize, kill: Option<u64>) -> Result<(), Failure> {
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

    pub(super) fn undo(&mut self, kill: Option<u64>) -> Result<(), Failure> {
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
