//! Rights: sizes, lost answers, refunds, handover, lowering.

use usher_core::{
    entry::Basis,
    ids::{ActorId, SessionId},
};
use usher_protocol::{
    board::BoardSession,
    decide::{Decision, Refused, SeenBoard},
    sync::Want,
};
use uuid::Uuid;

use super::{NOW, World, person, set_capacity, sync, want, with_session};
use crate::conformance::desk::Desk;

fn room(world: &World) -> BoardSession {
    world.board(NOW).unwrap().sessions.remove(0)
}

fn served(capacity: u32, rights: u64) -> (World, SessionId, Desk) {
    let (world, session) = with_session(Some(capacity));
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    sync(&world, &mut desk, want(session, rights), NOW);
    (world, session, desk)
}

#[test]
fn a_desk_gets_half_and_a_second_one_its_share_of_the_rest() {
    let (world, session, desk) = served(100, 80);
    assert_eq!(desk.available(session), 50);
    let mut second = Desk::enrol(&world, 2, NOW).unwrap();
    sync(&world, &mut second, want(session, 80), NOW);
    assert_eq!(second.available(session), 12, "half of 50, shared by two");
    assert_eq!((room(&world).worst, room(&world).grantable), (62, Some(38)));
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_desk_that_was_long_silent_does_not_share() {
    let (world, session, _) = served(100, 10);
    let mut second = Desk::enrol(&world, 2, NOW).unwrap();
    sync(&world, &mut second, want(session, 80), NOW + 600_001);
    assert_eq!(second.available(session), 45);
}

#[test]
fn two_computers_of_one_desk_do_not_take_the_last_place_from_each_other() {
    let (world, session, desk) = served(2, 1);
    let mut copy = desk.reopened(77);
    sync(&world, &mut copy, want(session, 1), NOW);
    assert_eq!((desk.available(session), copy.available(session)), (1, 1));
    let mut desk = desk;
    sync(&world, &mut desk, want(session, 1), NOW);
    let answer = sync(&world, &mut copy, Vec::new(), NOW);
    assert_eq!(answer.recalls, [], "it would be handed to and fro for ever");
}

#[test]
fn a_lost_answer_does_not_double_the_grant() {
    let (world, session) = with_session(Some(100));
    let mut desk = Desk::enrol(&world, 1, NOW).unwrap();
    for _ in 0..3 {
        desk.request(want(session, 20), 500, NOW).to(&world, NOW).unwrap().unwrap();
    }
    sync(&world, &mut desk, want(session, 20), NOW);
    assert_eq!((desk.available(session), room(&world).outstanding), (20, 20));
}

#[test]
fn a_local_undo_gives_the_right_back_to_the_desk() {
    let (world, session, mut desk) = served(10, 5);
    let key = desk.check_in(session, person(1), Basis::Grant, 1);
    assert!(desk.undo(key.seq, 2));
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!((desk.available(session), room(&world).outstanding, room(&world).occupied), (5, 5, 0));
    desk.undo(key.seq, 3);
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!(room(&world).worst, 5, "nothing is released twice");
}

#[test]
fn an_undo_after_handover_frees_the_seat_for_everybody() {
    let (world, session, mut desk) = served(10, 5);
    let key = desk.check_in(session, person(1), Basis::Grant, 1);
    sync(&world, &mut desk, Vec::new(), NOW);
    assert!(!desk.undo(key.seq, 2));
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!((desk.available(session), room(&world).outstanding, room(&world).worst), (4, 4, 4));
}

#[test]
fn a_check_out_frees_only_behind_a_stated_handover() {
    let (world, session, mut desk) = served(10, 5);
    let mut other = Desk::enrol(&world, 2, NOW).unwrap();
    let key = desk.check_in(session, person(1), Basis::Grant, 1);
    let mut unstated = desk.request(Vec::new(), 500, NOW);
    desk.handed = 0;
    unstated = desk.sign(unstated.body);
    unstated.to(&world, NOW).unwrap().unwrap();
    other.check_out(key, 9);
    sync(&world, &mut other, Vec::new(), NOW);
    assert_eq!(
        (room(&world).occupied, room(&world).inside, room(&world).worst),
        (0, 0, 5),
        "left, but not free"
    );
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!(room(&world).worst, 4);
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_paged_upload_hands_over_as_a_whole() {
    let (world, session, mut desk) = served(10, 5);
    let mut other = Desk::enrol(&world, 2, NOW).unwrap();
    let key = desk.check_in(session, person(1), Basis::Grant, 1);
    desk.check_in(session, person(2), Basis::Grant, 2);
    let first = desk.request(Vec::new(), 1, NOW).to(&world, NOW).unwrap().unwrap();
    desk.apply(&first).unwrap();
    assert!(first.acknowledged.seq < desk.head.seq);
    other.check_out(key, 9);
    sync(&world, &mut other, Vec::new(), NOW);
    assert_eq!(room(&world).worst, 5, "the statement is not covered yet");
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!(room(&world).worst, 4);
}

#[test]
fn returned_rights_can_be_granted_again() {
    let (world, session, mut desk) = served(2, 5);
    assert_eq!(desk.available(session), 1);
    desk.give_back(session, 1);
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!(room(&world).grantable, Some(2));
}

#[test]
fn lowering_stops_grants_and_takes_nothing_back() {
    let (world, session, mut desk) = served(10, 5);
    set_capacity(&world, session, Some(3));
    sync(&world, &mut desk, want(session, 9), NOW);
    assert_eq!((desk.available(session), room(&world).grantable), (5, Some(-2)));
    set_capacity(&world, session, None);
    sync(&world, &mut desk, want(session, 9), NOW);
    assert_eq!((desk.available(session), room(&world).grantable), (5, None), "no limit, no grants");
}

#[test]
fn what_was_given_out_beyond_a_lowered_capacity_is_asked_back_until_it_fits() {
    let (world, session, mut desk) = served(10, 8);
    desk.check_in(session, person(1), Basis::Grant, 5);
    sync(&world, &mut desk, Vec::new(), NOW);
    set_capacity(&world, session, Some(4));
    let answer = sync(&world, &mut desk, Vec::new(), NOW);
    let owed = answer.recalls[0].total - desk.rights[&session].parted();
    assert_eq!((answer.recalls.len(), owed), (1, 1), "of five rights one is spent, and three are places");
    desk.give_back(session, u32::try_from(owed).unwrap());
    let answer = sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!((answer.recalls, room(&world).grantable, room(&world).worst), (Vec::new(), Some(0), 4));
}

#[test]
fn a_stations_own_grant_entry_gives_nothing() {
    let (world, session, mut desk) = served(10, 2);
    let forged = usher_core::entry::Grant { session, to: desk.i, total: 1_000, term: world.term() };
    desk.write(1, usher_core::entry::Body::Grant(forged));
    let answer = sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!((answer.acknowledged, room(&world).outstanding), (desk.head, 2));
}

/// Found by `usher-sim` (seed 3): the desk that gave rights back asked again at once, got them before the others, and was asked for
/// them again, for ever.
#[test]
fn rights_that_were_asked_back_are_not_handed_to_and_fro() {
    to_and_fro(|_| Vec::new());
}

/// The usual session of the first desk is another one: it is a desk of this one all the same.
#[test]
fn rights_of_a_desk_that_serves_the_session_beside_another_are_not_handed_to_and_fro() {
    let usual = Want { session: SessionId(Uuid::from_u128(0xbe51de)), rights: 0 };
    to_and_fro(|desk| if desk == 0 { vec![usual] } else { Vec::new() });
}

/// Two desks that always want more; `before`: what each names first, as its usual session.
fn to_and_fro(before: impl Fn(usize) -> Vec<Want>) {
    let (world, session, mut first) = served(13, 13);
    let mut second = Desk::enrol(&world, 2, NOW).unwrap();
    let mut back = 0;
    for _ in 0..40 {
        for (at, desk) in [&mut first, &mut second].into_iter().enumerate() {
            let want = |session, rights| [before(at), want(session, rights)].concat();
            let wanted = want(session, 20 - desk.available(session));
            let answer = sync(&world, desk, wanted, NOW);
            for recall in answer.recalls {
                let owed = recall.total - desk.rights[&session].parted();
                desk.give_back(session, u32::try_from(owed).unwrap());
                back += owed;
                let wanted = want(session, 20 - desk.available(session));
                sync(&world, desk, wanted, NOW);
            }
        }
    }
    assert_eq!((first.available(session), second.available(session)), (7, 6));
    assert!(back < 7, "{back} rights went to and fro");
}

/// A request that somebody recorded, or that was on its way for long, is sent once more.
#[test]
fn a_decision_is_taken_once_and_on_what_was_seen() {
    let (world, session) = with_session(Some(310));
    let decide = |capacity, rev, at_ms| {
        let decision = Decision::Capacity { session, capacity: Some(capacity) };
        let seen = SeenBoard { at_ms, rev };
        world.decide_on(Some(&seen), &decision, ActorId(Uuid::nil()), NOW + 150_000).unwrap()
    };
    let (now, first) = (NOW + 149_000, room(&world).rev);
    assert_eq!(decide(300, first, NOW), Err(Refused::DoesNotFit), "two minutes old");
    let second = decide(300, first, now).unwrap();
    assert_eq!(second, room(&world).rev);
    assert_eq!(decide(50, second, now), Ok(room(&world).rev));
    assert_eq!(decide(300, first, now), Err(Refused::DoesNotFit));
    assert_eq!(room(&world).capacity, Some(50));
}
