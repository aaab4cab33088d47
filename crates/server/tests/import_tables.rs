//! Organisers' own tables of participants and sessions: dialects, encodings, and every kind of bad row, each beside a good one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono_tz::Tz;
use usher_server::import::{
    FileProblem, Mode, Notice, ParticipantsFile, ProblemKind, ReadOptions, RowProblem, SessionsFile,
    SessionsOptions, SkipReason, Source, limits, read_participants, read_sessions,
};

fn read(text: impl AsRef<[u8]>) -> ParticipantsFile {
    read_participants(text.as_ref(), &ReadOptions::default(), &mut |_, _| {}).unwrap()
}

fn refused(text: impl AsRef<[u8]>, options: &ReadOptions) -> FileProblem {
    read_participants(text.as_ref(), options, &mut |_, _| {}).unwrap_err()
}

fn mapped(map: &str) -> ReadOptions {
    ReadOptions { map: map.parse().unwrap(), ..ReadOptions::default() }
}

fn names(file: &ParticipantsFile) -> Vec<&str> {
    file.rows.iter().filter_map(|row| row.name.as_deref()).collect()
}

fn kinds(problems: &[RowProblem]) -> Vec<(u64, ProblemKind)> {
    problems.iter().map(|problem| (problem.line, problem.kind.clone())).collect()
}

#[test]
fn delimiters_marks_and_line_ends_are_found() {
    for (text, delimiter, bom) in [
        ("Name,Code\nA,1\nB,2\n", ',', false),
        ("\u{feff}Name;Code\r\nA;1\r\nB;2", ';', true),
        ("Name\tCode\rA\t1\rB\t2\r", '\t', false),
        ("sep=;\r\nName;Code\r\nA;1\r\nB;2\r\n", ';', false),
        ("\"Name\",\"Code\"\n\"A\",\"1\"\n\n\n\"B\",\"2\",\"\"\n,\n", ',', false),
    ] {
        let file = read(text);
        assert_eq!((file.dialect.delimiter, file.dialect.bom), (delimiter, bom), "{text:?}");
        assert_eq!(file.dialect.source, Source::Generic);
        assert_eq!(names(&file), ["A", "B"], "{text:?}");
        assert_eq!(file.problems, vec![], "{text:?}");
    }
}

#[test]
fn headers_are_known_in_five_languages() {
    for header in [
        "First name,Last name,E-mail,Company,Ticket code,Sessions",
        "Vorname,Nachname,E-Mail-Adresse,Firma,Ticketcode,Vorträge",
        "Nombre,Apellidos,Correo electrónico,Empresa,Código,Charlas",
        "Adı,SOYADI,E-posta,Kurum,Bilet kodu,Oturumlar",
        "Prénom,Nom,Courriel,Entreprise,Code du billet,Ateliers",
    ] {
        let file = read(format!("{header}\nAda,Kaya,ada@example.org,X AG,c1,Intro | A; B\nB,C,,,,\n"));
        let row = &file.rows[0];
        assert_eq!(row.name.as_deref(), Some("Ada Kaya"), "{header}");
        assert_eq!(row.last.as_deref(), Some("Kaya"));
        assert_eq!(row.email.as_deref(), Some("ada@example.org"));
        assert_eq!(row.organisation.as_deref(), Some("X AG"));
        assert_eq!(row.ticket_code.as_deref(), Some("c1"));
        assert_eq!(row.sessions, ["Intro", "A", "B"]);
        assert_eq!(file.rows[1].ticket_code, None, "without a code one is made later");
    }
}

