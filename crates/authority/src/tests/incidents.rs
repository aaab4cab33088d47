//! Incidents: each contradiction once, none invented; and what exports say about them.

use usher_core::{
    chain::digest_code,
    entry::{Basis, Subject},
    ids::CodeDigest,
    incident::IncidentKind,
};

use super::{NOW, World, guest, people, person, sync, with_session};
use crate::{DoorRow, conformance::desk::Desk};

/// All rows of the door's report.
fn exported(world: &World) -> Vec<DoorRow> {
    let mut rows = Vec::new();
    let done = world.export_door(&mut |row| {
        rows.push(row);
        Ok(())
    });
    done.unwrap();
    rows
}

#[test]
fn one_ticket_at_three_desks_is_two_double_admissions() {
    let (world, session) = with_session(None);
    let mut desks: Vec<_> = (1..4).map(|n| Desk::enrol(&world, n, NOW).unwrap()).collect();
    for (hlc, desk) in desks.iter_mut().enumerate().rev() {
        desk.check_in(session, person(1), Basis::Unlimited, hlc as u64 + 10);
        sync(&world, desk, Vec::new(), NOW);
    }
    let found = world.incidents().unwrap();
    assert_eq!(found.len(), 2);
    let first = desks[0].i.key(2);
    assert!(found.iter().all(|one| one.incident.entries[0] == first), "the earliest stands");
    assert_ne!(found[0].incident.id, found[1].incident.id);
    let board = world.board(NOW).unwrap();
    assert_eq!(
        (board.sessions[0].inside, board.sessions[0].occupied, board.sessions[0].unsettled),
        (1, 3, 2)
    );
    assert_eq!((board.incidents.len(), board.incidents[0].records[0].station.as_str()), (2, "Desk 1"));
    desks[1].undo(2, 20);
    sync(&world, &mut desks[1], Vec::new(), NOW);
    assert_eq!(world.incidents().unwrap().len(), 1);
}

#[test]
fn an_unknown_code_is_an_incident_until_a_list_knows_it() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    let code = digest_code(&world.secret_for_tests(), "LATE-1");
    desk.check_in(session, Subject::Code(code), Basis::Unlimited, 1);
    desk.check_in(session, Subject::Code(CodeDigest([1; 32])), Basis::Unlimited, 1);
    sync(&world, &mut desk, Vec::new(), NOW);
    let kinds = |world: &super::World| -> Vec<_> {
        world.incidents().unwrap().iter().map(|found| found.incident.kind).collect()
    };
    assert_eq!(kinds(&world), [IncidentKind::UnknownAdmitted; 2]);
    people(&world, &[guest("Ana", Some("LATE-1"))]);
    assert_eq!(kinds(&world), [IncidentKind::UnknownAdmitted]);
}

#[test]
fn too_many_inside_is_one_incident_with_how_many() {
    let (world, session) = with_session(Some(2));
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    for number in 1..=5 {
        desk.check_in(session, person(number), Basis::OverGrant, u64::try_from(number).unwrap());
    }
    sync(&world, &mut desk, Vec::new(), NOW);
    let found = world.incidents().unwrap();
    assert_eq!(
        (found.len(), found[0].incident.kind, found[0].over_by),
        (1, IncidentKind::OverCapacity, Some(3))
    );
    assert_eq!(found[0].incident.entries, [desk.i.key(4), desk.i.key(5), desk.i.key(6)]);
}

#[test]
fn a_clock_that_is_far_off_is_shown_while_it_is() {
    let (world, _) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    let late = desk.request(Vec::new(), 500, NOW - 120_001);
    late.to(&world, NOW).unwrap().unwrap();
    let board = world.board(NOW).unwrap();
    assert_eq!((board.stations[0].skew_ms, board.incidents[0].kind), (120_001, IncidentKind::ClockFarOff));
    desk.check_out(desk.i.key(1), 1);
    sync(&world, &mut desk, Vec::new(), NOW);
    assert!(world.incidents().unwrap().is_empty());
    late.to(&world, NOW + 9_000_000).unwrap().unwrap();
    assert!(world.incidents().unwrap().is_empty(), "an old request that comes again says nothing about now");
}

#[test]
fn the_export_flags_what_the_incidents_name() {
    let (world, session) = with_session(Some(1));
    people(&world, &[guest("Ana", Some("CODE-1"))]);
    let mut row = None;
    world
        .export_tickets(&mut |ticket| {
            row = Some(ticket);
            Ok(())
        })
        .unwrap();
    let ana = Subject::Person(row.unwrap().person_id);
    let mut desks: Vec<_> = (1..3).map(|n| Desk::enrol(&world, n, NOW).unwrap()).collect();
    for (hlc, desk) in desks.iter_mut().enumerate() {
        desk.check_in(session, ana, Basis::OverGrant, hlc as u64 + 1);
        sync(&world, desk, Vec::new(), NOW);
    }
    desks[0].undo(2, 9);
    let before = exported(&world);
    let flags = |row: &DoorRow| (row.double, row.over_capacity, row.released);
    assert_eq!(before.iter().map(flags).collect::<Vec<_>>(), [(false, false, false), (true, true, false)]);
    assert_eq!(
        (before[1].person.as_str(), before[1].code.as_str(), before[1].session.as_str()),
        ("Ana", "CODE-1", "Talk")
    );
    sync(&world, &mut desks[0], Vec::new(), NOW);
    let after = exported(&world);
    let shown: Vec<_> =
        after.iter().map(|row| (row.kind, row.released, row.double, row.of.is_some())).collect();
    assert_eq!(
        shown,
        [("check_in", true, false, false), ("check_in", false, false, false), ("undo", false, false, true)]
    );
    assert_eq!((after[2].person.as_str(), after[2].session_id), ("Ana", Some(session)));
}

/// What a copy wrote stands under the branch's name, and so does what it says of it.
#[test]
fn the_export_tells_the_two_courses_of_a_log_apart() {
    let (world, session) = with_session(Some(10));
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    let mut copy = desk.clone();
    let bob = desk.check_in(session, person(1), Basis::Unlimited, 5);
    sync(&world, &mut desk, Vec::new(), NOW);
    let cyd = copy.check_in(session, person(2), Basis::Unlimited, 6);
    copy.undo(cyd.seq, 7);
    copy.request(Vec::new(), 500, NOW).to(&world, NOW).unwrap().unwrap();
    assert_eq!(bob, cyd, "the copy goes on under the same numbers");
    let rows = exported(&world);
    let said: Vec<_> = rows.iter().map(|row| (row.kind, row.person_id, row.released)).collect();
    let [one, two] = [1, 2].map(|n| match person(n) {
        Subject::Person(id) => Some(id),
        Subject::Code(_) => None,
    });
    assert_eq!(said, [("check_in", one, false), ("check_in", two, true), ("undo", two, false)]);
    assert_ne!(rows[0].epoch, rows[1].epoch);
}
