//! Signed tickets from the organiser's command to the card: printed, read from the picture, judged at a desk without a network.

use std::{collections::BTreeMap, path::Path};

use usher_protocol::window::{CardAction, CardOutcome, CardView, VerdictView, WindowError};
use usher_scan::{Budget, Frame, Reader};
use usher_server::run::Tls;

use crate::{
    door::reopened,
    event::{Event, code},
    seat::Seat,
};

/// A line of the exported table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Printed {
    cti: String,
    pub(crate) text: String,
    picture: String,
}

/// `tickets export --signed`, by guest.
pub(crate) fn export(event: &Event, more: &[&str]) -> BTreeMap<String, Printed> {
    let table = event.folder("tickets.csv");
    let line = ["tickets", "export", "--signed", "--out", table.to_str().unwrap()];
    event.run(&[&line[..], more].concat()).unwrap();
    let mut read = csv::Reader::from_path(table).unwrap();
    let rows = read.records().map(|row| {
        let row = row.unwrap();
        let picture = row.get(6).unwrap_or_default().into();
        (row[0].to_owned(), Printed { cti: row[4].into(), text: row[5].into(), picture })
    });
    rows.collect()
}

/// What the scanner reads in a picture.
fn scanned(path: &Path) -> String {
    let frame = Frame::from_file(path).unwrap();
    let reading = Reader::new().read(&frame, Budget::from_ms(10_000));
    let [code] = &reading.codes[..] else { panic!("one code was expected: {reading:?}") };
    code.text().unwrap().to_owned()
}

/// Another guest on the organiser's list; a desk that has heard of them has heard of all before.
async fn import(event: &Event, name: &str, seat: Option<&Seat>) {
    let file = event.folder("more.csv");
    std::fs::write(
        &file,
        format!("name,email,code,sessions\n{name},{name}@example.org,MORE-{name},Studio\n"),
    )
    .unwrap();
    event.run(&["import", "participants", file.to_str().unwrap()]).unwrap();
    if let Some(seat) = seat {
        let people = usher_server::store::open(&event.data).unwrap().person_count().unwrap();
        seat.until("the newest guest is on the list", |view| view.list.people == people).await;
    }
}

