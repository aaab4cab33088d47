//! The search while somebody types: who is found, in which order, and what is a code.

use usher_protocol::{
    limits::FIND_ROWS_MAX,
    records::{PersonRecord, Registration},
    sync::Change,
    window::FindStatus,
};
use usher_replica::Finding;

use crate::{
    bench::*,
    snapshots::{lines, load},
};

const NAMES: [&str; 14] = [
    "Işıl Yıldız",
    "İbrahim Çağlar",
    "Jürgen Groß",
    "Łucja Żółkiewska",
    "Søren Kjærgård",
    "محمد الأحمد",
    "فاطمة الزهراء",
    "प्रिया शर्मा",
    "हिन्दी वर्मा",
    "Ana Gómez",
    "Ana María Gomes",
    "Conan O'Brien",
    "Gomera Tours",
    "Zoë Anastasiou",
];

fn named(n: u128, name: &str) -> PersonRecord {
    PersonRecord {
        name: name.into(),
        email: format!("mail{n}@firma.example"),
        organisation: if n.is_multiple_of(2) { "Çınar Vakfı".into() } else { String::new() },
        order: format!("ORD{n:03}"),
        ..guest(n)
    }
}

fn people() -> Vec<Change> {
    NAMES.iter().zip(100..).map(|(name, n)| Change::Person(named(n, name))).collect()
}

fn desk() -> Bench {
    let mut bench = Bench::unsynced();
    bench.feed(std::iter::once(Change::Session(hall(Some(30)))).chain(people()).collect(), 30);
    bench
}

fn find(bench: &Bench, text: &str) -> Finding {
    bench.replica.find(&bench.who, text, HALL).unwrap()
}

/// The names that are found, those by a mistake with a `~` before them.
fn found(bench: &Bench, text: &str) -> Vec<String> {
    let name = |one: &usher_replica::Found| format!("{}{}", if one.near { "~" } else { "" }, one.guest.name);
    find(bench, text).guests.iter().map(name).collect()
}

#[test]
fn names_are_found_whatever_is_typed_for_their_letters() {
    let bench = desk();
    for (typed, name) in [
        ("isil yildiz", "Işıl Yıldız"),
        ("IŞIL", "Işıl Yıldız"),
        ("İSİL", "Işıl Yıldız"),
        ("ıbrahım", "İbrahim Çağlar"),
        ("caglar i", "İbrahim Çağlar"),
        ("gross", "Jürgen Groß"),
        ("JURGEN GROSS", "Jürgen Groß"),
        ("lucja zolk", "Łucja Żółkiewska"),
        ("soren kjaer", "Søren Kjærgård"),
        ("محمد احمد", "محمد الأحمد"),
        ("الاحمد", "محمد الأحمد"),
        ("فَاطِمَه", "فاطمة الزهراء"),
        ("प्रिया", "प्रिया शर्मा"),
        ("शर्", "प्रिया शर्मा"),
        ("हिंदी", "हिन्दी वर्मा"),
        ("obrien", "Conan O'Brien"),
        ("brien", "Conan O'Brien"),
        ("o’brien con", "Conan O'Brien"),
        ("mail105@firma", "محمد الأحمد"),
        ("ord103", "Łucja Żółkiewska"),
    ] {
        assert_eq!(found(&bench, typed), [name], "{typed}");
    }
    assert_eq!(found(&bench, "cinar").len(), NAMES.len() / 2, "by the organisation");
}

#[test]
fn whole_names_come_first_then_beginnings_and_those_with_a_mistake_last() {
    let bench = desk();
    assert_eq!(found(&bench, "ana"), ["Ana Gómez", "Ana María Gomes", "Zoë Anastasiou"]);
    assert_eq!(found(&bench, "gomes"), ["Ana María Gomes", "~Ana Gómez", "~Gomera Tours"]);
    assert_eq!(found(&bench, "gomes ana"), ["Ana María Gomes", "~Ana Gómez"]);
}

