//! What passes between supervisors and desks.

use usher_core::{
    entry::{Body, Note, NoteKind, StateSet},
    ids::{ActorId, EntryKey, SessionId},
};
use usher_protocol::{
    board::{Board, BoardMessage},
    decide::{Decision, Refused, SeenBoard},
    limits::{MESSAGE_AGE_MS_MAX, MESSAGE_CHARS_MAX},
    sync::{Asks, PlaceAsked},
};
use uuid::Uuid;

use super::{NOW, World, guest, people, sync, want, with_session};
use crate::conformance::desk::Desk;

const NOBODY: ActorId = ActorId(Uuid::nil());

fn say(text: &str) -> Decision {
    Decision::Message {
        to: None,
        session: None,
        urgent: false,
        text: text.into(),
        comes: None,
        refuses: None,
    }
}

fn decide(world: &World, decision: &Decision) -> Result<(), Refused> {
    world.decide(decision, NOBODY, NOW).unwrap()
}

fn board(world: &World) -> Board {
    world.board(NOW).unwrap()
}

fn messages(world: &World) -> Vec<BoardMessage> {
    board(world).messages.unwrap()
}

/// The names of the desks are those of the test's desk: `Desk 1`, …
fn desks(world: &World, session: SessionId, count: u8) -> Vec<Desk> {
    let mut all: Vec<_> = (1..=count).map(|n| Desk::enrol(world, n, NOW).unwrap()).collect();
    for desk in &mut all {
        sync(world, desk, want(session, 1), NOW);
    }
    all
}

fn read(world: &World, desk: &mut Desk, of: EntryKey) {
    desk.write(9, Body::Note(Note { kind: NoteKind::MessageRead, value: None, of: Some(of), shift: None }));
    sync(world, desk, Vec::new(), NOW);
}

/// The newest entry of the server's log that a desk knows.
fn last_said(world: &World, desk: &Desk) -> EntryKey {
    *desk.known.keys().rfind(|key| key.identity() == world.own_log()).unwrap()
}

#[test]
fn a_message_goes_down_the_feed_and_the_board_says_who_read_it() {
    let (world, session) = with_session(Some(10));
    let mut all = desks(&world, session, 3);
    decide(&world, &say("  Five minutes \n")).unwrap();
    for desk in &mut all {
        sync(&world, desk, want(session, 0), NOW);
    }
    let of = last_said(&world, &all[0]);
    read(&world, &mut all[1], of);
    read(&world, &mut all[1], of);
    let [said] = &messages(&world)[..] else { panic!("one message") };
    assert_eq!((said.text.as_str(), said.read, said.unread.len()), ("Five minutes", 1, 2));
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
    world.rebuild().unwrap();
    assert_eq!(messages(&world)[0].read, 1, "made anew from the entries");
    let later = world.board(NOW + MESSAGE_AGE_MS_MAX + 1_000).unwrap();
    assert_eq!(later.messages, Some(Vec::new()));
}

#[test]
fn a_message_for_one_desk_or_one_session_waits_for_no_other() {
    let (world, session) = with_session(Some(10));
    let all = desks(&world, session, 2);
    let elsewhere = Desk::enrol(&world, 3, NOW).unwrap();
    let unread = |to, session| {
        let text = "Come".into();
        decide(&world, &Decision::Message { to, session, urgent: true, text, comes: None, refuses: None })
            .unwrap();
        messages(&world)[0].unread.len()
    };
    assert_eq!(unread(Some(elsewhere.i.station), None), 1, "it was not heard yet");
    assert_eq!(unread(None, Some(session)), all.len());
    assert_eq!(unread(None, None), all.len());
}

#[test]
fn words_that_do_not_fit_are_refused() {
    let (world, _) = with_session(None);
    let long = "ü".repeat(MESSAGE_CHARS_MAX);
    assert_eq!(decide(&world, &say(&long)), Ok(()));
    for bad in [format!("{long}ü"), " \n".into()] {
        assert_eq!(decide(&world, &say(&bad)), Err(Refused::DoesNotFit));
    }
    let unknown = |to, session| {
        let text = "Come".into();
        decide(&world, &Decision::Message { to, session, urgent: false, text, comes: None, refuses: None })
    };
    assert_eq!(unknown(Some(world.own_log().station), None), Err(Refused::Unknown));
    assert_eq!(unknown(None, Some(SessionId(Uuid::nil()))), Err(Refused::Unknown));
    assert_eq!(messages(&world).len(), 1);
}

#[test]
fn a_pause_has_words_until_it_ends() {
    let (world, session) = with_session(None);
    let set = |state, words: Option<&str>| {
        decide(&world, &Decision::State { session, state, words: words.map(Into::into) }).unwrap();
        board(&world).sessions[0].pause_words.clone()
    };
    assert_eq!(set(StateSet::Paused, Some(" Stage is cleared. ")), "Stage is cleared.");
    assert_eq!(set(StateSet::Paused, Some("Ten minutes.")), "Ten minutes.", "changed while it is paused");
    assert_eq!(set(StateSet::Open, Some("Nobody sees this")), "");
    assert_eq!(set(StateSet::Paused, None), "");
    let long = Decision::State { session, state: StateSet::Open, words: Some("x".repeat(281)) };
    assert_eq!(decide(&world, &long), Err(Refused::DoesNotFit));
}

