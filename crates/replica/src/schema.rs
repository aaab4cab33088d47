//! What stands in the two files: their migrations and pragmas, and lists that are empty.

use std::{path::Path, sync::OnceLock, time::Duration};

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use crate::{Disk, RealDisk, StoreError, fold, sums, write_ahead};

/// How long a statement waits for another connection before it gives up; between the two sides the turn comes first.
const BUSY: Duration = Duration::from_secs(5);

/// The migrations of `log.db`.
const LOG: &[M<'_>] = &[
    M::up(include_str!("../../../migrations/station/log/0001_log.sql")),
    M::up(include_str!("../../../migrations/station/log/0002_released.sql")),
    M::up(include_str!("../../../migrations/station/log/0003_lives.sql")),
    M::up(include_str!("../../../migrations/station/log/0004_sums.sql")),
    M::up(include_str!("../../../migrations/station/log/0005_course.sql")),
    M::up(include_str!("../../../migrations/station/log/0006_server_key.sql")),
    M::up(include_str!("../../../migrations/station/log/0007_since.sql")),
    M::up(include_str!("../../../migrations/station/log/0008_profile.sql")),
    M::up(include_str!("../../../migrations/station/log/0009_list_anew.sql")),
];

/// The migrations of `replica.db`.
const LISTS: &[M<'_>] = &[
    M::up(include_str!("../../../migrations/station/replica/0001_replica.sql")),
    M::up(include_str!("../../../migrations/station/replica/0002_holds.sql")),
    M::up(include_str!("../../../migrations/station/replica/0003_people.sql")),
    M::up(include_str!("../../../migrations/station/replica/0004_list_word.sql")),
    M::up(include_str!("../../../migrations/station/replica/0005_course.sql")),
    M::up(include_str!("../../../migrations/station/replica/0006_sums.sql")),
    M::up(include_str!("../../../migrations/station/replica/0007_all_sums.sql")),
    M::up(include_str!("../../../migrations/station/replica/0008_folded_words.sql")),
    M::up(include_str!("../../../migrations/station/replica/0009_profiles.sql")),
    M::up(include_str!("../../../migrations/station/replica/0010_orders.sql")),
    M::up(include_str!("../../../migrations/station/replica/0011_messages.sql")),
    M::up(include_str!("../../../migrations/station/replica/0012_flags.sql")),
];

/// Opens `log.db`.
pub(crate) fn open_log(disk: &dyn Disk, path: &Path) -> Result<Connection, StoreError> {
    // FULL: with NORMAL a power cut can take back a committed check-in (DESIGN section 4).
    set_up(connect(disk, path)?, "FULL", LOG)
}

/// Opens `replica.db` where it is used.
pub(crate) fn open_kept_lists(disk: &dyn Disk, path: &Path) -> Result<Connection, StoreError> {
    let lists = connect(disk, path)?;
    // Before anything that can fail: what fails closes them.
    write_ahead::keep(&lists)?;
    set_up_lists(lists)
}

/// Opens a file that is to become `replica.db`.
pub(crate) fn open_lists(disk: &dyn Disk, path: &Path) -> Result<Connection, StoreError> {
    set_up_lists(connect(disk, path)?)
}

fn set_up_lists(lists: Connection) -> Result<Connection, StoreError> {
    // NORMAL: what a power cut takes back here is asked for again from the last cursor.
    set_up(lists, "NORMAL", LISTS)
}

/// An empty `replica.db`, byte by byte. A list begins from it, and not by every migration.
pub(crate) fn empty_lists() -> Result<&'static [u8], StoreError> {
    static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(bytes) = EMPTY.get() {
        return Ok(bytes);
    }
    let bytes = lists_in_memory()?.serialize("main")?.to_vec();
    Ok(EMPTY.get_or_init(|| bytes))
}