#[test]
fn map_names_columns_by_header_or_position() {
    let text = "Who, really,Mail,Mail,Talks,Name\nAda,a@b.c,x@y.z,T1,pet\n";
    let text = text.replacen("Who, really", "\"Who, really\"", 1);
    let options = mapped("name=Who, really,email=#3,sessions=Talks,sessions=#5");
    let file = read_participants(text.as_bytes(), &options, &mut |_, _| {}).unwrap();
    assert_eq!(names(&file), ["Ada"]);
    assert_eq!(file.rows[0].email.as_deref(), Some("x@y.z"));
    assert_eq!(file.rows[0].sessions, ["T1", "pet"]);
    assert!(
        matches!(refused(&text, &mapped("email=Mail")), FileProblem::AmbiguousColumn { columns, .. } if columns == [2, 3])
    );
    assert!(matches!(refused(&text, &mapped("email=#9")), FileProblem::UnknownColumn { .. }));
    let problem = refused("a,b\n1,2\n", &ReadOptions::default()).to_string();
    assert!(problem.contains("#1 \"a\", #2 \"b\"") && problem.contains("--map name=HEADER"), "{problem}");
    for wrong in ["nome=X", "name=", "name=A,name=B", ""] {
        assert!(wrong.parse::<usher_server::import::ColumnMap>().is_err(), "{wrong}");
    }
}

#[test]
fn every_bad_row_is_told_apart_and_the_good_ones_are_read() {
    let long = "x".repeat(limits::EMAIL_CHARS_MAX);
    let text = format!(
        "Name,E-mail,Code,Valid until\nA,a@b.c,1,\nB,,1,\nC,{long}@x.y,3,\nD,nobody,4,\nE\u{7},,5,\nF,,6,someday\n,e@f.g,,\nG,,7\n\"H\nH\",,8,\nI,,9,,,x\n"
    );
    let file = read(text);
    assert_eq!(
        kinds(&file.problems),
        vec![
            (3, ProblemKind::DuplicateTicketCode { first_line: 2 }),
            (4, ProblemKind::FieldTooLong { limit: 254 }),
            (5, ProblemKind::BadEmail),
            (6, ProblemKind::ControlCharacter { code: 7 }),
            (7, ProblemKind::BadDate),
            (8, ProblemKind::Nobody),
            (9, ProblemKind::WrongColumnCount { expected: 4, found: 3 }),
            (12, ProblemKind::WrongColumnCount { expected: 4, found: 6 }),
        ]
    );
    assert_eq!(names(&file), ["A", "H H"]);
    assert_eq!(file.rows[1].line, 10);
    let sentence = file.problems[1].to_string();
    assert!(
        sentence.starts_with(
            "line 4, column \"E-mail\": longer than 254 characters; shorten it and import the file again"
        ),
        "{sentence}"
    );
}

#[test]
fn unknown_sessions_have_their_sentence() {
    let kind = ProblemKind::UnknownSession { name: "Intro".into() };
    let problem = RowProblem::of_cell(3, "Talks", kind, "Intro;B").to_string();
    assert!(problem.contains("line 3, column \"Talks\": the event has no session \"Intro\""), "{problem}");
}

#[test]
fn cancelled_and_unpaid_people_are_left_out_with_their_reason() {
    let file = read("Name,Status\nA,confirmed\nB,Cancelled\nC,storniert\nD,pending\n");
    assert_eq!(names(&file), ["A"]);
    let reasons: Vec<_> = file.skipped.iter().map(|skipped| skipped.reason).collect();
    assert_eq!(reasons, [SkipReason::Cancelled, SkipReason::Cancelled, SkipReason::Unpaid]);
}

#[test]
fn a_quote_left_open_costs_its_row_only() {
    let file = read("Name,Code\nA,1\n\"B,2\nC,3\nD,4\n");
    assert_eq!(kinds(&file.problems), vec![(3, ProblemKind::OpenQuote)]);
    assert_eq!(names(&file), ["A", "C", "D"]);
    let closed_later = read("Name,Code\nA,1\n\"B,2\nC,3\n\"D\",4\nE,5\n");
    assert_eq!(closed_later.problems[0].line, 3);
    assert_eq!(names(&closed_later), ["A", "C", "D", "E"]);
    // Found by a property test: cells of the row before must not be looked at.
    let at_the_end = read("Secret,Product,Variation,Paid\n00/00/2026 0:30 a.m.,\"");
    assert_eq!(kinds(&at_the_end.problems), vec![(2, ProblemKind::OpenQuote)]);
    let mut huge = b"Name,Code\n\"A,1\n".to_vec();
    (0..60_000).for_each(|n| huge.extend_from_slice(format!("P{n},c{n}\n").as_bytes()));
    let file = read(&huge);
    assert_eq!(kinds(&file.problems), vec![(2, ProblemKind::OpenQuote)]);
    assert_eq!(file.rows.len(), 60_000);
}

