//! Made-up files in the shape of pretix's exports, one for every pitfall seen in real ones.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use usher_server::import::{
    FileProblem, Notice, ParticipantsFile, ProblemKind, ReadOptions, SkipReason, Source, Unpaid,
    read_participants,
};

const ENGLISH: &str = "Order code|Attendee name|Attendee name: Given name|Attendee name: Family name|Product|Price|Checked in|Checked out|Automatically checked in|Secret|Email|Phone number|QUESTIONS|Company|Voucher code|Order date|Order time|Requires special attention|Comment|Check-in text|Seat ID|Seat name|Seat zone|Seat row|Seat number|Blocked|Valid from|Valid until|Address|ZIP code|City|Country|State";
const GERMAN: &str = "Bestellnummer|Name Teilnehmer*in|Teilnehmer*innenname: Vorname|Teilnehmer*innenname: Nachname|Produkt|Preis|Eingecheckt|Ausgetreten|Automatisch eingecheckt|bezahlt|Secret|E-Mail|Telefonnummer|QUESTIONS|Firma|Gutscheincode|Bestelldatum|Bestelluhrzeit|Benötigt besondere Behandlung|Kommentar|Check-in-Hinweis|Sitzplatz-ID|Sitzbezeichnung|Sitzbereich|Sitzreihe|Sitzplatz-Nummer|Gesperrt|Gültig ab|Gültig bis|Adresse|Postleitzahl|Stadt|Land|Bundesstaat";
const TURKISH: &str = "Sipariş kodu|Katılımcı adı|Attendee name: Given name|Attendee name: Family name|Ürün|Fiyat|Kontrol edilmiş|Checked out|Automatically checked in|Sır|E-posta|Phone number|QUESTIONS|Şirket|Kupon kodu|Order date|Order time|Özel ilgi gerektirir|Yorum|Check-in text|Seat ID|Seat name|Seat zone|Seat row|Seat number|Blocked|Valid from|Kadar geçerli|Adres|ZIP code|City|Ülke|State";

/// A file in the making: a header in some language, and rows of which only the interesting cells are given.
struct Export {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Export {
    fn new(header: &str, questions: &[&str]) -> Self {
        let headers = header
            .split('|')
            .flat_map(|h| if h == "QUESTIONS" { questions.to_vec() } else { vec![h] })
            .map(str::to_owned)
            .collect();
        Self { headers, rows: Vec::new() }
    }

    /// Cells by header; of several columns with one header the last is meant.
    fn row(mut self, cells: &[(&str, &str)]) -> Self {
        let mut row = vec![String::new(); self.headers.len()];
        for (header, cell) in cells {
            let at = self.headers.iter().rposition(|h| h == header).unwrap_or_else(|| panic!("{header}"));
            row[at] = (*cell).to_owned();
        }
        self.rows.push(row);
        self
    }

    fn written(&self, delimiter: u8, style: csv::QuoteStyle) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .quote_style(style)
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        writer.write_record(&self.headers).unwrap();
        self.rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.into_inner().unwrap()
    }

    fn read(&self) -> ParticipantsFile {
        read(&self.written(b',', csv::QuoteStyle::Always))
    }
}

fn read(bytes: &[u8]) -> ParticipantsFile {
    read_participants(bytes, &ReadOptions::default(), &mut |_, _| {}).unwrap()
}

fn minutes(time: &str) -> Option<i64> {
    Some(chrono::DateTime::parse_from_rfc3339(time).unwrap().timestamp_millis())
}

