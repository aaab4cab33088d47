//! Several sessions at one desk: the booking chooses, or the volunteer does, and nobody is let in where nobody chose.

use usher_authority::PersonSpec;
use usher_protocol::{
    commands::{ChooseSession, CloseCard, Find, Handles, LeaveSession, OpenGuest, ServeAlso, SetOut},
    window::{CardAction, CardOutcome, CardView, DeskView, PlacesView, RecentWhat, VerdictView, WindowError},
};
use usher_server::store::{fresh, open};

use crate::{
    door::reopened,
    event::{Event, code},
    seat::Seat,
    tickets,
};

/// Beside the event's guests, who are booked for all: `HALL-n` and `STUDIO-n` for one, `NONE-n` for no session.
fn event() -> Event {
    let event = Event::new();
    let guest = |code: String, sessions: Vec<String>| PersonSpec {
        name: Some(format!("Guest {code}")),
        code: Some(code),
        sessions,
        ..PersonSpec::default()
    };
    let of = |n: usize| {
        [
            guest(format!("HALL-GUEST-{n}"), vec!["Hall".into()]),
            guest(format!("STUDIO-GUEST-{n}"), vec!["Studio".into()]),
            guest(format!("NONE-GUEST-{n}"), Vec::new()),
        ]
    };
    let guests: Vec<_> = (0..5).flat_map(of).collect();
    let server = open(&event.data).unwrap();
    fresh(|fresh| server.import_participants(&guests, fresh, &mut |_| {})).unwrap();
    event
}

fn id(view: &DeskView, name: &str) -> String {
    view.sessions.iter().find(|session| session.name == name).unwrap().id.clone()
}

async fn also(seat: &Seat, names: &[&str]) -> DeskView {
    let view = seat.look().await;
    let sessions = names.iter().map(|name| id(&view, name)).collect();
    seat.desk.handle(ServeAlso { sessions }).await.unwrap()
}

async fn until_places_of(seat: &Seat, name: &str) {
    let there = |view: &DeskView| {
        view.session.as_deref() == Some(&id(view, name))
            && matches!(view.places, PlacesView::Left { left: 1.., .. })
    };
    seat.until("its places", there).await;
}

/// Hall with Studio beside it, and places for both.
async fn at_both(event: &Event, url: &str) -> Seat {
    let seat = Seat::at_door(event, url, "Desk 1", "Studio").await;
    until_places_of(&seat, "Studio").await;
    also(&seat, &["Hall"]).await;
    seat.start("Hall").await;
    until_places_of(&seat, "Hall").await;
    also(&seat, &["Studio"]).await;
    seat
}

async fn choose(seat: &Seat, card: &CardView, name: &str) -> Result<CardView, WindowError> {
    let session = id(&seat.look().await, name);
    seat.desk.handle(ChooseSession { id: card.id.clone(), session }).await
}

fn names(card: &CardView) -> Vec<&str> {
    card.choices.iter().map(|choice| choice.name.as_str()).collect()
}

