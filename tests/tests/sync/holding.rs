//! Seats held for registered guests until a time: the server cuts them off by its clock, and frees them by the desks' word.

use usher_authority::{PersonSpec, SessionSpec};
use usher_protocol::window::{CardOutcome, VerdictView};
use usher_server::{run::Tls, store::fresh};

use crate::{
    deciding::{Office, room},
    event::{Event, open_now},
    seat::Seat,
};

const HOUR_MS: i64 = 3_600_000;
/// How far ahead the cutoff is set: by the service's clock, so that no command takes the seats away.
const SOON_MS: i64 = 1_500;

/// "Hall": three places held for three guests with tickets; two more who are on the list for no session.
struct Held {
    event: Event,
    session: SessionSpec,
}

impl Held {
    fn new() -> Self {
        let event = Event::new();
        let session = SessionSpec {
            hold_seats: true,
            hold_for_ms: Some(HOUR_MS),
            open_to_all: true,
            ..open_now("Cabin", Some(3), fresh(|fresh| fresh.now_ms))
        };
        let held = Self { event, session };
        held.import();
        let server = usher_server::store::open(&held.event.data).unwrap();
        let guest = |n: usize| PersonSpec {
            code: Some(format!("CABIN-{n}")),
            sessions: if n < 3 { vec!["Cabin".into()] } else { Vec::new() },
            ..PersonSpec::default()
        };
        let guests: Vec<_> = (0..5).map(guest).collect();
        let report = fresh(|fresh| server.import_participants(&guests, fresh, &mut |_| {})).unwrap();
        assert_eq!((report.added, report.problems.len()), (5, 0));
        held
    }

    fn import(&self) {
        let server = usher_server::store::open(&self.event.data).unwrap();
        fresh(|fresh| server.import_sessions(std::slice::from_ref(&self.session), fresh)).unwrap();
    }

    /// The organiser sets another time.
    fn until(&mut self, until_ms: i64) {
        self.session.hold_for_ms = Some(until_ms - self.session.starts_ms);
        self.import();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn held_seats_end_at_their_time_and_a_guest_of_an_offline_desk_still_has_one() {
    let mut held = Held::new();
    let server = held.event.serve().await;
    let (address, url) = (server.address(), server.url().to_owned());
    let two = Seat::at_door(&held.event, &url, "Desk 2", "Cabin").await;
    two.until("the held seats are known", |view| view.room.is_some_and(|room| room.held == 3)).await;
    // Desk 2 loses its network; a guest of its door sits down on a held seat before the time.
    server.shutdown().await.unwrap();
    two.let_in("CABIN-0").await;
    drop(two);
    let server = held.event.serve_at(address, Tls::Off).await;
    let one = Seat::at_door(&held.event, &url, "Desk 1", "Cabin").await;
    one.until("the held seats are known", |view| view.room.is_some_and(|room| room.held == 3)).await;
    let stranger = one.scan("CABIN-3").await;
    let until_ms = held.session.starts_ms + HOUR_MS;
    assert_eq!(stranger.verdict, VerdictView::SeatsHeld { until_ms: Some(until_ms) }, "{stranger:#?}");
    assert_eq!(held.event.room("Cabin").held_until_ms, Some(until_ms));

    let office = Office::open(&held.event, &url).await;
    held.until(fresh(|fresh| fresh.now_ms) + SOON_MS);
    let board = office.board("the time is over", |board| !room(board, "Cabin").hold_seats).await;
    assert_eq!(room(&board, "Cabin").held_until_ms, None);
    one.until("desk 1 holds no seat for anybody", |view| view.room.is_some_and(|room| room.held == 0)).await;
    one.until_online().await;
    let cut = held.event.room("Cabin");
    assert_eq!((cut.held, cut.grantable), (3, Some(0)), "desk 2 has not said that it uses them no more");
    let refused = one.scan("CABIN-4").await;
    assert!(matches!(refused.verdict, VerdictView::GrantEmpty { .. }), "{refused:#?}");

    let two = crate::door::reopened(&held.event.folder("Desk 2")).await;
    // It keeps no place of its own here.
    two.start("Garden").await;
    let after = office
        .board("desk 2 came back", |board| room(board, "Cabin").held == 0 && room(board, "Cabin").inside == 1)
        .await;
    assert!(room(&after, "Cabin").worst <= 3, "{after:#?}");
    for guest in ["CABIN-3", "CABIN-4"] {
        one.until_places().await;
        assert_eq!(one.let_in(guest).await.outcome, CardOutcome::LetIn);
        one.until_online().await;
    }
    let full = held.event.room("Cabin");
    assert_eq!((full.inside, full.occupied, full.worst, full.unsettled), (3, 3, 3, 0));
    drop(two);
    server.shutdown().await.unwrap();
    assert!(held.event.run(&["check"]).is_ok() && held.event.run(&["verify"]).is_ok());
}
