//! SQLite over the simulated disk: it works, it survives power cuts, and the check that it survives can fail.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod crashes;
mod faults;
mod files;

use rusqlite::{Connection, OpenFlags, Result};
use usher_disk::Disk;

const FILE: &str = "/desk/rows.db";

fn try_open(disk: &Disk) -> Result<Connection> {
    let connection = Connection::open_with_flags_and_vfs(FILE, OpenFlags::default(), disk.vfs_name())?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn make_table(connection: &Connection) -> Result<()> {
    connection
        .execute_batch("CREATE TABLE IF NOT EXISTS row (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")
}

fn insert(connection: &Connection, n: i64) -> Result<()> {
    connection.execute("INSERT INTO row VALUES (?1, ?2)", (n, "some text ".repeat(40))).map(drop)
}

fn rows(connection: &Connection) -> Vec<i64> {
    let mut read = connection.prepare("SELECT n FROM row ORDER BY n").unwrap();
    read.query_map([], |row| row.get(0)).unwrap().collect::<Result<_>>().unwrap()
}

fn whole(connection: &Connection) -> bool {
    connection.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap() == "ok"
}
