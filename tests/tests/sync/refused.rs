//! A desk that the server refuses says why, and goes on meanwhile.

use std::net::SocketAddr;

use axum::{Json, Router, routing::post};
use serde_json::json;
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

/// Answers every sync in the server's place, without its key, and says that it is a day later.
async fn forge(address: SocketAddr) -> tokio::task::JoinHandle<()> {
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let answer = json!({
        "service": "usher", "term": u64::MAX >> 1, "acknowledged": { "seq": 0, "hash": "0".repeat(64) }, "changes": [],
        "cursor": { "term": u64::MAX >> 1, "position": 0 }, "more": false, "grants": [], "server_ms": 4_000_000_000_000_i64,
        "oldest": 1,
    });
    assert!(serde_json::from_value::<usher_protocol::sync::SyncAnswer>(answer.clone()).is_ok());
    let routes = Router::new().route("/v1/sync", post(async move || Json(answer.clone())));
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_signed_moves_no_clock_and_is_told() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    server.shutdown().await.unwrap();
    let forger = forge(address).await;
    seat.let_in(&code(1)).await;
    let view = seat.until("told that another answers", offline_because(OfflineWhy::OtherServer)).await;
    assert!(view.clock.skew_ms.abs() < 60_000, "{view:#?}");
    forger.abort();
}
