//! Looking `replica.db` through when a desk starts: where something changed on the disk, the list is fetched anew as soon as the server
//! can be reached, and is used until then (DESIGN 10, P7).

use std::sync::atomic::Ordering;

use rusqlite::Connection;

use crate::{Replica, StoreError, schema::has_our_tables, sync::want_lists};

/// What carries sums (migrations replica/0006 and 0007), with the columns that they are over: all but those that only number the rows.
const SUMMED: [(&str, &str); 24] = [
    ("feed", "term, position, complete, synced_ms"),
    ("event", "record"),
    ("session", "id, record"),
    ("station", "id, record"),
    (
        "person",
        "id, name, email, organisation, kind, ordered, note, cancelled, valid_from, valid_until, flags, attention",
    ),
    ("code", "digest, person, revoked"),
    ("registration", "person, session, cancelled"),
    ("profile", "person, record"),
    ("entry", "station, epoch, seq, bytes"),
    ("proof", "station, epoch, block, seq, proof, signature"),
    ("branch", "station, epoch, of_epoch, from_seq, before"),
    ("list_word", "proof, signature"),
    ("quarantine", "position, item"),
    ("check_in", "station, epoch, seq, session, subject, hlc, basis, released"),
    ("release", "station, epoch, seq"),
    ("exit", "station, epoch, seq, session, person, hlc, bound"),
    ("merge", "station, epoch, seq, a, b, split"),
    ("settled", "incident"),
    ("one_person", "incident"),
    ("tally", "session, inside, occupied, unsettled, over_grant"),
    ("absorbed", "epoch, seq"),
    ("hold", "session, person, term, rev, held"),
    ("cut", "session, term, rev"),
    ("message", "station, epoch, seq, hlc"),
];

impl Replica {
    /// Looks the lists through; whether all is as it was written. What is not is fetched anew, but the words of the search, which are
    /// made anew from the list. No sync can run meanwhile, and the door can (`benches/door.rs` says for how long).
    ///
    /// # Errors
    /// A fault of the files.
    pub fn look_lists_through(&self) -> Result<bool, StoreError> {
        let side = self.sync();
        let whole = or_damaged(is_whole(&side.lists))?;
        if !whole {
            tracing::error!("the guest list on this disk was damaged: it is fetched anew");
            let _turn = self.turn();
            want_lists(&side.log)?;
        }
        Ok(whole)
    }

    /// Where syncing fails by what a file says, and that is the lists, they are fetched before anything else: without that no answer could
    /// be taken in, and nothing that is sent would count as held.
    pub(crate) fn blame_lists(&self, error: &StoreError) {
        // Once is enough: it takes long.
        let known = self.unusable.load(Ordering::Relaxed) || self.lists_are_closed();
        if !known && error.is_of_the_content() && matches!(self.look_lists_through(), Ok(false)) {
            self.unusable.store(true, Ordering::Relaxed);
        }
    }
}

/// What cannot be read to its end is not whole.
pub(crate) fn or_damaged(looked: Result<bool, StoreError>) -> Result<bool, StoreError> {
    match looked {
        Err(error) if error.is_of_the_content() => Ok(false),
        looked => looked,
    }
}

fn is_whole(lists: &Connection) -> Result<bool, StoreError> {
    if !has_our_tables(lists)? {
        return Ok(false);
    }
    for (table, columns) in SUMMED {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE sum IS NOT row_sum({columns}))");
        if lists.query_row(&sql, [], |row| row.get(0))? {
            return Ok(false);
        }
    }
    // The list itself is whole from here on, so that its words can be made of it.
    if !or_damaged(words_fit(lists))? {
        tracing::warn!("the words of the search were damaged: they are made anew");
        make_words_anew(lists)?;
    }
    let shape: String = lists.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok(shape == "ok")
}

/// Makes the words of the search of the guests' names: nothing of what they were before is looked at.
pub(crate) fn make_words_anew(lists: &Connection) -> Result<(), StoreError> {
    lists.execute("INSERT INTO person_text (person_text) VALUES ('rebuild')", [])?;
    Ok(())
}

/// SQLite's own comparison of the words with the list; what does not fit is an error of the content.
fn words_fit(lists: &Connection) -> Result<bool, StoreError> {
    lists.execute("INSERT INTO person_text (person_text, rank) VALUES ('integrity-check', 1)", [])?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::schema::lists_in_memory;

    /// Tables that carry no sum. Their rows are SQLite's, and are compared with the list ([`words_fit`]).
    const WORDS: [&str; 5] =
        ["person_text", "person_text_config", "person_text_data", "person_text_docsize", "person_text_idx"];
    /// Columns that no sum is over: each numbers its rows, and SQLite's look at the file, or the words, would not fit another number.
    const NUMBERS: [&str; 3] = ["event.one", "feed.one", "person.nr"];

    fn empty() -> Connection {
        lists_in_memory().unwrap()
    }

    fn texts(lists: &Connection, sql: &str) -> BTreeSet<String> {
        let mut read = lists.prepare(sql).unwrap();
        read.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn every_table_is_looked_through() {
        let tables = texts(&empty(), "SELECT name FROM sqlite_schema WHERE type = 'table'");
        let looked = SUMMED.map(|(table, _)| table).into_iter().chain(WORDS);
        assert_eq!(tables, looked.map(String::from).collect());
    }

    #[test]
    fn every_column_is_summed() {
        let sql = "SELECT s.name || '.' || c.name FROM sqlite_schema s JOIN pragma_table_info(s.name) c
                   WHERE s.type = 'table' AND s.name NOT LIKE 'person_text%' AND c.name <> 'sum'";
        let summed = SUMMED
            .into_iter()
            .flat_map(|(table, columns)| columns.split(", ").map(move |column| format!("{table}.{column}")));
        assert_eq!(texts(&empty(), sql), summed.chain(NUMBERS.map(String::from)).collect());
    }
}
