//! The event that is simulated: sessions and people, and who carries which code.

use usher_authority::{NewEvent, PersonSpec, SessionSpec};
use usher_core::session::WhenEmpty;

use crate::{chance::Chance, clock::START_MS};

const HOUR_MS: i64 = 3_600_000;

/// What the organiser's files say.
#[derive(Clone, Debug)]
pub struct Event {
    /// The sessions, by the numbers that the oracle uses.
    pub sessions: Vec<SessionSpec>,
    /// The people.
    pub people: Vec<PersonSpec>,
}

impl Event {
    /// One to three sessions with few places, and 20 to 60 people booked for some of them.
    #[must_use]
    pub fn random(chance: &mut Chance) -> Self {
        let sessions: Vec<_> = (0..chance.between(1, 3)).map(|n| session(n, chance)).collect();
        let count = chance.between(20, 60);
        let mut event = Self { sessions, people: Vec::new() };
        event.people = (0..count).map(|n| event.person(n, chance)).collect();
        event
    }

    /// One session with `capacity` places, and `people` people booked for it.
    #[must_use]
    pub fn small(capacity: u32, people: i64) -> Self {
        let mut chance = Chance::new(1);
        let spec = SessionSpec {
            capacity: Some(capacity),
            when_empty: WhenEmpty::Strict,
            hold_seats: false,
            hold_for_ms: None,
            ..session(0, &mut chance)
        };
        let mut event = Self { sessions: vec![spec], people: Vec::new() };
        event.people = (0..people).map(|n| guest(n, vec!["S0".into()])).collect();
        event
    }

    /// The name and time zone.
    #[must_use]
    pub fn head(&self) -> NewEvent {
        NewEvent { name: "Simulated".into(), time_zone: "Europe/Madrid".into(), fast_door: true }
    }

    /// One more person, booked for some sessions.
    pub fn person(&self, n: i64, chance: &mut Chance) -> PersonSpec {
        let booked = self
            .sessions
            .iter()
            .filter_map(|session| session.code.clone())
            .filter(|_| !chance.one_in(6))
            .collect();
        guest(n, booked)
    }
}

/// The code that guest `n` carries.
#[must_use]
pub fn code(n: i64) -> String {
    format!("TICKET-{n:06}")
}

fn guest(n: i64, sessions: Vec<String>) -> PersonSpec {
    PersonSpec {
        name: Some(format!("Guest {n}")),
        email: Some(format!("g{n}@example.org")),
        code: Some(code(n)),
        sessions,
        ..PersonSpec::default()
    }
}

fn session(n: i64, chance: &mut Chance) -> SessionSpec {
    let capacity = chance.between(3, 40);
    SessionSpec {
        name: format!("Session {n}"),
        code: Some(format!("S{n}")),
        room: "Hall".into(),
        starts_ms: START_MS,
        ends_ms: START_MS + 200 * HOUR_MS,
        capacity: if chance.one_in(8) { None } else { u32::try_from(capacity).ok() },
        late_after_ms: 600_000,
        opens_before_ms: HOUR_MS,
        ends_after_ms: 300_000,
        when_empty: if chance.one_in(4) { WhenEmpty::Optimistic } else { WhenEmpty::Strict },
        open_to_all: chance.one_in(5),
        hold_seats: chance.one_in(3),
        hold_for_ms: chance.one_in(2).then(|| chance.between(60_000, 900_000)),
    }
}
