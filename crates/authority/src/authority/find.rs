//! Searching the guest list for a supervisor.

use usher_core::entry::Subject;
use usher_protocol::{limits::FIND_ROWS_MAX, people::FoundPerson, records::PersonRecord};

use super::Authority;
use crate::{
    Result, derive,
    store::{Look, Store},
};

/// The longest text that is searched for, in characters.
const TEXT_CHARS_MAX: usize = 100;
/// The shortest, in letters and digits.
const TEXT_CHARS_MIN: usize = 2;

impl<S: Store> Authority<S> {
    /// People of whose name, e-mail, organisation or order words begin with the words of `text`; at most [`FIND_ROWS_MAX`]. A text
    /// of fewer than two letters finds nobody. Walks the whole guest list: a supervisor does this now and then.
    ///
    /// # Errors
    /// The store's own.
    pub fn find_persons(&self, text: &str) -> Result<Vec<FoundPerson>> {
        let wanted = words(&text.chars().take(TEXT_CHARS_MAX).collect::<String>());
        if wanted.iter().map(|word| word.chars().count()).sum::<usize>() < TEXT_CHARS_MIN {
            return Ok(Vec::new());
        }
        self.store.read(|look| {
            let mut found = Vec::new();
            look.persons(&mut |row| {
                if fits(&row.record, &wanted) {
                    found.push(row.record);
                }
                Ok(found.len() < FIND_ROWS_MAX)
            })?;
            found.into_iter().map(|record| shown(look, record)).collect()
        })
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn fits(record: &PersonRecord, wanted: &[String]) -> bool {
    let PersonRecord { name, email, organisation, order, .. } = record;
    let theirs: Vec<_> =
        [name, email, organisation, order].into_iter().flat_map(|text| words(text)).collect();
    wanted.iter().all(|word| theirs.iter().any(|one| one.starts_with(word.as_str())))
}

fn shown(look: &dyn Look, record: PersonRecord) -> Result<FoundPerson> {
    let mut inside = Vec::new();
    for session in look.sessions()? {
        let rows = derive::rows(look, session.record.rules.id, Subject::Person(record.id), false)?;
        if rows.iter().any(|row| !row.released) {
            inside.push(session.record.name);
        }
    }
    let PersonRecord { id, name, organisation, order, .. } = record;
    Ok(FoundPerson { id: id.to_string(), name, organisation, order, inside })
}
