//! `verify` finds every change to what is kept, and says where. The database is changed behind the server's back, as somebody with
//! the file could.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use rusqlite::Connection;
use tempfile::TempDir;
use usher_authority::{
    Authority, Finding, Flaw, Fresh, NewEvent,
    conformance::desk::{Desk, counter},
};
use usher_authority_sqlite::SqliteStore;
use usher_core::{
    chain::hash_entry,
    entry::{Basis, Subject},
    ids::{PersonId, SessionId},
};
use uuid::Uuid;

const NOW: i64 = 1_700_000_000_000;

struct Kept {
    folder: TempDir,
    desk: Desk,
}

impl Kept {
    /// A server with one desk's log of some entries, more than a checkpoint apart.
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let event = NewEvent { name: "E".into(), time_zone: "UTC".into(), fast_door: true };
        let mut random = counter(1);
        let store = SqliteStore::create(&folder.path().join("e")).unwrap();
        let server = Authority::create(store, &event, Fresh { now_ms: NOW, random: &mut random }).unwrap();
        let mut desk = Desk::enrol(&server, 1, NOW).unwrap();
        for part in 0..4 {
            for n in 0..400 {
                let person = Subject::Person(PersonId(Uuid::from_u128(part * 1_000 + n)));
                desk.check_in(SessionId(Uuid::from_u128(5)), person, Basis::Unlimited, 1);
            }
            let answer = desk.request(Vec::new(), 500, NOW).to(&server, NOW).unwrap().unwrap();
            desk.apply(&answer).unwrap();
        }
        Self { folder, desk }
    }

    fn server(&self) -> Authority<SqliteStore> {
        Authority::open(SqliteStore::open(&self.folder.path().join("e")).unwrap()).unwrap()
    }

    fn tamper(&self, sql: &str) {
        let changed = Connection::open(self.folder.path().join("e")).unwrap().execute_batch(sql);
        changed.unwrap();
    }

    fn findings(&self) -> Vec<Finding> {
        self.server().verify().unwrap().findings
    }

    /// What `verify` finds first about the desk's log after `sql`.
    fn found(sql: &str) -> (u64, Flaw) {
        let kept = Self::new();
        kept.tamper(&sql.replace("DESK", "(SELECT id FROM stations WHERE role = 0)"));
        let findings = kept.findings();
        let of_desk = findings.iter().find(|finding| finding.at.station == kept.desk.i.station);
        let found = of_desk.unwrap_or_else(|| panic!("nothing was found of the desk's log: {findings:?}"));
        (found.at.seq, found.flaw)
    }
}

#[test]
fn what_nobody_touched_holds() {
    let kept = Kept::new();
    let verified = kept.server().verify().unwrap();
    assert_eq!(verified.findings, []);
    assert_eq!((verified.logs, verified.checkpoints), (2, 1));
    assert_eq!(verified.entries, 1_601 + 2, "the desk's, and the server's opening and checkpoint");
}

#[test]
fn a_changed_entry_is_found() {
    let sql = "UPDATE entries SET bytes = zeroblob(length(bytes)) WHERE station = DESK AND seq = 17";
    assert_eq!(Kept::found(sql), (17, Flaw::Changed));
}

#[test]
fn a_missing_entry_is_found() {
    assert_eq!(Kept::found("DELETE FROM entries WHERE station = DESK AND seq = 17"), (18, Flaw::Missing));
}

#[test]
fn exchanged_entries_are_found() {
    let sql = "UPDATE entries SET seq = 9999 WHERE station = DESK AND seq = 17;
               UPDATE entries SET seq = 17 WHERE station = DESK AND seq = 18;
               UPDATE entries SET seq = 18 WHERE station = DESK AND seq = 9999";
    assert_eq!(Kept::found(sql), (17, Flaw::Chain));
}

#[test]
fn a_log_cut_short_is_found_even_when_its_row_was_changed_to_fit() {
    let cut = "DELETE FROM entries WHERE station = DESK AND seq > 1500";
    assert_eq!(Kept::found(cut), (1501, Flaw::Missing));
    let fitted = "DELETE FROM entries WHERE station = DESK AND seq > 1500;
                  UPDATE logs SET seq = 1500, hash = (SELECT hash FROM entries WHERE station = DESK AND seq = 1500)
                  WHERE station = DESK";
    assert_eq!(Kept::found(fitted), (1500, Flaw::Truncated));
}

