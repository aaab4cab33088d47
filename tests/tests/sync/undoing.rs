//! Whatever a desk did can be taken back: at the card, and from the list of everything it did.

use usher_core::entry::UndoReason;
use usher_protocol::{
    commands::{AskDone, CheckOut, Handles, TurnAway, UndoLetIn},
    window::{CardAction, CardOutcome, CardView, DonePage, RecentWhat, WindowError},
};

use crate::{
    door::reopened,
    event::{Event, code},
    seat::Seat,
};

async fn done(seat: &Seat) -> DonePage {
    seat.desk.handle(AskDone { before: None }).await.unwrap()
}

async fn take_back(seat: &Seat, id: &str) -> Result<CardView, WindowError> {
    seat.desk.handle(UndoLetIn { id: Some(id.into()), reason: Some(UndoReason::WrongPerson) }).await
}

fn told(page: &DonePage) -> Vec<(RecentWhat, &str, bool)> {
    page.rows.iter().map(|row| (row.row.what, row.row.name.as_str(), row.undo)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_taken_back_at_its_card_and_the_guest_let_in() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let mode = usher_protocol::commands::SetDoor { mode: usher_protocol::window::DoorMode::AskFirst };
    seat.desk.handle(mode).await.unwrap();
    let card = seat.scan(&code(1)).await;
    let turned = seat.desk.handle(TurnAway { id: card.id.clone() }).await.unwrap();
    assert_eq!((turned.outcome, turned.actions), (CardOutcome::TurnedAway, vec![CardAction::Undo]));
    let back = seat.undo(Some(&card.id)).await;
    assert_eq!((back.outcome, back.actions), (CardOutcome::TakenBack, vec![CardAction::LetIn]));
    assert_eq!(seat.accept(&card.id, false).await.unwrap().outcome, CardOutcome::LetIn);
    seat.until_online().await;
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_names_everything_and_takes_back_what_was_done_before_a_restart() {
    let event = Event::new();
    let server = event.serve().await;
    let folder = event.folder("Desk 1");
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let ana = seat.let_in(&code(1)).await;
    seat.let_in(&code(2)).await;
    seat.desk.handle(CheckOut { id: ana.id }).await.unwrap();
    seat.scan("NO-SUCH-CODE").await;
    seat.let_in(&code(3)).await;
    drop(seat);
    let seat = reopened(&folder).await;
    let page = done(&seat).await;
    let wanted = [
        (RecentWhat::LetIn, "Guest 3", true),
        (RecentWhat::TurnedAway, "", true),
        (RecentWhat::CheckedOut, "Guest 1", true),
        (RecentWhat::LetIn, "Guest 2", true),
        (RecentWhat::LetIn, "Guest 1", false),
    ];
    assert_eq!((told(&page), page.more), (wanted.to_vec(), false));
    assert!(page.rows.iter().all(|row| row.session == "Garden"));
    for at in [1, 3] {
        let id = &page.rows[at].row.id;
        assert_eq!(take_back(&seat, id).await.unwrap().outcome, CardOutcome::TakenBack);
        assert_eq!(take_back(&seat, id).await, Err(WindowError::NotPossible), "once is enough");
    }
    let page = done(&seat).await;
    assert_eq!((page.rows[1].row.what, page.rows[1].undo), (RecentWhat::TakenBack, false));
    // A check-out is taken back by a new check-in.
    let back = take_back(&seat, &page.rows[2].row.id).await.unwrap();
    assert_eq!((back.outcome, back.guest.unwrap().name.as_str()), (CardOutcome::LetIn, "Guest 1"));
    let room = seat
        .until("three, less one, and one back", |view| view.room.is_some_and(|room| room.inside == 2))
        .await;
    assert_eq!(room.recent[0].what, RecentWhat::LetIn);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_comes_in_pages() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    for n in 0..260 {
        seat.scan(&format!("NO-SUCH-CODE-{n}")).await;
    }
    seat.let_in(&code(3)).await;
    let mut page = done(&seat).await;
    let mut ids: Vec<_> = page.rows.iter().map(|row| row.row.id.clone()).collect();
    while page.more {
        page = seat.desk.handle(AskDone { before: ids.last().cloned() }).await.unwrap();
        ids.extend(page.rows.iter().map(|row| row.row.id.clone()));
    }
    assert_eq!(ids.len(), 261, "each once");
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 261);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_the_next_scan_closes_stands_in_the_recent_list_as_one() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let refused = seat.scan("NO-SUCH-TICKET").await;
    assert!(!refused.actions.contains(&CardAction::Undo), "{refused:?}");
    seat.let_in(&code(1)).await;
    let view = seat.look().await;
    let what: Vec<_> = view.recent.iter().map(|row| row.what).collect();
    assert_eq!(what, [RecentWhat::LetIn, RecentWhat::TurnedAway]);
    server.shutdown().await.unwrap();
}
