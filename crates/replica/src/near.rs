//! Words of the guest list that somebody meant who typed one letter wrong: another one, one too many, one too few, or two the wrong way
//! round.
//!
//! All different words of the names, e-mails and organisations are kept in memory, folded ([`crate::fold`]). They are far fewer than the
//! guests, so that looking at each costs a millisecond or two, and nothing more is stored on the disk. Orders are left out: one letter
//! off is somebody else's.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::StoreError;

/// A word of fewer letters is like too many others.
const TYPED_LETTERS_MIN: usize = 4;
/// A shorter word of the list is no name that one would mistype.
const WORD_LETTERS_MIN: usize = 3;
/// The most words that are taken for one that is wrong, and for the beginning of one: each is another list for SQLite to go through.
const WHOLE_MAX: usize = 32;
const BEGUN_MAX: usize = 16;
/// So many words that came since are looked through beside the others; more, and all are read again.
const FRESH_MAX: usize = 2_000;

/// How a word fits one that was mistyped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// All of it.
    Whole,
    /// It goes on behind what was typed.
    Begun,
}

/// Words that may have been meant.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Near {
    /// One letter off.
    pub(crate) whole: Vec<String>,
    /// Beginning with something that is one letter off.
    pub(crate) begun: Vec<String>,
}

/// The words of the list.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// As they were read, each with a line's end behind it.
    known: String,
    /// Those of guests who came or changed since.
    fresh: BTreeSet<String>,
    /// What was looked up for the words of the text before: while somebody types, most of them stay.
    answered: BTreeMap<String, Near>,
}

impl Vocabulary {
    /// Reads all words; some 50 ms at 100,000 guests.
    pub(crate) fn of(lists: &Connection) -> Result<Self, StoreError> {
        lists.execute_batch(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.person_vocabulary USING fts5vocab (main, person_text, col)",
        )?;
        let mut read =
            lists.prepare_cached("SELECT DISTINCT term FROM person_vocabulary WHERE col <> 'ordered'")?;
        let mut rows = read.query([])?;
        let mut known = String::new();
        while let Some(row) = rows.next()? {
            let word = row.get_ref(0)?.as_str().unwrap_or_default();
            if is_name_like(word) {
                known.push_str(word);
                known.push('\n');
            }
        }
        known.shrink_to_fit();
        Ok(Self { known, fresh: BTreeSet::new(), answered: BTreeMap::new() })
    }

    /// Takes in the words of a folded text; whether there is room for them. Words that nobody bears any more stay: no guest is found by them.
    pub(crate) fn add(&mut self, folded: &str) -> bool {
        self.answered.clear();
        self.fresh.extend(folded.split(' ').filter(|word| is_name_like(word)).map(String::from));
        self.fresh.len() <= FRESH_MAX
    }

    /// For each of the folded words of a text, those that may have been meant.
    pub(crate) fn near<'a>(&'a mut self, words: &[&str]) -> Vec<&'a Near> {
        let mut answered = std::mem::take(&mut self.answered);
        answered.retain(|word, _| words.contains(&word.as_str()));
        for word in words {
            if !answered.contains_key(*word) {
                answered.insert((*word).into(), self.look(word));
            }
        }
        self.answered = answered;
        words.iter().filter_map(|word| self.answered.get(*word)).collect()
    }

    /// Words one letter off `typed`, the shortest first. Numbers are taken as typed: a digit off is somebody else's.
    fn look(&self, typed: &str) -> Near {
        if letters(typed) < TYPED_LETTERS_MIN || typed.contains(char::is_numeric) {
            return Near::default();
        }
        let mut near = Near::default();
        for word in self.known.lines().chain(self.fresh.iter().map(String::as_str)) {
            match fit(typed, word) {
                Some(Fit::Whole) => near.whole.push(word.into()),
                Some(Fit::Begun) => near.begun.push(word.into()),
                None => {}
            }
        }
        for (words, most) in [(&mut near.whole, WHOLE_MAX), (&mut near.begun, BEGUN_MAX)] {
            words.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
            words.dedup();
            words.truncate(most);
        }
        near
    }
}

fn letters(word: &str) -> usize {
    word.chars().filter(|letter| letter.is_alphabetic()).count()
}

fn is_name_like(word: &str) -> bool {
    letters(word) >= WORD_LETTERS_MIN
}

/// How `word` fits `typed` with one letter wrong; none: it does not, or it does with none wrong. A single mistake can always be told at
/// the first letter that differs.
fn fit(typed: &str, word: &str) -> Option<Fit> {
    let (typed, word) = behind_common(typed, word);
    let (first, typed_rest) = split_first(typed)?;
    let swapped = || {
        let (second, rest) = split_first(typed_rest)?;
        word.strip_prefix(second)?.strip_prefix(first)?.strip_prefix(rest)
    };
    let word_rest = split_first(word).map(|(_, rest)| rest);
    let rests = [
        word.strip_prefix(typed_rest),
        word_rest.and_then(|rest| rest.strip_prefix(typed_rest)),
        word_rest.and_then(|rest| rest.strip_prefix(typed)),
        swapped(),
    ];
    rests.into_iter().flatten().map(|rest| if rest.is_empty() { Fit::Whole } else { Fit::Begun }).min()
}