#[test]
fn a_forged_proof_is_found() {
    let sql = "UPDATE logs SET signature = zeroblob(64) WHERE station = DESK";
    assert_eq!(Kept::found(sql), (1601, Flaw::Signature));
}

#[test]
fn another_order_of_publication_and_a_forged_entry_of_the_server_are_found() {
    let kept = Kept::new();
    kept.tamper(
        "UPDATE entries SET position = -position WHERE position IN (20, 21);
         UPDATE entries SET position = 41 + position WHERE position < 0",
    );
    assert!(matches!(kept.findings()[..], [Finding { flaw: Flaw::Checkpoint, .. }]));
    let kept = Kept::new();
    kept.tamper("UPDATE entries SET signature = zeroblob(64) WHERE signature IS NOT NULL");
    assert!(matches!(kept.findings()[..], [Finding { flaw: Flaw::Signature, at }] if at.seq == 1));
}

#[test]
fn a_whole_log_that_was_taken_out_is_found_by_the_checkpoint() {
    let kept = Kept::new();
    kept.tamper(
        "DELETE FROM entries WHERE station = (SELECT id FROM stations WHERE role = 0);
         DELETE FROM logs WHERE station = (SELECT id FROM stations WHERE role = 0)",
    );
    assert!(matches!(kept.findings()[..], [Finding { flaw: Flaw::Checkpoint, .. }]));
}

#[test]
fn an_entry_that_nothing_signed_covers_is_found() {
    let mut kept = Kept::new();
    let key = kept.desk.check_in(
        SessionId(Uuid::nil()),
        Subject::Person(PersonId(Uuid::nil())),
        Basis::Unlimited,
        1,
    );
    let forged = kept.desk.log.last().unwrap();
    let to = Connection::open(kept.folder.path().join("e")).unwrap();
    let sql = "INSERT INTO entries SELECT station, epoch, seq + 1, ?1, ?2, 0, 0, NULL, (SELECT max(position) + 1 FROM entries)
               FROM entries WHERE seq = 1601";
    assert_eq!(to.execute(sql, rusqlite::params![hash_entry(forged).0, forged]).unwrap(), 1);
    let sql = "UPDATE logs SET seq = seq + 1, hash = ?1 WHERE seq = 1601";
    assert_eq!(to.execute(sql, [hash_entry(forged).0]).unwrap(), 1);
    assert_eq!(kept.findings(), [Finding { at: key, flaw: Flaw::Unsigned }]);
    let without = "DELETE FROM entries WHERE station = DESK AND seq > 1500;
                   UPDATE logs SET seq = 1500, hash = (SELECT hash FROM entries WHERE station = DESK AND seq = 1500),
                     proof = NULL, signature = NULL WHERE station = DESK";
    assert_eq!(Kept::found(without), (1, Flaw::Unsigned));
}

#[test]
fn entries_that_no_log_can_have_are_found() {
    assert_eq!(Kept::found("DELETE FROM logs WHERE station = DESK"), (1, Flaw::Astray));
    for of in ["epoch", "epoch + 1"] {
        let sql = format!("UPDATE logs SET branch_of = {of}, branch_from = 6 WHERE station = DESK");
        assert_eq!(Kept::found(&sql), (1, Flaw::Astray), "{of}");
    }
}

/// What a desk gave back after a restore has no signature of its own; none of the log that is written now was given back.
#[test]
fn no_remark_excuses_an_entry_of_the_server_that_is_signed_or_written_now() {
    let kept = Kept::new();
    kept.tamper(
        "DELETE FROM entries WHERE station = (SELECT id FROM stations WHERE role = 0);
         DELETE FROM logs WHERE station = (SELECT id FROM stations WHERE role = 0);
         UPDATE entries SET remarks = 2147483647",
    );
    assert!(matches!(kept.findings()[..], [Finding { flaw: Flaw::Checkpoint, .. }]));
    kept.tamper("UPDATE entries SET signature = NULL");
    assert!(kept.findings().iter().any(|finding| finding.flaw == Flaw::Signature));
}