/// Lets a guest in to Studio once the desk has a place for them.
async fn fill(seat: &Seat, text: &str) {
    let card = seat.scan(text).await;
    assert_eq!(card.session, "Studio");
    if card.outcome == CardOutcome::Open {
        let asks = |view: &DeskView| {
            view.card.as_ref().is_some_and(|now| now.id == card.id && now.verdict == VerdictView::Registered)
        };
        seat.until("a place", asks).await;
        seat.accept(&card.id, false).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_goes_to_the_session_that_it_is_booked_for_offline_too() {
    let event = event();
    let server = event.serve().await;
    let seat = at_both(&event, server.url()).await;
    assert_eq!(seat.let_in("HALL-GUEST-1").await.session, "Hall");
    assert_eq!(seat.let_in("STUDIO-GUEST-1").await.session, "Studio");
    seat.until_online().await;
    assert_eq!((event.room("Hall").inside, event.room("Studio").inside), (1, 1));

    server.shutdown().await.unwrap();
    seat.until_offline().await;
    assert_eq!(seat.let_in("STUDIO-GUEST-2").await.session, "Studio");
    assert_eq!(seat.let_in("HALL-GUEST-2").await.session, "Hall");
    let again = seat.scan("STUDIO-GUEST-2").await;
    assert!(again.again && again.session == "Studio", "shown twice is one guest: {again:#?}");
    drop(seat);
    let seat = reopened(&event.folder("Desk 1")).await;
    let view = seat.look().await;
    assert_eq!(view.also, [id(&view, "Studio")], "kept over a restart");
    assert_eq!(seat.let_in("STUDIO-GUEST-3").await.session, "Studio");
}

#[tokio::test(flavor = "multi_thread")]
async fn booked_for_both_nobody_is_in_before_the_volunteer_chose() {
    let event = event();
    let server = event.serve().await;
    let seat = at_both(&event, server.url()).await;
    let card = seat.scan(&code(1)).await;
    assert_eq!(
        (card.outcome, card.unchosen, names(&card)),
        (CardOutcome::Open, true, vec!["Hall", "Studio"])
    );
    assert_eq!(card.actions, [CardAction::TurnAway]);
    for anyway in [false, true] {
        assert_eq!(seat.accept(&card.id, anyway).await, Err(WindowError::NotPossible));
    }
    assert_eq!(choose(&seat, &card, "Garden").await, Err(WindowError::NotPossible), "it is not served here");
    let chosen = choose(&seat, &card, "Studio").await.unwrap();
    assert_eq!((chosen.outcome, chosen.session.as_str()), (CardOutcome::LetIn, "Studio"));
    assert_eq!(choose(&seat, &card, "Hall").await, Err(WindowError::NotPossible), "it was decided");

    // The usual one, picked by Ctrl+1…9, counts from now on.
    seat.start("Hall").await;
    assert_eq!(seat.let_in(&code(2)).await.session, "Hall");
    assert_eq!(seat.let_in("STUDIO-GUEST-1").await.session, "Studio", "and sends nobody to the wrong room");
    seat.until_online().await;
    assert_eq!((event.room("Hall").inside, event.room("Studio").inside), (1, 2));
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn booked_for_none_is_chosen_and_then_an_exception() {
    let event = event();
    let server = event.serve().await;
    let seat = at_both(&event, server.url()).await;
    let card = seat.scan("NONE-GUEST-1").await;
    assert_eq!((card.unchosen, names(&card)), (true, vec!["Hall", "Studio"]));
    let chosen = choose(&seat, &card, "Studio").await.unwrap();
    assert_eq!(
        (chosen.outcome, chosen.session.as_str(), names(&chosen)),
        (CardOutcome::Open, "Studio", vec!["Hall"])
    );
    assert!(chosen.actions.contains(&CardAction::LetInAnyway), "{:?}", chosen.actions);
    assert_eq!(seat.accept(&card.id, false).await, Err(WindowError::NotPossible), "never by the habit key");
    assert_eq!(seat.accept(&card.id, true).await.unwrap().outcome, CardOutcome::LetIn);

    let left = seat.scan("NONE-GUEST-2").await;
    seat.desk.handle(CloseCard { id: left.id.clone() }).await.unwrap();
    let view = seat.until_online().await;
    assert_eq!(view.recent[0].what, RecentWhat::Undecided, "no room refused anybody");
    assert_eq!((event.room("Hall").inside, event.room("Studio").inside), (0, 1));
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn where_one_is_full_the_other_asks_and_who_is_in_at_one_is_asked_before_the_other() {
    let event = event();
    let server = event.serve().await;
    let seat = at_both(&event, server.url()).await;
    for n in 0..3 {
        fill(&seat, &format!("STUDIO-GUEST-{n}")).await;
    }
    let full = seat.scan("STUDIO-GUEST-3").await;
    assert_eq!((full.outcome, full.session.as_str()), (CardOutcome::Open, "Studio"));
    assert!(!full.actions.contains(&CardAction::LetIn), "{:?}", full.verdict);
    let both = seat.scan(&code(3)).await;
    assert_eq!((both.outcome, both.session.as_str(), both.unchosen), (CardOutcome::Open, "Hall", false));
    assert_eq!((names(&both), both.verdict.clone()), (vec!["Studio"], VerdictView::Registered));
    assert_eq!(seat.accept(&both.id, false).await.unwrap().outcome, CardOutcome::LetIn);

    seat.host.pass(11_000);
    let twice = seat.scan(&code(3)).await;
    assert_ne!(twice.outcome, CardOutcome::LetIn, "nobody is let in twice by being shown twice");
    seat.until_online().await;
    assert_eq!((event.room("Hall").inside, event.room("Studio").inside), (1, 3));
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn places_of_a_session_that_is_left_go_back_and_who_leaves_leaves_where_they_are() {
    let event = event();
    let server = event.serve().await;
    let seat = at_both(&event, server.url()).await;
    seat.let_in("STUDIO-GUEST-1").await;
    seat.desk.handle(SetOut { out: true }).await.unwrap();
    let out = seat.scan("STUDIO-GUEST-1").await;
    assert_eq!((out.outcome, out.session.as_str()), (CardOutcome::CheckedOut, "Studio"));
    seat.desk.handle(SetOut { out: false }).await.unwrap();
    assert!(event.room("Studio").outstanding > 0);

    assert_eq!(also(&seat, &[]).await.also, [""; 0]);
    seat.until_online().await;
    let (hall, studio) = (event.room("Hall"), event.room("Studio"));
    assert_eq!((studio.outstanding, studio.inside), (0, 0));
    assert!(hall.outstanding > 0, "what is served still keeps its places");
    let elsewhere = seat.scan("STUDIO-GUEST-2").await;
    assert_eq!(elsewhere.session, "Hall", "one session again");

    also(&seat, &["Studio"]).await;
    seat.desk.handle(LeaveSession {}).await.unwrap();
    seat.until_online().await;
    assert_eq!((event.room("Hall").outstanding, event.room("Studio").outstanding), (0, 0));
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_from_the_search_has_the_booked_session_and_is_let_in_by_hand() {
    let event = event();
    let server = event.serve().await;
    let seat = at_both(&event, server.url()).await;
    let found =
        seat.desk.handle(usher_protocol::commands::Find { text: "STUDIO-GUEST-4".into() }).await.unwrap();
    let card = seat.desk.handle(OpenGuest { person: found.rows[0].guest.id.clone() }).await.unwrap();
    assert_eq!((card.session.as_str(), card.outcome), ("Studio", CardOutcome::Open));
    assert_eq!(seat.accept(&card.id, false).await.unwrap().outcome, CardOutcome::LetIn);
    seat.until_online().await;
    assert_eq!(event.room("Studio").inside, 1);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_signed_ticket_waits_until_somebody_says_for_which_session() {
    let event = event();
    tickets::export(&event, &[]);
    let server = event.serve().await;
    let seat = at_both(&event, server.url()).await;
    server.shutdown().await.unwrap();
    seat.until_offline().await;
    let guest =
        PersonSpec { name: Some("Nova".into()), sessions: vec!["Studio".into()], ..PersonSpec::default() };
    let office = open(&event.data).unwrap();
    fresh(|fresh| office.import_participants(&[guest], fresh, &mut |_| {})).unwrap();
    drop(office);
    let nova = tickets::export(&event, &[]).remove("Nova").unwrap();
    let card = seat.scan(&nova.text).await;
    assert_eq!(
        (&card.verdict, card.unchosen, names(&card)),
        (&VerdictView::SignedUnknown, true, vec!["Hall", "Studio"])
    );
    assert_eq!(seat.accept(&card.id, true).await, Err(WindowError::NotPossible));
    let chosen = choose(&seat, &card, "Studio").await.unwrap();
    assert_eq!((chosen.outcome, chosen.session.as_str()), (CardOutcome::Open, "Studio"));
    assert_eq!(seat.accept(&card.id, true).await.unwrap().outcome, CardOutcome::LetIn);
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_search_found_is_let_in_by_the_hand_alone_whatever_session_is_chosen() {
    let event = event();
    let server = event.serve().await;
    let seat = at_both(&event, server.url()).await;
    let found = seat.desk.handle(Find { text: "Guest 7".into() }).await.unwrap();
    let person = found.rows[0].guest.id.clone();
    let card = seat.desk.handle(OpenGuest { person }).await.unwrap();
    assert!(card.unchosen, "{card:?}");
    assert_eq!(choose(&seat, &card, "Hall").await.unwrap().outcome, CardOutcome::Open);
    server.shutdown().await.unwrap();
}
