//! Walk-ins through the real service: added at one desk, found and known at the others; taken back, carried, erased; scans that wait.

use usher_core::entry::Found;
use usher_protocol::{
    commands::{AddWalkIn, AskDone, CloseCard, Find, Handles, HoldScans, OpenGuest, Scan},
    profile::ProfileFault,
    window::{
        CardAction, CardOutcome, CardView, DeskView, FindRow, FindStatus, RecentWhat, VerdictView,
        WalkInOutcome, WindowError,
    },
};

use crate::{
    event::{Event, code},
    seat::Seat,
};

fn form(number: u128) -> String {
    uuid::Uuid::from_u128(number).to_string()
}

pub(crate) async fn walk_in(
    seat: &Seat,
    number: u128,
    name: &str,
    let_in: bool,
) -> Result<WalkInOutcome, WindowError> {
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    let (first, last) = (first.into(), last.into());
    let add = AddWalkIn {
        form: form(number),
        first,
        last,
        email: "q@example.org".into(),
        kind: "Walk-in".into(),
        let_in,
    };
    seat.desk.handle(add).await
}

pub(crate) async fn added(seat: &Seat, number: u128, name: &str, let_in: bool) -> CardView {
    match walk_in(seat, number, name, let_in).await {
        Ok(WalkInOutcome::Added { card }) => *card,
        other => panic!("{name} was not added: {other:?}"),
    }
}

pub(crate) async fn find(seat: &Seat, text: &str) -> Vec<FindRow> {
    seat.desk.handle(Find { text: text.into() }).await.unwrap().rows
}

async fn open(seat: &Seat, row: &FindRow) -> CardView {
    seat.desk.handle(OpenGuest { person: row.guest.id.clone() }).await.unwrap()
}

async fn hold(seat: &Seat, held: bool) -> DeskView {
    seat.desk.handle(HoldScans { held }).await.unwrap()
}

/// Waits until this desk's list has so many people: the event has 50.
async fn until_listed(seat: &Seat, people: u64) {
    seat.until("the list has grown", |view| view.list.people == people).await;
}

/// Asks the server until the search finds nobody.
async fn until_nobody(seat: &Seat, text: &str) {
    while !find(seat, text).await.is_empty() {
        let before = seat.look().await.list.synced_ms;
        seat.desk.sync_soon();
        seat.until("asked since", |view| view.list.synced_ms > before).await;
    }
}

