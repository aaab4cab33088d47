//! The search's own look at the guest list: a connection of its own, so that neither a scan nor syncing ever waits for it.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use usher_core::ids::PersonId;
use usher_protocol::limits::FIND_ROWS_MAX;

use crate::{
    StoreError,
    fold::folded,
    near::{Near, Vocabulary},
    row,
};

/// The longest text that is searched for, in characters.
const TEXT_CHARS_MAX: usize = 100;
/// The shortest, in folded letters.
const TEXT_LETTERS_MIN: usize = 2;
/// The most words of it that are.
const WORDS_MAX: usize = 8;
/// As many rows as stand on the screen at once: below that there is room for those who may have been meant.
const FEW: usize = 8;

/// Somebody whom a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    nr: i64,
    /// Who.
    pub(crate) id: PersonId,
    /// Only with a letter of what was typed taken for a mistake.
    pub(crate) near: bool,
}

/// The guest list as the search reads it.
#[derive(Debug)]
pub(crate) struct Search {
    /// `replica.db`.
    pub(crate) lists: Connection,
    /// Read when it is first needed.
    vocabulary: Option<Vocabulary>,
}

impl Search {
    pub(crate) const fn on(lists: Connection) -> Self {
        Self { lists, vocabulary: None }
    }

    /// Somebody came or is called otherwise.
    pub(crate) fn hear_of(&mut self, words: [&str; 3]) {
        let known = self.vocabulary.as_mut();
        if known
            .is_some_and(|known| !words.map(|text| known.add(&folded(text))).iter().all(|has_room| *has_room))
        {
            self.vocabulary = None;
        }
    }

    /// Whose words begin with the words of `text`, those first whose name holds them whole, then those whose name begins with them; behind
    /// them, where these are few, those of whom that is true with one letter of a word typed wrong. At most one more than
    /// [`FIND_ROWS_MAX`]. Within each of these by name; of very many, those that joined the list first.
    pub(crate) fn hits(&mut self, text: &str) -> Result<Vec<Hit>, StoreError> {
        let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
        let folded = folded(&text);
        let words: Vec<_> = folded.split(' ').filter(|word| !word.is_empty()).take(WORDS_MAX).collect();
        if words.iter().flat_map(|word| word.chars()).count() < TEXT_LETTERS_MIN {
            return Ok(Vec::new());
        }
        let mut page = Page::default();
        for query in exactly(&words) {
            page.fill(&self.lists, &query, false)?;
        }
        if page.hits.len() < FEW {
            for query in nearly(&words, self.vocabulary()?) {
                page.fill(&self.lists, &query, true)?;
            }
        }
        Ok(page.hits)
    }

    fn vocabulary(&mut self) -> Result<&Vocabulary, StoreError> {
        let known = match self.vocabulary.take() {
            Some(known) => known,
            None => Vocabulary::of(&self.lists)?,
        };
        Ok(self.vocabulary.insert(known))
    }
}

/// What was found so far, each guest once.
#[derive(Default)]
struct Page {
    hits: Vec<Hit>,
    seen: BTreeSet<i64>,
}

impl Page {
    /// Adds whom a query finds, by name, as long as there is room. Nothing is ranked: that would look at every guest that fits.
    fn fill(&mut self, lists: &Connection, query: &str, near: bool) -> Result<(), StoreError> {
        let room = (FIND_ROWS_MAX + 1).saturating_sub(self.hits.len());
        if room == 0 {
            return Ok(());
        }
        let mut read = lists.prepare_cached(
            "SELECT p.nr, p.id, p.name FROM person_text t JOIN person p ON p.nr = t.rowid WHERE person_text MATCH ?1 LIMIT ?2",
        )?;
        let mut rows = read.query(params![query, (room + self.seen.len()) as i64])?;
        let mut found = Vec::new();
        while let Some(one) = rows.next()? {
            let (nr, id, name): (i64, Vec<u8>, String) = (one.get(0)?, one.get(1)?, one.get(2)?);
            if self.seen.insert(nr) {
                found.push((name, Hit { nr, id: PersonId(row::uuid(&id)?), near }));
            }
        }
        found.truncate(room);
        found.sort_by(|(a, one), (b, other)| (a, one.nr).cmp(&(b, other.nr)));
        self.hits.extend(found.into_iter().map(|(_, hit)| hit));
        Ok(())
    }
}

/// Full-text queries for exactly what was typed, the best first; each finds all that the one before it does. Words are quoted, so that
/// nothing that is typed can be an operator.
fn exactly(words: &[&str]) -> [String; 3] {
    let whole = all(words.iter().map(|word| format!("\"{word}\"")));
    let begun = all(words.iter().map(|word| format!("\"{word}\"*")));
    [format!("name : ({whole})"), format!("name : ({begun})"), begun]
}

/// The same with a letter typed wrong, the best first: a word is that one, or goes on behind it.
fn nearly(words: &[&str], vocabulary: &Vocabulary) -> Vec<String> {
    let near: Vec<_> = words.iter().map(|word| vocabulary.near(word)).collect();
    let with = |meant: fn(&Near) -> Vec<&String>| {
        let any = near.iter().any(|near| !meant(near).is_empty());
        any.then(|| all(words.iter().zip(&near).map(|(word, near)| either(word, &meant(near)))))
    };
    let queries = [
        with(|near| near.whole.iter().collect()),
        with(|near| near.whole.iter().chain(&near.begun).collect()),
    ];
    queries.into_iter().flatten().collect()
}

/// The word as it was typed, or one that may have been meant.
fn either(word: &str, meant: &[&String]) -> String {
    let meant: String = meant.iter().map(|word| format!(" OR \"{word}\"")).collect();
    format!("(\"{word}\"*{meant})")
}

fn all(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" AND ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_never_an_operator() {
        let words = folded("NEAR(\" OR *");
        let words: Vec<_> = words.split(' ').collect();
        let [whole, begun, anywhere] = exactly(&words);
        assert_eq!(whole, "name : (\"near\" AND \"or\")");
        assert_eq!(begun, "name : (\"near\"* AND \"or\"*)");
        assert_eq!(anywhere, "\"near\"* AND \"or\"*");
    }

    #[test]
    fn too_little_finds_nobody() {
        let mut search = Search::on(crate::schema::lists_in_memory().unwrap());
        for text in ["", "a", " a ", "--", "\"", "e\u{301}"] {
            assert_eq!(search.hits(text).unwrap(), [], "{text:?}");
        }
    }
}
