//! The door across desks: fast, asked, offline and back; numbers agree everywhere.

use usher_core::entry::Found;
use usher_protocol::{
    board::Board,
    commands::{ConnectSupervisor, Handles, Scan},
    enrol::Role,
    window::{
        CardAction, CardOutcome, ConnectOutcome, DeskPhase, LinkView, PlacesView, RecentWhat, SupervisorView,
        VerdictView, WindowError,
    },
};
use usher_server::run::Tls;
use usher_station::Supervisor;

use crate::{
    event::{Event, code},
    seat::{Seat, TestHost, until},
};

fn board_outstanding(event: &Event) -> u64 {
    event.board().sessions.iter().map(|one| one.outstanding).sum()
}

fn inside(event: &Event, session: &str) -> u64 {
    event.room(session).inside
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_let_in_at_one_desk_is_already_in_at_the_other() {
    let event = Event::new();
    let server = event.serve().await;
    let (one, two) = (
        Seat::at_door(&event, server.url(), "Desk 1", "Hall").await,
        Seat::at_door(&event, server.url(), "Desk 2", "Hall").await,
    );
    one.until_places().await;
    let card = one.let_in(&code(1)).await;
    assert_eq!((card.actions.as_slice(), card.again), (&[CardAction::Undo][..], false));
    two.until("the other desk's check-in", |view| view.room.is_some_and(|room| room.inside == 1)).await;
    let card = two.scan(&code(1)).await;
    let VerdictView::AlreadyIn { desk, here, .. } = &card.verdict else { panic!("{card:#?}") };
    assert_eq!((desk.as_str(), *here, card.actions.len()), ("Desk 1", false, 2), "out, or back in");
    assert_eq!(inside(&event, "Hall"), 1);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_goes_and_the_door_stays_open() {
    let event = Event::new();
    let server = event.serve().await;
    let address = server.address();
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    server.shutdown().await.unwrap();
    for n in 0..5 {
        seat.let_in(&code(n)).await;
    }
    let view = seat.until_offline().await;
    assert_eq!(view.waiting, 5);
    assert_eq!(inside(&event, "Hall"), 0);
    let closing = seat.closing().await;
    assert!(closing.serving && closing.waiting == 5);
    let server = event.serve_at(address, Tls::Off).await;
    seat.until_online().await;
    assert_eq!(inside(&event, "Hall"), 5);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_never_overfilled_by_desks_that_are_offline() {
    let event = Event::new();
    let server = event.serve().await;
    let address = server.address();
    let (one, two) = (
        Seat::at_door(&event, server.url(), "Desk 1", "Studio").await,
        Seat::at_door(&event, server.url(), "Desk 2", "Studio").await,
    );
    server.shutdown().await.unwrap();
    let mut admitted = 0;
    for (seat, from) in [(&one, 0), (&two, 20)] {
        for n in from..from + 6 {
            let card = seat.scan(&code(n)).await;
            admitted += u64::from(card.outcome == CardOutcome::LetIn);
            let refused =
                matches!(card.verdict, VerdictView::GrantEmpty { .. } | VerdictView::SessionFull { .. });
            // Until the desk knows that the server is gone, a place can be asked for; nobody is let in by that.
            let no_way_in = card.actions.iter().all(|action| *action == CardAction::AskPlace);
            assert!(card.outcome == CardOutcome::LetIn || refused && no_way_in, "{card:#?}");
        }
    }
    assert!((1..=3).contains(&admitted), "{admitted} of 3 places");
    let server = event.serve_at(address, Tls::Off).await;
    one.until_online().await;
    two.until_online().await;
    let board = event.board();
    let studio = board.sessions.iter().find(|one| one.name == "Studio").unwrap();
    assert_eq!((studio.inside, studio.over_grant), (admitted, 0));
    assert!(studio.worst <= 3);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_ticket_at_two_offline_desks_is_found_as_one_incident_and_keeps_its_seat() {
    let event = Event::new();
    let server = event.serve().await;
    let address = server.address();
    let (one, two) = (
        Seat::at_door(&event, server.url(), "Desk 1", "Garden").await,
        Seat::at_door(&event, server.url(), "Desk 2", "Garden").await,
    );
    server.shutdown().await.unwrap();
    one.let_in(&code(7)).await;
    two.let_in(&code(7)).await;
    let server = event.serve_at(address, Tls::Off).await;
    one.until_online().await;
    two.until_online().await;
    let board = event.board();
    let garden = board.sessions.iter().find(|one| one.name == "Garden").unwrap();
    assert_eq!((garden.inside, garden.occupied, garden.unsettled), (1, 2, 1));
    assert_eq!(board.incidents.len(), 1);
    assert_eq!(board.incidents[0].records.len(), 2);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_first_waits_for_the_hand_and_the_next_scan_leaves_it_open() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let mode = usher_protocol::commands::SetDoor { mode: usher_protocol::window::DoorMode::AskFirst };
    seat.desk.handle(mode).await.unwrap();
    let asked = seat.scan(&code(1)).await;
    assert_eq!((asked.outcome, inside(&event, "Garden")), (CardOutcome::Open, 0));
    assert_eq!(asked.actions, [CardAction::TurnAway, CardAction::LetIn]);
    let next = seat.scan(&code(2)).await;
    let left = seat.look().await.left_open.unwrap();
    assert_eq!((left.id.as_str(), left.name.as_str()), (asked.id.as_str(), "Guest 1"));
    assert_eq!(seat.look().await.recent[0].what, RecentWhat::Undecided);
    seat.accept(&asked.id, false).await.unwrap();
    assert_eq!(seat.look().await.left_open.unwrap().id, next.id, "now the other guest waits for an answer");
    let twice = (seat.accept(&next.id, false).await.unwrap(), seat.accept(&next.id, false).await.unwrap());
    assert_eq!(twice.0, twice.1);
    seat.until_online().await;
    assert_eq!(inside(&event, "Garden"), 2);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_is_one_step_and_the_guest_can_come_back() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let card = seat.let_in(&code(1)).await;
    let undone = seat.undo(None).await;
    assert_eq!((undone.id.as_str(), undone.outcome), (card.id.as_str(), CardOutcome::TakenBack));
    assert_eq!(undone.actions, [CardAction::LetIn]);
    assert_eq!(seat.accept(&card.id, false).await.unwrap().outcome, CardOutcome::LetIn);
    seat.undo(Some(&card.id)).await;
    seat.until_online().await;
    assert_eq!(inside(&event, "Garden"), 0);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_codes_are_refused_and_the_space_key_never_admits_an_exception() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    for (text, wanted) in [
        ("https://example.org/x", VerdictView::NotATicket),
        ("NO-SUCH-CODE", VerdictView::UnknownTicket),
        (&"long ".repeat(600), VerdictView::NotATicket),
    ] {
        let card = seat.scan(text).await;
        assert_eq!(card.verdict, wanted);
        let lets_in = |action: &CardAction| !matches!(action, CardAction::Find | CardAction::WalkIn);
        assert!(!card.actions.iter().any(lets_in), "{card:#?}");
        assert_eq!(seat.accept(&card.id, true).await, Err(WindowError::NotPossible));
    }
    // The poster and the long text are no tickets: only the unknown code is worth a line.
    assert_eq!(seat.look().await.recent.len(), 1);
    let other = Scan { readings: vec!["\u{0}\u{1}binary".into()], found: Found::Scanner };
    assert_eq!(seat.desk.handle(other).await.unwrap().unwrap().verdict, VerdictView::NotATicket);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_in_the_same_seat_without_a_network() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    seat.let_in(&code(1)).await;
    server.shutdown().await.unwrap();
    let folder = event.folder("Desk 1");
    let second = Seat::open(&folder);
    assert_eq!(second.look().await.phase, DeskPhase::OpenElsewhere);
    drop((seat, second));
    let seat = reopened(&folder).await;
    let view = seat.look().await;
    assert_eq!((view.phase, view.initials.as_str(), view.recent.len()), (DeskPhase::Door, "AB", 1));
    seat.let_in(&code(2)).await;
    let again = seat.scan(&code(1)).await;
    assert!(again.again && again.outcome == CardOutcome::LetIn, "its own green, moments ago: {again:#?}");
    assert_eq!(seat.look().await.waiting, view.waiting + 1, "only the second guest is new");
}

/// The first desk's last task may hold the files a moment longer than its handle.
pub(crate) async fn reopened(folder: &std::path::Path) -> Seat {
    loop {
        let seat = Seat::open(folder);
        if seat.look().await.phase != DeskPhase::OpenElsewhere {
            return seat;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_an_hour_slow_is_shown_and_changes_no_verdict() {
    let event = Event::new();
    let server = event.serve().await;
    let host = TestHost::new();
    host.set_wrong_by(-3_600_000);
    let seat = Seat::open_with(&event.folder("desk"), host);
    seat.enrol(server.url(), &event.code(Role::Desk, "Desk 1", 10)).await;
    seat.start("Garden").await;
    let view = seat.until_online().await;
    assert!((3_590_000..3_610_000).contains(&view.clock.skew_ms), "{}", view.clock.skew_ms);
    seat.let_in(&code(1)).await;
    seat.host.set_wrong_by(27 * 3_600_000);
    seat.let_in(&code(2)).await;
    seat.until_online().await;
    assert_eq!(inside(&event, "Garden"), 2);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_waits_for_places_is_asked_about_when_they_come() {
    let event = Event::new();
    let server = event.serve().await;
    let (one, two) = (
        Seat::at_door(&event, server.url(), "Desk 1", "Studio").await,
        Seat::at_door(&event, server.url(), "Desk 2", "Studio").await,
    );
    // The first desk may have taken all three before the second came: its share is asked back for the second.
    two.until_places().await;
    let mut n = 0;
    let waiting = loop {
        let card = one.scan(&code(n)).await;
        if matches!(card.verdict, VerdictView::GrantEmpty { .. }) {
            break card;
        }
        assert_eq!(card.outcome, CardOutcome::LetIn);
        n += 1;
        one.until_online().await;
    };
    two.start("Garden").await;
    let asks = |view: &usher_protocol::window::DeskView| {
        view.card
            .as_ref()
            .is_some_and(|card| card.id == waiting.id && card.actions.contains(&CardAction::LetIn))
    };
    one.until("places came back from the other desk", asks).await;
    assert_eq!(one.accept(&waiting.id, false).await.unwrap().outcome, CardOutcome::LetIn);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_a_session_gives_its_places_back() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    let view = seat.until_places().await;
    let PlacesView::Left { left, .. } = view.places else { panic!("{view:#?}") };
    seat.start("Garden").await;
    // A grant that was on its way when the desk left is given back by the sync that brings it.
    seat.until("nothing is held", |view| view.waiting == 0 && board_outstanding(&event) == 0).await;
    let studio = event.board().sessions.into_iter().find(|one| one.name == "Studio").unwrap();
    assert_eq!((studio.outstanding, studio.grantable), (0, Some(3)), "{left} were held");
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_is_pushed_and_stays_dated_when_the_server_goes() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    let host = TestHost::new();
    let supervisor = Supervisor::open(&event.folder("supervisor"), host.clone());
    let listening = tokio::spawn(supervisor.clone().run());
    let desks =
        ConnectSupervisor { address: server.url().into(), code: event.code(Role::Desk, "Desk 9", 10) };
    assert_ne!(supervisor.handle(desks).await.unwrap(), ConnectOutcome::Connected);
    let own =
        ConnectSupervisor { address: server.url().into(), code: event.code(Role::Supervisor, "Ines", 10) };
    assert_eq!(supervisor.handle(own).await.unwrap(), ConnectOutcome::Connected);
    seat.let_in(&code(1)).await;
    let counted = |view: &SupervisorView| {
        let board = view.board.as_ref();
        board.is_some_and(|board| board.sessions.iter().any(|one| one.name == "Hall" && one.inside == 1))
    };
    let view = until(&host.supervisor, "the board counts the guest", counted).await;
    let last = view.board.unwrap();
    assert!(last.stations.iter().any(|one| one.name == "Desk 1" && one.last_contact_ms.is_some()));
    server.shutdown().await.unwrap();
    let offline = |view: &SupervisorView| matches!(view.link, LinkView::Offline { .. });
    let view = until(&host.supervisor, "the board goes grey", offline).await;
    assert!(view.board.is_some_and(|board| counted_in(&board)));
    listening.abort();
}

fn counted_in(board: &Board) -> bool {
    board.sessions.iter().any(|one| one.inside == 1)
}
