//! Walk-ins: the entry, the name and the check-in in one transaction, found and judged at once, taken back together.

use usher_core::{entry::*, ids::*, verdict::Verdict};
use usher_protocol::window::FindStatus;
use usher_replica::*;
use uuid::Uuid;

use crate::bench::*;

const SHIFT: ShiftId = ShiftId(Uuid::from_u128(4));
/// The first walk-in.
const QUIRIN: PersonId = PersonId(Uuid::from_u128(0xa1));

pub(crate) fn add(bench: &Bench, verdict: u128, id: PersonId, name: &str, let_in: bool) -> WalkedIn {
    let guest = NewGuest { id, name, email: "quirin@example.org", kind: "Walk-in" };
    let decision = Decision { found: usher_core::entry::Found::Search, ..bench.decision(verdict, 0) };
    bench.replica.walk_in(&bench.who, &guest, &decision, let_in).unwrap()
}

fn added(walked: WalkedIn) -> (PersonId, EntryKey, Option<EntryKey>) {
    let WalkedIn::Added { person, key, let_in, .. } = walked else { panic!("not added: {walked:?}") };
    (person, key, let_in)
}

fn of(bench: &Bench, id: PersonId) -> Asked {
    Asked { ticket: Ticket::Person { id, revoked: false }, ..bench.asked(0) }
}

fn verdict(bench: &Bench, id: PersonId) -> Verdict {
    bench.replica.judge(&bench.who, &of(bench, id)).unwrap().unwrap().judgement.verdict
}

pub(crate) fn found(bench: &Bench, text: &str) -> Vec<(String, FindStatus)> {
    let found = bench.replica.find(&bench.who, text, HALL).unwrap();
    found.guests.into_iter().map(|row| (row.guest.name, row.status)).collect()
}

fn bodies(bench: &Bench) -> Vec<Body> {
    bench.log().into_iter().skip(1).map(|one| one.entry.body).collect()
}

#[test]
fn a_walk_in_takes_one_right_and_is_already_in_before_anything_was_sent() {
    let bench = Bench::new(Some(30), 2);
    let (person, key, let_in) = added(add(&bench, 1, QUIRIN, "Quirin Mbéki", true));
    let check_in = let_in.unwrap();
    assert_eq!((person, check_in.seq), (QUIRIN, key.seq + 1));
    let all = bodies(&bench);
    assert_eq!(all[0], Body::WalkIn(WalkIn { person: QUIRIN, shift: Some(SHIFT) }));
    assert!(
        matches!(&all[1], Body::CheckIn(one) if one.subject == Subject::Person(QUIRIN) && one.basis == Basis::Grant && !one.registered)
    );
    assert_eq!((bench.rights(), all.len()), (1, 2));
    assert!(matches!(verdict(&bench, QUIRIN), Verdict::AlreadyCheckedIn(standby) if standby.key == check_in));
    assert_eq!(found(&bench, "mbé"), [("Quirin Mbéki".to_owned(), FindStatus::In)]);
    assert_eq!(found(&bench, "quirin@exa"), [("Quirin Mbéki".to_owned(), FindStatus::In)]);
    assert_eq!(bench.replica.guest(QUIRIN).unwrap().unwrap().kind, "Walk-in");
    bench.replica.absorb(&bench.who).unwrap();
    assert_eq!(bench.replica.check(&bench.who).unwrap().differences, []);
}

#[test]
fn no_entry_names_anybody() {
    let bench = Bench::new(None, 0);
    added(add(&bench, 1, QUIRIN, "Xanthippe", true));
    let bytes: Vec<u8> = bench.log().iter().flat_map(|one| one.entry.to_bytes()).collect();
    assert!(!bytes.windows(9).any(|part| part == b"Xanthippe"));
}

#[test]
fn the_same_form_twice_is_one_walk_in_also_when_the_second_would_not_fit() {
    let bench = Bench::new(Some(30), 1);
    let first = added(add(&bench, 1, QUIRIN, "Quirin", true));
    let again = added(add(&bench, 1, PersonId(Uuid::from_u128(0xa2)), "Quirin", true));
    assert_eq!((first, bodies(&bench).len(), bench.rights()), (again, 2, 0));
}

