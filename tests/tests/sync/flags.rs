//! Flags of guests: from the organiser's file to the card of another desk, which asks, and to no screen that guests stand before.

use usher_protocol::{
    commands::{Handles, ServeThemselves},
    window::{CardOutcome, CardView, VerdictView},
};

use crate::{
    event::{Event, code},
    seat::Seat,
};

fn flags(card: &CardView) -> (Vec<&str>, bool) {
    let guest = card.guest.as_ref().unwrap();
    (guest.flags.iter().map(String::as_str).collect(), guest.attention)
}

/// Imports what a file says of some guests' flags.
fn flag(event: &Event, rows: &[(usize, &str)]) {
    let lines = rows.iter().map(|(n, row)| format!("Guest {n},{},{row}\n", code(*n)));
    let path = event.folder("flags.csv");
    std::fs::write(&path, format!("name,code,flags,attention\n{}", lines.collect::<String>())).unwrap();
    event.run(&["import", "participants", path.to_str().unwrap()]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flagged_guest_is_never_let_in_by_the_scan_alone() {
    let event = Event::of_files();
    flag(&event, &[(0, "Speaker;Wheelchair,"), (1, ",yes"), (2, ",no")]);
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    seat.until_places().await;
    let speaker = seat.scan(&code(0)).await;
    assert_eq!((speaker.outcome, &speaker.verdict), (CardOutcome::Open, &VerdictView::Registered));
    assert_eq!(flags(&speaker), (vec!["Speaker", "Wheelchair"], false));
    let special = seat.scan(&code(1)).await;
    assert_eq!((special.outcome, flags(&special)), (CardOutcome::Open, (vec![], true)));
    let let_in = seat.accept(&special.id, false).await.unwrap();
    assert_eq!((let_in.outcome, flags(&let_in)), (CardOutcome::LetIn, (vec![], true)));
    assert_eq!(seat.scan(&code(2)).await.outcome, CardOutcome::LetIn, "nobody wants a look at this one");

    // The organiser changes their mind, and the desk hears of it.
    flag(&event, &[(0, ","), (1, "VIP,no"), (60, ",")]);
    seat.desk.sync_soon();
    seat.until("the new guest is here, with the others", |view| view.list.people == 61).await;
    assert_eq!(seat.scan(&code(0)).await.outcome, CardOutcome::LetIn);
    // Sooner, their own green card would come back as it was.
    seat.host.pass(11_000);
    let inside = seat.scan(&code(1)).await;
    assert!(matches!(inside.verdict, VerdictView::AlreadyIn { .. }), "{inside:#?}");
    assert_eq!(flags(&inside), (vec!["VIP"], false));
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_who_serve_themselves_are_sent_to_the_desk_and_read_no_flags() {
    let event = Event::of_files();
    flag(&event, &[(0, "Minor,yes")]);
    event.run(&["pins", "add", "--name", "Ines", "--pin", "4711"]).unwrap();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    seat.until_places().await;
    assert!(seat.look().await.pins);
    seat.desk.handle(ServeThemselves {}).await.unwrap();
    let card = seat.scan(&code(0)).await;
    assert_eq!((card.outcome, flags(&seat.look().await.card.unwrap())), (CardOutcome::Open, (vec![], false)));
    server.shutdown().await.unwrap();
}