#[test]
fn one_letter_typed_wrong_still_finds_a_name() {
    let bench = desk();
    for (typed, name) in [
        ("yildis", "Işıl Yıldız"),
        ("yldiz", "Işıl Yıldız"),
        ("juergen", "Jürgen Groß"),
        ("zolkeiwska", "Łucja Żółkiewska"),
        ("sorren", "Søren Kjærgård"),
        ("محمود", "محمد الأحمد"),
        ("शरमा", "प्रिया शर्मा"),
        ("anastasoiu zoe", "Zoë Anastasiou"),
    ] {
        assert_eq!(found(&bench, typed), [format!("~{name}")], "{typed}");
    }
    assert_eq!(found(&bench, "zoo"), [""; 0], "three letters are taken as typed");
    assert_eq!(found(&bench, "ord1003"), [""; 0], "an order one letter off is somebody else's");
    assert_eq!(found(&bench, "anastosoiu zoe"), [""; 0], "two mistakes in a word");
}

#[test]
fn whom_the_feed_brings_or_renames_is_found_with_a_mistake_at_once() {
    let mut bench = desk();
    assert_eq!(found(&bench, "etxebarria"), [""; 0]);
    bench.feed(vec![Change::Person(named(101, "Zuriñe Etxeberria"))], 0);
    assert_eq!(found(&bench, "etxebarria"), ["~Zuriñe Etxeberria"]);
    assert_eq!(found(&bench, "ibrahim"), [""; 0]);
    assert_eq!(found(&bench, "ibrahum"), [""; 0]);
}

#[test]
fn another_list_is_searched_as_soon_as_it_is_there() {
    let bench = desk();
    assert_eq!(found(&bench, "yildis"), ["~Işıl Yıldız"]);
    let list = [Change::Session(hall(Some(30))), Change::Person(named(1, "Márta Szabó"))];
    load(&bench, &lines(&list), 64).unwrap();
    assert_eq!((found(&bench, "yildiz"), found(&bench, "szabo")), (vec![], vec!["Márta Szabó".to_string()]));
    assert_eq!(found(&bench, "szaob"), ["~Márta Szabó"]);
}

#[test]
fn more_than_fit_are_said_to_be_there() {
    let mut bench = desk();
    let many = |count: u128| (0..count).map(|n| Change::Person(named(1_000 + n, "Twin Same"))).collect();
    bench.feed(many(FIND_ROWS_MAX as u128), 0);
    let exact = find(&bench, "twin");
    assert_eq!((exact.guests.len(), exact.more), (FIND_ROWS_MAX, false));
    bench.feed(many(FIND_ROWS_MAX as u128 + 1), 0);
    let exact = find(&bench, "twin");
    assert_eq!((exact.guests.len(), exact.more), (FIND_ROWS_MAX, true));
    let near = find(&bench, "twni");
    assert_eq!((near.guests.len(), near.more, near.guests[0].near), (FIND_ROWS_MAX, true, true));
}

#[test]
fn how_a_guest_stands_is_as_a_scan_would_judge() {
    let mut bench = Bench::new(Some(30), 30);
    let cancelled = vec![Registration { session: HALL, cancelled: true }];
    bench.feed(
        vec![
            Change::Person(PersonRecord { cancelled: true, ..guest(2) }),
            Change::Person(PersonRecord { registrations: cancelled, ..guest(3) }),
            Change::Person(PersonRecord { registrations: Vec::new(), ..guest(4) }),
        ],
        30,
    );
    bench.admit(1);
    let stands = |n: u128| find(&bench, &format!("nº{n}")).guests[0].status;
    assert_eq!([0, 1].map(stands), [FindStatus::Booked, FindStatus::In]);
    assert_eq!([2, 3, 4].map(stands), [FindStatus::Cancelled, FindStatus::Cancelled, FindStatus::NotBooked]);
    bench.replica.absorb(&bench.who).unwrap();
    assert_eq!(stands(1), FindStatus::In, "absorbed");
}

#[test]
fn a_text_is_a_code_only_where_it_is_one_that_is_known() {
    let bench = Bench::new(Some(30), 3);
    let known = |text: &str| find(&bench, text).code;
    for text in ["CODE-000004", " code-000004 ", "Code-000004"] {
        assert_eq!(known(text).as_deref(), Some("CODE-000004"), "{text:?}");
    }
    for text in ["CODE-00000", "CODE-0000044", "CODE 000004", "alexandra", "CODE-999999", ""] {
        assert_eq!(known(text), None, "{text:?}");
    }
}