fn behind_common<'a>(a: &'a str, b: &'a str) -> (&'a str, &'a str) {
    let mut same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    while !a.is_char_boundary(same) || !b.is_char_boundary(same) {
        same -= 1;
    }
    (&a[same..], &b[same..])
}

fn split_first(text: &str) -> Option<(char, &str)> {
    let mut letters = text.chars();
    letters.next().map(|first| (first, letters.as_str()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(words: &[&str]) -> Vocabulary {
        let known = words.iter().map(|word| format!("{word}\n")).collect();
        Vocabulary { known, fresh: BTreeSet::new(), answered: BTreeMap::new() }
    }

    #[test]
    fn one_letter_is_wrong_too_many_too_few_or_out_of_place() {
        for typed in ["gomes", "gommez", "gmez", "ogmez", "gomze", "gomezz"] {
            assert_eq!(fit(typed, "gomez"), Some(Fit::Whole), "{typed}");
        }
        for typed in ["gonzal", "gozna", "gnoz"] {
            assert_eq!(fit(typed, "gonzalez"), (typed != "gonzal").then_some(Fit::Begun), "{typed}");
        }
        for typed in ["gomez", "gome", "gxmxz", "zemog", "omgez1"] {
            assert_eq!(fit(typed, "gomez"), None, "{typed}");
        }
        assert_eq!(fit("şarma", "शर्मा"), None);
        assert_eq!(fit("शरमा", "शर्मा"), Some(Fit::Whole), "letters of several bytes");
        assert_eq!(fit("محمود", "محمد"), Some(Fit::Whole));
    }

    #[test]
    fn short_words_and_numbers_are_taken_as_typed() {
        let words = of(&["anna", "annika", "hannah"]);
        assert_eq!(words.look("ana"), Near::default());
        assert_eq!(words.look("12345"), Near::default());
        assert_eq!(words.look("annika7"), Near::default());
        assert_eq!(words.look("anma"), Near { whole: vec!["anna".into()], begun: vec![] });
        assert_eq!(words.look("anik"), Near { whole: vec![], begun: vec!["annika".into()] });
    }

    #[test]
    fn words_that_came_since_are_looked_at_until_there_are_too_many() {
        let mut words = of(&["anna"]);
        assert!(words.add("zuriñe etxeberria o0412"));
        let whole = |words: &mut Vocabulary| words.near(&["etxebarria"])[0].whole.clone();
        assert_eq!(whole(&mut words), ["etxeberria"]);
        assert!(words.add("etxebarri"));
        assert_eq!(whole(&mut words), ["etxebarri", "etxeberria"]);
        let many: Vec<_> = (0..=FRESH_MAX).map(|n| format!("word{n}")).collect();
        assert!(!words.add(&many.join(" ")));
    }

    /// The same question answered slowly: the distance of Damerau and Levenshtein (neighbours change places once), to every beginning.
    fn slow(typed: &str, word: &str) -> Option<Fit> {
        let (a, b): (Vec<_>, Vec<_>) = (typed.chars().collect(), word.chars().collect());
        let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = match (i, j) {
                    (0, n) | (n, 0) => n,
                    _ => {
                        let other = d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                        let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                        let swap = if swapped { d[i - 2][j - 2] + 1 } else { usize::MAX };
                        other.min(swap).min(d[i - 1][j] + 1).min(d[i][j - 1] + 1)
                    }
                };
            }
        }
        let ends = &d[a.len()];
        match (word.starts_with(typed), ends[b.len()], ends.iter().min()) {
            (true, ..) => None,
            (_, 1, _) => Some(Fit::Whole),
            (_, _, Some(1)) => Some(Fit::Begun),
            _ => None,
        }
    }

    proptest! {
        #[test]
        fn the_quick_look_agrees_with_the_slow_one(typed in "[abé]{0,6}", word in "[abé]{0,8}") {
            prop_assert_eq!(fit(&typed, &word), slow(&typed, &word));
        }

        /// Every single mistake is found, whatever the word and wherever it is.
        #[test]
        fn a_word_with_one_mistake_is_found(word in "[a-z]{4,12}", at: prop::sample::Index, letter in "[a-z]", kind in 0..4) {
            let mut typed: Vec<char> = word.chars().collect();
            let at = at.index(typed.len() - 1);
            match kind {
                0 => typed[at] = letter.chars().next().unwrap(),
                1 => typed.insert(at, letter.chars().next().unwrap()),
                2 => drop(typed.remove(at)),
                _ => typed.swap(at, at + 1),
            }
            let typed: String = typed.into_iter().collect();
            prop_assert!(word.starts_with(&typed) || fit(&typed, &word) == Some(Fit::Whole), "{} for {}", typed, word);
        }
    }
}
