//! A list that is to be fetched anew keeps nothing else waiting.

use std::{fs, os::unix::fs::MetadataExt as _};

use usher_server::run::Tls;

use crate::{
    door::reopened,
    event::{Event, code},
    seat::Seat,
};

#[tokio::test(flavor = "multi_thread")]
async fn guests_are_sent_while_a_list_cannot_be_fetched_anew() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    server.shutdown().await.unwrap();
    drop(seat);
    let folder = event.folder("Desk 1");
    drop(reopened(&folder).await);
    // Somebody tidies up, and there is no room for a second list.
    fs::remove_file(folder.join("replica.db-wal")).unwrap();
    let blocked = folder.join("replica.next.db");
    fs::create_dir_all(blocked.join("full")).unwrap();
    let server = event.serve_at(address, Tls::Off).await;
    let seat = reopened(&folder).await;
    seat.let_in(&code(1)).await;
    seat.until_online().await;
    assert_eq!(event.room("Hall").inside, 1);
    let number = || fs::metadata(folder.join("replica.db")).unwrap().ino();
    let before = number();
    fs::remove_dir_all(blocked).unwrap();
    seat.host.pass(60_000);
    seat.let_in(&code(2)).await;
    seat.until("a new list", |_| number() != before).await;
    seat.until_online().await;
    assert_eq!(event.room("Hall").inside, 2);
    server.shutdown().await.unwrap();
}
