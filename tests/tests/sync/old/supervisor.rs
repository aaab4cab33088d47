//! A supervisor's window of version 0.1.0 watches this version's board: its requests, and the answers read as it reads them.

use std::{io::BufRead, net::SocketAddr};

use serde_json::Value;
use usher_core::incident::IncidentKind;
use usher_protocol::enrol::Role;
use usher_server::{run::Running, store::open};
use usher_tests::real::supervisor::Supervisor;

use super::shapes::{Board, EnrolAnswer, Kind, State};
use crate::{
    deciding::Office,
    event::{Event, code},
    other_roads::{copy_database, put_back},
    seat::Seat,
};

/// Enrols as that version did, and takes the first board after `body` asked for it.
async fn first_board(event: &Event, server: &Running, body: &'static str) -> Value {
    // So that the event's record says what that version does not know.
    event.run(&["tickets", "rotate-key"]).unwrap();
    let (address, code) = (server.address(), event.code(Role::Supervisor, "Old Ines", 10));
    tokio::task::spawn_blocking(move || board_at(address, &code, body)).await.unwrap()
}

fn board_at(address: SocketAddr, code: &str, body: &str) -> Value {
    let supervisor = Supervisor::enrol(address, code, "old").unwrap();
    assert!(supervisor.enrolled()["event"]["ticket_keys"].is_array());
    let read: EnrolAnswer = serde_json::from_value(supervisor.enrolled().clone()).unwrap();
    assert!(read.is_a_supervisors(), "{:#}", supervisor.enrolled());
    let lines = supervisor.watch(body.as_bytes()).unwrap().body.lines();
    let mut data = lines.map(Result::unwrap).filter_map(|line| line.strip_prefix("data:").map(str::to_owned));
    serde_json::from_str(&data.next().unwrap()).unwrap()
}

/// Whether the window that speaks no version shows this board, which names the kinds of incident.
async fn kinds_shown(event: &Event, server: &Running) -> Vec<Kind> {
    let board: Board = serde_json::from_value(first_board(event, server, "{}").await).unwrap();
    assert_eq!((board.event.as_str(), board.sessions.len()), ("Open Days", 3));
    board.incidents.into_iter().map(|incident| incident.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_supervisors_window_reads_the_board() {
    let event = Event::new();
    let server = event.serve().await;
    let one = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    let two = Seat::at_door(&event, server.url(), "Desk 2", "Garden").await;
    one.until_places().await;
    for seat in [&one, &two] {
        seat.let_in(&code(1)).await;
        seat.until_online().await;
    }
    let office = Office::open(&event, server.url()).await;
    let board =
        office.board("the guest is in", |board| board.sessions.iter().any(|one| one.inside == 1)).await;
    assert_eq!(board.sessions.len(), 3);
    let board: Board = serde_json::from_value(first_board(&event, &server, "{}").await).unwrap();
    let names: Vec<_> = board.stations.iter().map(|station| station.name.as_str()).collect();
    assert_eq!(names, ["Desk 1", "Desk 2"], "no window of a supervisor is a desk");
    let studio = board.sessions.iter().find(|session| session.name == "Studio").unwrap();
    assert_eq!((studio.state, studio.capacity, studio.inside), (State::Open, Some(3), 1));
    server.shutdown().await.unwrap();
}

/// Found here: `server_restored` is a word that 0.1.0 does not know, and it showed no board from a restore on.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_supervisors_window_reads_the_board_of_a_server_that_was_put_back() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    let backup = event.folder("backup.db");
    copy_database(&event, &backup);
    seat.let_in(&code(1)).await;
    seat.until_online().await;
    let address = server.address();
    server.shutdown().await.unwrap();
    put_back(&event, &backup);
    let server = event.serve_at(address, usher_server::run::Tls::Off).await;
    seat.let_in(&code(2)).await;
    seat.until_online().await;
    let kinds = open(&event.data).unwrap().incidents().unwrap().into_iter().map(|found| found.incident.kind);
    assert_eq!(kinds.collect::<Vec<_>>(), [IncidentKind::ServerRestored]);
    assert_eq!(kinds_shown(&event, &server).await, []);
    let newer = first_board(&event, &server, r#"{"protocol":2}"#).await;
    assert_eq!(newer["incidents"][0]["kind"], "server_restored");
    assert!(serde_json::from_value::<Board>(newer).is_err(), "the word is one that 0.1.0 cannot read");
    server.shutdown().await.unwrap();
}