/// Whether the file says of its tables what the migrations make them. A changed letter there may be no matter to any read, and an error
/// to a later write.
pub(crate) fn has_our_tables(lists: &Connection) -> Result<bool, StoreError> {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    let known = match TABLES.get() {
        Some(known) => known,
        None => {
            let known = tables(&lists_in_memory()?)?;
            TABLES.get_or_init(|| known)
        }
    };
    Ok(tables(lists)? == *known)
}

/// Empty lists on no disk.
pub(crate) fn lists_in_memory() -> Result<Connection, StoreError> {
    open_lists(&RealDisk, Path::new(":memory:"))
}

/// Each table, index and trigger: what it is, its name, of which table it is, and how it was made.
type Tables = Vec<[Option<String>; 4]>;

fn tables(lists: &Connection) -> Result<Tables, StoreError> {
    let mut read = lists.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name")?;
    let rows = read.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn connect(disk: &dyn Disk, path: &Path) -> Result<Connection, StoreError> {
    Ok(match disk.vfs() {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, OpenFlags::default(), vfs)?,
        None => Connection::open(path)?,
    })
}

fn set_up(
    mut connection: Connection,
    synchronous: &str,
    steps: &[M<'static>],
) -> Result<Connection, StoreError> {
    connection.busy_timeout(BUSY)?;
    sums::register(&connection)?;
    fold::register(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Migrations::from_slice(steps).to_latest(&mut connection)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_begin_from_the_bytes_are_those_of_the_migrations() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("replica.next.db");
        std::fs::write(&path, empty_lists().unwrap()).unwrap();
        let version = |lists: &Connection| -> i64 {
            lists.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
        };
        let raw = Connection::open(&path).unwrap();
        assert_eq!(version(&raw), version(&lists_in_memory().unwrap()), "nothing is left to migrate");
        drop(raw);
        let lists = open_lists(&RealDisk, &path).unwrap();
        assert!(has_our_tables(&lists).unwrap());
        let whole: String = lists.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(whole, "ok");
    }

    #[test]
    fn a_list_of_an_earlier_version_is_searched_by_folded_words_from_then_on() {
        let mut lists = Connection::open_in_memory().unwrap();
        sums::register(&lists).unwrap();
        fold::register(&lists).unwrap();
        Migrations::from_slice(&LISTS[..7]).to_latest(&mut lists).unwrap();
        let person = "INSERT INTO person (id, name, email, organisation, kind, ordered, note, cancelled) VALUES (x'01', ?1, '', '', '', '', '', 0)";
        lists.execute(person, ["Łucja Işık"]).unwrap();
        let found = |lists: &Connection| -> i64 {
            let sql = "SELECT count(*) FROM person_text WHERE person_text MATCH '\"lucja\" AND \"isik\"'";
            lists.query_row(sql, [], |row| row.get(0)).unwrap()
        };
        assert_eq!(found(&lists), 0);
        Migrations::from_slice(LISTS).to_latest(&mut lists).unwrap();
        assert_eq!(found(&lists), 1);
        assert!(has_our_tables(&lists).unwrap());
        lists.execute("UPDATE person SET name = 'Zoë'", []).unwrap();
        assert_eq!(found(&lists), 0);
        lists
            .execute("INSERT INTO person_text (person_text, rank) VALUES ('integrity-check', 1)", [])
            .unwrap();
    }

    /// Seed 821975: a table that is called something else than a table.
    #[test]
    fn a_changed_letter_of_what_the_tables_are_is_noticed() {
        for change in [
            "type = 'tablf'",
            "name = 'check_im'",
            "tbl_name = 'check_im'",
            "sql = replace(sql, 'hlc', 'hlb')",
        ] {
            let lists = lists_in_memory().unwrap();
            assert!(has_our_tables(&lists).unwrap());
            let change = format!(
                "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET {change} WHERE name = 'check_in'"
            );
            lists.execute_batch(&change).unwrap();
            assert!(!has_our_tables(&lists).unwrap(), "{change}");
        }
    }
}
