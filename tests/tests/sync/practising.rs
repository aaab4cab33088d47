//! Practice and the check before opening: neither reaches the log, whatever is shown to the desk.

use usher_core::entry::Found;
use usher_protocol::{
    commands::{AskDone, CheckReady, Handles, LeaveSession, Scan, SetNames, SetOut, SetPractice},
    window::{CardOutcome, DeskPhase, DeskView, PracticeKind, VerdictView, WindowError},
};

use crate::{
    event::{Event, code},
    seat::Seat,
    tickets,
};

async fn practise(seat: &Seat, on: bool) -> DeskView {
    seat.desk.handle(SetPractice { on, note: "Speaker".into(), flag: "VIP".into() }).await.unwrap()
}

/// What each made-up ticket shows, by kind.
fn shows(kind: PracticeKind, verdict: &VerdictView, outcome: CardOutcome) -> bool {
    match kind {
        PracticeKind::Booked | PracticeKind::Family => outcome == CardOutcome::LetIn,
        PracticeKind::Note | PracticeKind::Flag => {
            *verdict == VerdictView::Registered && outcome == CardOutcome::Open
        }
        PracticeKind::AlreadyIn => matches!(verdict, VerdictView::AlreadyIn { here: true, .. }),
        PracticeKind::NotBooked => matches!(verdict, VerdictView::NotRegistered { .. }),
        PracticeKind::Cancelled => *verdict == VerdictView::Cancelled,
        PracticeKind::Expired => matches!(verdict, VerdictView::Expired { .. }),
        PracticeKind::Unknown => *verdict == VerdictView::UnknownTicket,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_made_up_ticket_shows_what_it_says_and_nothing_of_it_is_kept() {
    let event = Event::new();
    let signed = tickets::export(&event, &[]);
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    seat.let_in(&code(1)).await;
    let before = seat.until_online().await;
    let done = seat.desk.handle(AskDone { before: None }).await.unwrap();
    let view = practise(&seat, true).await;
    assert_eq!((view.phase, view.list.complete), (DeskPhase::Door, true), "the window shows the door");
    let tickets = view.practice.unwrap().tickets;
    assert_eq!((tickets.len(), view.recent.len(), view.waiting), (12, 0, 0), "files of its own");
    for ticket in &tickets {
        let card = seat.scan(&ticket.code).await;
        assert!(shows(ticket.kind, &card.verdict, card.outcome), "{ticket:?}: {card:#?}");
    }
    assert!(seat.look().await.room.unwrap().inside >= 6);
    for real in [&code(2), &signed["Guest 2"].text] {
        let real = seat.scan(real).await;
        assert_eq!((real.verdict, real.actions.len(), real.again), (VerdictView::PracticeOnly, 0, false));
        let poster = seat.scan("https://example.org").await;
        assert_eq!((poster.verdict, poster.again), (VerdictView::NotATicket, false));
    }
    assert_eq!(seat.desk.handle(LeaveSession {}).await, Err(WindowError::NotPossible));
    // The desk goes on hearing the server meanwhile, and what it pushes stays the view of the practice.
    let sees = seat.look().await.list.synced_ms;
    seat.desk.handle(SetNames { hidden: true }).await.unwrap();
    seat.desk.sync_soon();
    seat.until("something is pushed", |view| view.practice.is_some() && view.names_hidden).await;
    assert_eq!(seat.look().await.list.synced_ms, sees, "of its own list");
    seat.desk.handle(SetOut { out: true }).await.unwrap();
    assert_eq!(seat.scan(&code(1)).await.verdict, VerdictView::PracticeOnly, "whichever way the door goes");
    let after = practise(&seat, false).await;
    assert!(after.names_hidden && !after.out, "what was set stays set, and the door lets in");
    assert_eq!((after.practice, after.waiting, after.recent), (None, 0, before.recent));
    assert_eq!(seat.desk.handle(AskDone { before: None }).await.unwrap(), done, "the log says what it said");
    assert_eq!(seat.scan(&tickets[0].code).await.verdict, VerdictView::UnknownTicket);
    assert!(!event.folder("Desk 1").join("practice").exists());
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_doors_are_checked_a_code_is_only_seen() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let view = seat.desk.handle(CheckReady { open: true }).await.unwrap();
    let ready = view.ready.unwrap();
    assert!(!ready.camera_read && !ready.scanner_read);
    let scan = |found| Scan { readings: vec![code(1)], found };
    assert_eq!(seat.desk.handle(scan(Found::Camera)).await.unwrap(), None);
    let ready = seat.look().await.ready.unwrap();
    assert!(ready.camera_read && !ready.scanner_read);
    assert_eq!(seat.desk.handle(scan(Found::Scanner)).await.unwrap(), None);
    assert!(seat.look().await.ready.unwrap().scanner_read);
    let view = seat.desk.handle(CheckReady { open: false }).await.unwrap();
    assert_eq!((view.ready, view.recent.len(), view.room.unwrap().inside), (None, 0, 0));
    assert_eq!(seat.let_in(&code(1)).await.outcome, CardOutcome::LetIn);
    server.shutdown().await.unwrap();
}
