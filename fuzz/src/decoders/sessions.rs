//! An organiser's table of sessions. The first byte chooses how it is read; the rest is the file.

use chrono_tz::Tz;
use usher_server::import::{SessionsOptions, limits, read_sessions};

/// Takes any bytes.
pub fn take(bytes: &[u8]) {
    let Some((how, file)) = bytes.split_first() else { return };
    let options = SessionsOptions {
        time_zone: (how & 1 == 0).then_some(Tz::America__Sao_Paulo),
        encoding: (how & 2 != 0).then(|| "windows-1254".to_owned()),
        delimiter: (how & 4 != 0).then_some(b'\t'),
    };
    let Ok(read) = read_sessions(file, &options) else { return };
    let lines = file.len() as u64 + 1;
    for row in &read.rows {
        assert!((1..=lines).contains(&row.line), "a row stands in a line of the file");
        assert!(row.start_ms < row.end_ms, "a session ends after it starts");
        assert!(row.capacity.is_none_or(|capacity| capacity <= limits::CAPACITY_MAX));
        assert!((1..=limits::SESSION_CHARS_MAX).contains(&row.name.chars().count()));
    }
    for problem in &read.problems {
        assert!((1..=lines).contains(&problem.line) && !problem.to_string().is_empty());
    }
}
