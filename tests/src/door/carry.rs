//! Carrying out a desk's steps as its volunteer would.

use serde_json::{Value, json};

use super::{
    Failure, clock, pictures,
    plan::{Arrival, Expect, Standing, Step},
    record::{Told, What},
    seat::{LetIn, Seat},
};
use crate::door::cast::Room;

/// How often a ticket is held up before the volunteer gives up.
const PICTURES_MAX: u64 = 4;

impl Seat {
    /// Carries the steps out, and leaves nothing undecided on the stage.
    pub(super) fn carry_out(&mut self, act: &'static str, steps: &[Step]) -> Result<(), Failure> {
        self.act = act;
        for step in steps {
            match step {
                Step::Start(room) => self.start(*room)?,
                Step::Arrive(arrival) => self.arrive(arrival)?,
                Step::Undo(room) => self.undo(*room)?,
                Step::Sync => self.sync()?,
                Step::Kill => self.kill()?,
            }
        }
        self.close()
    }

    fn arrive(&mut self, arrival: &Arrival) -> Result<(), Failure> {
        self.wait_for_a_place(arrival)?;
        let at_ms = clock::wall_ms();
        let mut told = Told::default();
        let mut card = Value::Null;
        while !told.read && told.pictures < PICTURES_MAX {
            card = self.hold_up(arrival, &mut told)?;
            if arrival.standing == Standing::NoCode {
                break;
            }
        }
        if !card.is_null() {
            // What stood there before was closed by this scan.
            self.refusal = None;
            card = self.decide(arrival, card)?;
            self.take_note(arrival, &card, &mut told);
        }
        if self.lined && told.verdict == "grant_empty" {
            // The guest leaves now: a card that stayed would ask again as soon as a place comes.
            self.close()?;
        }
        self.write_down(at_ms, What::Arrival(arrival.clone(), told));
        Ok(())
    }

    /// A volunteer who sees no places left on a desk with a network waits for more before the next guest.
    fn wait_for_a_place(&mut self, arrival: &Arrival) -> Result<(), Failure> {
        let limited = self.room.and_then(Room::capacity).is_some();
        let wants =
            matches!(arrival.expect, Expect::In | Expect::InOrNoPlace | Expect::Anyway | Expect::Away);
        if limited && wants && self.lined && self.look()?["places"]["left"] == json!(0) {
            self.sync()?;
        }
        Ok(())
    }

    /// Holds a picture up; the card, or null where nothing was read.
    fn hold_up(&mut self, arrival: &Arrival, told: &mut Told) -> Result<Value, Failure> {
        let folder = self.orders.out.join("pictures");
        let path = match told.pictures {
            0 => pictures::path_of(arrival, &folder, 0),
            tries => pictures::draw(arrival, &folder, self.orders.seed, tries)?,
        };
        told.pictures += 1;
        let mut answer = self.call("picture", json!({"path": path}))?;
        told.read = answer["unread"] == json!(false);
        Ok(answer["card"].take())
    }

    /// Answers a card that asks.
    fn decide(&mut self, arrival: &Arrival, card: Value) -> Result<Value, Failure> {
        let asks = card["actions"].as_array().is_some_and(|actions| actions.contains(&json!("turn_away")));
        match arrival.expect {
            Expect::Anyway if asks => self.call("accept", json!({"id": card["id"], "anyway": true})),
            Expect::Away if asks => self.call("turn_away", json!({"id": card["id"]})),
            _ => Ok(card),
        }
    }

    fn take_note(&mut self, arrival: &Arrival, card: &Value, told: &mut Told) {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        told.verdict = word(&card["verdict"]["kind"]);
        told.outcome = word(&card["outcome"]["kind"]);
        told.again = card["again"] == json!(true);
        let id = word(&card["id"]);
        match (told.outcome.as_str(), self.room) {
            ("let_in", Some(room)) if !told.again => {
                self.let_in.push(LetIn { arrival: arrival.nr, card: id, room });
            }
            ("open", _) => self.refusal = Some(id),
            _ => {}
        }
    }

    fn undo(&mut self, room: Room) -> Result<(), Failure> {
        let last =
            self.let_in.iter().rposition(|one| one.room == room).ok_or("there is nobody to take back")?;
        let LetIn { arrival, card, .. } = self.let_in.remove(last);
        let at_ms = clock::wall_ms();
        let answer = self.call("undo", json!({"id": card}))?;
        // A refusal that stood on the stage was closed by this.
        self.refusal = None;
        if answer["outcome"]["kind"] != json!("taken_back") {
            return Err(format!("{} did not take arrival {arrival} back: {answer}", self.name).into());
        }
        self.write_down(at_ms, What::Undo { of: arrival });
        Ok(())
    }

    /// The desk comes back in the same session, and says what it still had before it goes on.
    fn kill(&mut self) -> Result<(), Failure> {
        self.close()?;
        self.kill_process()?;
        self.mark("kill");
        self.start_process()?;
        self.export(&format!("restarted-{}.csv", self.index + 1))?;
        let view = self.look()?;
        if view["phase"]["kind"] != json!("door") {
            return Err(format!("{} did not come back to its door: {}", self.name, view["phase"]).into());
        }
        self.mark("restart");
        Ok(())
    }
}
