//! Over capacity incidents that a supervisor noted as seen: for as many as were seen, and not for more.

use usher_core::{
    entry::{Basis, Body, ENTRY_VERSION, Entry, Outcome, Resolve},
    ids::{ActorId, BootId, EntryHash, IncidentId, SessionId},
    incident::{IncidentKind, session_incident_id},
};
use usher_protocol::decide::{Decision, Refused};
use uuid::Uuid;

use super::{NOW, World, person, set_capacity, sync, with_session};
use crate::{conformance::desk::Desk, derive::apply, store::Store};

const NOBODY: ActorId = ActorId(Uuid::nil());

/// By how much the board says that the room is over; none: it says nothing.
fn shown(world: &World) -> Option<u64> {
    let board = world.board(NOW).unwrap();
    let all: Vec<_> = board.incidents.iter().map(|one| (one.kind, one.over_by)).collect();
    match all[..] {
        [] => None,
        [(IncidentKind::OverCapacity, over_by)] => over_by,
        _ => panic!("{all:?}"),
    }
}

fn incident(session: SessionId) -> IncidentId {
    session_incident_id(IncidentKind::OverCapacity, session)
}

fn note(world: &World, session: SessionId, over_by: Option<u64>) -> Result<(), Refused> {
    let decision = Decision::Resolve { incident: incident(session), outcome: Outcome::Accepted, over_by };
    world.decide(&decision, NOBODY, NOW).unwrap()
}

/// A room for two with as many inside.
fn with_inside(inside: u128) -> (World, SessionId, Desk) {
    let (world, session) = with_session(Some(2));
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    (1..=inside).for_each(|number| more(&world, session, &mut desk, number));
    (world, session, desk)
}

fn more(world: &World, session: SessionId, desk: &mut Desk, number: u128) {
    desk.check_in(session, person(number), Basis::OverGrant, u64::try_from(number).unwrap());
    sync(world, desk, Vec::new(), NOW);
}

#[test]
fn a_larger_overshoot_than_the_one_that_was_noted_is_shown_again() {
    let (world, session, mut desk) = with_inside(5);
    note(&world, session, shown(&world)).unwrap();
    assert_eq!((shown(&world), note(&world, session, Some(3))), (None, Err(Refused::Done)));
    more(&world, session, &mut desk, 6);
    assert_eq!(shown(&world), Some(4), "one more than was seen");
    note(&world, session, Some(4)).unwrap();
    assert_eq!(shown(&world), None);
}

#[test]
fn the_same_or_a_smaller_overshoot_is_not_shown_again() {
    let (world, session, mut desk) = with_inside(5);
    note(&world, session, Some(3)).unwrap();
    desk.check_out(desk.i.key(2), 20);
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!((shown(&world), note(&world, session, Some(2))), (None, Err(Refused::Done)));
    more(&world, session, &mut desk, 7);
    assert_eq!(shown(&world), None, "three beyond, as was noted");
    more(&world, session, &mut desk, 8);
    assert_eq!(shown(&world), Some(4));
}

#[test]
fn what_counts_is_how_many_the_supervisor_saw() {
    let (world, session, mut desk) = with_inside(4);
    let seen = shown(&world);
    more(&world, session, &mut desk, 5);
    note(&world, session, seen).unwrap();
    assert_eq!(shown(&world), Some(3), "the third came while the window was looked at");
    assert_eq!(note(&world, session, seen), Err(Refused::Done), "they are noted already");
    // A window of an earlier version does not say what it saw.
    note(&world, session, None).unwrap();
    assert_eq!(shown(&world), None);
    more(&world, session, &mut desk, 6);
    assert_eq!(shown(&world), Some(4));
}

#[test]
fn nobody_can_note_more_than_there_are_or_none() {
    let (world, session, mut desk) = with_inside(4);
    assert_eq!(note(&world, session, Some(0)), Err(Refused::Done), "seed 620243");
    note(&world, session, Some(u64::MAX)).unwrap();
    assert_eq!(shown(&world), None);
    more(&world, session, &mut desk, 5);
    assert_eq!(shown(&world), Some(3));
}

#[test]
fn another_capacity_is_another_overshoot_only_where_it_is_larger() {
    let (world, session, _) = with_inside(5);
    note(&world, session, Some(3)).unwrap();
    set_capacity(&world, session, Some(3));
    assert_eq!(shown(&world), None, "two beyond three");
    set_capacity(&world, session, Some(1));
    assert_eq!(shown(&world), Some(4));
    set_capacity(&world, session, None);
    assert_eq!((shown(&world), note(&world, session, Some(4))), (None, Err(Refused::Done)));
    set_capacity(&world, session, Some(0));
    assert_eq!(shown(&world), Some(5));
}

/// What this version wrote before it said how many, and 0.1.0.
#[test]
fn a_resolve_that_names_no_number_stands_for_however_many() {
    for order in [[None, Some(2)], [Some(2), None]] {
        let (world, session, mut desk) = with_inside(5);
        for (over_by, seq) in order.into_iter().zip(90..) {
            let body =
                Resolve { incident: incident(session), outcome: Outcome::Accepted, actor: NOBODY, over_by };
            let i = world.own_log();
            let entry = Entry {
                v: ENTRY_VERSION,
                event: world.event_id(),
                station: i.station,
                epoch: i.epoch,
                seq,
                prev_hash: EntryHash([0; 32]),
                hlc: usher_core::clock::Hlc(seq),
                wall_ms: NOW,
                mono_ms: 0,
                boot_id: BootId(Uuid::nil()),
                body: Body::Resolve(body),
            };
            world.store_for_tests().write(|txn| apply(txn, &entry, NOW, i.station)).unwrap();
        }
        more(&world, session, &mut desk, 6);
        assert_eq!(shown(&world), None);
    }
}