#[test]
fn all_three_dialects_read_the_same() {
    let export = Export::new(ENGLISH, &["Dietary requirements, allergies", "Law; ethics"])
        .row(&[
            ("Order code", "AB1CD"),
            ("Attendee name", "Zoë \"Zo\" Q"),
            ("Attendee name: Given name", "Zoë \"Zo\""),
            ("Attendee name: Family name", "Q"),
            ("Product", "Regular – Early; late"),
            ("Secret", "s1"),
            ("Email", "zoe@example.org"),
            ("Dietary requirements, allergies", "no nuts,\nno \"exotics\"\r\n- none"),
        ])
        .row(&[("Order code", "AB1CD"), ("Secret", "s2"), ("Email", "zoe@example.org")]);
    let default = export.written(b',', csv::QuoteStyle::NonNumeric);
    let file = read(&default);
    assert_eq!(file.dialect.source, Source::PretixCheckinList);
    assert_eq!((file.dialect.delimiter, file.dialect.bom), (',', false));
    assert_eq!(file.problems, vec![]);
    assert_eq!(file.rows.len(), 2);
    assert_eq!(file.rows[0].name.as_deref(), Some("Zoë \"Zo\" Q"));
    assert_eq!(file.rows[0].last.as_deref(), Some("Q"));
    assert_eq!((file.rows[0].line, file.rows[1].line), (2, 5), "a record starts where its first cell does");
    assert_eq!(file.rows[1].name, None, "some admissible people have no name");
    assert_eq!(file.rows[0].order, file.rows[1].order);
    let excel = read(&export.written(b',', csv::QuoteStyle::Necessary));
    let semicolon = read(&export.written(b';', csv::QuoteStyle::Necessary));
    assert_eq!(excel.rows, file.rows);
    assert_eq!(semicolon.rows, file.rows);
    assert_eq!(semicolon.dialect.delimiter, ';');
}

#[test]
fn blocked_people_stay_out_whatever_the_language() {
    for (header, name, secret, blocked, yes) in [
        (ENGLISH, "Attendee name", "Secret", "Blocked", "Yes"),
        (GERMAN, "Name Teilnehmer*in", "Secret", "Gesperrt", "Ja"),
        (TURKISH, "Katılımcı adı", "Sır", "Blocked", "Evet"),
    ] {
        let file = Export::new(header, &[])
            .row(&[(name, "A"), (secret, "s1")])
            .row(&[(name, "B"), (secret, "s2"), (blocked, yes)])
            .read();
        assert_eq!(file.dialect.source, Source::PretixCheckinList, "{header}");
        assert_eq!(file.rows.len(), 1);
        assert_eq!(file.skipped.len(), 1);
        assert_eq!(file.skipped[0].reason, SkipReason::Blocked);
        assert_eq!(file.skipped[0].row.ticket_code.as_deref(), Some("s2"));
    }
}

#[test]
fn questions_may_bear_the_header_of_any_column() {
    let questions = ["Company", "Blocked", "Secret", "Email", "Valid until", "Product", "Paid"];
    let mut export = Export::new(ENGLISH, &questions).row(&[("Order code", "X"), ("Company", "Real Ltd")]);
    let row = &mut export.rows[0];
    let email = 10;
    row[9] = "real-secret".into();
    row[email] = "real@example.org".into();
    for question in 0..questions.len() {
        row[email + 2 + question] = "No".into();
    }
    let file = export.read();
    assert_eq!(file.problems, vec![]);
    assert_eq!(file.skipped, vec![]);
    assert_eq!(file.rows[0].ticket_code.as_deref(), Some("real-secret"));
    assert_eq!(file.rows[0].email.as_deref(), Some("real@example.org"));
    assert_eq!(file.rows[0].organisation.as_deref(), Some("Real Ltd"));
    assert_eq!(file.rows[0].valid_until_ms, None);
}

#[test]
fn escapes_are_undone_exactly() {
    for (cell, meant) in [
        ("'==QDQ6s/GH+y0", "==QDQ6s/GH+y0"),
        ("'%a\\|b\\|c", "%a|b|c"),
        ("'\\|a", "|a"),
        ("'+49 30", "+49 30"),
        ("'@x", "@x"),
        ("'-a", "-a"),
        ("'-5", "'-5"),
        ("-5", "-5"),
        ("'quoted'", "'quoted'"),
        ("'=a|b", "'=a|b"),
        ("a\\|b", "a\\|b"),
        ("'", "'"),
    ] {
        let file = Export::new(ENGLISH, &[]).row(&[("Attendee name", cell), ("Secret", cell)]).read();
        assert_eq!(file.rows[0].ticket_code.as_deref(), Some(meant));
        assert_eq!(file.rows[0].name.as_deref(), Some(meant));
    }
}

