//! Profiles: names of walk-ins beside the log, put together in any order, and erased for good.

use usher_core::{
    clock::Hlc,
    entry::{Basis, Body, Subject, WalkIn},
    ids::{ActorId, PersonId},
};
use usher_protocol::{
    decide::Decision,
    error::ErrorCode,
    limits::PROFILES_PER_REQUEST_MAX,
    profile::{Profile, ProfileRecord},
    records::PersonRecord,
    sync::{Change, SyncRequest},
};

use super::{NOW, World, guest, people, sync, with_session, world};
use crate::conformance::desk::Desk;

fn id(number: u128) -> PersonId {
    PersonId(uuid::Uuid::from_u128(number))
}

fn named(number: u128, name: &str, at: u64) -> ProfileRecord {
    ProfileRecord { person: id(number), profile: Profile::written(name, "", "Walk-in", Hlc(at)) }
}

/// A request of this desk as it stands, with profiles.
fn send(world: &World, desk: &mut Desk, profiles: Vec<ProfileRecord>) -> Result<Vec<PersonId>, ErrorCode> {
    let body = SyncRequest { profiles, ..desk.request(Vec::new(), 500, NOW).body };
    let answer = desk.sign(body).to(world, NOW).unwrap()?;
    desk.apply(&answer).unwrap();
    Ok(answer.profiles.unwrap())
}

fn shown(desk: &Desk, number: u128) -> Option<PersonRecord> {
    let json = desk.records.get(&id(number).to_string())?;
    let Change::Person(person) = serde_json::from_str(json).unwrap() else { panic!("not a person: {json}") };
    Some(person)
}

fn feed_end(world: &World) -> u64 {
    world.feed_end().unwrap().position
}

#[test]
fn a_walk_in_is_on_every_desks_list_and_sending_it_again_changes_nothing() {
    let (world, session) = with_session(None);
    let (mut one, mut two) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    one.write(10, Body::WalkIn(WalkIn { person: id(7), shift: None }));
    one.check_in(session, Subject::Person(id(7)), Basis::Unlimited, 11);
    assert_eq!(send(&world, &mut one, vec![named(7, "Quirin", 10)]), Ok(vec![id(7)]));
    sync(&world, &mut two, Vec::new(), NOW);
    let person = shown(&two, 7).unwrap();
    assert_eq!(
        (person.name.as_str(), person.kind.as_str(), person.registrations.len()),
        ("Quirin", "Walk-in", 0)
    );
    let end = feed_end(&world);
    assert_eq!(
        send(&world, &mut one, vec![named(7, "Quirin", 10), named(7, "Older", 9)]),
        Ok(vec![id(7), id(7)])
    );
    assert_eq!(feed_end(&world), end);
    let mut rows = Vec::new();
    world
        .export_door(&mut |row| {
            rows.push((row.kind, row.person));
            Ok(())
        })
        .unwrap();
    assert_eq!(rows, [("walk_in", "Quirin".into()), ("check_in", "Quirin".into())]);
    assert_eq!(world.find_persons("quirin").unwrap()[0].inside, ["Talk"]);
    assert!(super::tickets(&world).is_empty(), "a walk-in has no ticket to print");
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn the_later_name_counts_in_any_order_and_erasing_beats_it() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let world = world();
        let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
        let erased = ProfileRecord { person: id(7), profile: Profile::erased() };
        let all = [named(7, "Anna", 20), named(7, "Ana", 10), erased];
        for at in order {
            send(&world, &mut desk, vec![all[at].clone()]).unwrap();
        }
        let person = shown(&desk, 7).unwrap();
        assert_eq!((person.name.as_str(), person.cancelled), ("", true), "{order:?}");
    }
}

#[test]
fn what_cannot_be_a_profile_is_passed_over_once_and_blocks_nothing() {
    let world = world();
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    let all = vec![named(7, "", 10), named(8, "Ana\u{7}", 10), named(9, "Quirin", 10)];
    assert_eq!(send(&world, &mut desk, all), Ok(vec![id(7), id(8), id(9)]));
    assert!(shown(&desk, 7).is_none() && shown(&desk, 8).is_none() && shown(&desk, 9).is_some());
    let many = (0..=PROFILES_PER_REQUEST_MAX as u128).map(|n| named(n, "Quirin", 1)).collect();
    assert_eq!(send(&world, &mut desk, many), Err(ErrorCode::TooLarge));
}

#[test]
fn no_desk_renames_a_guest_of_the_organisers_list() {
    let world = world();
    people(&world, &[guest("Ana", Some("CODE-1"))]);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    let person = world.find_persons("ana").unwrap()[0].id.parse().unwrap();
    for profile in [Profile::written("Mallory", "", "", Hlc(u64::MAX)), Profile::erased()] {
        send(&world, &mut desk, vec![ProfileRecord { person, profile }]).unwrap();
    }
    assert_eq!(world.find_persons("ana").unwrap().len(), 1);
}

/// A thief's names reach no list; those of walk-ins that a supervisor accepted do.
#[test]
fn a_revoked_desks_names_come_with_what_is_accepted_of_its_log() {
    let (world, session) = with_session(None);
    let (mut lost, mut other) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    sync(&world, &mut lost, Vec::new(), NOW);
    world.revoke(lost.i.station).unwrap();
    lost.write(10, Body::WalkIn(WalkIn { person: id(7), shift: None }));
    lost.check_in(session, Subject::Person(id(7)), Basis::Unlimited, 11);
    let names = vec![named(7, "Quirin", 10), named(8, "Mallory", 10)];
    assert_eq!(send(&world, &mut lost, names.clone()), Err(ErrorCode::Revoked));
    sync(&world, &mut other, Vec::new(), NOW);
    assert!(shown(&other, 7).is_none());
    let accept = Decision::Accept { log: lost.i };
    world.decide(&accept, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    assert_eq!(send(&world, &mut lost, names), Err(ErrorCode::Revoked));
    sync(&world, &mut other, Vec::new(), NOW);
    assert_eq!(shown(&other, 7).unwrap().name, "Quirin");
    assert!(shown(&other, 8).is_none(), "nobody whom a walk-in that counts added");
}

#[test]
fn who_is_erased_is_nameless_everywhere_and_comes_back_by_no_import() {
    let (world, session) = with_session(None);
    let line = crate::PersonSpec { sessions: vec!["Talk".into()], ..guest("Ana", Some("CODE-1")) };
    let plain = guest("Bea", None);
    people(&world, &[line.clone(), plain.clone()]);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    for name in ["Ana", "Bea"] {
        let person = world.find_persons(name).unwrap()[0].id.parse().unwrap();
        desk.check_in(session, Subject::Person(person), Basis::Unlimited, 10);
        assert!(world.erase_person(person, NOW).unwrap() && world.erase_person(person, NOW).unwrap());
    }
    assert!(!world.erase_person(id(99), NOW).unwrap());
    assert_eq!(people(&world, &[line, plain]).unchanged, 2);
    sync(&world, &mut desk, Vec::new(), NOW);
    assert!(world.find_persons("ana").unwrap().is_empty() && world.find_persons("bea").unwrap().is_empty());
    assert!(
        desk.records.values().all(|json| !json.contains("Ana") && !json.contains("Bea")),
        "{:?}",
        desk.records
    );
    let room = &world.board(NOW).unwrap().sessions[0];
    assert_eq!((room.inside, world.check().unwrap()), (2, Vec::<String>::new()), "counts stay");
}
