//! `usher-server key rotate`: the server's key is replaced, and desks follow, whenever they come back.

use std::path::{Path, PathBuf};

use usher_protocol::window::{LinkView, OfflineWhy};
use usher_server::run::Tls;

use crate::{
    door::reopened,
    event::{Event, code},
    seat::Seat,
};

/// The files of the server: its database and the roster beside it.
fn roster(event: &Event) -> PathBuf {
    format!("{}.roster", event.data.display()).into()
}

fn secret(event: &Event) -> String {
    let text = std::fs::read_to_string(roster(event)).unwrap();
    let events = text.lines().filter_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        Some(line.get("event")?.get("key")?.as_str()?.to_owned())
    });
    let [key] = &events.collect::<Vec<_>>()[..] else { panic!("one key was expected: {text}") };
    key.clone()
}

fn rotate(event: &Event) {
    let old = secret(event);
    event.run(&["key", "rotate"]).unwrap();
    let text = std::fs::read_to_string(roster(event)).unwrap();
    assert!(!text.contains(&old), "the old key is not kept");
}

fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}

/// The database is one file once nobody has it open.
fn copy_server(event: &Event, to: &str) {
    std::fs::create_dir_all(event.folder(to)).unwrap();
    std::fs::copy(&event.data, event.folder(to).join("usher.db")).unwrap();
    std::fs::copy(roster(event), event.folder(to).join("usher.db.roster")).unwrap();
}

async fn until_other_server(seat: &Seat) {
    let other = |view: &usher_protocol::window::DeskView| {
        matches!(view.link, LinkView::Offline { why: OfflineWhy::OtherServer, .. })
    };
    seat.until("the server is not believed", other).await;
}

/// Everything that the server holds, and that these desks would save now, is as it was signed.
#[track_caller]
fn all_holds(event: &Event, seats: &[&Seat]) {
    let files: Vec<_> = (0..seats.len()).map(|n| event.folder(&format!("saved-{n}.usherlog"))).collect();
    for (seat, file) in seats.iter().zip(&files) {
        seat.desk.save_log(file).unwrap();
    }
    let files = files.iter().map(|file| file.to_str().unwrap());
    event.run(&["verify"].into_iter().chain(files).collect::<Vec<_>>()).unwrap();
    event.run(&["check"]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_was_away_while_the_key_was_replaced_twice_goes_on_as_if_nothing_were() {
    let event = Event::of_files();
    let server = event.serve().await;
    let address = server.address();
    let here = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    let away = Seat::at_door(&event, server.url(), "Desk 2", "Studio").await;
    for (seat, n) in [(&here, 1), (&away, 2)] {
        seat.until_places().await;
        seat.let_in(&code(n)).await;
        seat.until_online().await;
    }
    let busy = event.run(&["key", "rotate"]).unwrap_err();
    assert!(busy.contains("Stop it first"), "{busy}");
    server.shutdown().await.unwrap();
    away.let_in(&code(3)).await;
    drop(away);
    rotate(&event);
    let server = event.serve_at(address, Tls::Off).await;
    here.let_in(&code(4)).await;
    here.until_online().await;
    server.shutdown().await.unwrap();
    all_holds(&event, &[&here]);
    rotate(&event);
    let server = event.serve_at(address, Tls::Off).await;
    let away = reopened(&event.folder("Desk 2")).await;
    let new = Seat::at_door(&event, server.url(), "Desk 3", "Studio").await;
    for seat in [&here, &away, &new] {
        seat.until("every guest", |view| view.room.is_some_and(|room| room.inside == 4)).await;
        seat.until_online().await;
    }
    away.let_in(&code(5)).await;
    away.until_online().await;
    server.shutdown().await.unwrap();
    assert_eq!(event.room("Studio").inside, 5);
    all_holds(&event, &[&here, &away, &new]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_put_back_without_its_newest_key_is_another_server_until_it_has_it() {
    let event = Event::of_files();
    let server = event.serve().await;
    let address = server.address();
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    seat.until_places().await;
    seat.let_in(&code(1)).await;
    seat.until_online().await;
    server.shutdown().await.unwrap();
    copy_server(&event, "before");
    rotate(&event);
    let server = event.serve_at(address, Tls::Off).await;
    seat.let_in(&code(2)).await;
    seat.until_online().await;
    server.shutdown().await.unwrap();
    copy_server(&event, "after");

    // Both files are put back to before: that server has the replaced key only.
    remove(&event.data);
    for name in ["usher.db", "usher.db.roster"] {
        std::fs::copy(event.folder("before").join(name), event.folder(name)).unwrap();
    }
    let server = event.serve_at(address, Tls::Off).await;
    seat.let_in(&code(3)).await;
    until_other_server(&seat).await;
    server.shutdown().await.unwrap();

    // The organiser gives it the newest roster, which holds the key.
    std::fs::copy(event.folder("after").join("usher.db.roster"), roster(&event)).unwrap();
    let server = event.serve_at(address, Tls::Off).await;
    seat.until_online().await;
    server.shutdown().await.unwrap();
    assert_eq!(event.room("Studio").inside, 3);
    event.run(&["check"]).unwrap();

    // A database of before the new key, beside the newest roster: what is usual after a disk was lost.
    remove(&event.data);
    std::fs::copy(event.folder("before").join("usher.db"), &event.data).unwrap();
    std::fs::copy(event.folder("after").join("usher.db.roster"), roster(&event)).unwrap();
    let server = event.serve_at(address, Tls::Off).await;
    seat.let_in(&code(4)).await;
    seat.until_online().await;
    server.shutdown().await.unwrap();
    assert_eq!(event.room("Studio").inside, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_whose_database_is_lost_after_its_key_was_replaced_comes_back_with_the_new_one() {
    let event = Event::of_files();
    let server = event.serve().await;
    let address = server.address();
    let one = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    let two = Seat::at_door(&event, server.url(), "Desk 2", "Studio").await;
    one.until_places().await;
    one.let_in(&code(1)).await;
    one.until_online().await;
    two.until("told by the other desk", |view| view.room.is_some_and(|room| room.inside == 1)).await;
    drop(two);
    server.shutdown().await.unwrap();
    rotate(&event);
    let server = event.serve_at(address, Tls::Off).await;
    one.let_in(&code(2)).await;
    one.until_online().await;
    server.shutdown().await.unwrap();
    let key = secret(&event);
    remove(&event.data);
    event.run(&["restore"]).unwrap();
    event.import_files();
    let awaited = event.run(&["key", "rotate"]).unwrap_err();
    assert!(awaited.contains("desks are awaited"), "{awaited}");
    assert_eq!(secret(&event), key);
    let server = event.serve_at(address, Tls::Off).await;
    let two = reopened(&event.folder("Desk 2")).await;
    for seat in [&one, &two] {
        seat.until("both guests", |view| view.room.is_some_and(|room| room.inside == 2)).await;
        seat.until_online().await;
    }
    // What a desk shows may be from before the server was away: the server itself says whom it awaits.
    while !event.room("Studio").awaited.is_empty() {
        one.desk.sync_soon();
        tokio::task::yield_now().await;
    }
    server.shutdown().await.unwrap();
    rotate(&event);
    let server = event.serve_at(address, Tls::Off).await;
    two.until_online().await;
    one.until_online().await;
    server.shutdown().await.unwrap();
    all_holds(&event, &[&one, &two]);
}
