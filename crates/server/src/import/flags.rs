//! Flags of guests: several short words in a cell, as many and as long as a card shows, and what became of the rest.

use usher_protocol::limits::{FLAG_CHARS_MAX, FLAGS_MAX};

use super::columns::Columns;
use super::found::Notice;
use super::table::Row;
use super::words::Field;

/// What of a file's flags did not fit on a card, with the lines of the first.
#[derive(Default)]
pub(super) struct Flags {
    cut: usize,
    cut_line: u64,
    left_out: usize,
    left_out_line: u64,
}

impl Flags {
    /// A file with the column says all of a guest's flags: an empty cell says that there are none. `None` if it has no such column.
    pub(super) fn read(
        &mut self,
        row: &Row<'_, '_>,
        columns: &Columns,
        escaped: bool,
    ) -> Option<Vec<String>> {
        let columns: Vec<_> = columns.all(Field::Flags).collect();
        if columns.is_empty() {
            return None;
        }
        let (mut flags, mut cut) = (Vec::new(), 0);
        for column in columns {
            cut += split(&row.text(Some(column), escaped), &mut flags);
        }
        self.add(row.line(), cut, flags.len().saturating_sub(FLAGS_MAX));
        flags.truncate(FLAGS_MAX);
        Some(flags)
    }

    fn add(&mut self, line: u64, cut: usize, left_out: usize) {
        if self.cut == 0 {
            self.cut_line = line;
        }
        if self.left_out == 0 {
            self.left_out_line = line;
        }
        self.cut += cut;
        self.left_out += left_out;
    }

    /// What the organiser is told of them.
    pub(super) fn notices(&self) -> impl Iterator<Item = Notice> + use<> {
        let cut = Notice::FlagsCut { count: self.cut, first_line: self.cut_line };
        let left_out = Notice::FlagsLeftOut { count: self.left_out, first_line: self.left_out_line };
        [(self.cut, cut), (self.left_out, left_out)]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(_, notice)| notice)
    }
}

/// Flags separated as sessions are, each once, in the order written; each as far as a card has room for it, control characters dropped.
/// Gives back how many were cut.
fn split(text: &str, into: &mut Vec<String>) -> usize {
    let mut cut = 0;
    for part in text.split([';', '|', '\n']) {
        let words = part.split_whitespace().collect::<Vec<_>>().join(" ");
        let (flag, whole) = short(words.chars().filter(|c| !c.is_control()));
        // Also of two that are the same once they are cut: one of them is lost.
        cut += usize::from(!whole);
        if !flag.is_empty() && !into.contains(&flag) {
            into.push(flag);
        }
    }
    cut
}

/// A flag of the letters, and whether it has all of them.
fn short(mut letters: impl Iterator<Item = char> + Clone) -> (String, bool) {
    if letters.clone().nth(FLAG_CHARS_MAX).is_none() {
        return (letters.collect(), true);
    }
    let kept: String = letters.by_ref().take(FLAG_CHARS_MAX - 1).collect();
    (format!("{}…", kept.trim_end()), false)
}
