//! PINs at the desk: the lock, the settings, self-service, and a supervisor's word, with and without a network.

use serde_json::{Value, json};
use usher_core::entry::{Body, Found, NoteKind, OverrideReason};
use usher_protocol::{
    commands::{Handles, LetInByPin, Scan, UnlockDesk, dispatch_desk},
    window::{
        Attended, CardAction, CardOutcome, CardView, OverrideOutcome, PinOutcome, VerdictView, WindowError,
    },
};

use usher_server::run::Tls;

use crate::{
    door::reopened,
    event::{Event, code},
    seat::Seat,
};

const PIN: &str = "2580";

/// An event whose supervisor Maria has a PIN, and whose volunteers have one that only unlocks.
fn event() -> Event {
    let event = Event::new();
    event.run(&["pins", "add", "--name", "Maria", "--pin", PIN]).unwrap();
    event.run(&["pins", "add", "--name", "Volunteers", "--unlocks-only", "--pin", "1111"]).unwrap();
    event
}

async fn call(seat: &Seat, name: &str, args: Value) -> Result<Value, WindowError> {
    dispatch_desk(&seat.desk, name, args).await
}

async fn scan(seat: &Seat, n: usize) -> CardView {
    seat.desk.handle(Scan { readings: vec![code(n)], found: Found::Camera }).await.unwrap().unwrap()
}

async fn word(seat: &Seat, card: &CardView, pin: &str) -> OverrideOutcome {
    let args = LetInByPin { id: card.id.clone(), pin: pin.into(), reason: OverrideReason::Room };
    seat.desk.handle(args).await.unwrap()
}