#[test]
fn a_call_for_help_stands_on_the_board_until_it_is_answered() {
    let (world, session) = with_session(Some(10));
    let mut desk = desks(&world, session, 1).remove(0);
    desk.asks = Some(Asks { help_ms: Some(NOW), place: None });
    sync(&world, &mut desk, Vec::new(), NOW);
    let asked = || board(&world).stations[0].asks.clone().and_then(|asks| asks.help_ms);
    assert_eq!(asked(), Some(NOW));
    let come = |at_ms| {
        let (to, text) = (Some(desk.i.station), String::new());
        let answer =
            Decision::Message { to, session: None, urgent: false, text, comes: Some(at_ms), refuses: None };
        decide(&world, &answer)
    };
    come(NOW - 1).unwrap();
    assert_eq!(asked(), Some(NOW), "an answer to an earlier call");
    come(NOW).unwrap();
    assert_eq!(asked(), None);
    desk.asks = Some(Asks { help_ms: Some(NOW + 5), place: None });
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!(asked(), Some(NOW + 5), "it calls again");
    desk.asks = None;
    sync(&world, &mut desk, Vec::new(), NOW);
    assert_eq!(asked(), None, "withdrawn");
}

fn first_person(world: &World) -> Option<usher_core::ids::PersonId> {
    let mut first = None;
    let look = |look: &dyn crate::store::Look| {
        look.persons(&mut |row| {
            first = Some(row.record.id);
            Ok(false)
        })
    };
    crate::Store::read(world.store_for_tests(), look).unwrap();
    first
}

/// A desk that asks for a place at a full session, beside one that would like twenty.
fn full() -> (World, SessionId, Desk, Desk) {
    let (world, session) = with_session(Some(2));
    let mut all = desks(&world, session, 2);
    let (mut asks, mut greedy) = (all.remove(0), all.remove(0));
    assert_eq!((asks.available(session), greedy.available(session)), (1, 1));
    let person = None;
    asks.asks = Some(Asks { help_ms: None, place: Some(PlaceAsked { at_ms: NOW, session, person }) });
    sync(&world, &mut asks, want(session, 0), NOW);
    sync(&world, &mut greedy, want(session, 20), NOW);
    (world, session, asks, greedy)
}

#[test]
fn a_place_goes_to_the_desk_that_asked_and_to_no_other() {
    let (world, session, mut asks, mut greedy) = full();
    let give = |capacity| {
        let to = asks.i.station;
        let seen = SeenBoard { at_ms: NOW, rev: board(&world).sessions[0].rev };
        let decision = Decision::GivePlace { session, to, capacity, asked_ms: NOW };
        world.decide_on(Some(&seen), &decision, NOBODY, NOW).unwrap()
    };
    assert_eq!(give(None), Err(Refused::DoesNotFit), "none is free");
    assert_eq!(board(&world).sessions[0].capacity, Some(2), "nothing was changed by it");
    assert_eq!(give(Some(3)), Ok(board(&world).sessions[0].rev));
    assert_eq!(give(Some(4)), Err(Refused::DoesNotFit), "it is answered: pressed twice, it is one place");
    sync(&world, &mut greedy, want(session, 20), NOW);
    sync(&world, &mut asks, want(session, 0), NOW);
    assert_eq!((asks.available(session), greedy.available(session)), (2, 1));
    assert_eq!(board(&world).sessions[0].capacity, Some(3));
    assert_eq!(world.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_place_is_given_on_what_was_seen_and_to_a_desk_that_serves_the_session() {
    let (world, session, asks, _) = full();
    let give = |to, rev| {
        let seen = SeenBoard { at_ms: NOW, rev };
        world
            .decide_on(
                Some(&seen),
                &Decision::GivePlace { session, to, capacity: Some(9), asked_ms: NOW },
                NOBODY,
                NOW,
            )
            .unwrap()
    };
    let rev = board(&world).sessions[0].rev;
    assert_eq!(give(asks.i.station, rev.map(|rev| rev - 1)), Err(Refused::DoesNotFit));
    let idle = Desk::enrol(&world, 7, NOW).unwrap();
    assert_eq!(give(idle.i.station, rev), Err(Refused::Unknown), "it was never heard");
    assert_eq!(board(&world).sessions[0].capacity, Some(2));
    assert!(give(asks.i.station, rev).is_ok());
}

#[test]
fn who_is_asked_for_stands_on_the_board_by_name_until_the_answer_is_no() {
    let (world, session) = with_session(Some(1));
    people(&world, &[guest("Ana", None)]);
    let person = first_person(&world);
    let mut desk = desks(&world, session, 1).remove(0);
    desk.asks = Some(Asks { help_ms: None, place: Some(PlaceAsked { at_ms: NOW, session, person }) });
    sync(&world, &mut desk, Vec::new(), NOW);
    let asked = || board(&world).stations[0].asks.clone().and_then(|asks| asks.place);
    assert_eq!(asked().and_then(|place| place.guest), Some("Ana".into()));
    let (to, text) = (Some(desk.i.station), "Full until noon".into());
    let no = Decision::Message { to, session: None, urgent: false, text, comes: None, refuses: Some(NOW) };
    decide(&world, &no).unwrap();
    assert_eq!(asked(), None);
}