#[test]
fn sizes_are_bounded() {
    let wide = "a,".repeat(limits::COLUMNS_MAX + 1);
    assert!(matches!(refused(wide, &ReadOptions::default()), FileProblem::TooManyColumns { .. }));
    let file = read(format!("Name,Code\n{},1\nB,2\n", "x".repeat(limits::RECORD_BYTES_MAX)));
    assert_eq!(kinds(&file.problems), vec![(2, ProblemKind::RowTooLong { limit: limits::RECORD_BYTES_MAX })]);
    assert_eq!(names(&file), ["B"]);
    assert_eq!(refused("", &ReadOptions::default()), FileProblem::Empty);
    assert_eq!(refused("\u{feff}\r\n\n", &ReadOptions::default()), FileProblem::Empty);
}

#[test]
fn other_encodings_are_named_and_can_be_read() {
    let text = "Name,Code\nJosé Nuñez,1\nAnn,2\n";
    let western: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(
        refused(&western, &ReadOptions::default()),
        FileProblem::OtherEncoding { byte: 13, line: 2, suspected: "windows-1252" }
    );
    let (turkish, ..) = encoding_rs::WINDOWS_1254.encode("Ad Soyad,Kod\nGülşah Ilgınlıoğlu,1\n");
    assert!(matches!(
        refused(&turkish, &ReadOptions::default()),
        FileProblem::OtherEncoding { suspected: "windows-1254", line: 2, .. }
    ));
    let little: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bare: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, label) in [(western, "windows-1252"), (little, "utf-16le"), (bare, "utf-16be")] {
        assert!(matches!(refused(&bytes, &ReadOptions::default()),
            FileProblem::OtherEncoding { suspected, .. } if suspected == label));
        let options = ReadOptions { encoding: Some(label.into()), ..ReadOptions::default() };
        let file = read_participants(&bytes, &options, &mut |_, _| {}).unwrap();
        assert_eq!(names(&file), ["José Nuñez", "Ann"], "{label}");
    }
    let options = ReadOptions { encoding: Some("klingon".into()), ..ReadOptions::default() };
    assert!(matches!(refused(text, &options), FileProblem::UnknownEncoding { .. }));
}

#[test]
fn one_damaged_cell_in_a_utf8_file_costs_its_row_only() {
    let text = b"\xef\xbb\xbfName,Code\nJos\xc3\xa9,1\nJ\xc3\xbcrg,2\nAn\xe9,3\nAnn,4\n";
    let file = read(text);
    assert_eq!(kinds(&file.problems), vec![(4, ProblemKind::NotUtf8 { byte: 31 })]);
    assert_eq!(text[31], 0xe9);
    assert_eq!(file.problems[0].column.as_deref(), Some("Name"));
    assert_eq!(names(&file), ["José", "Jürg", "Ann"]);
}

#[test]
fn files_that_are_no_text_are_named() {
    for (bytes, what) in
        [(&b"PK\x03\x04rest"[..], ".xlsx"), (b"<!DOCTYPE html>", "web page"), (b"{\"a\":1}", "JSON")]
    {
        assert!(refused(bytes, &ReadOptions::default()).to_string().contains(what));
    }
}