async fn unlock(seat: &Seat, pin: &str) -> PinOutcome {
    seat.desk.handle(UnlockDesk { pin: pin.into() }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_lets_in_past_a_refusal_without_a_network_and_the_organiser_reads_whose_word_it_was() {
    let event = event();
    let server = event.serve().await;
    let address = server.address();
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    for n in 0..3 {
        seat.until_places().await;
        seat.let_in(&code(n)).await;
    }
    server.shutdown().await.unwrap();
    seat.until_offline().await;
    let refused = scan(&seat, 3).await;
    assert_eq!((refused.outcome, refused.actions[0]), (CardOutcome::Open, CardAction::Supervisor));
    let only = OverrideOutcome::Pin { why: PinOutcome::UnlocksOnly };
    assert_eq!(word(&seat, &refused, "1111").await, only, "a volunteer's PIN lets nobody in");
    seat.host.pass(1_000);
    let wrong = OverrideOutcome::Pin { why: PinOutcome::Wrong { wait_ms: 2_000 } };
    assert_eq!(word(&seat, &refused, "2581").await, wrong, "nor does it make the next guess the first");
    seat.host.pass(2_000);
    let OverrideOutcome::Decided { card } = word(&seat, &refused, PIN).await else { panic!("not let in") };
    assert_eq!((card.outcome, card.let_in_by.as_deref()), (CardOutcome::LetIn, Some("Maria")));
    let log = seat.desk.own_log(0, 100).unwrap();
    let wrong = |body: &Body| matches!(body, Body::Note(note) if note.kind == NoteKind::WrongPin);
    assert_eq!(log.iter().filter(|one| wrong(&one.entry.body)).count(), 1);

    let server = event.serve_at(address, Tls::Off).await;
    seat.until_online().await;
    let studio = event.room("Studio");
    assert_eq!((studio.inside, studio.over_grant), (4, 1));
    let table = event.folder("door.csv");
    event.run(&["export", "check-ins", "--out", table.to_str().unwrap()]).unwrap();
    let table = std::fs::read_to_string(table).unwrap();
    let words: Vec<_> = table.lines().filter(|line| line.ends_with(",Maria,room")).collect();
    assert!(words.len() == 1 && words[0].contains("Guest 3"), "{table}");
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_lets_in_on_what_is_no_ticket_of_the_event_or_needs_none() {
    let event = event();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let strange = seat.scan("NO-SUCH-TICKET").await;
    assert!(!strange.actions.contains(&CardAction::Supervisor), "{strange:?}");
    let args = LetInByPin { id: strange.id, pin: PIN.into(), reason: OverrideReason::Other };
    assert_eq!(seat.desk.handle(args).await, Err(WindowError::NotPossible));
    seat.let_in(&code(1)).await;
    seat.host.pass(11_000);
    let twice = scan(&seat, 1).await;
    assert!(matches!(twice.verdict, VerdictView::AlreadyIn { .. }));
    let OverrideOutcome::Decided { card } = word(&seat, &twice, PIN).await else { panic!("not let in") };
    assert_eq!(card.outcome, CardOutcome::LetIn);
    let undone = seat.undo(Some(&card.id)).await;
    assert_eq!(undone.outcome, CardOutcome::TakenBack);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_desk_reads_nothing_and_shows_nobody_until_a_pin_opens_it_also_after_a_restart() {
    let event = event();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    seat.let_in(&code(1)).await;
    call(&seat, "lock", json!({})).await.unwrap();
    let view = seat.look().await;
    assert_eq!((view.attended, view.card, view.recent.len()), (Attended::Nobody, None, 0));
    let scan = json!({ "readings": [code(2)], "found": "camera" });
    for (name, args) in [
        ("scan", scan.clone()),
        ("find", json!({ "text": "guest" })),
        ("done", json!({ "before": null })),
        ("undo", json!({ "id": null, "reason": null })),
        ("leave", json!({})),
        ("learn", json!({ "go": "begin" })),
    ] {
        assert_eq!(call(&seat, name, args).await, Err(WindowError::Locked), "{name}");
    }
    // A slow scanner's code is told from a PIN that somebody types; whose it is is not said.
    let known = call(&seat, "know_code", json!({ "readings": [code(2)] })).await.unwrap();
    assert_eq!(known, json!(code(2)));
    drop(seat);
    let desk = reopened(&event.folder("Desk 1")).await;
    assert_eq!(call(&desk, "scan", scan.clone()).await, Err(WindowError::Locked));
    assert_eq!(unlock(&desk, "9999").await, PinOutcome::Wrong { wait_ms: 1_000 });
    let waits = unlock(&desk, "1111").await;
    assert!(matches!(waits, PinOutcome::Wait { .. }), "also the right one waits: {waits:?}");
    desk.host.pass(1_000);
    assert_eq!(unlock(&desk, "1111").await, PinOutcome::Opened);
    assert_eq!(call(&desk, "scan", scan).await.unwrap()["outcome"], json!({ "kind": "let_in" }));
    assert_eq!(desk.look().await.room.unwrap().inside, 2);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_want_a_pin_where_the_event_has_one_and_close_again() {
    let event = event();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let ask_first = || call(&seat, "set_door", json!({ "mode": "ask_first" }));
    assert_eq!(ask_first().await, Err(WindowError::Locked));
    assert!(!seat.look().await.settings_open);
    let opened = call(&seat, "open_settings", json!({ "pin": "1111" })).await.unwrap();
    assert_eq!(opened, json!({ "kind": "opened" }));
    assert_eq!(ask_first().await.unwrap()["door"], json!("ask_first"));
    call(&seat, "close_settings", json!({})).await.unwrap();
    assert_eq!(ask_first().await, Err(WindowError::Locked));
    call(&seat, "open_settings", json!({ "pin": "1111" })).await.unwrap();
    seat.host.pass(5 * 60_000);
    assert_eq!(ask_first().await, Err(WindowError::Locked), "forgotten open settings close");
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_who_serve_themselves_can_read_their_ticket_and_nothing_else() {
    let event = event();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    call(&seat, "open_settings", json!({ "pin": PIN })).await.unwrap();
    call(&seat, "set_door", json!({ "mode": "ask_first" })).await.unwrap();
    call(&seat, "kiosk", json!({})).await.unwrap();
    let scan = |n| json!({ "readings": [code(n)], "found": "camera" });
    let card = call(&seat, "scan", scan(1)).await.unwrap();
    assert_eq!((&card["outcome"], &card["actions"]), (&json!({ "kind": "let_in" }), &json!([])));
    let view = seat.look().await;
    assert_eq!((view.attended, view.recent.len()), (Attended::Guest, 0));
    for (name, args) in [
        ("find", json!({ "text": "guest" })),
        ("undo", json!({ "id": null, "reason": null })),
        ("accept", json!({ "id": card["id"], "anyway": true })),
        ("order", json!({ "id": card["id"] })),
        ("override", json!({ "id": card["id"], "pin": PIN, "reason": "room" })),
        ("kiosk", json!({})),
        ("learn", json!({ "go": "begin" })),
        ("set_scanner", json!({ "set": null })),
    ] {
        assert_eq!(call(&seat, name, args).await, Err(WindowError::Locked), "{name}");
    }
    // A slow scanner serves guests too.
    let known = call(&seat, "know_code", json!({ "readings": [code(2)] })).await.unwrap();
    assert_eq!(known, json!(code(2)));
    assert_eq!(unlock(&seat, PIN).await, PinOutcome::Opened);
    assert_eq!(seat.look().await.attended, Attended::Volunteer);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_desk_whose_event_lost_its_pins_can_be_opened() {
    let event = event();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    call(&seat, "lock", json!({})).await.unwrap();
    for name in ["Maria", "Volunteers"] {
        event.run(&["pins", "remove", name]).unwrap();
    }
    seat.desk.sync_soon();
    seat.until("it heard of that", |view| !view.pins).await;
    assert_eq!(
        call(&seat, "find", json!({ "text": "guest" })).await,
        Err(WindowError::Locked),
        "not by itself"
    );
    assert_eq!(unlock(&seat, "0000").await, PinOutcome::Opened);
    assert_eq!(seat.look().await.attended, Attended::Volunteer);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_a_pin_opened_are_shown_open_in_a_practice_too() {
    let event = event();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    call(&seat, "practice", json!({ "on": true, "note": "x", "flag": "y" })).await.unwrap();
    assert!(!seat.look().await.settings_open);
    call(&seat, "open_settings", json!({ "pin": PIN })).await.unwrap();
    assert!(seat.look().await.settings_open);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_session_and_self_service_begin_with_letting_in() {
    let event = event();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let turn_out = || call(&seat, "set_out", json!({ "out": true }));
    turn_out().await.unwrap();
    seat.start("Garden").await;
    assert!(seat.look().await.out, "a shift that changes leaves the door as it is");
    seat.start("Hall").await;
    assert!(!seat.look().await.out);
    turn_out().await.unwrap();
    call(&seat, "kiosk", json!({})).await.unwrap();
    assert!(!seat.look().await.out);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_pins_nothing_is_locked_and_nothing_wants_one() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let view = seat.look().await;
    assert!(!view.pins && view.settings_open);
    for name in ["lock", "kiosk"] {
        assert_eq!(call(&seat, name, json!({})).await, Err(WindowError::NotPossible), "{name}");
    }
    assert_eq!(unlock(&seat, PIN).await, PinOutcome::NoPins);
    assert!(call(&seat, "set_door", json!({ "mode": "ask_first" })).await.is_ok());
    server.shutdown().await.unwrap();
}

#[test]
fn a_pin_that_cannot_be_told_from_another_is_refused_in_words() {
    let event = event();
    let add = |name: &str, pin: &str| event.run(&["pins", "add", "--name", name, "--pin", pin]).unwrap_err();
    assert!(add("Iker", PIN).contains("Somebody has this PIN"));
    assert!(add("Maria", "4711").contains("Maria has a PIN already"));
    assert!(add("Iker", "47a1").contains("4 to 8 digits"));
    assert!(event.run(&["pins", "remove", "Iker"]).unwrap_err().contains("Nobody called \"Iker\""));
    event.run(&["event", "set", "--help-phone", " +34 600 000 000 ", "--door", "ask-first"]).unwrap();
    let record = usher_server::store::open(&event.data).unwrap().event().unwrap();
    assert_eq!(
        (record.help_phone.as_str(), record.fast_door, record.pins.len()),
        ("+34 600 000 000", false, 2)
    );
}
