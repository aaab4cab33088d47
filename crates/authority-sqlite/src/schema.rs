//! Bringing a database to the schema of this binary (see migrations/README.md).
//!
//! Each file is applied once, in one transaction together with its record. The record holds the file's SHA-256: a history that
//! differs from the files built in is refused, and so is a database that a newer binary has migrated.

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};
use usher_authority::{Error, Result};

use crate::fault::Words;

/// Every migration in its order; the position is its number.
const FILES: &[(&str, &str)] = &[
    ("0001_first.sql", include_str!("../../../migrations/authority-sqlite/0001_first.sql")),
    ("0002_capacity.sql", include_str!("../../../migrations/authority-sqlite/0002_capacity.sql")),
    ("0003_people.sql", include_str!("../../../migrations/authority-sqlite/0003_people.sql")),
    ("0004_contacts.sql", include_str!("../../../migrations/authority-sqlite/0004_contacts.sql")),
    ("0005_branches.sql", include_str!("../../../migrations/authority-sqlite/0005_branches.sql")),
    ("0006_successions.sql", include_str!("../../../migrations/authority-sqlite/0006_successions.sql")),
    ("0007_roots.sql", include_str!("../../../migrations/authority-sqlite/0007_roots.sql")),
    ("0008_noted.sql", include_str!("../../../migrations/authority-sqlite/0008_noted.sql")),
    ("0009_ticket_key.sql", include_str!("../../../migrations/authority-sqlite/0009_ticket_key.sql")),
    ("0010_words.sql", include_str!("../../../migrations/authority-sqlite/0010_words.sql")),
];

/// "UshA" in the file's header: tells our databases from others.
const APPLICATION_ID: i64 = 0x5573_6841;

const HISTORY: &str = "CREATE TABLE migrations (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 BLOB NOT NULL) STRICT";

/// Checks what the database is and applies what is missing. Changes nothing when it is up to date.
pub(crate) fn migrate(conn: &mut Connection) -> Result<()> {
    if is_current(conn)? {
        return Ok(());
    }
    let txn = conn.transaction_with_behavior(TransactionBehavior::Immediate).words()?;
    let applied = applied(&txn)?;
    if applied == 0 {
        txn.pragma_update(None, "application_id", APPLICATION_ID).words()?;
        txn.execute_batch(HISTORY).words()?;
    }
    for (number, (name, sql)) in (1_i64..).zip(FILES).skip(applied) {
        txn.execute_batch(sql).words()?;
        txn.execute("INSERT INTO migrations VALUES (?1, ?2, ?3)", (number, name, checksum(sql))).words()?;
        txn.pragma_update(None, "user_version", number).words()?;
    }
    txn.commit().words()
}

fn is_current(conn: &Connection) -> Result<bool> {
    Ok(applied(conn)? == FILES.len())
}

/// How many of our files were applied, after checking that the database is ours and its history is that of the files.
fn applied(conn: &Connection) -> Result<usize> {
    let number = |pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).words();
    let version = number("user_version")?;
    if number("application_id")? != APPLICATION_ID {
        let tables: i64 =
            conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).words()?;
        let fresh = tables == 0 && version == 0;
        return if fresh {
            Ok(0)
        } else {
            Err(Error::Damaged("this is not a database of an Usher server".into()))
        };
    }
    match usize::try_from(version) {
        Ok(version) if version <= FILES.len() => verify(conn, version),
        _ => Err(Error::Newer),
    }
}

fn verify(conn: &Connection, version: usize) -> Result<usize> {
    let mut history = conn.prepare("SELECT name, sha256 FROM migrations ORDER BY number").words()?;
    let rows =
        history.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, [u8; 32]>(1)?))).words()?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>().words()?;
    let same = rows.len() == version
        && rows.iter().zip(FILES).all(|((name, sum), (file, sql))| name == file && *sum == checksum(sql));
    if same {
        Ok(version)
    } else {
        Err(Error::Damaged("its history of migrations is not this binary's".into()))
    }
}

fn checksum(sql: &str) -> [u8; 32] {
    Sha256::digest(sql.as_bytes()).into()
}
