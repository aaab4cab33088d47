//! Rules that hold for any table and any bytes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use usher_server::import::{ReadOptions, SessionsOptions, read_participants, read_sessions};

/// Text that a cell can hold, rich in what is awkward in CSV. Ends are not blank, for cells are trimmed.
fn code() -> impl Strategy<Value = String> {
    "[a-z0-9ğ日'=+@,;|\t\"\\\\ ]{0,12}".prop_map(|middle| format!("x{middle}y").replace('\t', "-"))
}

fn table() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::hash_map(code(), "[A-Za-zÀ-ž,;\"\r\n ]{0,20}", 0..30)
        .prop_map(|map| map.into_iter().collect())
}

fn written(
    table: &[(String, String)],
    delimiter: u8,
    style: csv::QuoteStyle,
    ends: csv::Terminator,
) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .quote_style(style)
        .terminator(ends)
        .from_writer(Vec::new());
    writer.write_record(["Code", "Name", "Note"]).unwrap();
    table.iter().for_each(|(code, name)| writer.write_record([code, name, "n"]).unwrap());
    writer.into_inner().unwrap()
}

proptest! {
    #[test]
    fn any_table_in_any_dialect_reads_back(
        table in table(),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        style in prop::sample::select(vec![csv::QuoteStyle::Always, csv::QuoteStyle::Necessary, csv::QuoteStyle::NonNumeric]),
        crlf in any::<bool>(),
        bom in any::<bool>(),
    ) {
        let ends = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut bytes = if bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        bytes.extend(written(&table, delimiter, style, ends));
        let file = read_participants(&bytes, &ReadOptions::default(), &mut |_, _| {}).unwrap();
        prop_assert_eq!(file.problems, vec![]);
        prop_assert_eq!(file.dialect.delimiter, char::from(delimiter));
        let found: Vec<_> =
            file.rows.iter().map(|row| (row.ticket_code.clone().unwrap(), row.name.clone())).collect();
        let meant: Vec<_> = table.iter().map(|(code, name)| {
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            (code.clone(), Some(name).filter(|name| !name.is_empty()))
        }).collect();
        prop_assert_eq!(found, meant);
    }

    /// The line told is the physical line on which the record starts, whatever the cells before it contain.
    #[test]
    fn lines_are_physical(breaks in prop::collection::vec(0_usize..4, 1..20), crlf in any::<bool>()) {
        let end = if crlf { "\r\n" } else { "\n" };
        let (mut text, mut line, mut meant) = (format!("Code,Name{end}"), 2_u64, Vec::new());
        for (at, breaks) in breaks.iter().enumerate() {
            text.push_str(&format!("c{at},\"n{}\"{end}", end.repeat(*breaks)));
            meant.push(line);
            line += 1 + *breaks as u64;
        }
        let file = read_participants(text.as_bytes(), &ReadOptions::default(), &mut |_, _| {}).unwrap();
        prop_assert_eq!(file.rows.iter().map(|row| row.line).collect::<Vec<_>>(), meant);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read_participants(&bytes, &ReadOptions::default(), &mut |_, _| {});
        let _ = read_sessions(&bytes, &SessionsOptions::default());
    }

    /// Bytes behind a good header reach every later stage; each row is read, left out or reported.
    #[test]
    fn arbitrary_rows_never_panic(rows in "([a-z0-9,;\"'=./: \r\n\u{0}日é]|[0-9]{2}/[0-9]{2}/2026 [0-9]{1,2}:30 a\\.m\\.){0,300}") {
        for header in ["Name,Code,Email,Sessions,Valid from,Valid until,Paid,Status", "Secret,Product,Variation,Paid,Valid from,Valid until"] {
            let text = format!("{header}\n{rows}");
            let _ = read_participants(text.as_bytes(), &ReadOptions::default(), &mut |_, _| {});
        }
        let text = format!("Name,Start,End,Capacity\n{rows}");
        let _ = read_sessions(text.as_bytes(), &SessionsOptions::default());
    }
}
