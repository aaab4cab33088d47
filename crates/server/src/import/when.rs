//! Times as organisers' files write them, to milliseconds since 1970 UTC. Reads RFC 3339, ISO local times, and the short forms in which
//! pretix prints times for its locales (`21.11.2026 06:30`, `11/21/2026 6:30 a.m.`, `noon`, `21 Kas 2026 06:30`, `2026年11月21日 06:30`).
//! Which of day and month comes first is found by [`Evidence`] over a whole file, never cell by cell.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;

use super::problem::ProblemKind;

/// Whether `5/7/2026` is the 5th of July or the 7th of May.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// 5 July.
    DayFirst,
    /// May 7.
    MonthFirst,
}

/// The order found for a file, and whether no cell proved it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    /// Order of dates with slashes.
    pub(super) order: DateOrder,
    /// Some cell could be read in two ways and none showed which is right.
    pub(super) guessed: bool,
}

/// Looks for a cell with slashes that can be read in one way only.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    proven: Option<DateOrder>,
    ambiguous: bool,
    twelve_hours: bool,
}

impl Evidence {
    /// Takes a cell into account.
    pub(super) fn see(&mut self, cell: &str) {
        if self.proven.is_some() || !cell.contains('/') {
            return;
        }
        let parts = Parts::of(cell);
        let [first, second, 1000..=9999, ..] = parts.numbers[..] else { return };
        match (first > 12, second > 12) {
            (true, false) => self.proven = Some(DateOrder::DayFirst),
            (false, true) => self.proven = Some(DateOrder::MonthFirst),
            _ => self.ambiguous |= first != second,
        }
        self.twelve_hours |= parts.half.is_some();
    }

    /// Without proof: month first if the clock has twelve hours, for so pretix prints them for the United States, else day first.
    pub(super) fn order(&self) -> Order {
        let likely = if self.twelve_hours { DateOrder::MonthFirst } else { DateOrder::DayFirst };
        Order { order: self.proven.unwrap_or(likely), guessed: self.proven.is_none() && self.ambiguous }
    }
}

/// Reads a time. Times without an offset are in `zone`.
///
/// # Errors
/// Not a time, or a local time that `zone` does not have or has twice.
pub(super) fn millis(text: &str, zone: Option<Tz>, order: DateOrder) -> Result<i64, ProblemKind> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1)) {
        return Ok(time.timestamp_millis());
    }
    let local = local(text, order).ok_or(ProblemKind::BadDate)?;
    let zone = zone.ok_or(ProblemKind::NoTimeZone)?;
    match zone.from_local_datetime(&local) {
        LocalResult::Single(time) => Ok(time.timestamp_millis()),
        LocalResult::Ambiguous(..) => Err(ProblemKind::TimeTwice { zone: zone.name() }),
        LocalResult::None => Err(ProblemKind::TimeSkipped { zone: zone.name() }),
    }
}

fn local(text: &str, order: DateOrder) -> Option<NaiveDateTime> {
    let parts = Parts::of(text);
    let (date, time) = parts.split(text, order)?;
    let (hour, minute, second) = match *time {
        [] if parts.half.is_some() => parts.half?.of_word()?,
        [] => (0, 0, 0),
        [hour] => (parts.hour(hour)?, 0, 0),
        [hour, minute] => (parts.hour(hour)?, minute, 0),
        [hour, minute, second] => (parts.hour(hour)?, minute, second),
        _ => return None,
    };
    date?.and_hms_opt(hour, minute, second)
}

/// The numbers and telling words of a cell.
struct Parts {
    numbers: Vec<u32>,
    month: Option<u32>,
    half: Option<Half>,
    strange: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
    Noon,
    Midnight,
}

impl Half {
    fn of_word(self) -> Option<(u32, u32, u32)> {
        match self {
            Self::Noon => Some((12, 0, 0)),
            Self::Midnight => Some((0, 0, 0)),
            Self::Morning | Self::Afternoon => None,
        }
    }
}

