//! Looking `replica.db` through when a desk starts: where something changed on the disk, the list is fetched anew as soon as the server
//! can be reached, and is used until then (DESIGN 10, P7).

use rusqlite::Connection;

use crate::{Replica, StoreError, sync::REFETCH_DUE};

/// What carries sums (migration replica/0006), with the columns that they are over.
const SUMMED: [(&str, &str); 9] = [
    ("event", "record"),
    ("session", "id, record"),
    ("station", "id, record"),
    ("person", "id, name, email, organisation, kind, ordered, note, cancelled, valid_from, valid_until"),
    ("code", "digest, person, revoked"),
    ("registration", "person, session, cancelled"),
    ("entry", "station, epoch, seq, bytes"),
    ("check_in", "station, epoch, seq, session, subject, hlc, basis, released"),
    ("hold", "session, person, term, rev, held"),
];

impl Replica {
    /// Looks the lists through; whether all is as it was written. What is not is fetched anew. Takes about a second for 100,000 people,
    /// in which no sync can run and the door can.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn look_lists_through(&self) -> Result<bool, StoreError> {
        let side = self.sync();
        let whole = match is_whole(&side.lists).map_err(StoreError::from) {
            Err(error) if error.is_of_the_content() => false,
            looked => looked?,
        };
        if !whole {
            tracing::error!("the guest list on this disk was damaged: it is fetched anew");
            let _turn = self.turn();
            // Where a fetch is waited for anyway, that one will do.
            side.log.execute("UPDATE line SET refetch = ?1 WHERE refetch = 0", [REFETCH_DUE])?;
        }
        Ok(whole)
    }
}

fn is_whole(lists: &Connection) -> rusqlite::Result<bool> {
    for (table, columns) in SUMMED {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE sum IS NOT row_sum({columns}))");
        let changed: bool = lists.query_row(&sql, [], |row| row.get(0))?;
        let shape: String =
            lists.query_row(&format!("PRAGMA integrity_check({table})"), [], |row| row.get(0))?;
        if changed || shape != "ok" {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::RealDisk;

    #[test]
    fn every_table_with_sums_is_looked_through() {
        let folder = tempfile::tempdir().unwrap();
        let lists = crate::open::open_lists(&RealDisk, &folder.path().join("replica.db")).unwrap();
        let sql = "SELECT count(*) FROM sqlite_schema s JOIN pragma_table_info(s.name) c
                   WHERE s.type = 'table' AND c.name = 'sum'";
        let tables: u32 = lists.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(tables as usize, SUMMED.len());
    }
}
