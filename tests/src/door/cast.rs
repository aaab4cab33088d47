//! Who is on the guest list, and where: people, rooms, and the organiser's two tables.

use std::{collections::VecDeque, path::Path};

use chrono::{DateTime, SecondsFormat};
use rand::{Rng, rngs::StdRng};

use super::Failure;

/// A session of the door's event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Room {
    /// Ample places.
    Main,
    /// Few places: it fills during the cut.
    Workshop,
    /// No limit.
    Exhibition,
}

impl Room {
    pub(super) const ALL: [Self; 3] = [Self::Main, Self::Workshop, Self::Exhibition];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Main => "Main hall",
            Self::Workshop => "Workshop",
            Self::Exhibition => "Exhibition",
        }
    }

    pub(super) const fn capacity(self) -> Option<u32> {
        match self {
            Self::Main => Some(400),
            Self::Workshop => Some(40),
            Self::Exhibition => None,
        }
    }

    /// Minutes from now to the start and to the end: all are open, two of them have begun so long ago that guests are late.
    const fn minutes(self) -> (i64, i64) {
        match self {
            Self::Main => (5, 240),
            Self::Workshop => (-20, 180),
            Self::Exhibition => (-60, 480),
        }
    }
}

/// How many people are on the list.
pub(super) const PEOPLE: usize = 520;
const UNREGISTERED: usize = 24;
const CANCELLED: usize = 18;
const WORKSHOP: usize = 70;
const MAIN: usize = 108;

/// Codes of people who have not come yet, by what the list says about them.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub(super) main: VecDeque<String>,
    pub(super) workshop: VecDeque<String>,
    pub(super) exhibition: VecDeque<String>,
    pub(super) unregistered: VecDeque<String>,
    pub(super) cancelled: VecDeque<String>,
}

/// A code as a ticketing system prints it.
pub(super) fn secret(rng: &mut StdRng) -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    (0..24).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect()
}

impl Cast {
    /// Everybody, with fresh codes.
    pub(super) fn new(rng: &mut StdRng) -> Self {
        let mut many = |count: usize| (0..count).map(|_| secret(rng)).collect::<VecDeque<_>>();
        let others = PEOPLE - MAIN - WORKSHOP - UNREGISTERED - CANCELLED;
        Self {
            main: many(MAIN),
            workshop: many(WORKSHOP),
            exhibition: many(others),
            unregistered: many(UNREGISTERED),
            cancelled: many(CANCELLED),
        }
    }

    /// The organiser's table of people.
    pub(super) fn write_people(&self, path: &Path) -> Result<(), Failure> {
        let mut csv = csv::Writer::from_path(path)?;
        csv.write_record(["name", "email", "code", "status", "sessions"])?;
        let all = "Main hall;Workshop;Exhibition";
        let groups = [
            (&self.main, "confirmed", Room::Main.name()),
            (&self.workshop, "confirmed", Room::Workshop.name()),
            (&self.exhibition, "confirmed", Room::Exhibition.name()),
            (&self.unregistered, "confirmed", ""),
            (&self.cancelled, "cancelled", all),
        ];
        let rows = groups
            .iter()
            .flat_map(|(codes, status, sessions)| codes.iter().map(move |code| (code, status, sessions)));
        for (nr, (code, status, sessions)) in rows.enumerate() {
            let (name, email) = (format!("Guest {nr:03} Ödön"), format!("guest{nr:03}@example.org"));
            csv.write_record([name.as_str(), email.as_str(), code, status, sessions])?;
        }
        Ok(csv.flush()?)
    }
}

/// The organiser's table of sessions, around now.
pub(super) fn write_sessions(path: &Path, now_ms: i64) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_path(path)?;
    csv.write_record(["name", "room", "start", "end", "capacity", "mode"])?;
    for room in Room::ALL {
        let (from, until) = room.minutes();
        let capacity = room.capacity().map(|places| places.to_string()).unwrap_or_default();
        let cells = [room.name(), "", &time(now_ms, from), &time(now_ms, until), &capacity, "strict"];
        csv.write_record(cells)?;
    }
    Ok(csv.flush()?)
}

fn time(now_ms: i64, minutes: i64) -> String {
    let time = DateTime::from_timestamp_millis(now_ms + minutes * 60_000).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
