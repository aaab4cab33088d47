//! CSV files to lay hands on.

use std::path::Path;

/// A table: a header and its lines.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn read(folder: &Path, file: &str) -> Self {
        let mut csv = csv::ReaderBuilder::new().has_headers(false).from_path(folder.join(file)).unwrap();
        let cells = |row: csv::Result<csv::StringRecord>| row.unwrap().iter().map(str::to_owned).collect();
        Self { rows: csv.records().map(cells).collect() }
    }

    /// Reads, changes and writes a file.
    pub(crate) fn change(folder: &Path, file: &str, change: impl FnOnce(&mut Self)) {
        let mut table = Self::read(folder, file);
        let before = table.rows.clone();
        change(&mut table);
        assert_ne!(before, table.rows, "nothing was changed in {file}");
        let mut csv = csv::Writer::from_path(folder.join(file)).unwrap();
        table.rows.iter().for_each(|row| csv.write_record(row).unwrap());
        csv.flush().unwrap();
    }

    fn column(&self, name: &str) -> usize {
        self.rows[0].iter().position(|one| one == name).unwrap()
    }

    /// The line in which `column` holds `value` for the `nth` time.
    fn find(&self, column: &str, value: &str, nth: usize) -> usize {
        let at = self.column(column);
        let mut found = (1..self.rows.len()).filter(|row| self.rows[*row][at] == value);
        found.nth(nth).unwrap_or_else(|| panic!("no line {nth} with {column} = {value}"))
    }

    pub(crate) fn remove(&mut self, column: &str, value: &str, nth: usize) {
        self.rows.remove(self.find(column, value, nth));
    }

    pub(crate) fn remove_where(&mut self, cells: &[(&str, &str)]) {
        let columns: Vec<_> = cells.iter().map(|(name, value)| (self.column(name), *value)).collect();
        self.rows.retain(|row| !columns.iter().all(|(at, value)| row[*at] == *value));
    }

    pub(crate) fn remove_last(&mut self) {
        self.rows.pop();
    }

    pub(crate) fn repeat(&mut self, column: &str, value: &str, nth: usize) {
        let at = self.find(column, value, nth);
        self.rows.insert(at, self.rows[at].clone());
    }

    /// Changes the cell that holds `value` for the `nth` time.
    pub(crate) fn set(&mut self, column: &str, value: &str, nth: usize, to: &str) {
        let (row, at) = (self.find(column, value, nth), self.column(column));
        self.rows[row][at] = to.into();
    }

    /// Changes another cell of the line in which `column` holds `value` for the `nth` time.
    pub(crate) fn set_in(&mut self, column: &str, value: &str, nth: usize, other: &str, to: &str) {
        let (row, at) = (self.find(column, value, nth), self.column(other));
        self.rows[row][at] = to.into();
    }

    pub(crate) fn cell(&self, column: &str, value: &str, nth: usize, other: &str) -> String {
        self.rows[self.find(column, value, nth)][self.column(other)].clone()
    }

    pub(crate) fn overwrite(&mut self, column: &str, line: usize, to: &str) {
        let at = self.column(column);
        self.rows[line][at] = to.into();
    }

    pub(crate) fn rename(&mut self, column: &str, to: &str) {
        let at = self.column(column);
        self.rows[0][at] = to.into();
    }

    pub(crate) fn last(&self, column: &str) -> String {
        self.rows[self.rows.len() - 1][self.column(column)].clone()
    }
}
