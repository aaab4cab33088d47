//! Files that a later version wrote are refused in words, and not touched.

use usher_protocol::window::{DeskPhase, StoreProblem};

use super::fixture;
use crate::{event::Event, seat::Seat};

fn from_the_future(database: &std::path::Path) -> Vec<u8> {
    let open = rusqlite::Connection::open(database).unwrap();
    open.pragma_update(None, "user_version", 9_999).unwrap();
    open.pragma_update(None, "journal_mode", "DELETE").unwrap();
    drop(open);
    std::fs::read(database).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_later_version_is_refused_in_words() {
    let event = Event::new();
    let before = from_the_future(&event.data);
    for command in [&["check"][..], &["stations"], &["export", "check-ins"]] {
        let said = event.run(command).unwrap_err();
        assert!(said.contains("newer version of Usher"), "{said}");
    }
    assert_eq!(std::fs::read(&event.data).unwrap(), before, "it is left as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_of_a_later_version_says_so() {
    for file in ["log.db", "replica.db"] {
        let event = Event::new();
        let folder = event.folder("Desk 1");
        fixture::desk(&folder, "http://127.0.0.1:9");
        from_the_future(&folder.join(file));
        let view = Seat::open(&folder).look().await;
        assert_eq!(view.phase, DeskPhase::Broken { problem: StoreProblem::TooNew }, "{file}");
    }
}
