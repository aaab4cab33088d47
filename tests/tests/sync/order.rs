//! A whole order is let in together: all or nobody, one entry and one right each.

use usher_protocol::{
    commands::{
        AdmitOrder, AskDone, CloseOrder, Find, Handles, OpenGuest, OpenOrder, Scan, SetOut, TickGuest,
    },
    window::{CardAction, CardOutcome, CardView, DeskView, FindStatus, OrderView, PlacesView, WindowError},
};

use crate::{
    event::{Event, code},
    seat::Seat,
};

/// Opens the order of a card and gives it as it is shown.
async fn open(seat: &Seat, card: &CardView) -> OrderView {
    assert!(card.actions.contains(&CardAction::WholeOrder), "{card:#?}");
    seat.desk.handle(OpenOrder { id: card.id.clone() }).await.unwrap().order.unwrap()
}

/// The camera reads a guest's ticket.
fn read(n: usize) -> Scan {
    Scan { readings: vec![code(n)], found: usher_core::entry::Found::Camera }
}

fn ticked(order: &OrderView) -> Vec<&str> {
    order.guests.iter().filter(|guest| guest.ticked).map(|guest| guest.name.as_str()).collect()
}

async fn admit(seat: &Seat) -> DeskView {
    seat.desk.handle(AdmitOrder {}).await.unwrap()
}

