//! Words in a box: on one line or two, as large as they fit and no larger than asked. Nothing is ever cut off.

use harfrust::{Script, unicode::script};

use crate::{
    Unprintable,
    fonts::{Chosen, Weight},
    line::{Line, shape},
};

/// One line is kept when its letters are at least so much of the size that two lines would have.
const ONE_LINE_SHARE: f32 = 0.75;

/// Letters smaller than this share of what was asked for are worth a hyphen in the middle of a word.
const SMALL_SHARE: f32 = 0.4;
/// The letters that stay together on each side of such a hyphen.
const TOGETHER_MIN: usize = 3;

/// A box that words go in, in points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// The largest size of letters.
    pub(crate) size_max: f32,
}

/// Words on their lines.
#[derive(Clone, Default)]
pub(crate) struct Block {
    pub(crate) lines: Vec<Line>,
    /// The size of the letters, in points.
    pub(crate) size: f32,
}

impl Block {
    fn new(lines: Vec<Line>, room: Room) -> Self {
        let width = lines.iter().map(|line| line.width).fold(0.0, f32::max);
        let height: f32 = lines.iter().map(Line::height).sum();
        let within = |room: f32, needed: f32| if needed > 0.0 { room / needed } else { f32::INFINITY };
        let size = room.size_max.min(within(room.width, width)).min(within(room.height, height));
        Self { lines, size }
    }

    /// How high the lines stand together, in points.
    pub(crate) fn height(&self) -> f32 {
        self.size * self.lines.iter().map(Line::height).sum::<f32>()
    }
}

/// Fits words into a room.
pub(crate) fn fit(words: &str, weight: Weight, room: Room, fonts: &Chosen<'_>) -> Result<Block, Unprintable> {
    let words = plain(words);
    let one = Block::new(vec![shape(&words, weight, fonts)?], room);
    if one.size >= room.size_max {
        return Ok(one);
    }
    let mut two = best(Block::default(), halves(&words), weight, room, fonts)?;
    if one.size.max(two.size) < SMALL_SHARE * room.size_max {
        two = best(two, hyphenated(&words), weight, room, fonts)?;
    }
    Ok(if one.size >= ONE_LINE_SHARE * two.size { one } else { two })
}

/// The two lines with the largest letters.
fn best(
    mut best: Block,
    halves: Vec<(String, String)>,
    weight: Weight,
    room: Room,
    fonts: &Chosen<'_>,
) -> Result<Block, Unprintable> {
    for (first, second) in halves {
        let tried = Block::new(vec![shape(&first, weight, fonts)?, shape(&second, weight, fonts)?], room);
        if tried.size > best.size {
            best = tried;
        }
    }
    Ok(best)
}

/// Without line breaks, tabs and runs of spaces.
pub(crate) fn plain(words: &str) -> String {
    let spaced: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words on two lines: cut at a space, after a hyphen, or between letters of scripts that are written without spaces.
fn halves(words: &str) -> Vec<(String, String)> {
    let dense = [Script::HAN, Script::HIRAGANA, Script::KATAKANA, Script::HANGUL];
    let whole = |c: char| dense.contains(&script(c.into()));
    let cut = |a: char, b: char| a == ' ' || (a == '-' && b.is_alphabetic()) || (whole(a) && whole(b));
    let pairs = words.char_indices().zip(words.char_indices().skip(1));
    let cuts = pairs.filter(|((_, a), (_, b))| cut(*a, *b)).map(|(_, (at, _))| words.split_at(at));
    cuts.map(|(first, second)| (first.trim().to_owned(), second.trim().to_owned())).collect()
}

/// The words on two lines, cut inside a long word of Latin, Greek or Cyrillic letters, with a hyphen.
fn hyphenated(words: &str) -> Vec<(String, String)> {
    let apart = [Script::LATIN, Script::GREEK, Script::CYRILLIC];
    let letter = |c: char| apart.contains(&script(c.into()));
    let inside = |at: usize| {
        let (first, second) = words.split_at(at);
        let before = first.chars().rev().take(TOGETHER_MIN).filter(|c| letter(*c)).count();
        let after = second.chars().take(TOGETHER_MIN).filter(|c| letter(*c)).count();
        before == TOGETHER_MIN && after == TOGETHER_MIN
    };
    let cuts = words.char_indices().map(|(at, _)| at).filter(|at| inside(*at));
    cuts.map(|at| (format!("{}-", &words[..at]), words[at..].to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn firsts(halves: Vec<(String, String)>) -> Vec<String> {
        halves.into_iter().map(|(first, _)| first).collect()
    }

    #[test]
    fn lines_end_at_spaces_hyphens_and_between_ideographs() {
        assert_eq!(halves("Ana María"), [("Ana".to_owned(), "María".to_owned())]);
        assert_eq!(firsts(halves("Ann-Kathrin")), ["Ann-"]);
        assert_eq!(firsts(halves("1-2 x-")), ["1-2"]);
        assert_eq!(firsts(halves("王小明")), ["王", "王小"]);
        assert_eq!(halves("Donaudampfschifffahrt"), []);
        assert_eq!(plain("  Ana\n\tMaría \u{0} "), "Ana María");
    }

    #[test]
    fn a_long_word_is_cut_between_letters_that_stand_alone() {
        assert_eq!(
            hyphenated("abcdefg"),
            [("abc-".to_owned(), "defg".to_owned()), ("abcd-".to_owned(), "efg".to_owned())]
        );
        assert_eq!(firsts(hyphenated("Ana Γιώργος")), ["Ana Γιώ-", "Ana Γιώρ-"]);
        assert_eq!(hyphenated("الأنصاري लक्ष्मी 王小明王小明 123456"), []);
    }
}
