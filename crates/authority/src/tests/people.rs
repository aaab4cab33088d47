//! Merge and Split, held seats of persons that are one, exits that find their check-in, and what is settled.

use usher_core::{
    entry::{Basis, Body, Exit, HoldsEnded, Outcome, Subject},
    ids::{ActorId, EntryKey, PersonId, SessionId},
    incident::IncidentKind,
};
use usher_protocol::{
    board::BoardSession,
    decide::{Decision, Refused},
};

use super::{
    NOW, World, guest, people, person, sessions, set_capacity, sync, talk, want, with_session, world,
};
use crate::{
    Fresh, PersonSpec, SessionSpec,
    conformance::desk::{Desk, counter},
    store::HoldState,
};

const fn id(number: u128) -> PersonId {
    PersonId(uuid::Uuid::from_u128(number))
}

fn decide(world: &World, decision: &Decision) -> Result<(), Refused> {
    world.decide(decision, ActorId(uuid::Uuid::nil()), NOW).unwrap()
}

fn merge(world: &World, a: PersonId, b: PersonId) -> EntryKey {
    decide(world, &Decision::Merge { a, b }).unwrap();
    world.own_log().key(world.board(NOW).unwrap().merges.iter().map(|merge| merge.seq).max().unwrap())
}

fn room(world: &World) -> BoardSession {
    world.board(NOW).unwrap().sessions.remove(0)
}

fn counts(world: &World) -> (u64, u64, u64) {
    let room = room(world);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
    (room.inside, room.occupied, room.unsettled)
}

fn doubles(world: &World) -> usize {
    let found = world.incidents().unwrap();
    found.iter().filter(|one| one.incident.kind == IncidentKind::DoubleAdmission).count()
}

#[test]
fn one_walk_in_at_two_desks_becomes_a_double_admission_and_two_people_again() {
    let (world, session) = with_session(None);
    let (mut one, mut two) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    one.check_in(session, person(1), Basis::Unlimited, 10);
    two.check_in(session, person(2), Basis::Unlimited, 20);
    sync(&world, &mut one, Vec::new(), NOW);
    sync(&world, &mut two, Vec::new(), NOW);
    assert_eq!((counts(&world), doubles(&world)), ((2, 2, 0), 0));
    let key = merge(&world, id(1), id(2));
    assert_eq!((counts(&world), doubles(&world)), ((1, 2, 1), 1), "it keeps its seat");
    decide(&world, &Decision::Split { merge: key }).unwrap();
    assert_eq!((counts(&world), doubles(&world)), ((2, 2, 0), 0));
    assert!(world.board(NOW).unwrap().merges.is_empty());
}

#[test]
fn a_chain_of_merges_before_the_check_ins_is_one_person_and_a_split_cuts_it() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    for (hlc, number) in [(10, 1), (20, 2), (30, 3)] {
        desk.check_in(session, person(number), Basis::Unlimited, hlc);
    }
    sync(&world, &mut desk, Vec::new(), NOW);
    merge(&world, id(1), id(2));
    let cut = merge(&world, id(2), id(3));
    assert_eq!(counts(&world), (1, 3, 2));
    desk.check_in(session, person(2), Basis::Unlimited, 5);
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!(counts(&world), (1, 4, 3));
    decide(&world, &Decision::Split { merge: cut }).unwrap();
    assert_eq!((counts(&world), doubles(&world)), ((2, 4, 2), 2));
}

#[test]
fn merging_is_refused_for_nobody_for_one_and_for_those_that_are_one() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    for number in [1, 2, 3] {
        desk.check_in(session, person(number), Basis::Unlimited, 1);
    }
    sync(&world, &mut desk, Vec::new(), NOW);
    let merged = |a, b| decide(&world, &Decision::Merge { a: id(a), b: id(b) });
    assert_eq!(merged(1, 9), Err(Refused::Unknown));
    assert_eq!(merged(1, 1), Err(Refused::DoesNotFit));
    assert_eq!((merged(1, 2), merged(2, 3)), (Ok(()), Ok(())));
    assert_eq!(merged(3, 1), Err(Refused::Done), "one already, by the other two");
    let split = Decision::Split { merge: world.own_log().key(1) };
    assert_eq!(decide(&world, &split), Err(Refused::Unknown));
    let merge = world.own_log().key(world.board(NOW).unwrap().merges[0].seq);
    assert_eq!(decide(&world, &Decision::Split { merge }), Ok(()));
    assert_eq!(decide(&world, &Decision::Split { merge }), Err(Refused::Done));
}

