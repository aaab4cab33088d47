//! The server's database is lost. The roster beside it, the organiser's files and the desks bring the event back.

use std::collections::BTreeSet;

use usher_protocol::window::{CardOutcome, VerdictView};
use usher_server::run::Tls;

use crate::{
    deciding::{Office, room},
    door::reopened,
    event::{Event, code},
    seat::Seat,
};

/// More than a desk asks for, so that the first leaves some to the second.
const CAPACITY: u64 = 30;

/// What `export` writes, without the columns that say when something came.
fn exported(event: &Event, what: &str) -> BTreeSet<Vec<String>> {
    let path = event.folder("exported.csv");
    event.run(&["export", what, "--out", path.to_str().unwrap()]).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    let mut rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    let header = rows.next().unwrap();
    let kept = |row: Vec<String>| {
        header.iter().zip(row).filter(|(name, _)| *name != "received").map(|(_, cell)| cell).collect()
    };
    rows.map(kept).collect()
}

fn lose_database(event: &Event) {
    let name = event.data.file_name().unwrap().to_str().unwrap().to_owned();
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(event.folder(&format!("{name}{end}")));
    }
    assert!(event.folder(&format!("{name}.roster")).is_file());
    assert!(event.run(&["check"]).is_err(), "there is no database");
}

/// Lets guests in, each with a place of their own, until this desk has let in so many.
async fn let_in(seat: &Seat, guests: std::ops::Range<usize>) {
    for n in guests {
        seat.until_places().await;
        seat.let_in(&code(n)).await;
        seat.until_online().await;
    }
}

/// Guests are scanned while the desk lets them in; how many that were.
async fn fill(seat: &Seat, guests: std::ops::Range<usize>) -> u64 {
    let mut admitted = 0;
    for n in guests {
        let mut card = seat.scan(&code(n)).await;
        if card.outcome == CardOutcome::Open && card.verdict == VerdictView::Registered {
            // The first scan found no place, and one came before its card was looked at: it asks, as at a door.
            card = seat.accept(&card.id, false).await.unwrap();
        }
        if card.outcome != CardOutcome::LetIn {
            assert!(
                matches!(card.verdict, VerdictView::GrantEmpty { .. } | VerdictView::SessionFull { .. }),
                "{card:#?}"
            );
            return admitted;
        }
        admitted += 1;
    }
    admitted
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_whose_database_is_lost_comes_back_from_its_roster_its_files_and_its_desks() {
    let event = Event::of_files();
    let server = event.serve().await;
    let office = Office::open(&event, server.url()).await;
    let one = Seat::at_door(&event, server.url(), "Desk 1", "Studio").await;
    let_in(&one, 0..1).await;
    drop(one);
    // What the second desk gets and does from here on is known to itself and to the server that is about to be lost.
    let two = Seat::at_door(&event, server.url(), "Desk 2", "Studio").await;
    let_in(&two, 1..3).await;
    two.until_places().await;
    let (guests, before) = (exported(&event, "guests"), exported(&event, "check-ins"));
    let id = event.room("Studio").id;
    assert_eq!((guests.len(), before.len()), (60, 3));
    let address = server.address();
    server.shutdown().await.unwrap();
    two.let_in(&code(3)).await;
    drop(two);
    lose_database(&event);

    event.run(&["restore"]).unwrap();
    assert!(event.run(&["restore"]).is_err(), "an event that is there is not overwritten");
    event.import_files();
    assert_eq!(event.room("Studio").id, id);
    assert_eq!(exported(&event, "guests"), guests, "with the same ids");
    let server = event.serve_at(address, Tls::Off).await;
    let one = reopened(&event.folder("Desk 1")).await;
    let three = Seat::at_door(&event, server.url(), "Desk 3", "Studio").await;
    let serves = |name: &str, board: &usher_protocol::board::Board| {
        board.stations.iter().any(|desk| desk.name == name && desk.session.as_deref() == Some(&id))
    };
    let board = office
        .board("desk 3 asked for places, and desk 1 gave back what it knew", |board| {
            serves("Desk 3", board) && room(board, "Studio").awaited == ["Desk 2"]
        })
        .await;
    let studio = room(&board, "Studio");
    assert!(studio.logs.iter().all(|log| log.name != "Desk 3" || log.outstanding == 0), "{studio:#?}");
    assert_eq!(fill(&three, 50..51).await, 0, "nobody knows what desk 2 may still use");
    let here = fill(&one, 4..8).await;
    assert!(here > 0, "what a desk held stays usable");

    let two = reopened(&event.folder("Desk 2")).await;
    office.board("nobody is awaited", |board| room(board, "Studio").awaited.is_empty()).await;
    for seat in [&one, &two, &three] {
        seat.until("every guest is known", |view| view.room.is_some_and(|room| room.inside == 4 + here))
            .await;
    }
    let after = exported(&event, "check-ins");
    assert!(after.is_superset(&before), "{before:#?}\n{after:#?}");
    for (seat, guests) in [(&two, 10..30), (&three, 30..45), (&one, 45..60)] {
        fill(seat, guests).await;
        seat.until_online().await;
    }
    let studio = event.room("Studio");
    assert!(studio.inside <= CAPACITY && studio.worst <= CAPACITY, "{studio:#?}");
    assert_eq!((studio.occupied, studio.unsettled, studio.over_grant), (studio.inside, 0, 0));
    server.shutdown().await.unwrap();
    assert!(event.run(&["check"]).is_ok() && event.run(&["verify"]).is_ok());
}
