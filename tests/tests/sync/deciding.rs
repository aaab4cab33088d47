//! A supervisor decides: over real HTTP, with the role that only supervisors have.

use usher_core::entry::{Outcome, SettleReason, StateSet};
use usher_protocol::{
    board::{Board, BoardSession},
    commands::{
        ConnectSupervisor, HandOutAll, Handles, ResolveIncident, SetCapacity, SetSessionState, SettleDesk,
    },
    enrol::Role,
    window::{ConnectOutcome, DecideOutcome, DecideRefusal, SupervisorView},
};
use usher_station::Supervisor;

use crate::{
    event::{Event, code},
    seat::{Seat, TestHost, until},
};

struct Office {
    supervisor: Supervisor<TestHost>,
    host: TestHost,
    _listening: tokio::task::JoinHandle<()>,
}

impl Office {
    async fn open(event: &Event, url: &str) -> Self {
        let host = TestHost::new();
        let supervisor = Supervisor::open(&event.folder("supervisor"), host.clone());
        let _listening = tokio::spawn(supervisor.clone().run());
        let connect =
            ConnectSupervisor { address: url.into(), code: event.code(Role::Supervisor, "Ines", 10) };
        assert_eq!(supervisor.handle(connect).await.unwrap(), ConnectOutcome::Connected);
        Self { supervisor, host, _listening }
    }

    async fn board(&self, what: &str, wanted: impl Fn(&Board) -> bool) -> Board {
        let found = |view: &SupervisorView| view.board.as_ref().is_some_and(&wanted);
        until(&self.host.supervisor, what, found).await.board.unwrap()
    }
}

fn room<'a>(board: &'a Board, name: &str) -> &'a BoardSession {
    board.sessions.iter().find(|session| session.name == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_desk_is_settled_once_and_its_places_are_free() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    seat.until_places().await;
    let office = Office::open(&event, server.url()).await;
    let board = office.board("the desk holds places", |board| !room(board, "Studio").logs.is_empty()).await;
    let (session, log) = (room(&board, "Studio").id.clone(), room(&board, "Studio").logs[0].clone());
    assert_eq!((log.name.as_str(), log.awaited), ("Desk 1", false));
    drop(seat);
    let settle = || SettleDesk {
        station: log.station.clone(),
        epoch: log.epoch.clone(),
        session: session.clone(),
        spent: 1,
        reason: SettleReason::Counted,
    };
    assert_eq!(office.supervisor.handle(settle()).await.unwrap(), DecideOutcome::Done);
    let board = office.board("its places are free", |board| room(board, "Studio").outstanding == 0).await;
    assert_eq!(room(&board, "Studio").worst, 1, "what is said to be used counts");
    let again = office.supervisor.handle(settle()).await.unwrap();
    assert_eq!(again, DecideOutcome::Refused { why: DecideRefusal::Done });
    server.shutdown().await.unwrap();
    let late = office.supervisor.handle(settle()).await.unwrap();
    assert_eq!(late, DecideOutcome::Refused { why: DecideRefusal::Offline });
}

#[tokio::test(flavor = "multi_thread")]
async fn places_doors_and_sharing_are_the_supervisors() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    let office = Office::open(&event, server.url()).await;
    let board = office.board("a board", |_| true).await;
    let session = room(&board, "Studio").id.clone();
    let decided = |done: DecideOutcome| assert_eq!(done, DecideOutcome::Done);
    decided(
        office.supervisor.handle(SetCapacity { session: session.clone(), capacity: Some(40) }).await.unwrap(),
    );
    decided(office.supervisor.handle(HandOutAll { session: session.clone(), all: true }).await.unwrap());
    seat.until(
        "the desk gets all that it asks for",
        |view| matches!(view.places, usher_protocol::window::PlacesView::Left { left, .. } if left >= 20),
    )
    .await;
    let state = SetSessionState { session: session.clone(), state: StateSet::Paused };
    decided(office.supervisor.handle(state).await.unwrap());
    let paused = |board: &Board| room(board, "Studio").state == usher_protocol::board::BoardState::Paused;
    office.board("the door is paused", paused).await;
    let nothing = SetCapacity { session: uuid::Uuid::nil().to_string(), capacity: None };
    let unknown = office.supervisor.handle(nothing).await.unwrap();
    assert_eq!(unknown, DecideOutcome::Refused { why: DecideRefusal::Unknown });
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_admission_that_was_one_person_gives_its_seat_back() {
    let event = Event::new();
    let server = event.serve().await;
    let (one, two) = (
        Seat::at_door(&event, server.url(), "Desk 1", "Studio").await,
        Seat::at_door(&event, server.url(), "Desk 2", "Studio").await,
    );
    one.until_places().await;
    two.until_places().await;
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    server.shutdown().await.unwrap();
    one.let_in(&code(1)).await;
    two.let_in(&code(1)).await;
    let server = event.serve_at(address, usher_server::run::Tls::Off).await;
    let office = Office::open(&event, server.url()).await;
    let board = office.board("the double admission", |board| !board.incidents.is_empty()).await;
    assert_eq!((room(&board, "Studio").occupied, room(&board, "Studio").inside), (2, 1));
    let settle = ResolveIncident { incident: board.incidents[0].id.clone(), outcome: Outcome::OnePerson };
    assert_eq!(office.supervisor.handle(settle).await.unwrap(), DecideOutcome::Done);
    let settled = |board: &Board| board.incidents.is_empty() && room(board, "Studio").occupied == 1;
    office.board("settled", settled).await;
    for seat in [&one, &two] {
        seat.until("one guest inside", |view| view.room.is_some_and(|room| room.inside == 1)).await;
    }
    server.shutdown().await.unwrap();
}
