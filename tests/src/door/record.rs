//! `plan.csv`: what the plan says, what was done and when, and what the desks told at the door.

use std::path::Path;

use super::{
    Failure,
    cast::Room,
    plan::{Arrival, Expect, Standing},
};

/// What a line is about.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// Somebody came.
    Arrival(Arrival, Told),
    /// The guest of arrival number `of` was taken back.
    Undo {
        /// The arrival.
        of: usize,
    },
    /// Something that was done to a desk: `cut_start`, `cut_end`, `kill`, `restart`.
    Mark(&'static str),
    /// How many distinct people the desk says are in its room.
    Inside(u64),
}

/// What a desk told about an arrival.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// Pictures that were held up.
    pub(super) pictures: u64,
    /// A code was read.
    pub(super) read: bool,
    /// The verdict's code; empty where there was no card.
    pub(super) verdict: String,
    /// What became of the card.
    pub(super) outcome: String,
    /// The desk said that it had seen it just now.
    pub(super) again: bool,
}

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) desk: String,
    pub(super) act: &'static str,
    pub(super) room: Option<Room>,
    /// When it began, milliseconds since 1970 UTC.
    pub(super) at_ms: i64,
    /// When it was over.
    pub(super) done_ms: i64,
    pub(super) what: What,
}

const HEADER: [&str; 18] = [
    "order",
    "what",
    "arrival",
    "desk",
    "act",
    "at_ms",
    "done_ms",
    "session",
    "capacity",
    "code",
    "person_id",
    "standing",
    "expect",
    "pictures",
    "read",
    "verdict",
    "outcome",
    "again",
];

/// Writes the lines in the order of time. `person` gives the id of whoever has a code.
pub(super) fn write(path: &Path, mut rows: Vec<Row>, person: impl Fn(&str) -> String) -> Result<(), Failure> {
    rows.sort_by_key(|row| row.at_ms);
    let mut csv = csv::Writer::from_path(path)?;
    csv.write_record(HEADER)?;
    for (order, row) in rows.iter().enumerate() {
        let capacity = row.room.and_then(Room::capacity).map(|places| places.to_string()).unwrap_or_default();
        let room = row.room.map(Room::name).unwrap_or_default();
        let (what, arrival) = match &row.what {
            What::Arrival(one, _) => ("arrival", one.nr.to_string()),
            What::Undo { of } => ("undo", of.to_string()),
            What::Mark(word) => (*word, String::new()),
            What::Inside(people) => ("inside", people.to_string()),
        };
        let head = [
            (order + 1).to_string(),
            what.into(),
            arrival,
            row.desk.clone(),
            row.act.into(),
            row.at_ms.to_string(),
            row.done_ms.to_string(),
            room.into(),
            capacity,
        ];
        csv.write_record(head.into_iter().chain(tail(&row.what, &person)))?;
    }
    Ok(csv.flush()?)
}

fn tail(what: &What, person: &impl Fn(&str) -> String) -> [String; 9] {
    let What::Arrival(one, told) = what else { return Default::default() };
    let code = one.code.clone().unwrap_or_default();
    [
        code.clone(),
        person(&code),
        standing(one.standing).into(),
        expect(one.expect).into(),
        told.pictures.to_string(),
        yes_no(told.read),
        told.verdict.clone(),
        told.outcome.clone(),
        yes_no(told.again),
    ]
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Registered => "registered",
        Standing::Unregistered => "unregistered",
        Standing::Cancelled => "cancelled",
        Standing::Unknown => "unknown",
        Standing::OtherEvent => "other_event",
        Standing::NotATicket => "not_a_ticket",
        Standing::NoCode => "no_code",
    }
}

const fn expect(expect: Expect) -> &'static str {
    match expect {
        Expect::In => "in",
        Expect::InOrNoPlace => "in_or_no_place",
        Expect::Anyway => "anyway",
        Expect::Away => "away",
        Expect::Refused => "refused",
        Expect::AlreadyIn => "already_in",
        Expect::Again => "again",
        Expect::Silent => "silent",
    }
}

fn yes_no(is: bool) -> String {
    if is { "yes" } else { "no" }.into()
}
