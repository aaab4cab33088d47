//! The organiser's commands, run as the built binary: what they print, what they leave, how they exit.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on stops")]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use tempfile::TempDir;
use usher_protocol::setup::Setup;

/// A folder with a database to be.
struct Desk {
    folder: TempDir,
}

/// How a command went.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().expect("ended by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self
    }
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With an event and two sessions.
    fn ready() -> Self {
        let desk = Self::new();
        desk.run(&["event", "create", "--name", "Open Days", "--time-zone", "Europe/Madrid"]).ok();
        let sessions = "name,code,start,end,capacity\nHall,H,2026-11-20 10:00,2026-11-20 11:00,300\nWorkshop,W,2026-11-20 12:00,2026-11-20 13:00,\n";
        let ran = desk.run(&["sessions", "import", &desk.file("sessions.csv", sessions)]).ok();
        assert_eq!(ran.out.trim(), "sessions: 2 added, 0 changed, 0 unchanged, 0 bad");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), content).unwrap();
        self.path(name).display().to_string()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_usher-server"));
        command.arg("--data").arg(self.path("usher.db")).args(args).env_remove("USHER_DATA");
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).stdin(Stdio::null()).output().unwrap())
    }
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

const GUESTS: &str = "\u{feff}Name;E-Mail;Code;Sessions
Ada Lovelace;ada@example.org;TICKET-1;Hall
\"İnci \"\"Işık\"\"\nYılmaz\";inci@example.org;TICKET-2;Hall|Workshop
李小龙;not an address;TICKET-3;Hall
Zoë;zoe@example.org;TICKET-1;Hall
Grace;grace@example.org;TICKET-4;Nowhere
";

#[test]
fn from_a_table_to_tickets_and_exports() {
    let desk = Desk::ready();
    let guests = desk.file("guests.csv", GUESTS);
    let first = desk.run(&["import", "participants", &guests]);
    assert_eq!(first.code, 2, "{}{}", first.out, first.err);
    for told in
        ["line 5, column \"E-Mail\"", "line 6, column \"Code\"", "line 7, column", "no session \"Nowhere\""]
    {
        assert!(first.err.contains(told), "{told}: {}", first.err);
    }
    assert!(first.out.contains("3 added, 0 changed, 0 unchanged, 3 bad"), "{}", first.out);
    let again = desk.run(&["import", "participants", &guests]);
    assert!(again.out.contains("0 added, 0 changed, 3 unchanged, 3 bad"), "{}", again.out);
    assert_eq!(again.code, 2);
    let corrected = desk.file("guests.csv", GUESTS.replace("not an address", "li@example.org"));
    let third = desk.run(&["import", "participants", &corrected]);
    assert!(third.out.contains("1 added, 0 changed, 3 unchanged, 2 bad"), "{}", third.out);

    let out = desk.path("tickets");
    desk.run(&["tickets", "export", "--out", out.to_str().unwrap()]).ok();
    let index = rows(&out.join("index.csv"));
    assert_eq!(index[0], ["name", "code", "file"]);
    assert_eq!(index.len(), 5);
    for row in &index[1..] {
        let picture = image::open(out.join(&row[2])).unwrap();
        assert!(picture.width() >= 8 * 29 && picture.width() == picture.height(), "{row:?}");
    }
    let drawn = desk.path("drawn");
    let args =
        ["tickets", "export", "--format", "svg", "--session", "workshop", "--out", drawn.to_str().unwrap()];
    desk.run(&args).ok();
    let index = rows(&drawn.join("index.csv"));
    assert_eq!(index.len(), 2);
    assert!(fs::read_to_string(drawn.join(&index[1][2])).unwrap().starts_with("<svg"));
    let unknown = desk.run(&["tickets", "export", "--session", "Attic", "--out", drawn.to_str().unwrap()]);
    assert!(unknown.code == 1 && unknown.err.contains("\"Hall\"") && unknown.err.contains("\"Workshop\""));

    let table = desk.path("guests-out.csv");
    desk.run(&["export", "guests", "--out", table.to_str().unwrap()]).ok();
    let guests = rows(&table);
    assert_eq!(guests.len(), 5);
    assert!(guests.iter().any(|row| row[0].contains("Işık") && row[4] == "Hall; Workshop"));
    let check_ins = desk.run(&["export", "check-ins"]).ok();
    assert!(check_ins.out.starts_with("at,kind,session,") && check_ins.out.lines().count() == 1);
    assert!(desk.run(&["check"]).ok().out.contains("agree"));
}