fn left(view: &DeskView) -> u64 {
    match view.places {
        PlacesView::Left { left, .. } => left,
        PlacesView::NoLimit => u64::MAX,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_ticket_of_a_family_lets_in_the_rest_of_it() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    let card = seat.let_in(&code(40)).await;
    let before = left(&seat.look().await);
    let order = open(&seat, &card).await;
    assert_eq!(order.guests.len(), 5);
    assert_eq!((order.guests[0].status, order.guests[0].ticked), (FindStatus::In, false));
    assert_eq!(ticked(&order), ["Guest 41", "Guest 42", "Guest 43", "Guest 44"]);
    let person = order.guests[3].person.clone();
    let order = seat.desk.handle(TickGuest { person, ticked: false }).await.unwrap().order.unwrap();
    assert_eq!((ticked(&order).len(), order.needs), (3, 3));
    let view = admit(&seat).await;
    assert_eq!((view.order.is_none(), left(&view)), (true, before - 3), "one right each");
    let shown = view.card.unwrap();
    assert_eq!((shown.id, shown.outcome, shown.party), (card.id, CardOutcome::LetIn, 4));
    assert_eq!(seat.desk.handle(AdmitOrder {}).await, Err(WindowError::NotPossible), "pressed twice");
    let page = seat.desk.handle(AskDone { before: None }).await.unwrap();
    assert_eq!(page.rows.iter().filter(|row| row.undo).count(), 4, "each can be taken back alone");
    seat.until("four are inside", |view| view.room.is_some_and(|room| room.inside == 4)).await;
    let again = seat.scan(&code(41)).await;
    assert!(again.again, "its own green a moment ago");
    seat.host.pass(11_000);
    let again = seat.scan(&code(41)).await;
    assert!(matches!(again.verdict, usher_protocol::window::VerdictView::AlreadyIn { here: true, .. }));
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_of_the_order_tick_and_another_ticket_waits_until_it_is_done_with() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let card = seat.let_in(&code(40)).await;
    let order = open(&seat, &card).await;
    for guest in order.guests.iter().filter(|guest| guest.ticked) {
        seat.desk.handle(TickGuest { person: guest.person.clone(), ticked: false }).await.unwrap();
    }
    assert_eq!(seat.desk.handle(AdmitOrder {}).await, Err(WindowError::NotPossible), "nobody is ticked");
    assert_eq!(seat.desk.handle(read(43)).await.unwrap(), None, "it only ticks");
    assert_eq!(ticked(&seat.look().await.order.unwrap()), ["Guest 43"]);
    assert_eq!(seat.desk.handle(read(7)).await.unwrap(), None);
    let view = seat.look().await;
    assert_eq!((view.held_scan.as_deref(), view.order.is_some()), (Some("Guest 7"), true));
    let view = seat.desk.handle(CloseOrder {}).await.unwrap();
    assert_eq!((view.order, view.held_scan), (None, None));
    assert_eq!(view.card.unwrap().guest.unwrap().name, "Guest 7", "it opens by itself");
    // After letting in, the green card is seen before the one that waits.
    open(&seat, &card).await;
    assert_eq!(seat.desk.handle(read(8)).await.unwrap(), None);
    let shown = admit(&seat).await.card.unwrap();
    assert_eq!((shown.id.as_str(), shown.party > 1), (card.id.as_str(), true));
    assert_eq!(seat.look().await.held_scan.as_deref(), Some("Guest 8"));
    let view = seat.desk.handle(usher_protocol::commands::CloseCard { id: shown.id }).await.unwrap();
    assert_eq!((view.held_scan, view.card.unwrap().guest.unwrap().name.as_str()), (None, "Guest 8"));
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn fewer_places_than_guests_ask_who_goes_in_and_nobody_goes_in_by_halves() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    seat.until("places are here", |view| left(view) >= 1).await;
    // From here on their number stands.
    server.shutdown().await.unwrap();
    seat.until_offline().await;
    let found = seat.desk.handle(Find { text: "Guest 40".into() }).await.unwrap();
    let card = seat.desk.handle(OpenGuest { person: found.rows[0].guest.id.clone() }).await.unwrap();
    let order = open(&seat, &card).await;
    let places = left(&seat.look().await);
    assert!(places < 5, "Studio has three places in all");
    assert_eq!(ticked(&order).len() as u64, places, "as many as there are places");
    for guest in &order.guests {
        seat.desk.handle(TickGuest { person: guest.person.clone(), ticked: true }).await.unwrap();
    }
    let view = admit(&seat).await;
    let order = view.order.clone().unwrap();
    assert!(order.changed && ticked(&order).len() as u64 <= places, "{order:#?}");
    assert_eq!((left(&view), view.room.unwrap().inside), (places, 0), "nobody is in");
    let view = admit(&seat).await;
    assert_eq!((left(&view), u64::from(view.card.unwrap().party)), (0, places));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_where_people_leave_shows_no_order_and_lets_nobody_in() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let card = seat.let_in(&code(40)).await;
    open(&seat, &card).await;
    assert_eq!(seat.desk.handle(read(7)).await.unwrap(), None, "it waits");
    let view = seat.desk.handle(SetOut { out: true }).await.unwrap();
    assert_eq!((view.order, view.held_scan), (None, None));
    assert_eq!(
        view.card.unwrap().outcome,
        CardOutcome::CheckedOut,
        "who waited is read as the door goes now"
    );
    assert_eq!(seat.scan(&code(40)).await.outcome, CardOutcome::CheckedOut);
    server.shutdown().await.unwrap();
}

/// An order that is shown again from the same card decides anew: who left meanwhile comes back with a check-in.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_shown_again_decides_anew() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let card = seat.let_in(&code(40)).await;
    open(&seat, &card).await;
    admit(&seat).await;
    seat.desk.handle(SetOut { out: true }).await.unwrap();
    assert_eq!(seat.scan(&code(41)).await.outcome, CardOutcome::CheckedOut);
    seat.desk.handle(SetOut { out: false }).await.unwrap();
    seat.undo(Some(&card.id)).await;
    seat.accept(&card.id, false).await.unwrap();
    let order = open(&seat, &seat.look().await.card.unwrap()).await;
    assert_eq!(ticked(&order), ["Guest 41"]);
    admit(&seat).await;
    let inside = |view: &DeskView| view.room.is_some_and(|room| room.inside == 5);
    seat.until("five are inside, and counted", inside).await;
    server.shutdown().await.unwrap();
}