#[test]
fn nobody_is_merged_or_split_while_the_server_learns() {
    let (world, session) = with_session(None);
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    desk.check_in(session, person(1), Basis::Unlimited, 1);
    desk.check_in(session, person(2), Basis::Unlimited, 2);
    sync(&world, &mut desk, Vec::new(), NOW);
    let key = merge(&world, id(1), id(2));
    world.begin_term(None, Fresh { now_ms: NOW + 1, random: &mut counter(5) }).unwrap();
    assert_eq!(decide(&world, &Decision::Split { merge: key }), Err(Refused::Learning));
    assert_eq!(decide(&world, &Decision::Merge { a: id(2), b: id(1) }), Err(Refused::Learning));
    for _ in 0..2 {
        let mut sent = desk.request(Vec::new(), 500, NOW);
        sent.body.all_given_back = Some(true);
        desk.apply(&sent.to(&world, NOW).unwrap().unwrap()).unwrap();
    }
    assert_eq!(decide(&world, &Decision::Split { merge: key }), Ok(()), "a Merge of an earlier term");
    assert_eq!(counts(&world), (2, 2, 0));
}

#[test]
fn what_was_settled_as_two_people_or_accepted_is_not_unsettled() {
    let (world, session) = with_session(None);
    let mut desks: Vec<_> = (1..4).map(|n| Desk::enrol(&world, n, NOW).unwrap()).collect();
    for (hlc, desk) in desks.iter_mut().enumerate() {
        desk.check_in(session, person(1), Basis::Unlimited, hlc as u64 + 10);
        sync(&world, desk, Vec::new(), NOW);
    }
    assert_eq!(counts(&world), (1, 3, 2));
    for (outcome, left) in [(Outcome::TwoPeople, 1), (Outcome::Accepted, 0)] {
        let incident = world.incidents().unwrap()[0].incident.id;
        decide(&world, &Decision::Resolve { incident, outcome, over_by: None }).unwrap();
        assert_eq!((counts(&world), doubles(&world) as u64), ((1, 3, left), left));
    }
    desks[0].undo(2, 40);
    sync(&world, &mut desks[0], Vec::new(), NOW);
    assert_eq!((counts(&world), doubles(&world)), ((1, 2, 1), 1), "another admission: another question");
}

#[test]
fn a_seat_that_one_person_gave_back_is_not_taken_again_by_a_split() {
    let (world, session) = with_session(Some(2));
    let (mut one, mut two) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    for (desk, number) in [(&mut one, 1), (&mut two, 2)] {
        sync(&world, desk, Vec::new(), NOW);
        sync(&world, desk, want(session, 1), NOW);
        desk.check_in(session, person(number), Basis::Grant, 10 + u64::try_from(number).unwrap());
        sync(&world, desk, Vec::new(), NOW);
    }
    let key = merge(&world, id(1), id(2));
    let incident = world.incidents().unwrap()[0].incident.id;
    decide(&world, &Decision::Resolve { incident, outcome: Outcome::OnePerson, over_by: None }).unwrap();
    assert_eq!((counts(&world), room(&world).grantable), ((1, 1, 0), Some(1)));
    decide(&world, &Decision::Split { merge: key }).unwrap();
    assert_eq!((counts(&world), room(&world).grantable), ((1, 1, 0), Some(1)), "others may have it by now");
}

/// A session of `capacity` that holds seats for two registrations, and a desk that has synced.
fn held(capacity: u32) -> (World, SessionId, Desk, [PersonId; 2]) {
    let world = world();
    sessions(&world, &[SessionSpec { hold_seats: true, ..talk("Talk", Some(capacity)) }]);
    let registered = |name: &str| PersonSpec { sessions: vec!["Talk".into()], ..guest(name, None) };
    people(&world, &[registered("a"), registered("b")]);
    let session = world.sessions().unwrap()[0].rules.id;
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, Vec::new(), NOW);
    let held = world.holds_for_tests(session, HoldState::On);
    (world, session, desk, [held[0].person, held[1].person])
}

fn end_holds(desk: &mut Desk, session: SessionId, rev: u64) {
    let term = desk.cursor.term;
    desk.write(90, Body::HoldsEnded(HoldsEnded { session, term, rev }));
}

fn in_state(world: &World, session: SessionId, state: HoldState) -> Vec<PersonId> {
    world.holds_for_tests(session, state).iter().map(|hold| hold.person).collect()
}

