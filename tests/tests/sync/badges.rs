//! Name badges at a desk: printed after the commit, beside the door, and never in its way.

use std::{net::TcpListener, path::Path, time::Duration};

use usher_protocol::{
    commands::{AskSavePlaces, CheckReady, Handles, PrintBadge, PrintSeen, PrintTest, SaveBadge, SetPrinter},
    window::{
        BadgeFailed, BadgeProblem, BadgeSaved, BadgeSettings, BadgeSize, CardOutcome, DeskView, EventLabel,
        PrinterCheck, PrinterOutcome, TemplateDrawn, WindowError,
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
    set_size(seat, printer, on_let_in, BadgeSize::W62H29).await
}

async fn set_size(seat: &Seat, printer: &str, on_let_in: bool, size: BadgeSize) -> PrinterOutcome {
    let printer = Some(printer.to_owned());
    let set = BadgeSettings { printer, on_let_in, size };
    seat.desk.handle(SetPrinter { set }).await.unwrap()
}

async fn print(seat: &Seat, id: &str) -> Result<(), WindowError> {
    seat.desk.handle(PrintBadge { id: id.into() }).await.map(drop)
}

/// Nothing waits any more; what failed.
async fn settled(seat: &Seat) -> Option<BadgeFailed> {
    let mut views = seat.host.desk.subscribe();
    // Asked, and not taken from what was pushed: a view that was made before the let-in may come after it.
    loop {
        let badges = seat.look().await.badges;
        if badges.waiting == 0 {
            return badges.failed;
        }
        let pushed = tokio::time::timeout(Duration::from_secs(60), views.changed()).await;
        pushed.unwrap_or_else(|_| panic!("a badge waits for ever")).unwrap();
    }
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

/// Width and height of a page in millimetres.
fn mm(pdf: &Path) -> (u32, u32) {
    let picture = image::open(rendered(pdf, 254).unwrap()).unwrap();
    let mm = |dots: u32| (dots + 5) / 10;
    (mm(picture.width()), mm(picture.height()))
}

fn label(view: &DeskView) -> Option<(u16, u16, TemplateDrawn)> {
    view.badges.event.map(|EventLabel { width_mm, height_mm, drawn }| (width_mm, height_mm, drawn))
}

#[tokio::test(flavor = "multi_thread")]
async fn badges_follow_the_events_template_from_when_the_desk_hears_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let printer = Printer::start(folder.path(), Inside::Prints).unwrap();
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    assert_eq!(seat.look().await.badges.set.size, BadgeSize::Event, "a new desk goes by the event");
    set_size(&seat, &printer.address(), true, BadgeSize::Event).await;
    seat.let_in(&code(1)).await;
    assert_eq!((settled(&seat).await, mm(&printer.pages()[0])), (None, (90, 54)), "there is none yet");

    let template = r#"{ "width_mm": 54, "height_mm": 86, "code": "below", "lines": [{ "show": "name" }, { "show": "event" }] }"#;
    std::fs::write(event.folder("label.json"), template).unwrap();
    event.run(&["event", "label", event.folder("label.json").to_str().unwrap()]).unwrap();
    let there = |view: &DeskView| label(view) == Some((54, 86, TemplateDrawn::AsSaid));
    seat.until("the event's label is here", there).await;
    seat.let_in(&code(2)).await;
    assert_eq!((settled(&seat).await, mm(&printer.pages()[1])), (None, (54, 86)));
    assert_eq!(codes(&printer.pages()[1]), [code(2)]);

    set(&seat, &printer.address(), true).await;
    seat.let_in(&code(3)).await;
    assert_eq!(
        (settled(&seat).await, mm(&printer.pages()[2])),
        (None, (62, 29)),
        "a size of its own goes before it"
    );

    set_size(&seat, &printer.address(), true, BadgeSize::Event).await;
    event.run(&["event", "label", "--clear"]).unwrap();
    seat.until("the event's label is gone", |view| label(view).is_none()).await;
    server.shutdown().await.unwrap();
    drop(seat);
    let seat = reopened(&event.folder("Desk 1")).await;
    assert_eq!(seat.look().await.badges.set.size, BadgeSize::Event, "kept over a restart");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_the_desk_cannot_read_costs_nobody_the_badge_and_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let printer = Printer::start(folder.path(), Inside::Prints).unwrap();
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    set_size(&seat, &printer.address(), true, BadgeSize::Event).await;
    let later = serde_json::json!({ "width_mm": 70, "height_mm": 40, "lines": [{ "show": "portrait" }] });
    usher_server::store::open(&event.data).unwrap().set_label(Some(later)).unwrap();
    let there = |view: &DeskView| label(view) == Some((70, 40, TemplateDrawn::Unreadable));
    seat.until("the desk says so", there).await;
    seat.let_in(&code(1)).await;
    assert_eq!(
        (settled(&seat).await, mm(&printer.pages()[0])),
        (None, (70, 40)),
        "on the labels that lie there"
    );
    assert_eq!(codes(&printer.pages()[0]), [code(1)]);

    let crowded = serde_json::json!({
        "width_mm": 20, "height_mm": 20, "code": "none",
        "lines": [{ "show": "name", "size": 10 }, { "show": "event", "size": 100 }],
    });
    usher_server::store::open(&event.data).unwrap().set_label(Some(crowded)).unwrap();
    seat.until("it came", |view| label(view) == Some((20, 20, TemplateDrawn::AsSaid))).await;
    seat.let_in(&code(2)).await;
    assert_eq!(settled(&seat).await, None);
    assert_eq!(label(&seat.look().await), Some((20, 20, TemplateDrawn::LastPlain)));
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_before_opening_says_how_the_printer_is_while_it_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let open = |open| seat.desk.handle(CheckReady { open });
    assert_eq!(open(true).await.unwrap().ready.unwrap().printer, None, "this desk prints no badges");
    let says = |wanted: PrinterCheck| {
        move |view: &DeskView| {
            view.ready.as_ref().is_some_and(|ready| ready.printer.as_ref() == Some(&wanted))
        }
    };
    let problem = |why| PrinterCheck::Problem { why };

    let printer = Printer::start(folder.path(), Inside::OutOfPaper).unwrap();
    set(&seat, &printer.address(), true).await;
    seat.until("it would print", says(PrinterCheck::Good)).await;
    seat.desk.handle(PrintTest { text: "Test".into() }).await.unwrap();
    seat.until("the test came to nothing", says(problem(BadgeProblem::OutOfPaper))).await;
    set(&seat, "ipp://127.0.0.1:1/ipp/print", true).await;
    seat.until("nobody is there", says(problem(BadgeProblem::Gone))).await;

    let closed = open(false).await.unwrap();
    assert_eq!(closed.ready, None);
    assert_eq!(open(true).await.unwrap().ready.unwrap().printer, Some(PrinterCheck::Asking), "asked anew");
    seat.until("asked anew", says(problem(BadgeProblem::Gone))).await;
    let set = BadgeSettings { printer: None, on_let_in: true, size: BadgeSize::Event };
    seat.desk.handle(SetPrinter { set }).await.unwrap();
    assert_eq!(seat.look().await.ready.unwrap().printer, Some(problem(BadgeProblem::NoPrinter)));
    server.shutdown().await.unwrap();
}
