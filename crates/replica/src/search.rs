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

/// The words of a text that is searched for, as both the list and what desks added are compared with them; none: there is too little to
/// search for.
pub(crate) fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let folded = folded(&text);
    let words = folded.split(' ').filter(|word| !word.is_empty()).take(WORDS_MAX);
    let words: Vec<_> = words.map(str::to_owned).collect();
    if words.iter().flat_map(|word| word.chars()).count() < TEXT_LETTERS_MIN { Vec::new() } else { words }
}

/// Somebody whom a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
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
        let folded = words(text);
        let words: Vec<_> = folded.iter().map(String::as_str).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut page = Page::default();
        page.fill(&self.lists, &exactly(&words), false, |row| row.fits(&words))?;
        if page.hits.len() < FEW {
            let known = match self.vocabulary.take() {
                Some(known) => known,
                None => Vocabulary::of(&self.lists)?,
            };
            let near = self.vocabulary.insert(known).near(&words);
            page.fill(&self.lists, &nearly(&words, &near), true, |row| row.nearly_fits(&words, &near))?;
        }
        Ok(page.hits)
    }
}

/// Somebody of the list, with the words by which they can be found.
struct Row {
    nr: i64,
    id: PersonId,
    name: String,
    others: [String; 3],
}

impl Row {
    /// 0: the name holds the words whole; 1: they begin words of it; 2: they are found elsewhere.
    fn fits(&self, words: &[&str]) -> usize {
        let name = folded(&self.name);
        let all = |fits: fn(&str, &str) -> bool| {
            words.iter().all(|word| name.split(' ').any(|one| fits(one, word)))
        };
        if all(|one, word| one == word) { 0 } else { 2 - usize::from(all(|one, word| one.starts_with(word))) }
    }

    /// 0: with one letter typed wrong, the words are whole; 1: some go on.
    fn nearly_fits(&self, words: &[&str], near: &[&Near]) -> usize {
        let all = folded(&[&self.name, " ", &self.others.join(" ")].concat());
        let is_whole = |word: &str, near: &Near| {
            all.split(' ').any(|one| one.starts_with(word) || near.whole.iter().any(|meant| meant == one))
        };
        usize::from(!words.iter().zip(near).all(|(word, near)| is_whole(word, near)))
    }
}

/// What was found so far, each guest once.
#[derive(Default)]
struct Page {
    hits: Vec<Hit>,
    seen: BTreeSet<i64>,
}

impl Page {
    /// Adds whom the queries find, as long as there is room: the best first, of whom each query finds some of the next one's. All whom the
    /// last finds are looked at where there is room for them; otherwise each query is asked, and of those it finds the first are taken.
    fn fill(
        &mut self,
        lists: &Connection,
        queries: &[String],
        near: bool,
        rank: impl Fn(&Row) -> usize,
    ) -> Result<(), StoreError> {
        let Some(last) = queries.last() else { return Ok(()) };
        let (mut rows, are_all) = self.read(lists, last)?;
        if are_all {
            rows.sort_by_cached_key(|row| (rank(row), row.name.clone(), row.nr));
            self.add(rows, near);
            return Ok(());
        }
        for query in queries {
            let (mut rows, _) = self.read(lists, query)?;
            rows.sort_by(|a, b| (&a.name, a.nr).cmp(&(&b.name, b.nr)));
            self.add(rows, near);
        }
        Ok(())
    }

    /// Whom a query finds and who is not here yet, as far as there is room; and whether these are all. SQLite ranks nothing: it would look
    /// at every guest that fits.
    fn read(&self, lists: &Connection, query: &str) -> Result<(Vec<Row>, bool), StoreError> {
        let most = self.room() + self.seen.len();
        let mut read = lists.prepare_cached(
            "SELECT p.nr, p.id, p.name, p.email, p.organisation, p.ordered
             FROM person_text t JOIN person p ON p.nr = t.rowid WHERE person_text MATCH ?1 LIMIT ?2",
        )?;
        let mut found = read.query(params![query, most as i64])?;
        let (mut rows, mut count) = (Vec::new(), 0);
        while let Some(one) = found.next()? {
            count += 1;
            let nr = one.get(0)?;
            if !self.seen.contains(&nr) {
                let id = PersonId(row::uuid(&one.get::<_, Vec<u8>>(1)?)?);
                rows.push(Row { nr, id, name: one.get(2)?, others: [one.get(3)?, one.get(4)?, one.get(5)?] });
            }
        }
        rows.truncate(self.room());
        Ok((rows, count < most))
    }

    fn room(&self) -> usize {
        (FIND_ROWS_MAX + 1).saturating_sub(self.hits.len())
    }

    fn add(&mut self, rows: Vec<Row>, near: bool) {
        for row in rows.into_iter().take(self.room()) {
            self.seen.insert(row.nr);
            self.hits.push(Hit { id: row.id, near });
        }
    }
}

/// Full-text queries for exactly what was typed, the best first; each finds all that the one before it does. Words are quoted, so that
/// nothing that is typed can be an operator.
fn exactly(words: &[&str]) -> [String; 3] {
    let whole = all(words.iter().map(|word| format!("\"{word}\"")));
    let begun = all(words.iter().map(|word| format!("\"{word}\"*")));
    [format!("name : ({whole})"), format!("name : ({begun})"), begun]
}

/// The same with a letter typed wrong: a word is that one, and the last, which is still being typed, may go on behind it.
fn nearly(words: &[&str], near: &[&Near]) -> Vec<String> {
    let whole: Vec<Vec<&String>> = near.iter().map(|near| near.whole.iter().collect()).collect();
    let mut begun = whole.clone();
    if let (Some(meant), Some(last)) = (begun.last_mut(), near.last()) {
        meant.extend(&last.begun);
    }
    let some = [whole, begun].into_iter().filter(|meant| meant.iter().any(|meant| !meant.is_empty()));
    some.map(|meant| all(words.iter().zip(&meant).map(|(word, meant)| either(word, meant)))).collect()
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