#[test]
fn progress_ends_with_all_bytes() {
    let mut text = String::from("Name,Code\n");
    (0..2_000).for_each(|n| text.push_str(&format!("P{n},c{n}\n")));
    let mut seen = Vec::new();
    read_participants(text.as_bytes(), &ReadOptions::default(), &mut |done, all| seen.push((done, all)))
        .unwrap();
    assert!(seen.len() > 3 && seen.is_sorted(), "{seen:?}");
    assert_eq!(seen.last(), Some(&(text.len() as u64, text.len() as u64)));
}

fn sessions(text: &str, zone: Option<Tz>) -> SessionsFile {
    read_sessions(text.as_bytes(), &SessionsOptions { time_zone: zone, ..SessionsOptions::default() })
        .unwrap()
}

#[test]
fn sessions_are_read_with_their_defaults() {
    let text = "Name;Code;Room;Start;End;Capacity;Late after;Opens before;Grace;Mode;Open to all\nOpening;OP;Hall 1;2026-11-20 09:30;2026-11-20T10:30:00+01:00;200;5;30;0;optimistic;yes\nIntro;;;2026-11-20 11:00;2026-11-20 12:00;;;;;;\n";
    let file = sessions(text, Some(Tz::Europe__Berlin));
    assert_eq!(file.problems, vec![]);
    let (opening, intro) = (&file.rows[0], &file.rows[1]);
    assert_eq!((opening.start_ms, opening.end_ms), (1_795_163_400_000, 1_795_167_000_000));
    assert_eq!((opening.capacity, opening.mode, opening.open_to_all), (Some(200), Mode::Optimistic, true));
    assert_eq!((opening.late_after_minutes, opening.opens_before_minutes, opening.grace_minutes), (5, 30, 0));
    assert_eq!((intro.capacity, intro.mode, intro.open_to_all), (None, Mode::Strict, false));
    assert_eq!((intro.late_after_minutes, intro.opens_before_minutes, intro.grace_minutes), (10, 15, 5));
}

#[test]
fn seats_are_held_where_the_table_says_so_or_says_for_how_long() {
    let rows = |cells: &str| {
        let head = "Name,Start,End,Capacity,Hold seats,Hold minutes";
        let text = format!("{head}\nA,2026-10-01 09:00,2026-10-01 10:00,9,{cells}\n");
        let file = sessions(&text, Some(Tz::Europe__Berlin));
        (file.rows.first().map(|row| (row.hold_seats, row.hold_minutes)), kinds(&file.problems))
    };
    assert_eq!(rows("yes,").0, Some((true, None)));
    assert_eq!(rows(",5").0, Some((true, Some(5))));
    assert_eq!(rows("yes,0").0, Some((true, Some(0))));
    assert_eq!(rows("no,5").0, Some((false, Some(5))), "who says no means no");
    assert_eq!(rows(",").0, Some((false, None)));
    let bad = ProblemKind::BadNumber { min: 0, max: limits::MINUTES_MAX };
    assert_eq!(rows("yes,-5"), (None, vec![(2, bad)]));
}

