//! The event of the black box: rooms, guests, and the organiser's two tables.

use std::path::Path;

use chrono::{DateTime, SecondsFormat};

use crate::real::{Failure, clock, organiser::Organiser};

/// A session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) name: &'static str,
    /// Places; none: no limit. All rooms are strict.
    pub(super) places: Option<u64>,
    /// Whether seats are held for those who are booked.
    pub(super) held: bool,
}

/// Every room; all are open the whole time.
pub(super) const ROOMS: [Room; 4] = [
    Room { name: "Hall", places: Some(30), held: false },
    Room { name: "Studio", places: Some(7), held: false },
    Room { name: "Gallery", places: Some(15), held: true },
    Room { name: "Garden", places: None, held: false },
];

/// Booked for every room.
pub(super) const GUESTS: usize = 48;
/// On the list after the guests, booked for nothing.
pub(super) const UNBOOKED: usize = 6;

/// The ticket of a guest.
pub(super) fn code(guest: usize) -> String {
    format!("BOX-{guest:05}-TICKET")
}

/// Makes the event by the organiser's own commands; `held`: that version knows seats that are held.
pub(super) fn make(organiser: &Organiser, out: &Path, held: bool) -> Result<(), Failure> {
    let (sessions, guests) = (out.join("sessions.csv"), out.join("guests-in.csv"));
    write_sessions(&sessions, held)?;
    write_guests(&guests)?;
    organiser.run(&["event", "create", "--name", "Black box", "--time-zone", "Europe/Madrid"])?;
    organiser.run(&["import", "sessions", &sessions.to_string_lossy()])?;
    organiser.run(&["import", "participants", &guests.to_string_lossy()])?;
    Ok(())
}

fn write_sessions(path: &Path, held: bool) -> Result<(), Failure> {
    let time = |minutes: i64| {
        let time = DateTime::from_timestamp_millis(clock::wall_ms() + minutes * 60_000).unwrap_or_default();
        time.to_rfc3339_opts(SecondsFormat::Secs, true)
    };
    let mut csv = csv::Writer::from_path(path)?;
    let columns = ["name", "room", "start", "end", "capacity", "mode", "hold seats"];
    let known = if held { columns.len() } else { columns.len() - 1 };
    csv.write_record(&columns[..known])?;
    for room in ROOMS {
        let places = room.places.map(|places| places.to_string()).unwrap_or_default();
        let held = if room.held { "yes" } else { "no" };
        let cells = [room.name, "", &time(-5), &time(240), &places, "strict", held];
        csv.write_record(&cells[..known])?;
    }
    Ok(csv.flush()?)
}

fn write_guests(path: &Path) -> Result<(), Failure> {
    let all = ROOMS.map(|room| room.name).join(";");
    let mut csv = csv::Writer::from_path(path)?;
    csv.write_record(["name", "email", "code", "sessions"])?;
    for guest in 0..GUESTS + UNBOOKED {
        let sessions = if guest < GUESTS { all.as_str() } else { "" };
        let (name, email) = (format!("Guest {guest:03} Çelik"), format!("guest{guest}@example.org"));
        csv.write_record([name.as_str(), &email, &code(guest), sessions])?;
    }
    Ok(csv.flush()?)
}