fn told(card: &CardView) -> (VerdictView, Vec<CardAction>) {
    (card.verdict.clone(), card.actions.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printed_ticket_lets_its_guest_in_offline_whether_the_list_has_them_or_not() {
    let event = Event::of_files();
    export(&event, &[]);
    let server = event.serve().await;
    let address = server.address();
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    seat.until_places().await;
    seat.until_online().await;
    server.shutdown().await.unwrap();
    seat.until_offline().await;
    import(&event, "Newcomer", None).await;
    let pictures = event.folder("pictures");
    let printed = export(&event, &["--pictures", pictures.to_str().unwrap()]);
    assert_eq!(printed.len(), 61);

    let read = |name: &str| scanned(&pictures.join(&printed[name].picture));
    assert_eq!(read("Guest 1"), printed["Guest 1"].text);
    let card = seat.let_in(&read("Guest 1")).await;
    assert_eq!((card.verdict, card.guest.unwrap().name), (VerdictView::Registered, "Guest 1".into()));
    let by_code = seat.scan(&code(1)).await;
    assert!(matches!(by_code.verdict, VerdictView::AlreadyIn { here: true, .. }), "{by_code:#?}");

    let text = read("Newcomer");
    let card = seat.scan(&text).await;
    assert_eq!(
        told(&card),
        (VerdictView::SignedUnknown, vec![CardAction::TurnAway, CardAction::LetInAnyway])
    );
    assert_eq!(
        seat.accept(&card.id, false).await,
        Err(WindowError::NotPossible),
        "Space admits no exception"
    );
    assert_eq!(seat.accept(&card.id, true).await.unwrap().outcome, CardOutcome::LetIn);
    seat.host.pass(11_000);
    assert!(matches!(seat.scan(&text).await.verdict, VerdictView::AlreadyIn { here: true, .. }));

    let server = event.serve_at(address, Tls::Off).await;
    seat.until("the newcomer is on the list", |view| view.list.people == 61).await;
    seat.until_online().await;
    let card = seat.scan(&text).await;
    assert!(matches!(card.verdict, VerdictView::AlreadyIn { .. }));
    assert_eq!(card.guest.unwrap().name, "Newcomer");
    server.shutdown().await.unwrap();
    assert_eq!(event.room("Studio").inside, 2);
    assert_eq!(event.board().incidents, []);
    event.run(&["check"]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn revoked_expired_and_withdrawn_tickets_are_told_once_the_desk_has_heard_of_it() {
    let event = Event::of_files();
    let first = export(&event, &[]);
    let over = export(&event, &["--until", "2020-01-01T00:00:00Z"]);
    assert_eq!(export(&event, &[]), first, "the same tickets again");
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    seat.until_places().await;
    let expired = seat.scan(&over["Guest 2"].text).await.verdict;
    let until_ms = Some(1_577_836_799_999);
    assert_eq!(expired, VerdictView::Expired { from_ms: None, until_ms });

    event.run(&["tickets", "revoke", &first["Guest 3"].cti]).unwrap();
    event.run(&["tickets", "revoke", &first["Guest 4"].text]).unwrap();
    let unknown = event.run(&["tickets", "revoke", "nobody@example.org"]).unwrap_err();
    assert!(unknown.contains("nobody@example.org") && unknown.contains("Name the ticket"), "{unknown}");
    import(&event, "Ana", Some(&seat)).await;
    for n in [3, 4] {
        assert_eq!(seat.scan(&first[&format!("Guest {n}")].text).await.verdict, VerdictView::Revoked);
    }
    let second = export(&event, &[]);
    assert_ne!(second["Guest 3"], first["Guest 3"]);
    seat.let_in(&second["Guest 3"].text).await;
    seat.let_in(&code(4)).await;

    event.run(&["tickets", "rotate-key"]).unwrap();
    let third = export(&event, &[]);
    assert_ne!(third["Guest 5"].text, first["Guest 5"].text);
    assert_eq!(third["Guest 5"].cti, first["Guest 5"].cti);
    import(&event, "Bo", Some(&seat)).await;
    seat.let_in(&first["Guest 5"].text).await;
    seat.let_in(&third["Guest 6"].text).await;
    let kid = usher_server::store::open(&event.data).unwrap().ticket_keys().unwrap()[0].kid.to_string();
    event.run(&["tickets", "withdraw-key", &kid]).unwrap();
    event.run(&["tickets", "keys"]).unwrap();
    import(&event, "Cy", Some(&seat)).await;
    assert_eq!(seat.scan(&first["Guest 7"].text).await.verdict, VerdictView::Revoked);
    seat.let_in(&third["Guest 7"].text).await;
    server.shutdown().await.unwrap();
    event.run(&["check"]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_made_is_refused_and_noted_and_a_desk_behind_calls_nobody_a_cheat() {
    let (event, elsewhere) = (Event::of_files(), Event::of_files());
    let (printed, foreign) = (export(&event, &[]), export(&elsewhere, &[]));
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    seat.until_places().await;
    seat.until_online().await;
    server.shutdown().await.unwrap();
    seat.until_offline().await;
    let text = &printed["Guest 1"].text;
    let last = if text.ends_with('0') { "1" } else { "0" };
    let forged = format!("{}{last}", &text[..text.len() - 1]);
    event.run(&["tickets", "rotate-key"]).unwrap();
    let newer = export(&event, &[])["Guest 1"].text.clone();
    for (text, wanted) in [
        (&forged, VerdictView::Forged),
        (&foreign["Guest 1"].text, VerdictView::OtherEvent),
        (&newer, VerdictView::UnknownTicket),
    ] {
        let waiting = seat.look().await.waiting;
        let card = seat.scan(text).await;
        assert_eq!(card.verdict, wanted);
        let lets_in = |action: &CardAction| matches!(action, CardAction::LetIn | CardAction::LetInAnyway);
        assert!(!card.actions.iter().any(lets_in), "{card:#?}");
        assert_eq!(seat.accept(&card.id, true).await, Err(WindowError::NotPossible));
        // The next look closes it, and writes it down.
        seat.scan("https://example.org/").await;
        assert_eq!(seat.look().await.waiting, waiting + 1);
    }
    drop(seat);
    let seat = reopened(&event.folder("Desk 1")).await;
    assert_eq!(seat.scan(&forged).await.verdict, VerdictView::Forged, "the keys are in the desk's files");
}
