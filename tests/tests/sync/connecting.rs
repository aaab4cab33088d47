//! *Connect*: what a person is told when it does not work, and that a pinned server is the only one spoken to.

use axum::{Router, response::Html, routing::any};
use usher_protocol::{
    enrol::Role,
    window::{ConnectOutcome, ConnectRefusal, DeskPhase, LinkView, OfflineWhy},
};
use usher_server::run::Tls;

use crate::{event::Event, seat::Seat};

fn refused(why: ConnectRefusal) -> ConnectOutcome {
    ConnectOutcome::Refused { why }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_is_told_apart_from_a_used_and_an_expired_one() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::open(&event.folder("desk"));
    assert_eq!(seat.connect(server.url(), "AAAA-AAAA").await, refused(ConnectRefusal::CodeUnknown));
    let expired = event.code(Role::Desk, "Desk 1", -1);
    assert_eq!(seat.connect(server.url(), &expired).await, refused(ConnectRefusal::CodeExpired));
    let supervisors = event.code(Role::Supervisor, "Ines", 10);
    assert_eq!(seat.connect(server.url(), &supervisors).await, refused(ConnectRefusal::WrongRole));
    let good = event.code(Role::Desk, "Desk 1", 10);
    seat.enrol(server.url(), &good.to_lowercase().replace('-', " ")).await;
    let other = Seat::open(&event.folder("other"));
    assert_eq!(other.connect(server.url(), &good).await, refused(ConnectRefusal::CodeUsed));
    assert_eq!(other.look().await.phase, DeskPhase::Connect);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_nobody_there_and_another_service_are_told_apart() {
    let event = Event::new();
    let seat = Seat::open(&event.folder("desk"));
    assert_eq!(seat.connect("not an address", "AAAA-AAAA").await, refused(ConnectRefusal::BadAddress));
    assert_eq!(seat.connect("http://192.0.2.1:80", "AAAA-AAAA").await, refused(ConnectRefusal::NotSecure));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let html = Router::new().fallback(any(|| async { Html("<html><h1>It works!</h1></html>") }));
    let other = tokio::spawn(async move { axum::serve(listener, html).await });
    assert_eq!(seat.connect(&address.to_string(), "AAAA-AAAA").await, refused(ConnectRefusal::NotUsher));
    other.abort();
    let _ = other.await;
    assert_eq!(seat.connect(&address.to_string(), "AAAA-AAAA").await, refused(ConnectRefusal::NoAnswer));
}

/// A road to the server on which the first answer is lost.
async fn first_answer_lost(server: std::net::SocketAddr) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut client, mut there) = (listener.accept().await.unwrap().0, connected(server).await);
        let (said, mut heard) = there.split();
        tokio::select! {
            _ = tokio::io::copy(&mut client, &mut heard) => {}
            answered = said.readable() => answered.unwrap(),
        }
        drop((client, there));
        loop {
            let (mut client, mut there) = (listener.accept().await.unwrap().0, connected(server).await);
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut there).await });
        }
    });
    address
}

async fn connected(to: std::net::SocketAddr) -> tokio::net::TcpStream {
    tokio::net::TcpStream::connect(to).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_whose_answer_was_lost_is_good_once_more_at_the_same_desk() {
    let event = Event::new();
    let server = event.serve().await;
    let road = format!("http://{}", first_answer_lost(server.address()).await);
    let (seat, code) = (Seat::open(&event.folder("desk")), event.code(Role::Desk, "Desk 1", 10));
    assert_eq!(seat.connect(&road, &code).await, refused(ConnectRefusal::NoAnswer));
    let other = Seat::open(&event.folder("other"));
    assert_eq!(
        other.connect(&road, &code).await,
        refused(ConnectRefusal::CodeUsed),
        "it belongs to the first"
    );
    seat.enrol(&road, &code).await;
    seat.until_online().await;
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setup_code_pins_the_servers_own_certificate() {
    let event = Event::new();
    let server = event.serve_at(([127, 0, 0, 1], 0).into(), Tls::SelfSigned).await;
    let setup = event.setup(server.url(), "Desk 1");
    assert!(setup.fingerprint.is_some());
    let mut forged = setup.clone();
    forged.fingerprint = Some("00".repeat(32));
    let seat = Seat::open(&event.folder("desk"));
    assert_eq!(seat.connect("", &forged.to_text()).await, refused(ConnectRefusal::WrongServer));
    forged.fingerprint = None;
    assert_ne!(seat.connect("", &forged.to_text()).await, ConnectOutcome::Connected, "nobody vouches for it");
    seat.enrol("", &setup.to_text()).await;
    seat.until_online().await;
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_at_work_speaks_to_no_server_with_another_certificate() {
    let event = Event::new();
    let server = event.serve_at(([127, 0, 0, 1], 0).into(), Tls::SelfSigned).await;
    let address = server.address();
    let seat = Seat::open(&event.folder("desk"));
    seat.enrol("", &event.setup(server.url(), "Desk 1").to_text()).await;
    seat.until_online().await;
    server.shutdown().await.unwrap();
    let beside = |ending: &str| format!("{}{ending}", event.data.display());
    for ending in [".tls-cert.pem", ".tls-key.pem"] {
        std::fs::rename(beside(ending), beside(&format!("{ending}.own"))).unwrap();
    }
    let stranger = event.serve_at(address, Tls::SelfSigned).await;
    let other = |link| matches!(link, LinkView::Offline { why: OfflineWhy::OtherServer, .. });
    seat.until("another server", |view| other(view.link)).await;
    stranger.shutdown().await.unwrap();
    for ending in [".tls-cert.pem", ".tls-key.pem"] {
        std::fs::rename(beside(&format!("{ending}.own")), beside(ending)).unwrap();
    }
    let server = event.serve_at(address, Tls::SelfSigned).await;
    seat.until_online().await;
    server.shutdown().await.unwrap();
}
