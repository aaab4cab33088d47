//! How the search compares words: without case, accents, and what else people leave out or cannot type.
//!
//! The guest list (migration replica/0008) and what is typed pass through the same [`folded`]. So it needs to be right about no language:
//! it only puts alike what may be typed for the same name, and may put more alike than that. Which letters were mistyped is another
//! question ([`crate::near`]).

use icu_normalizer::{DecomposingNormalizerBorrowed, properties::CanonicalCombiningClassMapBorrowed};
use rusqlite::{Connection, functions::FunctionFlags};

const DECOMPOSING: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfkd();
const MARKS: CanonicalCombiningClassMapBorrowed<'static> = CanonicalCombiningClassMapBorrowed::new();

/// A word behind one of these is written together with it or without it: O'Brien, D’Angelo.
const APOSTROPHES: [char; 7] = ['\'', '’', '‘', 'ʼ', 'ʻ', '`', '´'];
/// The Arabic article, which is written together with its word.
const ARTICLE: &str = "ال";
/// The shortest word behind an article, in letters: a shorter one is more likely part of the word.
const ARTICLE_REST_MIN: usize = 3;
/// The Devanagari nasals, which before another consonant are as often written as a dot: हिन्दी, हिंदी.
const NASALS: [char; 5] = ['ङ', 'ञ', 'ण', 'न', 'म'];
const VIRAMA: char = '\u{94d}';
const ANUSVARA: char = '\u{902}';

/// Gives SQLite the function `folded(text)`.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("folded", 1, flags, |columns| {
        // What is no text was damaged on the disk; its sum says so, and no search should fail by it.
        let bytes = columns.get_raw(0).as_bytes().unwrap_or_default();
        Ok(folded(&String::from_utf8_lossy(bytes)))
    })
}

/// The words of a text as they are compared, each once behind the other with a space between. A word with an apostrophe or the Arabic
/// article also gives the word behind that.
pub(crate) fn folded(text: &str) -> String {
    let mut words = Words::default();
    if text.is_ascii() {
        text.chars().for_each(|letter| words.take(letter.to_ascii_lowercase()));
    } else {
        let small = text.chars().flat_map(char::to_lowercase);
        // Taking letters apart can give capitals again: ℡ is TEL.
        DECOMPOSING.normalize_iter(small).flat_map(char::to_lowercase).for_each(|letter| words.take(letter));
    }
    words.end();
    words.all
}

/// Words on their way.
#[derive(Default)]
struct Words {
    all: String,
    word: String,
    /// Where in the word its first apostrophe was, in bytes; 0: none.
    apostrophe: usize,
}

impl Words {
    fn take(&mut self, letter: char) {
        match letter {
            'a'..='z' | '0'..='9' => self.word.push(letter),
            _ if APOSTROPHES.contains(&letter) => {
                self.apostrophe = if self.apostrophe == 0 { self.word.len() } else { self.apostrophe };
            }
            _ if letter.is_ascii() => self.end(),
            _ if is_left_out(letter) => {}
            VIRAMA if self.word.ends_with(NASALS) => {
                self.word.pop();
                self.word.push(ANUSVARA);
            }
            _ => match plain(letter) {
                Some(plain) => self.word.push_str(plain),
                None if letter.is_alphanumeric() || is_mark(letter) => self.word.push(digit(letter)),
                None => self.end(),
            },
        }
    }

    fn end(&mut self) {
        let word = std::mem::take(&mut self.word);
        let apostrophe = std::mem::take(&mut self.apostrophe);
        self.add(&word);
        match word.strip_prefix(ARTICLE) {
            Some(rest) if rest.chars().count() >= ARTICLE_REST_MIN => self.add(rest),
            _ if apostrophe > 0 => self.add(&word[apostrophe..]),
            _ => {}
        }
    }

    fn add(&mut self, word: &str) {
        if !word.is_empty() {
            self.all.push_str(if self.all.is_empty() { "" } else { " " });
            self.all.push_str(word);
        }
    }
}

/// Accents, points and vowels over and under letters, by the class that says where they are set; signs that only say how letters join;
/// the Arabic stretching of a word, and the hamza that stands alone.
fn is_left_out(letter: char) -> bool {
    matches!(MARKS.get_u8(letter), 1..=7 | 10..=36 | 200..)
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
        || matches!(letter, 'ـ' | 'ء')
}

/// Marks that make another letter, as in Indian scripts, Thai and Japanese.
fn is_mark(letter: char) -> bool {
    matches!(MARKS.get_u8(letter), 8 | 9 | 84..=132)
}

/// What is typed for letters that no decomposition makes plain.
const fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ı' => "i",
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ə' => "e",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ς' => "σ",
        'ٱ' => "ا",
        'ة' | 'ہ' | 'ھ' => "ه",
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ँ' => "ं",
        _ => return None,
    })
}