#[test]
fn a_bad_file_changes_nothing_and_is_told_apart() {
    let desk = Desk::ready();
    let told = |name: &str, content: &[u8], words: &str| {
        let file = desk.file(name, content);
        let ran = desk.run(&["import", "participants", &file]);
        assert!(ran.code == 1 && ran.err.contains(words), "{name}: {} {}", ran.code, ran.err);
        assert!(ran.err.contains("as it was before"), "{}", ran.err);
    };
    told("latin.csv", b"name,code\nJos\xe9 Mu\xf1oz,A-1234\nJ\xfcrgen,A-1235\n", "--encoding");
    told("empty.csv", b"", "empty");
    told("zip.csv", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0", "not a CSV");
    told("picture.csv", b"name,code\n\xff\x00\x13\x00\x00\x00\x00\xd8\xaa", "no text");
    told("columns.csv", b"apples,pears\n1,2\n", "no column");
    told("huge.csv", &vec![b'a'; 128 * 1024 * 1024 + 1], "more than");
    let missing = desk.run(&["import", "participants", "nowhere.csv"]);
    assert!(missing.code == 1 && missing.err.contains("nowhere.csv"));
    let latin = desk.path("latin.csv");
    desk.run(&["import", "participants", "--encoding", "windows-1252", latin.to_str().unwrap()]).ok();
    let torn = desk.file("torn.csv", "name,code\nA,B,C,D,E\n\"open,X-1234\nBo,Y-1234\n");
    let torn = desk.run(&["import", "participants", &torn]);
    assert!(torn.code == 2 && torn.out.contains("1 added"), "{}{}", torn.out, torn.err);
    let codes = desk.file("codes.csv", "name,code\nA,AB\nB,https://example.org/t/1\nC,Z-12345\n");
    let codes = desk.run(&["import", "participants", &codes]);
    assert!(codes.out.contains("1 added"), "{}{}", codes.out, codes.err);
    assert!(
        codes.err.contains("line 2, column \"code\"") && codes.err.contains("line 3, column"),
        "{}",
        codes.err
    );
}

#[test]
fn an_event_is_made_once_and_only_where_it_can_be() {
    let desk = Desk::new();
    let none = desk.run(&["stations"]);
    assert!(none.code == 1 && none.err.contains("event create"), "{}", none.err);
    let zone = desk.run(&["event", "create", "--name", "X", "--time-zone", "Madrid"]);
    assert!(zone.code == 1 && zone.err.contains("Europe/Madrid"), "{}", zone.err);
    assert!(!desk.path("usher.db").exists());
    desk.run(&["event", "create", "--name", "X", "--time-zone", "Europe/Madrid"]).ok();
    let twice = desk.run(&["event", "create", "--name", "Y", "--time-zone", "Europe/Madrid"]);
    assert!(twice.code == 1 && twice.err.contains("\"X\""), "{}", twice.err);
    assert_eq!(desk.run(&["frobnicate"]).code, 64);
    assert!(desk.run(&["--help"]).ok().out.contains("event create"));
    let newer = rusqlite::Connection::open(desk.path("usher.db")).unwrap();
    newer.pragma_update(None, "user_version", 9_999).unwrap();
    drop(newer);
    let refused = desk.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(refused.code == 1 && refused.err.contains("newer version"), "{}", refused.err);
}

#[test]
fn codes_are_printed_for_people_and_for_scripts() {
    let desk = Desk::ready();
    let words = desk.run(&["enrol", "--name", "Desk 1", "--minutes", "5"]).ok().out;
    assert!(
        words.contains('█') && words.contains("good for 5 min") && words.contains("usher:setup?"),
        "{words}"
    );
    let json =
        desk.run(&["enrol", "--name", "Desk 2", "--address", "http://192.0.2.7:80/", "--json"]).ok().out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let setup = Setup::from_text(json["setup"].as_str().unwrap()).unwrap();
    assert_eq!(
        (setup.address.as_str(), Some(setup.code.as_str())),
        ("http://192.0.2.7:80", json["code"].as_str())
    );
    for bad in ["ftp://x", "192.0.2.7", "http://a b", "https://0.0.0.0:1", "http://x/path"] {
        assert_eq!(desk.run(&["enrol", "--name", "D", "--address", bad]).code, 1, "{bad}");
    }
    assert_eq!(desk.run(&["enrol", "--name", " "]).code, 1);
    assert!(desk.run(&["stations"]).ok().out.contains("No station"));
    assert!(desk.run(&["stations", "revoke", "Desk 9"]).err.contains("Desk 9"));
}

/// A served database; the process is ended with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(unix)]
#[test]
fn serving_ends_in_order_though_nobody_reads_its_output_any_more() {
    let desk = Desk::ready();
    let mut command = desk.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut served = Served(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut lines = BufReader::new(served.0.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("listening on "));
    drop(lines);
    let asked = Command::new("kill").args(["-TERM", &served.0.id().to_string()]).status().unwrap();
    assert!(asked.success() && served.0.wait().unwrap().success());
}

#[cfg(unix)]
#[test]
fn serving_tells_where_and_ends_in_order() {
    let desk = Desk::ready();
    let port_file = desk.path("port");
    let args = ["serve", "--listen", "127.0.0.1:0", "--port-file", port_file.to_str().unwrap()];
    let mut served =
        Served(desk.command(&args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut lines = BufReader::new(served.0.stdout.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let url = line.strip_prefix("listening on ").unwrap().to_owned();
    let port = lines_of(&port_file);
    assert_eq!(url, format!("http://127.0.0.1:{port}"));
    // Commands work beside it, and know where it listens.
    assert!(desk.run(&["enrol", "--name", "Desk 1"]).ok().out.contains(&url));
    let second = desk.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(second.code == 1 && second.err.contains(&url), "{}", second.err);
    let open = desk.run(&["serve", "--listen", "0.0.0.0:0"]);
    assert!(open.code == 1 && open.err.contains("--tls-self-signed"), "{}", open.err);
    let asked = Command::new("kill").args(["-TERM", &served.0.id().to_string()]).status().unwrap();
    assert!(asked.success() && served.0.wait().unwrap().success());
    assert_eq!(lines.next().unwrap().unwrap(), "stopped");
    assert!(
        !desk.path("usher.db-wal").exists() || fs::metadata(desk.path("usher.db-wal")).unwrap().len() == 0
    );
}

#[test]
fn a_self_made_certificate_goes_into_setup_codes() {
    let desk = Desk::ready();
    let args = ["serve", "--listen", "127.0.0.1:0", "--tls-self-signed"];
    let mut served =
        Served(desk.command(&args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let line = BufReader::new(served.0.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let url = line.strip_prefix("listening on ").unwrap();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let json = desk.run(&["enrol", "--name", "Desk 1", "--json"]).ok().out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let setup = Setup::from_text(json["setup"].as_str().unwrap()).unwrap();
    assert_eq!((setup.address.as_str(), setup.fingerprint.as_deref()), (url, json["fingerprint"].as_str()));
    assert_eq!(setup.fingerprint.map(|print| print.len()), Some(64));
}

/// The port file is there once the address was printed, or in a moment.
fn lines_of(path: &Path) -> String {
    loop {
        if let Ok(text) = fs::read_to_string(path) {
            return text;
        }
        std::thread::yield_now();
    }
}

#[test]
fn the_demo_goes_through_the_import() {
    let desk = Desk::new();
    let made = desk.run(&["demo", "create", "--around", "2026-11-20T10:00:00+01:00"]).ok().out;
    assert!(made.contains("sessions: 8 added") && made.contains("participants: 1200 added"), "{made}");
    let table = desk.path("guests.csv");
    desk.run(&["export", "guests", "--out", table.to_str().unwrap()]).ok();
    let guests = rows(&table);
    assert_eq!(guests.len(), 1_201);
    assert!(guests.iter().filter(|row| row[5] == "yes").count() >= 10);
    assert!(
        guests.iter().any(|row| row[0].contains("李")) && guests.iter().any(|row| row[0].contains("Işık"))
    );
    let again = desk.run(&["demo", "create"]);
    assert!(again.code == 1 && again.err.contains("another file"), "{}", again.err);
}

const FLAGGED: &str = "name,code,sessions,flags,attention,notes,status,valid from,valid until
Ana,TICKET-1,Hall,Speaker; Wheelchair,,Badge at the desk,,,
Bo,TICKET-2,Hall;Workshop,,yes,,,2026-11-20 09:00,2026-11-20 18:30
Cy,TICKET-3,Hall,Minor,no,,cancelled,,
Di,TICKET-4,,,,,,,
";

#[test]
fn what_was_exported_changes_nothing_when_it_is_imported() {
    let desk = Desk::ready();
    let guests = desk.file("guests.csv", FLAGGED);
    let first = desk.run(&["import", "participants", &guests]).ok();
    assert!(
        first.out.contains("3 added, 0 changed") || first.out.contains("4 added, 0 changed"),
        "{}",
        first.out
    );
    let (table, again) = (desk.path("out.csv"), desk.path("again.csv"));
    desk.run(&["export", "guests", "--out", table.to_str().unwrap()]).ok();
    let exported = rows(&table);
    assert_eq!(exported[0][7..9], ["flags", "attention"]);
    let said = |name: &str| exported.iter().find(|row| row[0] == name).unwrap()[7..9].to_vec();
    assert_eq!(
        (said("Ana"), said("Bo")),
        (vec!["Speaker; Wheelchair".into(), "no".into()], vec![String::new(), "yes".into()])
    );
    let second = desk.run(&["import", "participants", table.to_str().unwrap()]).ok();
    assert!(second.out.contains("0 added, 0 changed, 4 unchanged, 0 bad"), "{}{}", second.out, second.err);
    desk.run(&["export", "guests", "--out", again.to_str().unwrap()]).ok();
    assert_eq!(rows(&again), exported);
    let without = desk.file("without.csv", FLAGGED.replace("Speaker; Wheelchair", ""));
    let third = desk.run(&["import", "participants", &without]).ok();
    assert!(third.out.contains("0 added, 1 changed, 3 unchanged"), "{}", third.out);
}

/// Guests with an order and without codes: Usher makes theirs.
const BOOKED: &str =
    "name,email,order,sessions\nAda,ada@example.org,O-1,Hall\nGrace,grace@example.org,O-1,Workshop\n";

#[test]
fn signed_tickets_are_a_table_that_a_second_run_repeats_and_an_import_does_not_take_for_codes() {
    let desk = Desk::ready();
    desk.run(&["import", "participants", &desk.file("guests.csv", BOOKED)]).ok();
    assert!(desk.run(&["tickets", "keys"]).ok().out.contains("No ticket was signed yet"));
    let (table, pictures) = (desk.path("tickets.csv"), desk.path("pictures"));
    let line = ["tickets", "export", "--signed", "--out", table.to_str().unwrap()];
    desk.run(&[&line[..], &["--pictures", pictures.to_str().unwrap(), "--format", "svg"]].concat()).ok();
    let first = rows(&table);
    assert_eq!(first[0], ["name", "email", "order", "kind", "cti", "signed_ticket", "file"]);
    assert_eq!((first.len(), &first[1][0], &first[1][2]), (3, &"Ada".to_owned(), &"O-1".to_owned()));
    assert!(first[1][5].starts_with("UT1:") && first[1][4].len() == 16);
    assert!(fs::read_to_string(pictures.join(&first[1][6])).unwrap().starts_with("<svg"));

    let printed = desk.run(&["tickets", "export", "--signed", "--session", "workshop"]).ok();
    assert_eq!(printed.out.lines().count(), 2, "only who is booked, on the standard output: {}", printed.out);
    assert!(printed.out.contains(&first[2][5]), "the same ticket");
    let again = desk.run(&["import", "participants", table.to_str().unwrap()]).ok();
    assert!(again.out.contains("0 added, 0 changed, 2 unchanged, 0 bad"), "{}", again.out);

    let keys = desk.run(&["tickets", "keys"]).ok().out;
    assert!(keys.trim_end().ends_with("signs") && keys.lines().count() == 1, "{keys}");
    let roster = fs::read_to_string(desk.path("usher.db.roster")).unwrap();
    assert!(roster.contains(&keys[..8]), "the key outlives the database");
}

#[test]
fn keys_and_revocations_that_cannot_be_say_why() {
    let desk = Desk::ready();
    desk.run(&["import", "participants", &desk.file("guests.csv", BOOKED)]).ok();
    for (args, told) in [
        (&["tickets", "withdraw-key", "xyz"][..], "is no key's id"),
        (&["tickets", "withdraw-key", "00000000"], "The event has no key 00000000"),
        (&["tickets", "revoke", "nobody"], "is called \"nobody\""),
        (&["tickets", "export", "--signed", "--until", "tomorrow"], "is no time that is understood"),
    ] {
        let ran = desk.run(args);
        assert!(ran.code == 1 && ran.err.contains(told), "{}", ran.err);
    }
    assert_eq!(desk.run(&["tickets", "export"]).code, 64, "a folder is wanted");
    assert_eq!(desk.run(&["tickets", "export", "--out", "x", "--pictures", "y"]).code, 64);
    let ran = desk.run(&["tickets", "revoke", "ada@example.org"]).ok();
    assert!(ran.out.contains("of Ada is an old one"), "{}", ran.out);
}

#[test]
fn a_badge_template_is_checked_in_words_shown_previewed_and_taken_away() {
    let desk = Desk::ready();
    let label = |args: &[&str]| desk.run(&[&["event", "label"], args].concat());
    assert!(label(&["--show"]).ok().out.contains("no template"));
    let good = desk.file("good.json", include_str!("../../../assets/labels/badge.json"));
    let pdf = desk.path("badge.pdf").display().to_string();
    label(&[&good, "--preview", &pdf]).ok();
    assert!(fs::read(&pdf).unwrap().starts_with(b"%PDF-"));
    assert!(label(&["--show"]).ok().out.contains("no template"), "a preview keeps nothing");
    assert!(label(&[&good]).ok().out.starts_with("Badges of 90 × 54 mm with 5 lines."));

    for (content, words) in [
        ("{", "it is no JSON"),
        (r#"{ "width_mm": 9, "height_mm": 54, "lines": [{ "show": "name" }] }"#, "sides have 20 to 300 mm"),
        (
            r#"{ "width_mm": 90, "height_mm": 54, "lines": [{ "show": "name", "szie": 5 }] }"#,
            "nothing is called \"szie\"",
        ),
        (
            r#"{ "width_mm": 20, "height_mm": 20, "lines": [{ "show": "name", "size": 10 }, { "show": "event", "size": 100 }] }"#,
            "too small to be read",
        ),
        (&format!("{{{}}}", " ".repeat(40_000)), "has a few hundred"),
    ] {
        let ran = label(&[&desk.file("bad.json", content)]);
        assert!(
            ran.code == 1 && ran.err.contains(words) && ran.err.contains("Nothing was changed."),
            "{}",
            ran.err
        );
    }
    assert!(label(&["none.json"]).err.contains("none.json could not be read"));
    assert_eq!(label(&[]).code, 64);

    let shown = label(&["--show"]).ok().out;
    assert!(label(&[&desk.file("again.json", shown)]).ok().out.contains("It was kept already."));
    label(&["--preview", &pdf, "--name", "محمد عبد الرحمن"]).ok();
    assert!(label(&["--clear"]).ok().out.contains("Took the template away."));
    let ran = label(&["--preview", &pdf]);
    assert!(ran.code == 1 && ran.err.contains("The event has no template."), "{}", ran.err);
}
