//! The search as the desk's window asks it.

use usher_core::entry::Found;
use usher_protocol::{
    commands::{Find, Handles, OpenGuest, Scan},
    enrol::Role,
    window::{CardOutcome, FindStatus, FindView, VerdictView, WindowError},
};

use crate::{
    event::{Event, code},
    seat::Seat,
};

async fn find(seat: &Seat, text: &str) -> FindView {
    seat.desk.handle(Find { text: text.into() }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_finds_the_guest_and_a_typed_code_is_told_from_it() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    seat.let_in(&code(7)).await;

    let found = find(&seat, "GÜEST 7").await;
    assert_eq!((found.rows.len(), found.more, found.code), (1, false, None));
    let row = &found.rows[0];
    assert_eq!((row.guest.name.as_str(), row.status, row.near), ("Guest 7", FindStatus::In, false));
    // Within ten seconds the card would be the guest's own green one again.
    seat.host.pass(11_000);
    let card = seat.desk.handle(OpenGuest { person: row.guest.id.clone() }).await.unwrap();
    assert!(matches!(card.verdict, VerdictView::AlreadyIn { .. }), "{card:#?}");

    let found = find(&seat, "geust 12").await;
    let near: Vec<_> = found.rows.iter().map(|row| (row.guest.name.as_str(), row.near)).collect();
    assert_eq!(near, [("Guest 12", true)]);

    let found = find(&seat, "ticket-0003").await;
    let known = found.code.unwrap();
    assert_eq!((known.as_str(), found.rows.len()), (code(3).as_str(), 0));
    let card = seat.desk.handle(Scan { readings: vec![known], found: Found::Typed }).await.unwrap().unwrap();
    assert_eq!((card.outcome, card.guest.unwrap().name), (CardOutcome::LetIn, "Guest 3".into()));
    assert_eq!(find(&seat, "ticket-00").await.code, None, "half a code is none");
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_serves_no_session_searches_nobody() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::open(&event.folder("Desk 1"));
    seat.enrol(server.url(), &event.code(Role::Desk, "Desk 1", 10)).await;
    let asked = seat.desk.handle(Find { text: "guest".into() }).await;
    assert_eq!(asked, Err(WindowError::NotReady));
    server.shutdown().await.unwrap();
}