#[test]
fn an_organisers_own_file_is_not_unescaped() {
    let file = read(b"Name,Code\n'=A,'=B\n");
    assert_eq!(file.rows[0].ticket_code.as_deref(), Some("'=B"));
}

#[test]
fn times_follow_the_events_locale_and_are_utc() {
    for (text, meant) in [
        ("2026-11-21 06:30", "2026-11-21T06:30:00Z"),
        ("21.11.2026 06:30", "2026-11-21T06:30:00Z"),
        ("11/21/2026 6:30 a.m.", "2026-11-21T06:30:00Z"),
        ("11/21/2026 7 a.m.", "2026-11-21T07:00:00Z"),
        ("11/21/2026 noon", "2026-11-21T12:00:00Z"),
        ("11/21/2026 midnight", "2026-11-21T00:00:00Z"),
        ("11/21/2026 12:30 p.m.", "2026-11-21T12:30:00Z"),
        ("11/21/2026 12:30 a.m.", "2026-11-21T00:30:00Z"),
        ("21/11/2026 06:30", "2026-11-21T06:30:00Z"),
        ("21-11-2026  06:30", "2026-11-21T06:30:00Z"),
        ("21 Kas 2026 06:30", "2026-11-21T06:30:00Z"),
        ("21 Şub 2026 06:30", "2026-02-21T06:30:00Z"),
        ("21 November 2026, 6:30am", "2026-11-21T06:30:00Z"),
        ("21.11.2026. 06:30", "2026-11-21T06:30:00Z"),
        ("2026.11.21. 06:30", "2026-11-21T06:30:00Z"),
        ("21.11.2026 6.30", "2026-11-21T06:30:00Z"),
        ("2026年11月21日 06:30", "2026-11-21T06:30:00Z"),
        ("06:30 21-11-2026", "2026-11-21T06:30:00Z"),
        ("2026-11-21 06\u{a0}h\u{a0}30", "2026-11-21T06:30:00Z"),
        ("21 พ.ย. 2026, 6:30", "2026-11-21T06:30:00Z"),
    ] {
        let file = Export::new(ENGLISH, &[]).row(&[("Secret", "s"), ("Valid from", text)]).read();
        assert_eq!(file.problems, vec![], "{text}");
        assert_eq!(file.rows[0].valid_from_ms, minutes(meant), "{text}");
    }
    for text in ["soon", "31.02.2026 10:00", "11/21/2026 13 p.m.", "2026-11-21 25:00", "5"] {
        let file = Export::new(ENGLISH, &[]).row(&[("Secret", "s"), ("Valid from", text)]).read();
        assert_eq!(file.problems[0].kind, ProblemKind::BadDate, "{text}");
        assert_eq!(file.rows.len(), 0);
    }
}

#[test]
fn one_telling_date_decides_for_the_whole_file() {
    let row = |export: Export, secret: &str, time: &str, at: &str| {
        export.row(&[("Secret", secret), ("Valid from", time), ("Checked in", at)])
    };
    let british = row(Export::new(ENGLISH, &[]), "a", "05/07/2026 7 a.m.", "");
    let british = row(british, "b", "", "13/07/2026 9 a.m.").read();
    assert_eq!(british.rows[0].valid_from_ms, minutes("2026-07-05T07:00:00Z"));
    assert_eq!(british.notices, vec![]);
    let unclear = row(Export::new(ENGLISH, &[]), "a", "05/07/2026 7 a.m.", "").read();
    assert_eq!(unclear.rows[0].valid_from_ms, minutes("2026-05-07T07:00:00Z"));
    assert!(matches!(unclear.notices[..], [Notice::DateOrderGuessed { .. }]));
}

