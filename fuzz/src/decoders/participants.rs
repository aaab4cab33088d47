//! An organiser's table of people. The first byte chooses how it is read; the rest is the file.

use chrono_tz::Tz;
use usher_server::import::{DateOrder, ReadOptions, Unpaid, limits, read_participants};

const ENCODINGS: [Option<&str>; 4] = [None, Some("windows-1252"), Some("utf-16le"), Some("shift_jis")];
const DELIMITERS: [Option<u8>; 3] = [None, Some(b';'), Some(b'"')];

/// Takes any bytes.
pub fn take(bytes: &[u8]) {
    let Some((how, file)) = bytes.split_first() else { return };
    let Ok(read) =
        read_participants(file, &options(usize::from(*how)), &mut |done, all| assert!(done <= all))
    else {
        return;
    };
    let lines = file.len() as u64 + 1;
    for row in read.rows.iter().chain(read.skipped.iter().map(|skipped| &skipped.row)) {
        assert!((1..=lines).contains(&row.line), "a row stands in a line of the file");
        let code = row.ticket_code.as_deref().map_or(0, |code| code.chars().count());
        assert!(code <= limits::CODE_CHARS_MAX && row.sessions.len() <= limits::SESSIONS_PER_ROW_MAX);
        let name = row.name.as_deref().map_or(0, |name| name.chars().count());
        assert!(name <= 2 * limits::NAME_CHARS_MAX + 1);
    }
    for problem in &read.problems {
        assert!((1..=lines).contains(&problem.line) && !problem.to_string().is_empty());
    }
    read.notices.iter().for_each(|notice| assert!(!notice.to_string().is_empty()));
}

/// 0 is how a file is read when the organiser says nothing.
fn options(how: usize) -> ReadOptions {
    ReadOptions {
        encoding: ENCODINGS[how % 4].map(str::to_owned),
        delimiter: DELIMITERS[how / 4 % 3],
        time_zone: (how & 16 == 0).then_some(Tz::Europe__Madrid),
        date_order: (how & 32 != 0).then_some(DateOrder::MonthFirst),
        unpaid: if how & 64 == 0 { Unpaid::AsSource } else { Unpaid::Admit },
        ..ReadOptions::default()
    }
}
