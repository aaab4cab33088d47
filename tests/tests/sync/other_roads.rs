//! Roads beside the ordinary one: a log carried by file, a server put back to a backup, a lost desk that is settled, a copied desk.

use std::path::Path;

use usher_core::{
    entry::SettleReason,
    ids::{ActorId, Identity, SessionId, StationId},
};
use usher_server::store::open;

use crate::{
    door::reopened,
    event::{Event, code},
    seat::Seat,
};

pub(crate) fn copy_database(event: &Event, to: &Path) {
    let from = rusqlite::Connection::open(&event.data).unwrap();
    from.backup("main", to, None).unwrap();
}

pub(crate) fn put_back(event: &Event, backup: &Path) {
    for beside in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{beside}", event.data.display()));
    }
    std::fs::copy(backup, &event.data).unwrap();
}

/// What these desks would save now is what the server holds and has signed, in whatever lives and branches.
#[track_caller]
fn saved_logs_hold(event: &Event, seats: &[&Seat]) {
    let files: Vec<_> = (0..seats.len()).map(|n| event.folder(&format!("saved-{n}.usherlog"))).collect();
    for (seat, file) in seats.iter().zip(&files) {
        seat.desk.save_log(file).unwrap();
    }
    let files = files.iter().map(|file| file.to_str().unwrap());
    event.run(&["verify"].into_iter().chain(files).collect::<Vec<_>>()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_without_a_network_is_carried_to_the_server_by_a_file() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    server.shutdown().await.unwrap();
    for n in 0..3 {
        seat.let_in(&code(n)).await;
    }
    let file = event.folder("desk-1.usherlog");
    seat.desk.save_log(&file).unwrap();
    let import = |path: &Path| event.run(&["carry", "import", path.to_str().unwrap()]);
    let torn = event.folder("torn.usherlog");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&torn, &whole[..whole.len() - 4]).unwrap();
    assert!(import(&torn).unwrap_err().contains("ends early"));
    assert_eq!(event.room("Hall").inside, 3, "what was whole in the torn file counts");
    for _ in 0..2 {
        import(&file).unwrap();
        assert_eq!(event.room("Hall").inside, 3);
    }
    let mut forged = whole;
    let at = forged.len() / 2;
    forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
    std::fs::write(&torn, &forged).unwrap();
    assert!(import(&torn).unwrap_err().contains("Line "), "a changed line is told");
    assert!(import(&event.data).is_err(), "another file is told");
    let other = Event::new();
    let refused = other.run(&["carry", "import", file.to_str().unwrap()]).unwrap_err();
    assert!(refused.contains("another event"), "{refused}");
    assert!(event.run(&["verify"]).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_put_back_to_a_backup_learns_what_it_forgot_from_the_desks() {
    let event = Event::new();
    let server = event.serve().await;
    let one = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    one.until_places().await;
    one.let_in(&code(1)).await;
    one.until_online().await;
    let backup = event.folder("backup.db");
    copy_database(&event, &backup);
    let two = Seat::at_door(&event, server.url(), "Desk 2", "Hall").await;
    two.until_places().await;
    for n in 2..6 {
        two.let_in(&code(n)).await;
        one.until("told by the other desk", |view| view.room.is_some_and(|room| room.inside >= n as u64))
            .await;
    }
    one.let_in(&code(7)).await;
    let done = one.until_online().await;
    two.until("told by the other desk", |view| view.room.is_some_and(|room| room.inside == 6)).await;
    let before = event.room("Hall");
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    server.shutdown().await.unwrap();
    put_back(&event, &backup);
    assert_eq!(event.room("Hall").inside, 1);
    let server = event.serve_at(address, usher_server::run::Tls::Off).await;
    // No mark was due between the backup and the end: the desks' receipts tell.
    one.let_in(&code(8)).await;
    two.let_in(&code(9)).await;
    for seat in [&one, &two] {
        seat.until("both desks' guests", |view| view.room.is_some_and(|room| room.inside == 8)).await;
        seat.until_online().await;
    }
    let now = event.room("Hall");
    assert_eq!((now.inside, now.worst, now.awaited.len()), (before.inside + 2, before.worst, 0), "{done:#?}");
    let kinds: Vec<_> = open(&event.data)
        .unwrap()
        .incidents()
        .unwrap()
        .into_iter()
        .map(|found| found.incident.kind)
        .collect();
    assert_eq!(kinds, [usher_core::incident::IncidentKind::ServerRestored]);
    server.shutdown().await.unwrap();
    saved_logs_hold(&event, &[&one, &two]);
    assert!(event.run(&["check"]).is_ok() && event.run(&["verify"]).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settled_desk_that_comes_back_goes_on_in_a_new_life_and_its_guests_count() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    seat.until_places().await;
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    server.shutdown().await.unwrap();
    seat.let_in(&code(1)).await;
    let authority = open(&event.data).unwrap();
    let board = authority.board(0).unwrap();
    let session = SessionId(event.room("Studio").id.parse().unwrap());
    let station = StationId(board.stations[0].id.parse().unwrap());
    let epoch = seat.desk.own_log(0, 1).unwrap()[0].entry.epoch;
    let i = Identity { station, epoch };
    let settle =
        usher_protocol::decide::Decision::Settle { log: i, session, spent: 0, reason: SettleReason::Lost };
    authority.decide(&settle, ActorId(uuid::Uuid::nil()), 0).unwrap().unwrap();
    assert_eq!(event.room("Studio").outstanding, 0);
    drop(authority);
    let server = event.serve_at(address, usher_server::run::Tls::Off).await;
    seat.until_online().await;
    assert_eq!(event.room("Studio").inside, 1);
    let places = seat.until_places().await;
    assert!(places.waiting <= 1);
    assert_ne!(seat.desk.own_log(0, 1).unwrap()[0].entry.epoch, epoch, "a new life");
    seat.let_in(&code(2)).await;
    seat.until_online().await;
    assert_eq!(event.room("Studio").inside, 2);
    server.shutdown().await.unwrap();
    saved_logs_hold(&event, &[&seat]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_desk_is_a_second_branch_and_every_guest_of_both_counts() {
    let event = Event::new();
    let server = event.serve().await;
    let seat = Seat::at_door(&event, server.url(), "Desk 1", "Hall").await;
    seat.until_places().await;
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    server.shutdown().await.unwrap();
    let (one, two) = (event.folder("Desk 1"), event.folder("copy"));
    drop(seat);
    // The loops beside the desk end with their runtime's next step; only then the files are nobody's. Opened without loops, they are closed
    // when this has passed.
    while usher_replica::Replica::open(&one).map(drop).is_err() {
        tokio::task::yield_now().await;
    }
    std::fs::create_dir_all(&two).unwrap();
    for file in std::fs::read_dir(&one).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), two.join(file.file_name())).unwrap();
    }
    let (original, copy) = (reopened(&one).await, Seat::open(&two));
    original.let_in(&code(1)).await;
    copy.let_in(&code(2)).await;
    copy.let_in(&code(3)).await;
    let server = event.serve_at(address, usher_server::run::Tls::Off).await;
    for seat in [&original, &copy] {
        seat.until("all three guests", |view| view.room.is_some_and(|room| room.inside == 3)).await;
        seat.until_online().await;
    }
    assert_eq!(event.room("Hall").inside, 3);
    server.shutdown().await.unwrap();
    saved_logs_hold(&event, &[&original, &copy]);
    assert!(event.run(&["check"]).is_ok() && event.run(&["verify"]).is_ok());
}