#[test]
fn without_a_place_nothing_is_written_and_the_guest_can_be_added_without_being_let_in() {
    let mut bench = Bench::new(Some(30), 0);
    let WalkedIn::NotNow(judged) = add(&bench, 1, QUIRIN, "Quirin", true) else {
        panic!("let in without a right")
    };
    assert_eq!(judged.judgement.verdict, Verdict::GrantEmpty);
    assert!(bodies(&bench).is_empty() && bench.replica.guest(QUIRIN).unwrap().is_none());
    let (.., let_in) = added(add(&bench, 1, QUIRIN, "Quirin", false));
    assert_eq!((let_in, bodies(&bench).len()), (None, 1));
    assert_eq!(found(&bench, "quirin"), [("Quirin".to_owned(), FindStatus::NotBooked)]);
    bench.feed(Vec::new(), 1);
    let decision = Decision { asked: of(&bench, QUIRIN), act: Act::LetInAnyway, ..bench.decision(1, 0) };
    assert!(matches!(bench.replica.let_in(&bench.who, &decision).unwrap(), Decided::LetIn(_)));
    assert_eq!((bench.rights(), found(&bench, "quirin")[0].1), (0, FindStatus::In));
}

#[test]
fn taken_back_it_gives_its_right_back_and_leaves_the_search() {
    let bench = Bench::new(Some(30), 1);
    let (_, walk_in, let_in) = added(add(&bench, 1, QUIRIN, "Quirin", true));
    let undo = bench.undo(1, let_in.unwrap());
    assert_eq!(bench.undo(1, let_in.unwrap()), undo, "once");
    let all = bodies(&bench);
    assert!(matches!(&all[2], Body::Undo(one) if one.of == let_in.unwrap() && one.refund), "{all:?}");
    assert!(matches!(&all[3], Body::Undo(one) if one.of == walk_in && !one.refund), "{all:?}");
    assert_eq!((all.len(), bench.rights()), (4, 1));
    assert_eq!((found(&bench, "quirin"), verdict(&bench, QUIRIN)), (vec![], Verdict::Cancelled));
    assert_eq!(bench.replica.guest(QUIRIN).unwrap().unwrap().name, "");
}

#[test]
fn taken_back_after_handover_the_seat_is_not_this_desks_to_give_again() {
    let mut bench = Bench::new(Some(30), 1);
    let (sent, head) = (bench.request(), bench.head_at(1));
    let answer = bench.answer(head, Vec::new(), 1);
    bench.apply(&sent, &answer).unwrap();
    let (.., let_in) = added(add(&bench, 1, QUIRIN, "Quirin", true));
    let _left_but_never_answered = bench.request();
    bench.undo(1, let_in.unwrap());
    let all = bodies(&bench);
    assert!(matches!(&all[2], Body::Undo(one) if !one.refund), "{all:?}");
    assert_eq!((bench.rights(), found(&bench, "quirin")), (0, vec![]));
}

#[test]
fn a_walk_in_that_was_only_added_is_taken_back_by_itself() {
    let bench = Bench::new(Some(30), 0);
    let (_, walk_in, _) = added(add(&bench, 1, QUIRIN, "Quirin", false));
    bench.undo(1, walk_in);
    assert!(matches!(&bodies(&bench)[1], Body::Undo(one) if one.of == walk_in && !one.refund));
    assert_eq!(found(&bench, "quirin"), []);
}

/// Let in once more by another card, the guest keeps the name when the first card is taken back.
#[test]
fn who_is_inside_by_another_check_in_keeps_the_name() {
    let bench = Bench::new(Some(30), 2);
    let (.., let_in) = added(add(&bench, 1, QUIRIN, "Quirin", true));
    let out =
        bench.replica.check_out(&bench.who, Uuid::from_u128(2), &of(&bench, QUIRIN), SHIFT, stamp(NOW_MS));
    assert!(matches!(out.unwrap(), CheckedOut::Out(_)));
    let decision = Decision { asked: of(&bench, QUIRIN), act: Act::LetInAnyway, ..bench.decision(3, 0) };
    assert!(matches!(bench.replica.let_in(&bench.who, &decision).unwrap(), Decided::LetIn(_)));
    bench.undo(1, let_in.unwrap());
    assert_eq!(found(&bench, "quirin"), [("Quirin".to_owned(), FindStatus::In)]);
}

#[test]
fn what_is_on_the_list_by_now_is_found_once() {
    let mut bench = Bench::new(Some(30), 1);
    added(add(&bench, 1, QUIRIN, "Quirin", true));
    let person = usher_protocol::records::PersonRecord { id: QUIRIN, name: "Quirin".into(), ..guest(1) };
    bench.feed(vec![usher_protocol::sync::Change::Person(person)], 1);
    assert_eq!(found(&bench, "quirin").len(), 1);
}