#[test]
fn unpaid_people_of_a_check_in_list_are_skipped_and_told() {
    let export = Export::new(GERMAN, &[])
        .row(&[("Secret", "s1"), ("bezahlt", "Ja")])
        .row(&[("Secret", "s2"), ("bezahlt", "Nein")])
        .row(&[("Secret", "s3"), ("bezahlt", "vielleicht")]);
    let file = export.read();
    assert_eq!(file.rows.len(), 1);
    assert_eq!(file.skipped[0].reason, SkipReason::Unpaid);
    assert_eq!(file.notices, vec![Notice::UnpaidSkipped { count: 1 }]);
    assert_eq!(file.problems[0].kind, ProblemKind::BadYesNo);
    let options = ReadOptions { unpaid: Unpaid::Admit, ..ReadOptions::default() };
    let bytes = export.written(b';', csv::QuoteStyle::Necessary);
    let all = read_participants(&bytes, &options, &mut |_, _| {}).unwrap();
    assert_eq!((all.rows.len(), all.rows[1].unpaid), (2, true));
}

#[test]
fn a_codes_file_lists_valid_codes_only() {
    let bytes = "\"Secret\",\"Produkt\",\"Variante\",\"bezahlt\",\"Gültig ab\",\"Gültig bis\"\r\n\"'==Ab|\",\"A\",\"b\",\"Ja\",\"\",\"21.11.2026 22:59\"\r\n\"x2\",\"A\",\"\",\"Nein\",\"\",\"\"\r\n";
    let file = read(bytes.replace("Ab|", "Ab\\|").as_bytes());
    assert_eq!(file.dialect.source, Source::PretixCodes);
    assert_eq!(file.rows.len(), 2);
    assert_eq!(file.rows[0].ticket_code.as_deref(), Some("==Ab|"));
    assert_eq!(file.rows[0].ticket_kind.as_deref(), Some("A – b"));
    assert_eq!(file.rows[0].valid_until_ms, minutes("2026-11-21T22:59:00Z"));
    assert_eq!(file.notices, vec![Notice::UnpaidAdmitted { count: 1 }]);
}

#[test]
fn a_list_without_secrets_says_so_and_one_with_an_empty_secret_too() {
    let without = ENGLISH.replace("|Secret", "");
    let file =
        Export::new(&without, &["Secret"]).row(&[("Attendee name", "A"), ("Secret", "my answer")]).read();
    assert_eq!(file.rows[0].ticket_code, None, "the question is not the secret");
    assert_eq!(file.notices, vec![Notice::NoTicketCodes]);
    let file = Export::new(ENGLISH, &[]).row(&[("Attendee name", "A")]).read();
    assert_eq!(file.problems[0].kind, ProblemKind::MissingCode);
}

#[test]
fn a_list_whose_blocked_column_is_unknown_is_not_imported_blindly() {
    let export =
        Export::new(&ENGLISH.replace("|Blocked", "|Fnord"), &[]).row(&[("Secret", "s"), ("Fnord", "Yes")]);
    let bytes = export.written(b',', csv::QuoteStyle::Always);
    let problem = read_participants(&bytes, &ReadOptions::default(), &mut |_, _| {}).unwrap_err();
    assert!(matches!(problem, FileProblem::MissingColumn { field: "blocked", .. }));
    assert!(problem.to_string().contains("--map blocked=HEADER") && problem.to_string().contains("Fnord"));
    let options = ReadOptions { map: "blocked=Fnord".parse().unwrap(), ..ReadOptions::default() };
    let file = read_participants(&bytes, &options, &mut |_, _| {}).unwrap();
    assert_eq!(file.skipped.len(), 1);
}

#[test]
fn order_lists_and_scan_logs_are_refused_by_name() {
    for (header, what) in [
        ("Event slug;Event name;Order code;Position ID", "order list"),
        ("Kurzname der Veranstaltung,Veranstaltungstitel,Bestellnummer", "order list"),
        ("Date,Time,Check-in list,Scan type,Order code", "check-in log"),
    ] {
        let problem =
            read_participants(format!("{header}\r\n").as_bytes(), &ReadOptions::default(), &mut |_, _| {})
                .unwrap_err();
        assert!(problem.to_string().contains(what), "{problem}");
    }
}
