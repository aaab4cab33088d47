//! Guests leave and come back: at the desk that let them in, at another one, and at one that does not know of them.

use usher_protocol::{
    board::Board,
    commands::{AllowReEntry, CheckOut, Handles, LetBackIn, SetOut},
    leaving::LeaveOutcome,
    window::{
        CardAction, CardOutcome, CardView, DecideOutcome, DeskView, PlacesView, VerdictView, WindowError,
    },
};

use crate::{
    deciding::{Office, room},
    event::{Event, code},
    seat::Seat,
};

async fn desk(event: &Event, url: &str, name: &str) -> Seat {
    Seat::at_door(event, url, name, "Studio").await
}

async fn turn_out(seat: &Seat, out: bool) -> DeskView {
    seat.desk.handle(SetOut { out }).await.unwrap()
}

fn gone(n: usize) -> LeaveOutcome {
    LeaveOutcome::CheckedOut { name: format!("Guest {n}") }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_checked_out_at_the_card_and_comes_back_with_a_place() {
    let event = Event::new();
    let server = event.serve().await;
    let (one, two) = (desk(&event, server.url(), "Desk 1").await, desk(&event, server.url(), "Desk 2").await);
    one.until_places().await;
    one.let_in(&code(1)).await;
    one.until_online().await;
    two.until("the guest is known here", |view| view.room.is_some_and(|room| room.inside == 1)).await;
    let card = two.scan(&code(1)).await;
    assert!(matches!(card.verdict, VerdictView::AlreadyIn { here: false, .. }), "{card:#?}");
    assert_eq!(card.actions, [CardAction::CheckOut, CardAction::LetBackIn]);
    assert_eq!(two.desk.handle(CheckOut { id: card.id.clone() }).await.unwrap(), gone(1));
    let shown = two.look().await.card.unwrap();
    assert_eq!((shown.id, shown.outcome), (card.id, CardOutcome::CheckedOut));
    one.until("nobody is inside", |view| view.room.is_some_and(|room| room.inside == 0)).await;
    let office = Office::open(&event, server.url()).await;
    office.board("the seat is free", |board| room(board, "Studio").occupied == 0).await;
    two.until_places().await;
    two.let_in(&code(1)).await;
    office.board("back again", |board| room(board, "Studio").inside == 1).await;
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_leaves_by_a_desk_that_does_not_know_of_them_frees_the_seat_once_both_are_heard() {
    let event = Event::new();
    let server = event.serve().await;
    let address = server.address();
    let (one, two) = (desk(&event, server.url(), "Desk 1").await, desk(&event, server.url(), "Desk 2").await);
    one.until_places().await;
    server.shutdown().await.unwrap();
    one.let_in(&code(1)).await;
    two.host.pass(5_000);
    turn_out(&two, true).await;
    let (gone, again) = (two.scan(&code(1)).await, two.scan(&code(1)).await);
    assert_eq!((gone.outcome, &gone.id), (CardOutcome::CheckedOut, &again.id), "once, however often read");
    assert_eq!(two.scan(&code(9_999)).await.outcome, CardOutcome::NobodyOut);
    turn_out(&two, false).await;
    let server = event.serve_at(address, usher_server::run::Tls::Off).await;
    one.until_online().await;
    two.until_online().await;
    let office = Office::open(&event, server.url()).await;
    office
        .board("the exit found its check-in", |board| {
            let room = room(board, "Studio");
            (room.inside, room.occupied, room.unsettled) == (0, 0, 0)
        })
        .await;
    for seat in [&one, &two] {
        seat.until("nobody is inside", |view| view.room.is_some_and(|room| room.inside == 0)).await;
    }
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_where_people_leave_checks_out_at_every_scan_and_takes_it_back_with_a_place() {
    let event = Event::new();
    let server = event.serve().await;
    let one = desk(&event, server.url(), "Desk 1").await;
    one.until_places().await;
    let card = one.let_in(&code(1)).await;
    assert_eq!(card.actions, [CardAction::Undo]);
    let view = one.desk.handle(SetOut { out: true }).await.unwrap();
    assert_eq!((view.out, view.card), (true, None));
    let gone = one.scan(&code(1)).await;
    assert_eq!(
        (gone.outcome, gone.again, gone.actions.clone()),
        (CardOutcome::CheckedOut, false, vec![CardAction::Undo])
    );
    let again = one.scan(&code(1)).await;
    assert_eq!(
        (again.id.clone(), again.again),
        (gone.id.clone(), true),
        "shown again, and not written twice"
    );
    let nobody = one.scan("KANGAROO9999").await;
    assert_eq!((nobody.outcome, nobody.actions.len()), (CardOutcome::NobodyOut, 0));
    one.until_places().await;
    let back = one.undo(Some(&gone.id)).await;
    assert_eq!((back.outcome, back.id != gone.id), (CardOutcome::LetIn, true), "a new check-in: {back:#?}");
    let office = Office::open(&event, server.url()).await;
    let one_seat = |board: &Board| (room(board, "Studio").inside, room(board, "Studio").occupied) == (1, 1);
    office.board("one guest on one seat", one_seat).await;
    let out = one.scan(&code(1)).await;
    assert_eq!((out.outcome, out.again), (CardOutcome::CheckedOut, false), "they were in again");
    let view = one.desk.handle(SetOut { out: false }).await.unwrap();
    assert!(!view.out);
    one.until_places().await;
    assert_eq!(one.scan(&code(1)).await.outcome, CardOutcome::LetIn);
    server.shutdown().await.unwrap();
}

/// Desk 1 has let guest 1 in at Studio, desk 2 knows it and shows the card.
async fn met_again(event: &Event, url: &str, two: &Seat) -> CardView {
    let one = desk(event, url, "Desk 1").await;
    one.until_places().await;
    one.let_in(&code(1)).await;
    two.until("the guest is known here", |view| view.room.is_some_and(|room| room.inside == 1)).await;
    two.scan(&code(1)).await
}

fn places(view: &DeskView) -> u64 {
    match view.places {
        PlacesView::Left { left, .. } => left,
        PlacesView::NoLimit => 0,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_by_a_desk_that_does_not_know_the_exit_counts_twice_until_it_comes() {
    let event = Event::new();
    let server = event.serve().await;
    let two = desk(&event, server.url(), "Desk 2").await;
    two.until_places().await;
    let card = met_again(&event, server.url(), &two).await;
    let left = places(&two.look().await);
    let back = two.desk.handle(LetBackIn { id: card.id.clone() }).await.unwrap();
    assert_eq!((back.outcome, places(&two.look().await)), (CardOutcome::LetIn, left - 1));
    let again = two.desk.handle(LetBackIn { id: card.id }).await;
    assert_eq!(again, Err(WindowError::NotPossible), "once");
    let office = Office::open(&event, server.url()).await;
    office
        .board("counted twice, safely", |board| {
            let room = room(board, "Studio");
            (room.inside, room.occupied, room.unsettled) == (1, 2, 1)
        })
        .await;
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn where_guests_come_and_go_they_come_back_without_a_place_and_are_never_counted_out() {
    let event = Event::new();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    let session = room(&office.board("a board", |_| true).await, "Studio").id.clone();
    let allow = AllowReEntry { session: session.clone(), allowed: true };
    assert_eq!(office.supervisor.handle(allow).await.unwrap(), DecideOutcome::Done);
    let two = desk(&event, server.url(), "Desk 2").await;
    two.until_places().await;
    let card = met_again(&event, server.url(), &two).await;
    assert_eq!(card.actions, [CardAction::LetBackIn], "nobody is counted out here");
    assert_eq!(two.desk.handle(SetOut { out: true }).await, Err(WindowError::NotPossible));
    let left = two.desk.handle(CheckOut { id: card.id.clone() }).await.unwrap();
    assert_eq!(left, LeaveOutcome::NotCounted);
    let left = places(&two.look().await);
    let card = two.desk.handle(LetBackIn { id: card.id }).await.unwrap();
    assert_eq!(
        (card.outcome, card.actions.len()),
        (CardOutcome::LetIn, 0),
        "nothing was taken, nothing to undo"
    );
    assert_eq!(places(&two.look().await), left);
    two.until_online().await;
    // A board from before the first guest says that nothing waits, too.
    let heard = |board: &Board| {
        room(board, "Studio").occupied > 0 && board.stations.iter().all(|desk| desk.waiting == 0)
    };
    let board = office.board("one seat", heard).await;
    assert_eq!((room(&board, "Studio").occupied, room(&board, "Studio").unsettled), (1, 0));
    server.shutdown().await.unwrap();
}
