//! Small settings of the desk that survive a restart, by name, as JSON.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Replica, StoreError};

impl Replica {
    /// The setting `name`; none where it was never set, or was set by a version that wrote it in another form.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let side = self.door();
        let mut read = side.log.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
        let text: Option<String> = read.query_row([name], |row| row.get(0)).optional()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps `value` under `name`.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn keep_setting<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        let text = serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let side = self.door();
        let _turn = self.turn();
        let mut write =
            side.log.prepare_cached("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)")?;
        write.execute(params![name, text])?;
        Ok(())
    }
}

/// Whether a note stands.
pub(crate) fn stands(log: &Connection, name: &str) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM setting WHERE name = ?1)";
    Ok(log.prepare_cached(sql)?.query_row([name], |row| row.get(0))?)
}

/// Writes a note down: a setting of which only counts that it stands.
pub(crate) fn note(log: &Connection, name: &str) -> Result<(), StoreError> {
    log.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, 'true')", [name])?;
    Ok(())
}

/// Takes a note off.
pub(crate) fn forget(log: &Connection, name: &str) -> Result<(), StoreError> {
    log.execute("DELETE FROM setting WHERE name = ?1", [name])?;
    Ok(())
}
