//! The demo event: the organiser's two files as they could come from anybody, with times around a given moment. They go through the
//! same import as real ones; how the guests were made up stands in `examples/demo_guests.rs`.

use chrono::{DateTime, SecondsFormat};

/// The event's name.
pub(crate) const NAME: &str = "Usher Demo Days";
/// Its time zone.
pub(crate) const TIME_ZONE: &str = "Europe/Madrid";
/// Who is called; a number that nobody has (it is kept free for films and books).
pub(crate) const HELP_PHONE: &str = "+44 20 7946 0018";
/// Whose PIN is set, and which: known to everybody who reads this.
pub(crate) const SUPERVISOR: &str = "Maria";
pub(crate) const PIN: &str = "2580";
/// 1,200 guests.
pub(crate) const GUESTS_CSV: &[u8] = include_bytes!("../../../assets/demo/guests.csv");
const SESSIONS_CSV: &str = include_str!("../../../assets/demo/sessions.csv");

const MINUTE_MS: i64 = 60_000;
/// Sessions start at round times.
const ROUND_MS: i64 = 5 * MINUTE_MS;

/// The sessions with their times around `around_ms`, milliseconds since 1970 UTC.
pub(crate) fn sessions_csv(around_ms: i64) -> String {
    let around_ms = around_ms - around_ms.rem_euclid(ROUND_MS);
    let mut out = Vec::new();
    let mut writer = csv::Writer::from_writer(&mut out);
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(SESSIONS_CSV.as_bytes());
    for row in rows.records().flatten() {
        let _ = writer.write_record(timed(&row, around_ms));
    }
    drop(writer);
    String::from_utf8(out).unwrap_or_default()
}

/// Columns 3 and 4, minutes from now and minutes long, become a start and an end.
fn timed(row: &csv::StringRecord, around_ms: i64) -> Vec<String> {
    let cell = |at: usize| row.get(at).unwrap_or_default();
    let (starts, ends) = match (cell(3).parse::<i64>(), cell(4).parse::<i64>()) {
        (Ok(from), Ok(long)) => {
            (time(around_ms + from * MINUTE_MS), time(around_ms + (from + long) * MINUTE_MS))
        }
        _ => ("start".into(), "end".into()),
    };
    let mut cells: Vec<String> = row.iter().map(str::to_owned).collect();
    cells.splice(3..5, [starts, ends]);
    cells
}

fn time(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms)
        .map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{ReadOptions, SessionsOptions, read_participants, read_sessions};

    #[test]
    fn the_files_are_clean_and_say_what_the_demo_needs() {
        let now = 1_790_000_000_000;
        let sessions = read_sessions(sessions_csv(now).as_bytes(), &SessionsOptions::default()).unwrap();
        assert_eq!((sessions.rows.len(), sessions.problems.len()), (8, 0));
        let open = |row: &&crate::import::SessionRow| row.start_ms <= now && now < row.end_ms;
        assert!(sessions.rows.iter().filter(open).any(|row| row.capacity == Some(300)));
        assert!(sessions.rows.iter().any(|row| row.capacity.is_none()));
        assert!(
            sessions.rows.iter().any(|row| row.end_ms < now)
                && sessions.rows.iter().any(|row| row.start_ms > now)
        );
        let guests = read_participants(GUESTS_CSV, &ReadOptions::default(), &mut |_, _| {}).unwrap();
        assert_eq!(guests.problems, []);
        assert_eq!(guests.rows.len() + guests.skipped.len(), 1_200);
        assert!(guests.skipped.len() >= 10);
        let booked = |code: &str| {
            guests.rows.iter().filter(|row| row.sessions.iter().any(|name| name == code)).count()
        };
        assert!((22..=26).contains(&booked("LETTERS")), "{}", booked("LETTERS"));
        assert!((240..=320).contains(&booked("KEYNOTE")), "{}", booked("KEYNOTE"));
    }
}
