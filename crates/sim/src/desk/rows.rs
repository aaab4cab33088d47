//! What stands in a desk's lists, row by row: for those who compare.

use rusqlite::{Connection, OpenFlags, Result, Row};

use super::{Desk, FOLDER};

impl Desk {
    /// Moves what is in the lists' write-ahead log into their own file, while the app runs.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn fold_lists(&self) -> Result<()> {
        self.open_lists()?.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }

    /// Begins to read the lists and does not come to an end: while that stands, checkpoints leave out every page that was written since.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn read_for_long(&mut self) -> Result<()> {
        let reader = self.open_lists()?;
        reader.execute_batch("BEGIN")?;
        reader.query_row("SELECT position FROM feed", [], |_| Ok(()))?;
        self.reader = Some(reader);
        Ok(())
    }

    /// Whether somebody reads the lists.
    #[must_use]
    pub const fn is_read(&self) -> bool {
        self.reader.is_some()
    }

    /// Ends [`Self::read_for_long`] with a checkpoint beside it: some pages of the lists' file are newer than others then.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn half_checkpoint(&mut self) -> Result<bool> {
        let reads = self.reader.is_some();
        if reads {
            self.open_lists()?.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        self.reader = None;
        Ok(reads)
    }

    /// One more connection to the lists. While the app runs: the last one to go takes the write-ahead log with it.
    fn open_lists(&self) -> Result<Connection> {
        let (file, vfs) = (format!("{FOLDER}/replica.db"), self.disk.vfs_name());
        Connection::open_with_flags_and_vfs(file, OpenFlags::default(), vfs)
    }

    /// Every row of every table of the lists, by table; the words of the search are left out, as they may stand in different orders.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn list_rows(&self) -> Result<Vec<(String, Vec<String>)>> {
        let open = self.open_lists()?;
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'person_text%' ORDER BY name";
        let mut read = open.prepare(sql)?;
        let tables = read.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>>>()?;
        tables.into_iter().map(|table| Ok((table.clone(), rows_of(&open, &table)?))).collect()
    }
}

fn rows_of(open: &Connection, table: &str) -> Result<Vec<String>> {
    let mut read = open.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = read.column_count();
    let row = |row: &Row<'_>| {
        let values = (0..columns).map(|n| row.get_ref(n));
        Ok(format!("{:?}", values.collect::<Result<Vec<_>>>()?))
    };
    read.query_map([], row)?.collect()
}
