//! The desk's own records: saved into a file that the server takes in, and counts that are compared and made anew.

use std::{path::Path, time::Duration};

use usher_protocol::{
    commands::{AskSavePlaces, CheckRecords, Handles, RebuildRecords, SaveLog},
    window::{Counted, SavePlaceKind, WindowError},
};

use crate::{
    event::{Event, code},
    seat::Seat,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_unsent_log_is_saved_in_a_place_that_was_offered_and_nowhere_else() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    server.shutdown().await.unwrap();
    for n in 0..3 {
        seat.let_in(&code(n)).await;
    }
    let offered = seat.desk.handle(AskSavePlaces {}).await.unwrap();
    let kinds: Vec<_> = offered.places.iter().map(|place| place.kind).collect();
    assert_eq!((offered.waiting, kinds), (3, vec![SavePlaceKind::Desk]));
    let elsewhere = event.folder("elsewhere");
    std::fs::create_dir_all(&elsewhere).unwrap();
    let elsewhere = SaveLog { place: elsewhere.to_str().unwrap().into() };
    assert_eq!(seat.desk.handle(elsewhere).await.unwrap_err(), WindowError::NotPossible);
    let save = || SaveLog { place: offered.places[0].path.clone() };
    let saved = seat.desk.handle(save()).await.unwrap();
    assert!(saved.path.ends_with("/saved/desk-1.usherlog"), "{saved:?}");
    assert_eq!((saved.waiting, saved.entries > 3), (3, true), "the whole log, not only what waits");
    let second = seat.desk.handle(save()).await.unwrap();
    assert_ne!(second.path, saved.path, "a saved log is never written over");
    assert!(!std::fs::read(&second.path).unwrap().is_empty());
    event.run(&["carry", "import", &saved.path]).unwrap();
    assert_eq!(event.room("Hall").inside, 3);
}

/// Makes a count of the desk's tables wrong, as a fault of the disk would.
async fn spoil(folder: &Path) {
    let lists = rusqlite::Connection::open(folder.join("replica.db")).unwrap();
    let wrong = "UPDATE tally SET inside = inside + 5 WHERE inside = 2";
    let absorbed = async {
        while lists.execute(wrong, []).unwrap() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), absorbed).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_count_is_found_named_and_made_anew_from_the_records() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    for n in 0..2 {
        seat.let_in(&code(n)).await;
    }
    seat.until_online().await;
    let good = seat.desk.handle(CheckRecords {}).await.unwrap();
    assert_eq!(good.differences, []);
    spoil(&event.folder("Desk 1")).await;
    let found = seat.desk.handle(CheckRecords {}).await.unwrap();
    let [one] = found.differences.as_slice() else { panic!("{found:?}") };
    assert_eq!(one.session, "Hall");
    let right = Counted { inside: 2, occupied: 2, unsettled: 0, over_grant: 0 };
    assert_eq!((one.shown, one.counted), (Counted { inside: 7, ..right }, right));
    let after = seat.desk.handle(RebuildRecords {}).await.unwrap();
    assert_eq!(after.differences, []);
    assert!(after.entries >= 2);
    seat.until("the screen shows the true count", |view| view.room.is_some_and(|room| room.inside == 2))
        .await;
    server.shutdown().await.unwrap();
}
