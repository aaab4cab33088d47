//! Held seats end by the server's clock, and are free only as after a cutoff by hand.

use usher_core::{
    entry::{Basis, Subject},
    ids::{ActorId, SessionId},
};
use usher_protocol::decide::Decision;

use super::{
    NOW, World,
    holds::{end_holds, held_by, holder, room},
    people, sessions, sync, talk, want,
};
use crate::{SessionSpec, conformance::desk::Desk, store::HoldState};

const MIN: i64 = 60_000;
const UNTIL: i64 = NOW + 5 * MIN;

/// Seats are held until five minutes after the start.
fn timed() -> SessionSpec {
    SessionSpec { hold_seats: true, hold_for_ms: Some(5 * MIN), ..talk("Talk", Some(3)) }
}

fn in_state(world: &World, session: SessionId) -> [usize; 3] {
    [HoldState::On, HoldState::Cut, HoldState::Free].map(|state| world.holds_for_tests(session, state).len())
}

/// The desk has heard of the cutoff and says so.
fn ends(world: &World, session: SessionId, desk: &mut Desk) {
    let rev = world.holds_for_tests(session, HoldState::Cut)[0].rev.rev;
    end_holds(desk, session, rev);
    sync(world, desk, Vec::new(), UNTIL);
}

#[test]
fn seats_are_taken_away_at_their_time_not_before_and_once() {
    let (world, session, mut one, mut two) = held_by(timed(), &["a", "b"]);
    assert!(!world.cut_off_overdue_holds(UNTIL - 1).unwrap());
    assert_eq!(in_state(&world, session), [2, 0, 0]);
    let board = |now_ms| world.board(now_ms).unwrap().sessions.remove(0);
    assert_eq!((board(UNTIL - 1).hold_seats, board(UNTIL - 1).held_until_ms), (true, Some(UNTIL)));
    assert!(world.cut_off_overdue_holds(UNTIL).unwrap());
    assert_eq!(in_state(&world, session), [0, 2, 0]);
    assert_eq!((board(UNTIL).hold_seats, board(UNTIL).held_until_ms), (false, None));
    assert!(!world.cut_off_overdue_holds(UNTIL).unwrap(), "there is nothing left to take away");
    assert_eq!((room(&world).held, room(&world).grantable), (2, Some(1)), "no clock frees a seat");
    ends(&world, session, &mut one);
    assert_eq!((room(&world).held, room(&world).grantable), (2, Some(1)), "desk 2 may still use them");
    ends(&world, session, &mut two);
    assert_eq!((room(&world).held, room(&world).grantable), (0, Some(3)));
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_hold_used_before_the_cutoff_at_an_offline_desk_counts_when_it_comes_late() {
    let (world, session, mut one, mut two) = held_by(timed(), &["a", "b"]);
    let person = Subject::Person(holder(&world, session, HoldState::On));
    two.check_in(session, person, Basis::Held, 5);
    assert!(world.cut_off_overdue_holds(UNTIL).unwrap());
    ends(&world, session, &mut one);
    sync(&world, &mut one, want(session, 3), UNTIL);
    assert_eq!(one.available(session), 1, "the place that was never held, and no other");
    ends(&world, session, &mut two);
    let now = room(&world);
    assert_eq!((now.inside, now.held, now.worst, now.grantable), (1, 0, 2, Some(1)));
    assert_eq!((now.unsettled, now.over_grant), (0, 0));
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn after_its_time_an_import_holds_nothing_anew_and_a_supervisor_holds_without_a_time() {
    let spec = timed();
    let (world, session, ..) =
        held_by(SessionSpec { starts_ms: NOW - 10 * MIN, ..spec.clone() }, &["a", "b"]);
    assert_eq!(in_state(&world, session), [0, 0, 0], "the time was over before anybody registered");
    let hold = Decision::HoldSeats { session, hold: true };
    world.decide(&hold, ActorId(uuid::Uuid::nil()), NOW).unwrap().unwrap();
    assert_eq!(in_state(&world, session), [2, 0, 0]);
    assert!(!world.cut_off_overdue_holds(NOW + 1_000 * MIN).unwrap());
    sessions(&world, &[spec]);
    assert_eq!(
        world.sessions().unwrap()[0].rules.held_until_ms(),
        Some(UNTIL),
        "the table says again until when"
    );
    people(&world, &[]);
    assert!(world.cut_off_overdue_holds(UNTIL).unwrap());
}

#[test]
fn a_restored_server_cuts_off_only_once_every_desk_is_heard() {
    let (world, session, mut one, mut two) = held_by(timed(), &["a"]);
    let mut random = crate::conformance::desk::counter(5);
    world.begin_term(None, crate::Fresh { now_ms: NOW + 1, random: &mut random }).unwrap();
    assert!(!world.cut_off_overdue_holds(UNTIL).unwrap());
    assert_eq!(in_state(&world, session), [1, 0, 0]);
    for desk in [&mut one, &mut two] {
        for _ in 0..2 {
            let mut sent = desk.request(Vec::new(), 500, NOW);
            sent.body.all_given_back = Some(true);
            desk.apply(&sent.to(&world, NOW).unwrap().unwrap()).unwrap();
        }
    }
    assert!(world.cut_off_overdue_holds(UNTIL).unwrap());
    assert_eq!(in_state(&world, session), [0, 1, 0]);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}