#[test]
fn merged_persons_keep_one_held_seat_and_the_other_is_free_only_when_desks_ended_it() {
    let (world, session, mut desk, [a, b]) = held(2);
    merge(&world, b, a);
    assert_eq!(
        (in_state(&world, session, HoldState::On), room(&world).held),
        (vec![b], 2),
        "who stays keeps"
    );
    let rev = world.holds_for_tests(session, HoldState::Cut)[0].rev.rev;
    end_holds(&mut desk, session, rev);
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!((room(&world).held, room(&world).grantable), (1, Some(1)));
    sessions(&world, &[SessionSpec { hold_seats: true, ..talk("Talk", Some(3)) }]);
    assert_eq!(in_state(&world, session, HoldState::On), [b], "merged persons get no second new hold");
    assert_eq!(counts(&world), (0, 0, 0));
}

#[test]
fn a_hold_is_used_only_by_its_own_registrations_person() {
    let (world, session, mut desk, [a, b]) = held(2);
    desk.check_in(session, Subject::Person(a), Basis::Held, 5);
    sync(&world, &mut desk, Vec::new(), NOW);
    merge(&world, b, a);
    assert_eq!((room(&world).held, room(&world).worst), (1, 2), "the other hold still counts");
}

#[test]
fn a_split_gives_the_hold_back_while_it_counts_and_a_new_one_only_where_there_is_a_place() {
    let (world, session, mut desk, [a, b]) = held(2);
    let key = merge(&world, b, a);
    decide(&world, &Decision::Split { merge: key }).unwrap();
    assert_eq!((in_state(&world, session, HoldState::On).len(), room(&world).worst), (2, 2));
    let key = merge(&world, b, a);
    let rev = world.holds_for_tests(session, HoldState::Cut)[0].rev.rev;
    end_holds(&mut desk, session, rev);
    sync(&world, &mut desk, Vec::new(), NOW);
    sync(&world, &mut desk, want(session, 1), NOW);
    assert_eq!((room(&world).outstanding, room(&world).grantable), (1, Some(0)));
    decide(&world, &Decision::Split { merge: key }).unwrap();
    assert_eq!(
        (in_state(&world, session, HoldState::On), room(&world).worst),
        (vec![b], 2),
        "no place for it"
    );
    set_capacity(&world, session, Some(3));
    assert_eq!(in_state(&world, session, HoldState::On).len(), 2);
    assert_eq!(counts(&world), (0, 0, 0));
}

fn leave(desk: &mut Desk, session: SessionId, number: u128, hlc: u64) -> EntryKey {
    desk.write(hlc, Body::Exit(Exit { person: id(number), session, shift: None }))
}

/// Two desks; the second one wrote an exit of person 1 at 20 and does not know the check-in.
fn left() -> (World, SessionId, Desk, Desk, EntryKey) {
    let (world, session) = with_session(Some(5));
    let (mut one, mut two) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    sync(&world, &mut one, Vec::new(), NOW);
    sync(&world, &mut one, want(session, 2), NOW);
    let exit = leave(&mut two, session, 1, 20);
    (world, session, one, two, exit)
}

#[test]
fn an_exit_finds_its_check_in_whichever_comes_first() {
    for exit_first in [true, false] {
        let (world, session, mut one, mut two, _) = left();
        one.check_in(session, person(1), Basis::Grant, 10);
        let before = room(&world).worst;
        if exit_first {
            sync(&world, &mut two, Vec::new(), NOW);
        }
        sync(&world, &mut one, Vec::new(), NOW);
        sync(&world, &mut two, Vec::new(), NOW);
        assert_eq!((counts(&world), room(&world).worst), ((0, 0, 0), before - 1));
    }
}

#[test]
fn an_exit_ends_no_later_check_in_and_one_only() {
    let (world, session, mut one, mut two, exit) = left();
    let later = one.check_in(session, person(1), Basis::Grant, 30);
    sync(&world, &mut one, Vec::new(), NOW);
    sync(&world, &mut two, Vec::new(), NOW);
    assert_eq!(counts(&world), (1, 1, 0));
    let bind = |check_in| decide(&world, &Decision::Bind { exit, check_in });
    assert_eq!(bind(later), Err(Refused::DoesNotFit));
    for hlc in [11, 10] {
        one.check_in(session, person(1), Basis::OverGrant, hlc);
    }
    sync(&world, &mut one, Vec::new(), NOW);
    assert_eq!(counts(&world), (1, 2, 1), "one exit ends one check-in");
    assert_eq!(bind(later), Err(Refused::Done));
}

