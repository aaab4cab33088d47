//! A code that is shown again: green and silent moments after its own green, and judged ever after.

use usher_protocol::window::{CardOutcome, VerdictView};
use usher_server::run::Tls;

use crate::{
    event::{Event, code},
    seat::Seat,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_code_again_stays_green_silent_and_unrecorded() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let first = seat.let_in(&code(1)).await;
    let again = seat.scan(&code(1)).await;
    assert_eq!((again.id.clone(), again.outcome, again.again), (first.id, CardOutcome::LetIn, true));
    assert_eq!(seat.look().await.recent.len(), 1);
    server.shutdown().await.unwrap();
}

/// Its clock was ahead while the network was away: what it did then lies in the future, and is not moments ago.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_goes_back_makes_no_used_ticket_green_again() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    server.shutdown().await.unwrap();
    seat.host.pass(120_000);
    seat.let_in(&code(1)).await;
    let server = event.serve_at(address, Tls::Off).await;
    seat.until_online().await;
    let card = seat.scan(&code(1)).await;
    assert!(matches!(card.verdict, VerdictView::AlreadyIn { .. }), "{card:#?}");
    server.shutdown().await.unwrap();
}