impl Parts {
    fn of(text: &str) -> Self {
        let mut parts = Self { numbers: Vec::new(), month: None, half: None, strange: false };
        for word in split_kinds(text) {
            if word.starts_with(|c: char| c.is_ascii_digit()) {
                parts.numbers.push(word.parse().unwrap_or(u32::MAX));
            } else if word.starts_with(char::is_alphabetic) {
                parts.take_word(&word.to_lowercase());
            }
        }
        parts.strange |= parts.numbers.len() > 6;
        parts
    }

    fn take_word(&mut self, word: &str) {
        match (half_of(word), month_of(word)) {
            (Some(half), _) => self.half = Some(half),
            (_, Some(month)) => self.month = Some(month),
            _ => self.strange |= !matches!(word, "t" | "h" | "年" | "月" | "日" | "uhr"),
        }
    }

    /// The date, and the numbers of the time. Where the time precedes the date (Vietnamese) the year is the last number.
    fn split(&self, text: &str, order: DateOrder) -> Option<(Option<NaiveDate>, &[u32])> {
        let date =
            |year: u32, month: u32, day: u32| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day);
        let day_first = order == DateOrder::DayFirst || !text.contains('/');
        if self.strange {
            return None;
        }
        match (self.month, &self.numbers[..]) {
            (Some(month), [day, year @ 1000..=9999, time @ ..]) => Some((date(*year, month, *day), time)),
            (None, [year @ 1000..=9999, month, day, time @ ..]) => Some((date(*year, *month, *day), time)),
            (None, [first, second, year @ 1000..=9999, time @ ..]) if day_first => {
                Some((date(*year, *second, *first), time))
            }
            (None, [first, second, year @ 1000..=9999, time @ ..]) => {
                Some((date(*year, *first, *second), time))
            }
            (None, [time @ .., day, month, year @ 1000..=9999]) => Some((date(*year, *month, *day), time)),
            _ => None,
        }
    }

    fn hour(&self, hour: u32) -> Option<u32> {
        match self.half {
            None => Some(hour),
            Some(_) if !(1..=12).contains(&hour) => None,
            Some(Half::Morning) => Some(hour % 12),
            Some(Half::Afternoon) => Some(hour % 12 + 12),
            Some(Half::Noon | Half::Midnight) => None,
        }
    }
}

/// Runs of digits, runs of letters (with the points inside `a.m.` and the marks of Thai), and the rest left out.
fn split_kinds(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.chars() {
        let wordy = |c: char| c.is_alphabetic() || ('\u{0e31}'..='\u{0e4e}').contains(&c) || c == '\u{307}';
        let joins = match last {
            last if last.is_ascii_digit() => c.is_ascii_digit(),
            last if wordy(last) || last == '.' => wordy(c) || c == '.',
            _ => false,
        };
        match words.last_mut() {
            Some(word) if joins && !(word.ends_with('.') && word.len() == 1) => word.push(c),
            _ if c.is_ascii_digit() || wordy(c) => words.push(c.to_string()),
            _ => {}
        }
        last = if joins || c.is_ascii_digit() || wordy(c) { c } else { ' ' };
    }
    words
}

fn half_of(word: &str) -> Option<Half> {
    match word {
        "a.m." | "am" | "ص" | "y.b." | "ö.ö." => Some(Half::Morning),
        "p.m." | "pm" | "م" | "y.h." | "ö.s." => Some(Half::Afternoon),
        "noon" | "öğlen" | "ظهراً" => Some(Half::Noon),
        "midnight" => Some(Half::Midnight),
        _ => None,
    }
}

/// Month names where pretix prints them in short times: English, Turkish, Thai.
fn month_of(word: &str) -> Option<u32> {
    const ENGLISH: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    const TURKISH: [&str; 12] = [
        "ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım",
        "aralık",
    ];
    const THAI: [&str; 12] =
        ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."];
    let word = word.strip_suffix('.').filter(|short| !short.contains('.')).unwrap_or(word);
    let begins = |name: &str| word.chars().count() >= 3 && name.starts_with(word);
    let at = [&ENGLISH, &TURKISH]
        .into_iter()
        .find_map(|names| names.iter().position(|name| begins(name)))
        .or_else(|| THAI.iter().position(|name| *name == word))?;
    u32::try_from(at + 1).ok()
}
