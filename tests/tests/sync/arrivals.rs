//! What the desk does by itself and what it leaves to a hand: from an empty folder to the first guest, and ten arrivals (UX section 9).

use usher_protocol::{
    commands::{Handles, SetDoor, StartSession},
    window::{CardAction, CardOutcome, CardView, ConnectOutcome, DoorMode, PlacesView},
};

use crate::{
    event::{Event, code},
    seat::Seat,
};

const UNBOOKED: &str = "UNBOOKED-1";
/// The guest who came before.
const ALREADY: usize = 30;

/// An event with one guest more, who is booked for nothing.
fn event() -> Event {
    let event = Event::new();
    let file = event.folder("more.csv");
    std::fs::write(&file, format!("name,code\nMia Muster,{UNBOOKED}\n")).unwrap();
    event.run(&["import", "participants", file.to_str().unwrap()]).unwrap();
    event
}

/// Decides on a card as it offers, if it asks; whether a hand was needed.
async fn decide(seat: &Seat, card: &CardView) -> bool {
    let anyway = card.actions.contains(&CardAction::LetInAnyway);
    let asks = anyway || card.actions.contains(&CardAction::LetIn);
    if asks {
        assert_eq!(seat.accept(&card.id, anyway).await.unwrap().outcome, CardOutcome::LetIn, "{card:#?}");
    }
    asks
}

/// Ten arrivals at a door in this mode, 8 booked, 1 not, 1 already in: how often a hand decided, and how many are in.
async fn ten(mode: DoorMode) -> (u32, u64) {
    let event = event();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    seat.let_in(&code(ALREADY)).await;
    // Long enough ago that its ticket is not the same look again.
    seat.host.pass(60_000);
    seat.desk.handle(SetDoor { mode }).await.unwrap();
    let mut decided = 0;
    let clean = (1..=8).map(code);
    for text in clean.chain([UNBOOKED.to_owned(), code(ALREADY)]) {
        let card = seat.scan(&text).await;
        decided += u32::from(decide(&seat, &card).await);
    }
    let inside = seat.look().await.room.unwrap().inside;
    server.shutdown().await.unwrap();
    (decided, inside)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fast_door_asks_once_in_ten_arrivals() {
    assert_eq!(ten(DoorMode::FastDoor).await, (1, 10));
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_first_it_asks_nine_times() {
    assert_eq!(ten(DoorMode::AskFirst).await, (9, 10));
}

/// The commands that a volunteer gives until the first guest is in, the first minute being offered and left alone.
async fn until_first_green(mode: DoorMode) -> u32 {
    let event = event();
    let server = event.serve().await;
    let seat = Seat::open(&event.folder("Desk 1"));
    let setup = event.setup(server.url(), "Desk 1").to_text();
    assert_eq!(seat.connect("", &setup).await, ConnectOutcome::Connected);
    let view = seat.until("the list", |view| view.list.complete && view.session.is_some()).await;
    seat.desk.handle(SetDoor { mode }).await.unwrap();
    // What is preselected, without initials.
    let session = view.session.unwrap();
    let view = seat.desk.handle(StartSession { session, initials: String::new() }).await.unwrap();
    assert!(view.lesson_offered && view.practice.is_none(), "offered, and not begun");
    seat.until("places", |view| view.places != PlacesView::Left { left: 0, target: 20 }).await;
    let card = seat.scan(&code(1)).await;
    let decided = decide(&seat, &card).await;
    assert_eq!(seat.look().await.card.unwrap().outcome, CardOutcome::LetIn);
    server.shutdown().await.unwrap();
    3 + u32::from(decided)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_guest_is_in_after_four_actions_at_most() {
    assert_eq!(until_first_green(DoorMode::FastDoor).await, 3, "the code, Start, the ticket");
    assert_eq!(until_first_green(DoorMode::AskFirst).await, 4, "and Space");
}
