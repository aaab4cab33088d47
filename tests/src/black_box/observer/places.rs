//! How many people may be in a room at which moment, from what the supervisor decided and saw.
//!
//! Lowering the places takes nothing back that was given before: the room may fill up to the worst case that the board showed once it was
//! lowered, and no further (DESIGN section 5, I6). A room whose places nobody changed has its places, and nothing else.

use serde_json::{Value, json};

use super::super::diary::{Diary, Look, What};

/// The most that may be in a room, from when on, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    from: Vec<(i64, u64)>,
    /// The places that hold in the end.
    pub(super) places: u64,
}

/// Something that moves the limit.
enum Event<'a> {
    /// The room may have so many places from now on.
    Asked(u64),
    /// It has.
    Answered(u64),
    /// The server may know only this much of what was decided: the most places since the copy was made.
    Forgot(u64),
    Seen(&'a Value),
}

impl Event<'_> {
    /// Within one millisecond: a supervisor looks once something was answered, and asks once a look is over.
    const fn turn(&self) -> u8 {
        match self {
            Self::Answered(_) => 0,
            Self::Seen(_) => 1,
            Self::Asked(_) => 2,
            Self::Forgot(_) => 3,
        }
    }
}

impl Limits {
    /// The limits of a room that begins with so many places.
    pub(super) fn new(room: &str, places: u64, diary: &Diary) -> Self {
        let mut limits = Self { from: vec![(i64::MIN, places)], places };
        for (at_ms, event) in events(room, places, diary) {
            let before = limits.last();
            let now = match event {
                Event::Asked(more) | Event::Forgot(more) => before.max(more),
                Event::Answered(places) => {
                    limits.places = places;
                    before
                }
                Event::Seen(seen) => limits.seen(seen).map_or(before, |most| before.min(most)),
            };
            limits.from.push((at_ms, now));
        }
        limits
    }

    /// What the board promises: the worst case, where it is known and what was decided holds.
    fn seen(&self, room: &Value) -> Option<u64> {
        let known = room["awaited"].as_array().is_some_and(Vec::is_empty);
        let holds = room["capacity"] == json!(self.places);
        room["worst"].as_u64().filter(|_| known && holds).map(|worst| worst.max(self.places))
    }

    pub(super) fn at(&self, ms: i64) -> u64 {
        self.from.iter().rev().find(|(from, _)| *from <= ms).map_or(0, |(_, most)| *most)
    }

    pub(super) fn last(&self) -> u64 {
        self.from.last().map_or(0, |(_, most)| *most)
    }
}

fn events<'a>(room: &str, places: u64, diary: &'a Diary) -> Vec<(i64, Event<'a>)> {
    let mut events = Vec::new();
    for (asked_ms, done_ms, places) in decisions(room, diary) {
        events.push((asked_ms, Event::Asked(places)));
        events.push((done_ms, Event::Answered(places)));
    }
    for look in diary.looks.iter().filter(|look| !is_torn(look, diary)) {
        events.extend(of(&look.board, room).map(|seen| (look.done_ms, Event::Seen(seen))));
    }
    if let Some(back) = diary.put_back {
        let then = decisions(room, diary).filter(|(_, done_ms, _)| *done_ms < back.taken_ms).last();
        let later = decisions(room, diary)
            .filter(|(asked_ms, done_ms, _)| *done_ms >= back.taken_ms && *asked_ms <= back.until_ms);
        let most = later.map(|(_, _, places)| places).chain([then.map_or(places, |(_, _, then)| then)]).max();
        events.push((back.from_ms, Event::Forgot(most.unwrap_or(places))));
    }
    events.sort_by_key(|(at_ms, event)| (*at_ms, event.turn()));
    events
}

fn decisions<'a>(room: &'a str, diary: &'a Diary) -> impl Iterator<Item = (i64, i64, u64)> + 'a {
    diary.decided.iter().filter(move |one| one.room == room).filter_map(|one| match one.what {
        What::Places(places) => Some((one.asked_ms, one.done_ms, places)),
        What::Door { .. } => None,
    })
}

/// Whether the server was put back while the board was asked for: nobody knows which one answered.
fn is_torn(look: &Look, diary: &Diary) -> bool {
    diary.put_back.is_some_and(|back| look.asked_ms <= back.until_ms && look.done_ms >= back.from_ms)
}

/// A room on a board.
pub(super) fn of<'a>(board: &'a Value, room: &str) -> Option<&'a Value> {
    board["sessions"].as_array()?.iter().find(|one| one["name"] == json!(room))
}

/// What was decided holds for as long as nothing else is: at every look, unless the server was put back since, and in the end always.
pub(super) fn check_kept(
    room: &str,
    places: Option<u64>,
    board: &Value,
    diary: &Diary,
    wrong: &mut Vec<String>,
) {
    let ms = |look: &Look| (look.asked_ms, look.done_ms);
    let looks = diary.looks.iter().map(|look| (ms(look), &look.board)).chain([((i64::MAX, i64::MAX), board)]);
    for ((asked_ms, done_ms), board) in looks {
        let since = decisions(room, diary).take_while(|(_, done, _)| *done <= asked_ms).last();
        let decided_ms = since.map_or(i64::MIN, |(asked, _, _)| asked);
        let forgets =
            diary.put_back.is_some_and(|back| decided_ms <= back.until_ms && done_ms >= back.from_ms);
        let wanted = since.map_or(places, |(_, _, places)| Some(places));
        let says = of(board, room).map(|seen| &seen["capacity"]);
        // What was decided before is decided again when the server has forgotten it: in the end nothing excuses.
        let excused = forgets && asked_ms != i64::MAX;
        if !excused && says != Some(&json!(wanted)) {
            wrong.push(format!(
                "FORGOTTEN: {room} has {wanted:?} places, and the board of {done_ms} says {says:?}"
            ));
            return;
        }
    }
}
