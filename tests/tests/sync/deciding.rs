//! A supervisor decides: over real HTTP, with the role that only supervisors have.

use serde_json::{Value, json};
use usher_core::entry::{Outcome, SettleReason, StateSet};
use usher_protocol::{
    board::{Board, BoardSession},
    commands::{
        ConnectSupervisor, Find, FindPersons, HandOutAll, Handles, MergePersons, ResolveIncident,
        SetCapacity, SetSessionState, SettleDesk, SplitPersons,
    },
    enrol::Role,
    window::{ConnectOutcome, DecideOutcome, DecideRefusal, SupervisorView},
};
use usher_station::Supervisor;
use usher_tests::real;

use crate::{
    event::{Event, code},
    seat::{Seat, TestHost, until},
};

pub(crate) struct Office {
    pub(crate) supervisor: Supervisor<TestHost>,
    host: TestHost,
    _listening: tokio::task::JoinHandle<()>,
}

impl Office {
    pub(crate) async fn open(event: &Event, url: &str) -> Self {
        let host = TestHost::new();
        let supervisor = Supervisor::open(&event.folder("supervisor"), host.clone());
        let _listening = tokio::spawn(supervisor.clone().run());
        let connect =
            ConnectSupervisor { address: url.into(), code: event.code(Role::Supervisor, "Ines", 10) };
        assert_eq!(supervisor.handle(connect).await.unwrap(), ConnectOutcome::Connected);
        Self { supervisor, host, _listening }
    }

    pub(crate) async fn board(&self, what: &str, wanted: impl Fn(&Board) -> bool) -> Board {
        let found = |view: &SupervisorView| view.board.as_ref().is_some_and(&wanted);
        until(&self.host.supervisor, what, found).await.board.unwrap()
    }
}

pub(crate) fn room<'a>(board: &'a Board, name: &str) -> &'a BoardSession {
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
    let state = SetSessionState { session: session.clone(), state: StateSet::Paused, words: None };
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
    let settle = ResolveIncident {
        incident: board.incidents[0].id.clone(),
        outcome: Outcome::OnePerson,
        over_by: None,
    };
    assert_eq!(office.supervisor.handle(settle).await.unwrap(), DecideOutcome::Done);
    let settled = |board: &Board| board.incidents.is_empty() && room(board, "Studio").occupied == 1;
    office.board("settled", settled).await;
    for seat in [&one, &two] {
        seat.until("one guest inside", |view| view.room.is_some_and(|room| room.inside == 1)).await;
    }
    server.shutdown().await.unwrap();
}

async fn person(seat: &Seat, name: &str) -> String {
    seat.desk.handle(Find { text: name.into() }).await.unwrap().rows[0].guest.id.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_guest_under_two_names_is_merged_into_a_double_admission_and_split_again() {
    let event = Event::new();
    let server = event.serve().await;
    let one = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    let two = Seat::at_door(&event, server.url(), "Desk 2", "Studio").await;
    one.until_places().await;
    two.until_places().await;
    one.let_in(&code(11)).await;
    two.let_in(&code(12)).await;
    let office = Office::open(&event, server.url()).await;
    let counts = |board: &Board| {
        let room = room(board, "Studio");
        (room.inside, room.occupied, room.unsettled, board.incidents.len())
    };
    office.board("two guests", |board| counts(board) == (2, 2, 0, 0)).await;
    let (stays, same) = (person(&one, "Guest 11").await, person(&one, "Guest 12").await);
    let found = office.supervisor.handle(FindPersons { text: "guest 11".into() }).await.unwrap();
    let [found] = found.as_slice() else { panic!("found: {found:#?}") };
    assert_eq!((&found.id, &found.inside[..]), (&stays, &["Studio".to_owned()][..]));
    let merge = || MergePersons { stays: stays.clone(), same: same.clone() };
    let decide = async |done: DecideOutcome, wanted: DecideOutcome| assert_eq!(done, wanted);
    decide(office.supervisor.handle(merge()).await.unwrap(), DecideOutcome::Done).await;
    let board = office.board("one guest on two seats", |board| counts(board) == (1, 2, 1, 1)).await;
    let [merged] = board.merges.as_slice() else { panic!("no merge on the board") };
    assert_eq!((merged.stays.as_str(), merged.same.as_str()), ("Guest 11", "Guest 12"));
    for seat in [&one, &two] {
        seat.until("one guest inside", |view| view.room.is_some_and(|room| room.inside == 1)).await;
    }
    let again = office.supervisor.handle(merge()).await.unwrap();
    decide(again, DecideOutcome::Refused { why: DecideRefusal::Done }).await;
    let alone = MergePersons { stays: stays.clone(), same: stays.clone() };
    let alone = office.supervisor.handle(alone).await.unwrap();
    decide(alone, DecideOutcome::Refused { why: DecideRefusal::DoesNotFit }).await;
    let split =
        SplitPersons { station: merged.station.clone(), epoch: merged.epoch.clone(), seq: merged.seq };
    decide(office.supervisor.handle(split).await.unwrap(), DecideOutcome::Done).await;
    office.board("two guests again", |board| counts(board) == (2, 2, 0, 0) && board.merges.is_empty()).await;
    for seat in [&one, &two] {
        seat.until("two guests inside", |view| view.room.is_some_and(|room| room.inside == 2)).await;
    }
    server.shutdown().await.unwrap();
}

/// The first bytes once more, days later or behind a newer decision. Windows of 0.1 say nothing of what they saw, and decide as ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_is_sent_once_more_decides_nothing() {
    let event = Event::new();
    let server = event.serve().await;
    let (address, code) = (server.address(), event.code(Role::Supervisor, "Ines", 10));
    let hall = event.room("Hall");
    let (rev, at_ms) = (hall.rev.unwrap(), event.board().at_ms);
    let decided = tokio::task::spawn_blocking(move || {
        let window = real::supervisor::Supervisor::enrol(address, &code, "replay").unwrap();
        let sent = |capacity: u32, seen: Value| {
            let mut decision = json!({"capacity": {"session": hall.id, "capacity": capacity}});
            decision["capacity"]["seen"] = seen;
            window.decide(&decision).unwrap()
        };
        let first = json!({"at_ms": at_ms, "rev": rev});
        let old = json!({"at_ms": at_ms - 86_400_000, "rev": rev + 1});
        let newer = json!({"at_ms": at_ms, "rev": rev + 1});
        [sent(310, first.clone()), sent(9, old), sent(50, newer), sent(310, first), sent(60, Value::Null)]
    });
    let refused = Some("does_not_fit".to_owned());
    assert_eq!(decided.await.unwrap(), [None, refused.clone(), None, refused, None]);
    assert_eq!(event.room("Hall").capacity, Some(60));
    server.shutdown().await.unwrap();
}
