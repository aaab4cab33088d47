//! Imports: running one again changes nothing, and nobody is lost or doubled.

use super::{NOW, guest, people, sessions, set_capacity, talk, tickets, world};
use crate::{ImportProblem, ImportReport, PersonSpec, ProblemKind, SessionSpec};

fn counts(report: &ImportReport) -> (usize, usize, usize) {
    (report.added, report.changed, report.unchanged)
}

#[test]
fn running_an_import_again_appends_nothing() {
    let world = world();
    let talks = [talk("Talk", Some(10)), SessionSpec { code: Some("W1".into()), ..talk("Workshop", None) }];
    assert_eq!(counts(&sessions(&world, &talks)), (2, 0, 0));
    let file = [
        PersonSpec {
            sessions: vec!["talk ".into(), "w1".into(), "Nope".into()],
            ..guest("Ana", Some("CODE-1"))
        },
        guest("Bo", None),
        guest("Bo", None),
    ];
    let first = people(&world, &file);
    assert_eq!(counts(&first), (3, 0, 0));
    let unknown = ProblemKind::UnknownSession { name: "Nope".into() };
    assert_eq!(first.problems, [ImportProblem { index: 0, kind: unknown }]);
    let end = world.feed_end().unwrap();
    assert_eq!(counts(&sessions(&world, &talks)), (0, 0, 2));
    assert_eq!(counts(&people(&world, &file)), (0, 0, 3));
    assert_eq!((world.feed_end().unwrap(), world.person_count().unwrap()), (end, 3));
    let rows = tickets(&world);
    assert_eq!(rows[0].sessions, ["Talk", "Workshop"]);
    assert!(rows[1].code.starts_with("U-") && rows[1].code != rows[2].code);
}

#[test]
fn a_ticket_sent_again_revokes_the_old_code_and_going_back_works() {
    let world = world();
    people(&world, &[guest("Ana", Some("CODE-1")), guest("Bo", Some("CODE-2"))]);
    let again = people(&world, &[guest("Ana", Some("CODE-9")), guest("Bo", Some("CODE-2"))]);
    assert_eq!(counts(&again), (0, 1, 1));
    assert_eq!(world.person_count().unwrap(), 2);
    assert_eq!(tickets(&world)[0].code, "CODE-9");
    assert_eq!(counts(&people(&world, &[guest("Ana", Some("CODE-1"))])), (0, 1, 0));
    assert_eq!(tickets(&world)[0].code, "CODE-1");
}

#[test]
fn several_tickets_of_one_buyer_stay_several() {
    let world = world();
    let file = [guest("Ana", Some("CODE-1")), guest("Ana", Some("CODE-2"))];
    assert_eq!(counts(&people(&world, &file)), (2, 0, 0));
    let more = [guest("Ana", Some("CODE-1")), guest("Ana", Some("CODE-2")), guest("Ana", Some("CODE-3"))];
    assert_eq!(counts(&people(&world, &more)), (1, 0, 2), "a new code among known ones is a new ticket");
    let guess = [guest("Ana", Some("CODE-4"))];
    assert_eq!(counts(&people(&world, &guess)), (1, 0, 0), "whose ticket changed cannot be told");
}

#[test]
fn bad_lines_are_told_apart_and_the_others_are_taken() {
    let world = world();
    let report = people(
        &world,
        &[
            guest("Ana", Some("CODE-1")),
            guest("Bo", Some(" CODE-1 ")),
            guest("Cy", Some("https://example.org/1")),
            guest(&"x".repeat(201), Some("CODE-2")),
            guest("Di", Some("CODE-3")),
        ],
    );
    let kinds: Vec<_> = report.problems.iter().map(|problem| (problem.index, problem.kind.clone())).collect();
    assert_eq!(
        kinds,
        [
            (1, ProblemKind::DuplicateTicketCode { first: 0 }),
            (2, ProblemKind::BadTicketCode),
            (3, ProblemKind::TooLong { field: "name", max: 200 }),
        ]
    );
    assert_eq!(counts(&report), (2, 0, 0));
}

#[test]
fn sessions_are_recognised_by_code_then_name() {
    let world = world();
    let coded = |name: &str, code: &str| SessionSpec { code: Some(code.into()), ..talk(name, Some(5)) };
    sessions(&world, &[talk("Coffee", Some(5))]);
    assert_eq!(counts(&sessions(&world, &[coded("Coffee", "C1")])), (0, 1, 0), "it gains a code");
    assert_eq!(counts(&sessions(&world, &[coded("Tea", "C1")])), (0, 1, 0), "it is renamed");
    let report =
        sessions(&world, &[coded("Tea", "C2"), talk("tea", None), coded("Tea", "C1"), coded("Tea", "C1")]);
    assert_eq!(counts(&report), (1, 0, 1));
    let kinds: Vec<_> = report.problems.into_iter().map(|problem| problem.kind).collect();
    assert_eq!(
        kinds,
        [ProblemKind::AmbiguousSession { name: "tea".into() }, ProblemKind::DuplicateSession { first: 2 }]
    );
    let backwards = SessionSpec { ends_ms: NOW - 1, ..talk("X", None) };
    assert_eq!(sessions(&world, &[backwards]).problems[0].kind, ProblemKind::BadSession);
}

#[test]
fn changed_rules_raise_the_revision() {
    let world = world();
    sessions(&world, &[talk("Talk", Some(10))]);
    sessions(&world, &[talk("Talk", Some(12))]);
    let rules = world.sessions().unwrap()[0].rules.clone();
    assert_eq!((rules.rev, rules.capacity), (2, Some(12)));
    set_capacity(&world, rules.id, Some(3));
    set_capacity(&world, rules.id, Some(3));
    assert_eq!(world.sessions().unwrap()[0].rules.rev, 3);
}

#[test]
fn flags_stand_as_the_last_file_says_and_a_file_without_them_leaves_them() {
    let world = world();
    let flagged = |flags: &[&str], attention| PersonSpec {
        flags: Some(flags.iter().map(ToString::to_string).collect()),
        attention,
        ..guest("Ana", Some("CODE-1"))
    };
    assert_eq!(counts(&people(&world, &[flagged(&["Speaker", "Minor"], Some(true))])), (1, 0, 0));
    let end = world.feed_end().unwrap();
    assert_eq!(counts(&people(&world, &[guest("Ana", Some("CODE-1"))])), (0, 0, 1));
    assert_eq!(world.feed_end().unwrap(), end, "nothing was said of them");
    let row = tickets(&world).remove(0);
    assert_eq!((row.flags, row.attention), (vec!["Speaker".into(), "Minor".into()], true));
    assert_eq!(counts(&people(&world, &[flagged(&["Minor", "Speaker"], None)])), (0, 1, 0), "another order");
    assert_eq!(counts(&people(&world, &[flagged(&[], Some(false))])), (0, 1, 0));
    let row = tickets(&world).remove(0);
    assert_eq!((row.flags.len(), row.attention), (0, false));
    let long = "x".repeat(25);
    let report = people(&world, &[flagged(&["1", "2", "3", "4", "5"], None), flagged(&[&long], None)]);
    assert_eq!(report.problems[0].kind, ProblemKind::TooManyFlags { max: 4 });
    assert_eq!(counts(&report), (0, 0, 0));
}