#[test]
fn a_supervisor_binds_an_exit_to_a_check_in_under_another_name_of_the_person() {
    let (world, session, mut one, mut two, exit) = left();
    let check_in = one.check_in(session, person(2), Basis::Grant, 10);
    one.check_in(session, person(1), Basis::OverGrant, 40);
    sync(&world, &mut one, Vec::new(), NOW);
    sync(&world, &mut two, Vec::new(), NOW);
    let bind = Decision::Bind { exit, check_in };
    assert_eq!(decide(&world, &bind), Err(Refused::DoesNotFit));
    merge(&world, id(1), id(2));
    assert_eq!((decide(&world, &bind), counts(&world)), (Ok(()), (1, 1, 0)));
}

#[test]
fn a_seat_is_free_by_an_exit_only_once_its_desk_has_handed_the_check_in_over() {
    let (world, session, mut one, mut two, _) = left();
    one.check_in(session, person(1), Basis::Grant, 10);
    sync(&world, &mut two, Vec::new(), NOW);
    let mut half = one.request(Vec::new(), 500, NOW);
    // The page is there, and the handover that it states is behind what the server holds.
    one.check_in(session, person(2), Basis::Grant, 11);
    one.handed = one.head.seq;
    half.body.entries = one.log[one.acknowledged as usize..]
        .iter()
        .take(1)
        .cloned()
        .map(usher_protocol::sync::EntryBytes)
        .collect();
    one.sign(half.body).to(&world, NOW).unwrap().unwrap();
    assert_eq!((room(&world).inside, room(&world).worst), (0, 2), "out, and the seat is not free yet");
    sync(&world, &mut one, Vec::new(), NOW);
    assert_eq!((room(&world).inside, room(&world).worst), (1, 1));
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn after_a_restore_exits_are_bound_only_when_nothing_is_awaited() {
    let (world, session, mut one, mut two, _) = left();
    one.check_in(session, person(1), Basis::Grant, 10);
    sync(&world, &mut one, Vec::new(), NOW);
    world.begin_term(None, Fresh { now_ms: NOW + 1, random: &mut counter(5) }).unwrap();
    let report = |desk: &mut Desk| {
        let mut sent = desk.request(Vec::new(), 500, NOW);
        sent.body.all_given_back = Some(true);
        desk.apply(&sent.to(&world, NOW).unwrap().unwrap()).unwrap();
    };
    (0..2).for_each(|_| report(&mut two));
    assert_eq!(room(&world).inside, 1, "desk 1 may know a Bind that the server has forgotten");
    (0..2).for_each(|_| report(&mut one));
    assert_eq!(counts(&world), (0, 0, 0));
}

#[test]
fn tables_made_anew_are_the_same() {
    let (world, session, mut one, mut two, _) = left();
    one.check_in(session, person(1), Basis::Grant, 10);
    one.check_in(session, person(2), Basis::Grant, 12);
    two.check_in(session, person(3), Basis::OverGrant, 30);
    sync(&world, &mut one, Vec::new(), NOW);
    sync(&world, &mut two, Vec::new(), NOW);
    merge(&world, id(2), id(3));
    let incident = world.incidents().unwrap()[0].incident.id;
    decide(&world, &Decision::Resolve { incident, outcome: Outcome::TwoPeople, over_by: None }).unwrap();
    let before = (counts(&world), world.board(NOW).unwrap());
    world.rebuild().unwrap();
    assert_eq!((counts(&world), world.board(NOW).unwrap()), before);
}

#[test]
fn a_supervisor_finds_people_by_the_beginnings_of_words_and_sees_where_they_are_inside() {
    let (world, session) = with_session(None);
    let specs = [("Ana Gómez", "one"), ("Anabel Ruiz", "two")].map(|(name, email)| PersonSpec {
        name: Some(name.into()),
        email: Some(format!("{email}@example.org")),
        ..PersonSpec::default()
    });
    people(&world, &specs);
    let found = |text: &str| world.find_persons(text).unwrap();
    let names = |text: &str| found(text).into_iter().map(|one| one.name).collect::<Vec<_>>();
    assert_eq!(names("ana"), ["Ana Gómez", "Anabel Ruiz"]);
    assert_eq!((names("GÓM an"), names("two@exam")), (vec!["Ana Gómez".into()], vec!["Anabel Ruiz".into()]));
    assert_eq!((names("a").len(), names("- -").len(), names("nabel").len()), (0, 0, 0));
    let person: PersonId = PersonId(found("gómez")[0].id.parse().unwrap());
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    desk.check_in(session, Subject::Person(person), Basis::Unlimited, 10);
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!((&found("gómez")[0].inside[..], found("ruiz")[0].inside.len()), (&["Talk".to_owned()][..], 0));
    let other = PersonId(found("ruiz")[0].id.parse().unwrap());
    merge(&world, person, other);
    assert_eq!(found("ruiz")[0].inside, ["Talk"], "one person now");
}
