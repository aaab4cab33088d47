//! What a desk learned of its keyboard scanner, and what it says of a code that a slow one typed.

use usher_protocol::{
    commands::{Handles, KnowCode, SetPractice, SetScanner},
    window::{ScannerEnd, ScannerSettings, WindowError},
};

use crate::{
    door::reopened,
    event::{Event, code},
    seat::Seat,
    tickets,
};

fn slow() -> ScannerSettings {
    ScannerSettings { prefix: "~".into(), tail: String::new(), end: ScannerEnd::Tab, gap_ms: 62 }
}

async fn knows(seat: &Seat, readings: &[&str]) -> Option<String> {
    let readings = readings.iter().map(|&text| text.to_owned()).collect();
    seat.desk.handle(KnowCode { readings }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_learned_is_kept_over_a_restart_and_can_be_forgotten() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    assert_eq!(seat.look().await.scanner, None);
    let too_slow = ScannerSettings { gap_ms: 81, ..slow() };
    assert_eq!(seat.desk.handle(SetScanner { set: Some(too_slow) }).await, Err(WindowError::BadCall));
    // Also where it is tested behind a practice.
    seat.desk.handle(SetPractice { on: true, note: String::new(), flag: String::new() }).await.unwrap();
    assert_eq!(seat.desk.handle(SetScanner { set: Some(slow()) }).await.unwrap().scanner, Some(slow()));
    let view =
        seat.desk.handle(SetPractice { on: false, note: String::new(), flag: String::new() }).await.unwrap();
    assert_eq!(view.scanner, Some(slow()));
    drop(seat);
    let seat = reopened(&event.folder("Desk 1")).await;
    assert_eq!(seat.look().await.scanner, Some(slow()));
    assert_eq!(seat.desk.handle(SetScanner { set: None }).await.unwrap().scanner, None);
    drop(seat);
    assert_eq!(reopened(&event.folder("Desk 1")).await.look().await.scanner, None);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_known_and_signed_tickets_are_known_and_nothing_is_written() {
    let event = Event::new();
    let signed = tickets::export(&event, &[]);
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
    let text = &signed["Guest 2"].text;
    assert_eq!(knows(&seat, &["nonsense", &code(1)]).await, Some(code(1)), "the reading that is known");
    assert_eq!(knows(&seat, &[text]).await.as_ref(), Some(text));
    for unknown in ["maximiliane", "NOBODY-KNOWS-THIS", "https://example.org", "", &text[..text.len() - 4]] {
        assert_eq!(knows(&seat, &[unknown]).await, None, "{unknown}");
    }
    let view = seat.look().await;
    assert_eq!((view.card, view.waiting, view.recent.len()), (None, 0, 0));
    // A real ticket is known behind a practice too: it says so there.
    seat.desk.handle(SetPractice { on: true, note: String::new(), flag: String::new() }).await.unwrap();
    assert_eq!(knows(&seat, &[&code(1)]).await, Some(code(1)));
    assert_eq!(knows(&seat, &["PRACTICE-01"]).await.as_deref(), Some("PRACTICE-01"));
    server.shutdown().await.unwrap();
}