async fn until_inside(seat: &Seat, inside: u64) {
    seat.until("so many are in", |view| view.room.is_some_and(|room| room.inside == inside)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_in_is_known_at_the_other_desks_and_reads_already_in_there() {
    let event = Event::new();
    let server = event.serve().await;
    let one = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    let two = Seat::at_door(&event, server.url(), "Desk 2", "Hall").await;
    one.until_places().await;
    let card = added(&one, 1, "Quirin Mbéki", true).await;
    assert_eq!((card.outcome, card.actions.as_slice()), (CardOutcome::LetIn, &[CardAction::Undo][..]));
    assert_eq!(card.guest.as_ref().map(|guest| guest.kind.as_str()), Some("Walk-in"));
    let again = added(&one, 1, "Quirin Mbéki", true).await;
    assert_eq!((again.id, again.outcome), (card.id, CardOutcome::LetIn), "pressed twice");
    assert_eq!(find(&one, "quirin").await.len(), 1, "at once, before anything was sent");
    until_listed(&two, 51).await;
    until_inside(&two, 1).await;
    let rows = find(&two, "quirin mb").await;
    let there = open(&two, &rows[0]).await;
    let VerdictView::AlreadyIn { desk, here, .. } = there.verdict else { panic!("{there:#?}") };
    assert_eq!((desk.as_str(), here), ("Desk 1", false));
    assert_eq!(find(&two, "quirin").await[0].status, FindStatus::In);
    until_listed(&one, 51).await;
    assert_eq!(find(&one, "quirin").await.len(), 1, "and once at its own desk, when the list names it too");
    one.until_online().await;
    assert_eq!(event.room("Hall").inside, 1);
    let table = event.folder("door.csv");
    event.run(&["export", "check-ins", "--out", table.to_str().unwrap()]).unwrap();
    let table = std::fs::read_to_string(table).unwrap();
    assert_eq!(table.lines().filter(|line| line.contains("Quirin Mbéki")).count(), 2, "{table}");
    assert!(event.run(&["check"]).is_ok() && event.run(&["verify"]).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_in_taken_back_is_gone_from_every_list_and_its_place_is_free() {
    let event = Event::new();
    let server = event.serve().await;
    let one = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    let two = Seat::at_door(&event, server.url(), "Desk 2", "Hall").await;
    one.until_places().await;
    let card = added(&one, 1, "Quirin", true).await;
    until_inside(&two, 1).await;
    assert_eq!(find(&two, "quirin").await.len(), 1);
    let undone = one.undo(Some(&card.id)).await;
    assert_eq!((undone.outcome, undone.actions.as_slice()), (CardOutcome::TakenBack, &[][..]));
    until_inside(&two, 0).await;
    assert!(find(&two, "quirin").await.is_empty() && find(&one, "quirin").await.is_empty());
    one.until_online().await;
    assert_eq!(event.room("Hall").inside, 0);
    let waiting = added(&one, 2, "Zuriñe", false).await;
    assert_eq!(waiting.outcome, CardOutcome::Open);
    assert_eq!(waiting.actions, [CardAction::Undo, CardAction::TurnAway, CardAction::LetInAnyway]);
    let let_in = one.accept(&waiting.id, true).await.unwrap();
    assert_eq!(let_in.outcome, CardOutcome::LetIn);
    let back = one.undo(None).await;
    assert_eq!(
        back.actions,
        [CardAction::LetInAnyway],
        "added first and let in later: only the let-in was taken back"
    );
    assert_eq!(find(&one, "zuriñe").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_place_the_form_says_so_and_writes_nothing() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    seat.until_places().await;
    for number in 1..=3 {
        // Places come one by one.
        seat.until_places().await;
        added(&seat, number, &format!("Quirin {number}"), true).await;
    }
    let before = seat.desk.own_log(0, 100).unwrap().len();
    let refused = walk_in(&seat, 4, "Zuriñe", true).await.unwrap();
    assert_eq!(refused, WalkInOutcome::NotNow);
    assert_eq!(seat.desk.own_log(0, 100).unwrap().len(), before);
    for (name, why) in [
        ("", ProfileFault::NoName),
        ("Ana\u{0}", ProfileFault::Letters),
        (&*"a".repeat(300), ProfileFault::TooLong),
    ] {
        assert_eq!(walk_in(&seat, 5, name, true).await.unwrap(), WalkInOutcome::Invalid { why });
    }
    let card = added(&seat, 4, "Zuriñe", false).await;
    assert_eq!(
        (card.outcome, card.actions.as_slice()),
        (CardOutcome::Open, &[CardAction::Undo, CardAction::AskPlace][..])
    );
    // The card's time is over: the refusal that is recorded then does not take the place of what can be taken back.
    seat.desk.handle(CloseCard { id: card.id }).await.unwrap();
    assert_eq!(seat.look().await.recent[0].what, RecentWhat::Added);
    let done = seat.desk.handle(AskDone { before: None }).await.unwrap();
    let row = done.rows.iter().find(|row| row.row.what == RecentWhat::Added).unwrap();
    assert_eq!((row.row.name.as_str(), row.undo), ("Zuriñe", true));
    seat.undo(Some(&row.row.id)).await;
    assert!(find(&seat, "zuriñe").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_while_a_form_is_open_waits_and_opens_behind_the_walk_ins_card() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    hold(&seat, true).await;
    let scan = |text: String| Scan { readings: vec![text], found: Found::Camera };
    assert_eq!(seat.desk.handle(scan("https://example.org".into())).await.unwrap(), None);
    assert_eq!(seat.look().await.held_scan, None, "no ticket: nobody waits");
    for n in [1, 2, 1] {
        assert_eq!(seat.desk.handle(scan(code(n))).await.unwrap(), None);
    }
    let view = seat.look().await;
    assert_eq!((view.held_scan.as_deref(), view.card), (Some("Guest 1"), None));
    let before = seat.desk.own_log(0, 100).unwrap().len();
    let card = added(&seat, 1, "Quirin", true).await;
    let view = hold(&seat, false).await;
    assert_eq!(view.card.as_ref().map(|shown| &shown.id), Some(&card.id), "first who was let in is seen");
    assert_eq!(
        (view.held_scan.as_deref(), before + 2),
        (Some("Guest 1"), seat.desk.own_log(0, 100).unwrap().len())
    );
    let close = CloseCard { id: card.id };
    let view = seat.desk.handle(close).await.unwrap();
    let opened = view.card.unwrap();
    assert_eq!((opened.guest.unwrap().name.as_str(), opened.outcome), ("Guest 1", CardOutcome::LetIn));
    assert_eq!(view.held_scan, None);
    hold(&seat, true).await;
    seat.desk.handle(scan(code(3))).await.unwrap();
    let view = hold(&seat, false).await;
    assert_eq!(
        view.card.unwrap().guest.unwrap().name,
        "Guest 3",
        "a form that is closed without an answer opens it at once"
    );
    // Whoever is picked from the list instead is seen before the one that waits.
    hold(&seat, true).await;
    seat.desk.handle(scan(code(4))).await.unwrap();
    let row = find(&seat, "guest 5").await.remove(0);
    let picked = seat.desk.handle(OpenGuest { person: row.guest.id }).await.unwrap();
    let view = hold(&seat, false).await;
    assert_eq!((view.card.unwrap().id, view.held_scan.as_deref()), (picked.id.clone(), Some("Guest 4")));
    let view = seat.desk.handle(CloseCard { id: picked.id }).await.unwrap();
    assert_eq!((view.held_scan, view.card.unwrap().guest.unwrap().name.as_str()), (None, "Guest 4"));
    let unknown = seat.scan("NOBODY-77").await;
    assert_eq!(unknown.actions, [CardAction::Find, CardAction::WalkIn]);
}

/// The names of a desk that never reached the server travel with its saved log, and nobody who finds the stick reads them.
#[tokio::test(flavor = "multi_thread")]
async fn a_saved_log_brings_the_names_and_shows_none() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    server.shutdown().await.unwrap();
    added(&seat, 1, "Xanthippe Quirin", true).await;
    let file = event.folder("desk-1.usherlog");
    seat.desk.save_log(&file).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let pages =
        text.lines().filter_map(|line| serde_json::from_str::<usher_protocol::carry::CarryPage>(line).ok());
    let bodies: Vec<_> = pages.map(|page| String::from_utf8(page.body.0).unwrap()).collect();
    assert!(!bodies.is_empty() && bodies.iter().all(|body| !body.contains("Xanthippe")), "{bodies:?}");
    for _ in 0..2 {
        event.run(&["carry", "import", file.to_str().unwrap()]).unwrap();
    }
    let found = usher_server::store::open(&event.data).unwrap().find_persons("xanthippe").unwrap();
    assert_eq!((found.len(), found[0].inside.clone()), (1, vec!["Hall".to_owned()]));
    assert_eq!(event.room("Hall").inside, 1);
    assert!(event.run(&["verify", file.to_str().unwrap()]).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_is_nameless_at_every_desk_and_the_counts_stay() {
    let event = Event::new();
    let server = event.serve().await;
    let one = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    let two = Seat::at_door(&event, server.url(), "Desk 2", "Hall").await;
    one.until_places().await;
    let card = added(&one, 1, "Quirin", true).await;
    until_inside(&two, 1).await;
    let person = card.guest.unwrap().id;
    event.run(&["erase", &person]).unwrap();
    let nobody = event.run(&["erase", &form(99)]).unwrap_err();
    assert!(nobody.contains("Nobody on the guest list"), "{nobody}");
    until_nobody(&one, "quirin").await;
    until_nobody(&two, "quirin").await;
    assert_eq!(event.room("Hall").inside, 1);
    let table = event.folder("guests.csv");
    event.run(&["export", "guests", "--out", table.to_str().unwrap()]).unwrap();
    assert!(!std::fs::read_to_string(table).unwrap().contains("Quirin"));
    assert!(event.run(&["check"]).is_ok() && event.run(&["verify"]).is_ok());
}

/// A server that was put back to before the walk-in is told by its desk, or by another one where that desk is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_restored_server_is_given_the_names_back_by_other_desks() {
    let event = Event::new();
    let server = event.serve().await;
    let one = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    let two = Seat::at_door(&event, server.url(), "Desk 2", "Hall").await;
    one.until_places().await;
    let backup = event.folder("backup.db");
    crate::other_roads::copy_database(&event, &backup);
    added(&one, 1, "Quirin", true).await;
    one.until_online().await;
    until_inside(&two, 1).await;
    drop(one);
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    server.shutdown().await.unwrap();
    crate::other_roads::put_back(&event, &backup);
    let in_database = |data: &std::path::Path| {
        usher_server::store::open(data).unwrap().find_persons("quirin").unwrap().len()
    };
    assert_eq!(in_database(&backup), 0);
    let server = event.serve_at(address, usher_server::run::Tls::Off).await;
    two.scan(&code(9)).await;
    two.until("the server learns", |view| view.learning).await;
    while in_database(&event.data) == 0 {
        let asked = two.look().await.list.synced_ms;
        two.desk.sync_soon();
        two.until("asked since", |view| view.list.synced_ms > asked).await;
    }
    assert_eq!(find(&two, "quirin").await.len(), 1);
    server.shutdown().await.unwrap();
}