/// Arabic, Persian and Devanagari digits as those of every keyboard.
fn digit(letter: char) -> char {
    let zero = match letter {
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        _ => return letter,
    };
    char::from_digit(u32::from(letter) - u32::from(zero), 10).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn alike(texts: &[&str]) {
        for text in texts {
            assert_eq!(folded(text), folded(texts[0]), "{text} and {}", texts[0]);
        }
    }

    #[test]
    fn what_may_be_typed_for_a_name_is_alike() {
        alike(&["Işık", "ışık", "IŞIK", "İŞİK", "isik", "Isik", "I\u{307}s\u{327}ik"]);
        alike(&["Weiß", "WEISS", "weiss", "WEIẞ"]);
        alike(&["Müller", "Mu\u{308}ller", "muller"]);
        alike(&["Łukasz Żółć", "lukasz zolc", "ŁUKASZ ŻÓŁĆ"]);
        alike(&["Søren Kjærgård", "soren kjaergard"]);
        alike(&["Đorđević", "dordevic"]);
        alike(&["أحمد", "احمد", "إحمد", "آحمد", "أَحْمَد", "أحـــمد"]);
        alike(&["فاطمة", "فاطمه"]);
        alike(&["علي", "على", "علی"]);
        alike(&["علاء", "علا"]);
        alike(&["हिन्दी", "हिंदी", "हिँदी"]);
        alike(&["फ़ातिमा", "फातिमा"]);
        alike(&["क्‍ष", "क्ष"]);
        alike(&["٤٢", "42", "۴۲", "४२", "４２"]);
        alike(&["ﬁnn", "FINN"]);
        alike(&["Σοφός", "ΣΟΦΟΣ", "σοφος"]);
    }

    #[test]
    fn words_end_where_no_letter_is_and_also_begin_behind_an_apostrophe_and_the_article() {
        assert_eq!(folded("ana.gomez-RUIZ@example.org"), "ana gomez ruiz example org");
        assert_eq!(folded("  NEAR(\" OR *"), "near or");
        assert_eq!(folded("O’Brien"), "obrien brien");
        assert_eq!(folded("'t Hooft"), "t hooft");
        assert_eq!(folded("Rock'n'roll"), "rocknroll nroll");
        assert_eq!(folded("الأحمد"), "الاحمد احمد");
        assert_eq!(folded("الله"), "الله");
        assert_eq!(folded("प्रिया शर्मा"), "प्रिया शर्मा", "signs that carry the vowels stay");
        assert_eq!(folded("--"), "");
    }

    /// Letters of the languages that Usher speaks, and of their neighbours.
    const NAME: &str = "[A-Za-zÀ-ÖØ-öø-žıİşŞğĞ' .-]{0,24}|[\u{621}-\u{652} ]{0,16}";

    proptest! {
        #[test]
        fn case_is_nothing(name in NAME) {
            prop_assert_eq!(folded(&name.to_lowercase()), folded(&name));
            prop_assert_eq!(folded(&name.to_uppercase()), folded(&name));
        }

        #[test]
        fn an_accent_is_nothing(name in "[a-z ]{0,12}", accent in "[\u{300}-\u{304}\u{306}-\u{30c}\u{323}-\u{328}]", at: prop::sample::Index) {
            let mut accented = name.clone();
            accented.insert_str(at.index(name.len() + 1), &accent);
            prop_assert_eq!(folded(&accented), folded(&name));
        }

        /// Who types a name letter by letter finds it all the way: each word so far begins a word of the name.
        #[test]
        fn the_beginning_of_a_name_begins_its_words(name in NAME, at: prop::sample::Index) {
            let ends: Vec<_> = name.char_indices().map(|(end, _)| end).chain([name.len()]).collect();
            let (whole, typed) = (folded(&name), folded(&name[..ends[at.index(ends.len())]]));
            for word in typed.split(' ').filter(|word| !word.is_empty()) {
                prop_assert!(whole.split(' ').any(|one| one.starts_with(word)), "{} in {}", word, whole);
            }
        }

        #[test]
        fn folding_again_loses_nothing_and_leaves_words_and_single_spaces(text: String) {
            let once = folded(&text);
            let again = folded(&once);
            prop_assert!(once.split(' ').all(|word| again.split(' ').any(|one| one == word)), "{:?}, {:?}", once, again);
            prop_assert!(once.split(' ').all(|word| !word.is_empty()) || once.is_empty());
            prop_assert!(!once.chars().any(|c| c.is_control() || (c.is_ascii() && !c.is_ascii_alphanumeric() && c != ' ')));
        }
    }
}
