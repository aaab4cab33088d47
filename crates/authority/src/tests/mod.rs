//! The rules, over the store in memory. The same rules over SQLite, interleaved at random: crates/authority-sqlite/tests.

mod accepted;
mod any_order;
mod capacity;
mod cutoff;
mod enrol;
mod feed;
mod given_back;
mod holds;
mod import;
mod incidents;
mod ingest;
mod keys;
mod label;
mod lost;
mod noted;
mod people;
mod profiles;
mod restored;
mod saved;
mod signed_tickets;
mod terms;
mod words;

use usher_core::{
    entry::Subject,
    ids::{ActorId, PersonId, SessionId},
    session::WhenEmpty,
};
use usher_protocol::{
    decide::Decision,
    sync::{SyncAnswer, Want},
};

use crate::{
    Authority, Fresh, ImportReport, MemoryStore, NewEvent, PersonSpec, SessionSpec, TicketRow,
    conformance::{
        self,
        desk::{Desk, counter},
    },
};

const NOW: i64 = 1_700_000_000_000;

type World = Authority<MemoryStore>;

fn world() -> World {
    let event = NewEvent { name: "RustFest".into(), time_zone: "Europe/Madrid".into(), fast_door: true };
    let mut random = counter(1);
    Authority::create(MemoryStore::default(), &event, Fresh { now_ms: NOW, random: &mut random }).unwrap()
}

fn talk(name: &str, capacity: Option<u32>) -> SessionSpec {
    SessionSpec {
        name: name.into(),
        code: None,
        room: "Saal".into(),
        starts_ms: NOW,
        ends_ms: NOW + 3_600_000,
        capacity,
        late_after_ms: 600_000,
        opens_before_ms: 900_000,
        ends_after_ms: 300_000,
        when_empty: WhenEmpty::Strict,
        open_to_all: false,
        hold_seats: false,
        hold_for_ms: None,
    }
}

fn sessions(world: &World, specs: &[SessionSpec]) -> ImportReport {
    let mut random = unused(world);
    world.import_sessions(specs, Fresh { now_ms: NOW, random: &mut random }).unwrap()
}

fn tickets(world: &World) -> Vec<TicketRow> {
    let mut rows = Vec::new();
    world
        .export_tickets(&mut |row| {
            rows.push(row);
            Ok(())
        })
        .unwrap();
    rows
}

fn people(world: &World, specs: &[PersonSpec]) -> ImportReport {
    let mut random = unused(world);
    world.import_participants(specs, Fresh { now_ms: NOW, random: &mut random }, &mut |_| {}).unwrap()
}

/// A random source that this world has not used before.
fn unused(world: &World) -> impl FnMut() -> u128 {
    counter(u128::from(world.feed_end().unwrap().position) << 64)
}

fn guest(name: &str, code: Option<&str>) -> PersonSpec {
    PersonSpec {
        name: Some(name.into()),
        email: Some(format!("{name}@example.org")),
        code: code.map(Into::into),
        ..PersonSpec::default()
    }
}

/// A world with one session, and its id.
fn with_session(capacity: Option<u32>) -> (World, SessionId) {
    let world = world();
    sessions(&world, &[talk("Talk", capacity)]);
    let id = world.sessions().unwrap()[0].rules.id;
    (world, id)
}

/// A supervisor decides how many fit in.
fn set_capacity(world: &World, session: SessionId, capacity: Option<u32>) {
    let places = Decision::Capacity { session, capacity };
    world.decide(&places, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
}

fn person(number: u128) -> Subject {
    Subject::Person(PersonId(uuid::Uuid::from_u128(number)))
}

fn want(session: SessionId, rights: u64) -> Vec<Want> {
    vec![Want { session, rights }]
}

/// One sync with everything, whose answer arrives.
fn sync(world: &World, desk: &mut Desk, wants: Vec<Want>, now_ms: i64) -> SyncAnswer {
    let answer = desk.request(wants, 500, now_ms).to(world, now_ms).unwrap().unwrap();
    desk.apply(&answer).unwrap();
    answer
}

#[test]
fn the_store_in_memory_keeps_the_contract() {
    conformance::contract(&MemoryStore::default()).unwrap();
}