#[test]
fn bad_sessions_are_told_apart() {
    let text = "Name,Code,Start,End,Capacity,Mode\nA,a,2026-10-01 09:00,2026-10-01 10:00,10,\na,,2026-10-01 09:00,2026-10-01 10:00,,\nB,A,2026-10-01 09:00,2026-10-01 10:00,,\nC,,2026-10-01 10:00,2026-10-01 09:00,,\nD,,2026-10-25 02:30,2026-10-25 05:00,,\nE,,2026-03-29 02:30,2026-03-29 05:00,,\n,,2026-10-01 09:00,2026-10-01 10:00,,\nF,,,2026-10-01 10:00,,\nG,,2026-10-01 09:00,2026-10-01 10:00,many,\nH,,2026-10-01 09:00,2026-10-01 10:00,,loose\nI,,1/2/2026 09:00,2026-10-01 10:00,,\n";
    let file = sessions(text, Some(Tz::Europe__Berlin));
    let zone = "Europe/Berlin";
    assert_eq!(
        kinds(&file.problems),
        vec![
            (3, ProblemKind::DuplicateSession { first_line: 2 }),
            (4, ProblemKind::DuplicateSession { first_line: 2 }),
            (5, ProblemKind::EndBeforeStart),
            (6, ProblemKind::TimeTwice { zone }),
            (7, ProblemKind::TimeSkipped { zone }),
            (8, ProblemKind::MissingValue),
            (9, ProblemKind::MissingValue),
            (10, ProblemKind::BadNumber { min: 1, max: limits::CAPACITY_MAX }),
            (11, ProblemKind::BadMode),
            (12, ProblemKind::BadDate),
        ]
    );
    assert_eq!(file.rows.len(), 1);
    let local = sessions("Name,Start,End\nA,2026-10-01 09:00,2026-10-01 10:00\n", None);
    assert_eq!(local.problems[0].kind, ProblemKind::NoTimeZone);
    let none = read_sessions(b"Name,Start\n", &SessionsOptions::default()).unwrap_err();
    assert!(none.to_string().contains("\"end\""), "{none}");
}

#[test]
fn flags_are_found_in_five_languages_and_separated_as_sessions_are() {
    for header in ["Flags", "Tags", "Markierungen", "Etiquetas", "Etiketler", "İşaretler", "Étiquettes"] {
        let file = read(format!("Name,{header}\nAda,\" Speaker ;VIP| wheel  chair\nVIP\"\nBo,\n"));
        let flags = |row: usize| file.rows[row].flags.clone().unwrap();
        assert_eq!(flags(0), ["Speaker", "VIP", "wheel chair"], "{header}");
        assert!(flags(1).is_empty(), "an empty cell says that there are none");
        assert_eq!((&file.problems, &file.notices), (&vec![], &vec![]));
    }
    assert_eq!(read("Name,Code\nAda,1\n").rows[0].flags, None);
    let two =
        read_participants(b"Name,A,B\nAda,VIP,Minor\n", &mapped("flags=A,flags=B"), &mut |_, _| {}).unwrap();
    assert_eq!(two.rows[0].flags.as_deref().unwrap(), ["VIP", "Minor"]);
}

#[test]
fn flags_that_do_not_fit_on_a_card_keep_nobody_out_and_are_told() {
    let fits = "ü".repeat(24);
    let file =
        read(format!("Name,Flags\nAda,{fits}\nBo,{fits}ü;a;b;c;d;e;a\nCy,b\u{7}ell\nDi,{fits}x;{fits}y\n"));
    let flags = |row: usize| file.rows[row].flags.clone().unwrap();
    let cut = format!("{}…", "ü".repeat(23));
    assert_eq!((file.problems.len(), flags(0), flags(2)), (0, vec![fits], vec!["bell".into()]));
    assert_eq!(flags(1), [&cut, "a", "b", "c"]);
    let told =
        [Notice::FlagsCut { count: 3, first_line: 3 }, Notice::FlagsLeftOut { count: 2, first_line: 3 }];
    assert_eq!(file.notices, told);
    assert!(told[0].to_string().starts_with("3 flags have more than 24 characters"), "{}", told[0]);
}

#[test]
fn a_second_look_is_wanted_not_wanted_or_not_spoken_of() {
    let file = read("Name,Attention\nAda,yes\nBo,nein\nCy,\nDi,perhaps\n");
    let said: Vec<_> = file.rows.iter().map(|row| row.attention).collect();
    assert_eq!(said, [Some(true), Some(false), None, None]);
    assert_eq!(file.rows[0].notes, None, "the desk has its own words");
}

#[test]
fn a_column_may_say_who_is_cancelled() {
    let file = read("Name,Code,Cancelled\nAda,c1,yes\nBo,c2,no\nCy,c3,\n");
    assert_eq!((names(&file), file.skipped.len()), (vec!["Bo", "Cy"], 1));
    assert_eq!(file.skipped[0].reason, SkipReason::Cancelled);
}
