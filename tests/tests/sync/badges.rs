//! Name badges at a desk: printed after the commit, beside the door, and never in its way.

use std::{net::TcpListener, path::Path};

use usher_protocol::{
    commands::{AskSavePlaces, Handles, PrintBadge, PrintSeen, PrintTest, SaveBadge, SetPrinter},
    window::{
        BadgeFailed, BadgeProblem, BadgeSaved, BadgeSettings, BadgeSize, CardOutcome, PrinterOutcome,
        WindowError,
    },
};
use usher_scan::{Budget, Frame, Reader};
use usher_tests::ippeve::{Inside, Printer, rendered};

use crate::{
    door::reopened,
    event::{Event, code},
    seat::Seat,
};

async fn set(seat: &Seat, printer: &str, on_let_in: bool) -> PrinterOutcome {
    let printer = Some(printer.to_owned());
    let set = BadgeSettings { printer, on_let_in, size: BadgeSize::W62H29 };
    seat.desk.handle(SetPrinter { set }).await.unwrap()
}

async fn print(seat: &Seat, id: &str) -> Result<(), WindowError> {
    seat.desk.handle(PrintBadge { id: id.into() }).await.map(drop)
}

/// Nothing waits any more; what failed.
async fn settled(seat: &Seat) -> Option<BadgeFailed> {
    seat.until("no badge waits", |view| view.badges.waiting == 0).await;
    seat.look().await.badges.failed
}

fn codes(pdf: &Path) -> Vec<String> {
    let frame = Frame::from_file(&rendered(pdf, 203).unwrap()).unwrap();
    Reader::new()
        .read(&frame, Budget::from_ms(1_000))
        .codes
        .iter()
        .map(|code| code.text().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_comes_out_once_when_a_guest_is_let_in_and_again_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let printer = Printer::start(folder.path(), Inside::Prints).unwrap();
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    assert_eq!(set(&seat, &printer.address(), true).await, PrinterOutcome::Set);
    server.shutdown().await.unwrap();

    let card = seat.let_in(&code(1)).await;
    assert_eq!((settled(&seat).await, printer.pages().len()), (None, 1), "offline too");
    assert_eq!(codes(&printer.pages()[0]), [code(1)], "the ticket's code is on the badge");
    seat.undo(Some(&card.id)).await;
    seat.accept(&card.id, false).await.unwrap();
    assert_eq!((settled(&seat).await, printer.pages().len()), (None, 1), "who comes back keeps the badge");
    print(&seat, &card.id).await.unwrap();
    assert_eq!((settled(&seat).await, printer.pages().len()), (None, 2));

    let unknown = seat.scan("not-on-the-list").await;
    assert_eq!(print(&seat, &unknown.id).await, Err(WindowError::NotPossible), "a badge is somebody's");
    seat.desk.handle(PrintTest { text: "Testschild".into() }).await.unwrap();
    assert_eq!((settled(&seat).await, printer.pages().len()), (None, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_never_answers_holds_up_nobody() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    // It takes connections and says nothing, ever.
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("ipp://{}/ipp/print", silent.local_addr().unwrap());
    assert_eq!(set(&seat, &address, true).await, PrinterOutcome::Set);
    for n in 0..30 {
        seat.let_in(&code(n)).await;
    }
    let badges = seat.look().await.badges;
    assert!(badges.waiting >= 20, "the printer still has the first: {badges:?}");
    assert_eq!(badges.failed.map(|failed| failed.why), Some(BadgeProblem::TooMany));
    seat.until_online().await;
    assert_eq!(event.room("Garden").inside, 30, "and every check-in was sent meanwhile");
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_that_failed_is_told_with_its_cause_and_printed_again() {
    let (empty, full) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let card = seat.let_in(&code(1)).await;
    print(&seat, &card.id).await.unwrap();
    assert_eq!(settled(&seat).await.unwrap().why, BadgeProblem::NoPrinter);

    let printer = Printer::start(empty.path(), Inside::OutOfPaper).unwrap();
    set(&seat, &printer.address(), true).await;
    let second = seat.let_in(&code(2)).await;
    let failed = settled(&seat).await.unwrap();
    let told = (failed.id.as_str(), failed.name.as_str(), failed.why, failed.more);
    assert_eq!(told, (second.id.as_str(), "Guest 2", BadgeProblem::OutOfPaper, 1));
    assert_eq!(seat.look().await.card.unwrap().outcome, CardOutcome::LetIn, "let in all the same");

    let other = Printer::start(full.path(), Inside::Prints).unwrap();
    set(&seat, &other.address(), true).await;
    print(&seat, &second.id).await.unwrap();
    let before = settled(&seat).await.unwrap();
    assert_eq!((before.name.as_str(), before.more, other.pages().len()), ("Guest 1", 0, 1));
    let seen = seat.desk.handle(PrintSeen { id: before.id }).await.unwrap();
    assert_eq!(seen.badges.failed, None);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printer_is_kept_over_a_restart_and_only_printers_are_taken() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    assert_eq!(set(&seat, "https://example.org/", true).await, PrinterOutcome::NotIpp);
    assert_eq!(set(&seat, "../etc/passwd", true).await, PrinterOutcome::NotAPrinter);
    assert_eq!(seat.look().await.badges.set, BadgeSettings::default());
    assert_eq!(set(&seat, " Brother_QL ", true).await, PrinterOutcome::Set);
    drop(seat);
    let seat = reopened(&event.folder("Desk 1")).await;
    let kept = BadgeSettings { printer: Some("Brother_QL".into()), on_let_in: true, size: BadgeSize::W62H29 };
    assert_eq!(seat.look().await.badges.set, kept);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_is_saved_as_a_pdf_in_a_place_that_was_offered() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let card = seat.let_in(&code(3)).await;
    let offered = seat.desk.handle(AskSavePlaces {}).await.unwrap().places;
    let save = |place: &str| SaveBadge { id: card.id.clone(), place: place.into() };
    assert_eq!(seat.desk.handle(save("/tmp")).await, Err(WindowError::NotPossible));
    let BadgeSaved::Saved { path } = seat.desk.handle(save(&offered[0].path)).await.unwrap() else {
        panic!()
    };
    assert!(path.ends_with("/saved/guest-3.pdf"), "{path}");
    assert_eq!(codes(Path::new(&path)), [code(3)]);
    server.shutdown().await.unwrap();
}
