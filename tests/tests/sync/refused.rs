//! A desk that the server refuses says why, and goes on meanwhile.

use usher_core::ids::StationId;
use usher_protocol::window::{DeskView, LinkView, OfflineWhy};
use usher_server::{
    run::Tls,
    store::{fresh, open},
};

use crate::{
    event::{Event, code},
    seat::Seat,
};

fn offline_because(why: OfflineWhy) -> impl Fn(&DeskView) -> bool {
    move |view| matches!(view.link, LinkView::Offline { why: found, .. } if found == why)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_desk_is_told_so() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let authority = open(&event.data).unwrap();
    let board = authority.board(fresh(|fresh| fresh.now_ms)).unwrap();
    let desk = StationId(board.stations[0].id.parse().unwrap());
    assert!(authority.revoke(desk).unwrap());
    seat.let_in(&code(1)).await;
    seat.until("told that it was blocked", offline_because(OfflineWhy::Revoked)).await;
    server.shutdown().await.unwrap();
    // Nobody answering is no reason to forget why, once the server answers again; until then the network is what is wrong.
    seat.let_in(&code(2)).await;
    seat.until("nobody answers", offline_because(OfflineWhy::NoAnswer)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_event_behind_the_same_address_is_told_and_the_door_stays_open() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    server.shutdown().await.unwrap();
    let other = Event::new();
    let stranger = other.serve_at(address, Tls::Off).await;
    seat.let_in(&code(1)).await;
    let view = seat.until("told that another answers", offline_because(OfflineWhy::OtherServer)).await;
    assert!(view.waiting >= 1, "the guest is kept: {view:#?}");
    stranger.shutdown().await.unwrap();
}
