//! The desk takes over the folder of an older one: nothing that was unsent is lost.

use std::path::Path;

use usher_protocol::window::{DeskPhase, PlacesView};
use usher_server::run::Tls;

use super::fixture::{self, SENT, UNSENT, entries, export, table};
use crate::{
    event::Event,
    seat::{Seat, TestHost},
};

/// The bytes in a desk's own log, by number, of the life that was there before.
fn bytes(folder: &Path) -> Vec<(i64, String, String)> {
    let log = rusqlite::Connection::open(folder.join("log.db")).unwrap();
    let mut rows = log
        .prepare("SELECT seq, lower(hex(hash)), lower(hex(bytes)) FROM entry JOIN life USING (epoch) WHERE life.nr = 1 ORDER BY seq")
        .unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// An old desk opened by this version; nobody answers at its server's address yet.
async fn taken_over(event: &Event, machine: u128) -> (Seat, std::net::SocketAddr) {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let folder = event.folder("Desk 1");
    fixture::desk(&folder, &format!("http://{address}"));
    let seat = Seat::open_with(&folder, TestHost::on(machine));
    assert_eq!(bytes(&folder)[..(SENT + UNSENT) as usize], entries()[..], "byte for byte");
    (seat, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_desk_goes_on_where_it_was_and_sends_what_was_unsent() {
    let event = fixture::event();
    let (seat, address) = taken_over(&event, fixture::machine()).await;
    let view = seat.look().await;
    assert_eq!((view.phase, view.desk.as_str(), view.initials.as_str()), (DeskPhase::Door, "Desk 1", "OV"));
    assert_eq!(view.waiting, UNSENT as u64);
    assert!(matches!(view.places, PlacesView::Left { left, .. } if left > 0), "{:#?}", view.places);
    assert_eq!(view.room.unwrap().inside, 10, "what it knew, and its own");
    // Before it ever meets the new server: the Hall's session goes on for decades, so that its guests are only late.
    let card = seat.scan("OLD-0016-TICKET").await;
    let card = seat.accept(&card.id, true).await.unwrap();
    let server = event.serve_at(address, Tls::Off).await;
    seat.until_online().await;
    let now = export(&event);
    let after = table(&fixture::text("server-after.csv"));
    assert!(after.iter().all(|row| now.contains(row)), "every entry as the old server would have it");
    assert_eq!(now.len(), after.len() + 1, "and the guest of {}", card.id);
    assert_eq!((event.room("Hall").inside, event.room("Hall").unsettled), (11, 1));
    seat.until("all desks' guests", |view| view.room.is_some_and(|room| room.inside == 11)).await;
    server.shutdown().await.unwrap();
    event.run(&["check"]).unwrap();
    event.run(&["verify"]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_desk_moved_to_another_computer_sends_what_was_unsent_and_begins_a_new_life() {
    let event = fixture::event();
    let (seat, address) = taken_over(&event, fixture::machine() ^ 1).await;
    let server = event.serve_at(address, Tls::Off).await;
    seat.until_online().await;
    let (now, after) = (export(&event), table(&fixture::text("server-after.csv")));
    assert_eq!(now, after);
    seat.until_places().await;
    server.shutdown().await.unwrap();
    event.run(&["check"]).unwrap();
    event.run(&["verify"]).unwrap();
}
