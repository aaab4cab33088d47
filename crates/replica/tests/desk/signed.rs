//! Signed tickets at a desk: what it knows without a list, and what the list adds.

use ed25519_dalek::SigningKey;
use usher_core::{
    entry::{Body, DeclineReason, Subject},
    ids::{EventId, ShiftId},
    verdict::{Validity, Verdict},
};
use usher_protocol::{
    records::EventRecord,
    sync::Change,
    ticket::{SignedTicket, TicketId, TicketKey, TicketKind, seconds, sign},
};
use usher_replica::{Act, Asked, Decided, Decision, Ticket};
use uuid::Uuid;

use crate::bench::*;

fn key(byte: u8) -> SigningKey {
    SigningKey::from_bytes(&[byte; 32])
}

fn public(byte: u8) -> TicketKey {
    TicketKey::of(&key(byte).verifying_key(), NOW_MS)
}

fn event(keys: Vec<TicketKey>) -> Change {
    let (id, name, time_zone) = (EventId(Uuid::from_u128(1)), "Open Days".into(), "Europe/Madrid".into());
    Change::Event(EventRecord { ticket_keys: keys, ..EventRecord::new(id, name, time_zone) })
}

/// A desk with guests 0 to 9 on its list and the first key.
fn desk(rights: u64) -> Bench {
    let mut bench = Bench::new(Some(10), rights);
    bench.feed(vec![event(vec![public(1)])], rights);
    bench
}

fn id(n: u128) -> TicketId {
    TicketId((n as u64).to_be_bytes())
}

fn ticket(n: u128) -> SignedTicket {
    SignedTicket {
        event: EventId(Uuid::from_u128(1)),
        person: person(n),
        id: id(n),
        kind: TicketKind::of("Day pass"),
        from_s: None,
        until_s: None,
    }
}

fn text(n: u128) -> String {
    sign(&ticket(n), &key(1))
}

fn asked(bench: &Bench, text: &str) -> Asked {
    let ticket = bench.replica.look_up(&bench.who, &[text.to_owned()]).unwrap();
    Asked { ticket, session: HALL, now_ms: NOW_MS }
}

fn verdict(bench: &Bench, text: &str) -> Verdict {
    bench.replica.judge(&bench.who, &asked(bench, text)).unwrap().unwrap().judgement.verdict
}

fn let_in(bench: &Bench, text: &str, act: Act) -> Decided {
    let decision = Decision { act, asked: asked(bench, text), ..bench.decision(0x9000, 0) };
    bench.replica.let_in(&bench.who, &decision).unwrap()
}

#[test]
fn a_known_guest_is_let_in_by_a_signed_ticket_as_by_the_code() {
    let bench = desk(5);
    assert_eq!(verdict(&bench, &text(1)), Verdict::Registered);
    assert!(matches!(let_in(&bench, &text(1), Act::LetIn), Decided::LetIn(_)));
    assert!(matches!(verdict(&bench, &text(1)), Verdict::AlreadyCheckedIn(_)));
    assert!(matches!(bench.verdict(1), Verdict::AlreadyCheckedIn(_)), "the code is the same guest's");
}

#[test]
fn a_guest_whom_the_list_lacks_is_let_in_by_hand_and_is_one_with_the_record_that_comes() {
    let mut bench = desk(5);
    let judged = bench.replica.judge(&bench.who, &asked(&bench, &text(77))).unwrap().unwrap();
    assert_eq!(judged.judgement.verdict, Verdict::SignedUnknown);
    let guest = judged.guest.unwrap();
    assert_eq!((guest.name.as_str(), guest.kind.as_str()), ("", "Day pass"));
    assert!(
        matches!(let_in(&bench, &text(77), Act::LetIn), Decided::Changed(_)),
        "the habit key admits no exception"
    );
    let Decided::LetIn(_) = let_in(&bench, &text(77), Act::LetInAnyway) else { panic!("not let in") };
    let Body::CheckIn(entry) = bench.log().pop().unwrap().entry.body else { panic!("no check-in") };
    assert_eq!((entry.subject, entry.registered), (Subject::Person(person(77)), false));
    assert!(matches!(verdict(&bench, &text(77)), Verdict::AlreadyCheckedIn(_)));
    bench.feed(vec![Change::Person(guest_77())], 5);
    assert!(matches!(bench.verdict(77), Verdict::AlreadyCheckedIn(_)));
    assert_eq!(bench.replica.known(&bench.who, HALL).unwrap().tally.inside, 1);
}

fn guest_77() -> usher_protocol::records::PersonRecord {
    guest(77)
}

#[test]
fn a_guest_whom_the_list_lacks_is_already_in_when_another_desk_let_them_in() {
    let mut bench = desk(5);
    let (key, change) = elsewhere(9, 1, 77, NOW_MS - 1_000);
    bench.feed(vec![change], 5);
    assert!(matches!(verdict(&bench, &text(77)), Verdict::AlreadyCheckedIn(standby) if standby.key == key));
}

#[test]
fn a_ticket_made_by_somebody_else_is_refused_and_noted_without_its_text() {
    let bench = desk(5);
    let mut forged = text(1);
    let last = if forged.ends_with('0') { '1' } else { '0' };
    forged.pop();
    forged.push(last);
    let asked = asked(&bench, &forged);
    assert!(matches!(asked.ticket, Ticket::Forged(_)));
    assert_eq!(verdict(&bench, &forged), Verdict::ForgedTicket);
    assert!(matches!(let_in(&bench, &forged, Act::LetInAnyway), Decided::Changed(_)));
    let (reason, shift) = (Verdict::ForgedTicket.decline_reason().unwrap(), ShiftId(Uuid::from_u128(4)));
    bench.replica.turn_away(&bench.who, Uuid::from_u128(1), &asked, reason, shift, stamp(NOW_MS)).unwrap();
    let Body::Decline(entry) = bench.log().pop().unwrap().entry.body else { panic!("no refusal") };
    assert_eq!(entry.reason, DeclineReason::Forged);
    assert!(matches!(entry.subject, Subject::Code(_)));
}

#[test]
fn another_events_ticket_and_one_under_a_key_not_heard_of_are_told() {
    let bench = desk(5);
    let other = SignedTicket { event: EventId(Uuid::from_u128(2)), ..ticket(1) };
    assert_eq!(verdict(&bench, &sign(&other, &key(1))), Verdict::OtherEvent);
    assert_eq!(verdict(&bench, &sign(&ticket(1), &key(2))), Verdict::UnknownTicket);
}

#[test]
fn a_new_key_stands_beside_the_old_one_until_that_is_withdrawn() {
    let mut bench = desk(5);
    bench.feed(vec![event(vec![public(1), public(2)])], 5);
    for signer in [1, 2] {
        assert_eq!(verdict(&bench, &sign(&ticket(1), &key(signer))), Verdict::Registered);
    }
    let withdrawn = TicketKey { until_ms: Some(NOW_MS), ..public(1) };
    bench.feed(vec![event(vec![withdrawn, public(2)])], 5);
    assert_eq!(verdict(&bench, &sign(&ticket(1), &key(1))), Verdict::Revoked);
    assert_eq!(verdict(&bench, &sign(&ticket(77), &key(1))), Verdict::Revoked);
    assert_eq!(verdict(&bench, &sign(&ticket(1), &key(2))), Verdict::Registered);
}

#[test]
fn a_revoked_ticket_is_an_old_one_and_the_guests_newer_one_is_good() {
    let mut bench = desk(5);
    let mut moved = guest(1);
    moved.revoked_codes = vec![id(1).digest(&SECRET)];
    bench.feed(vec![Change::Person(moved)], 5);
    assert_eq!(verdict(&bench, &text(1)), Verdict::Revoked);
    let newer = SignedTicket { id: id(1001), ..ticket(1) };
    assert_eq!(verdict(&bench, &sign(&newer, &key(1))), Verdict::Registered);
    assert_eq!(bench.verdict(1), Verdict::Registered, "the code of the guest's other ticket is not revoked");
}

#[test]
fn a_ticket_is_judged_by_its_own_time_and_by_the_lists() {
    let mut bench = desk(5);
    let until = |until_ms| {
        let (from_s, until_s) = seconds(Validity { from_ms: None, until_ms: Some(until_ms) });
        SignedTicket { from_s, until_s, ..ticket(1) }
    };
    let over = sign(&until(NOW_MS - 1_000), &key(1));
    assert!(
        matches!(verdict(&bench, &over), Verdict::Expired(valid) if valid.until_ms == Some(NOW_MS - 1_001))
    );
    let unknown = SignedTicket { person: person(77), ..until(NOW_MS - 1_000) };
    assert!(matches!(verdict(&bench, &sign(&unknown, &key(1))), Verdict::Expired(_)));
    let good = sign(&until(NOW_MS + 60_000), &key(1));
    assert_eq!(verdict(&bench, &good), Verdict::Registered);
    let mut ended = guest(1);
    ended.valid.until_ms = Some(NOW_MS - 5);
    bench.feed(vec![Change::Person(ended)], 5);
    assert!(matches!(verdict(&bench, &good), Verdict::Expired(valid) if valid.until_ms == Some(NOW_MS - 5)));
}

#[test]
fn of_several_readings_the_properly_signed_one_wins_and_a_forged_one_says_more_than_a_misread_one() {
    let bench = desk(5);
    let look_up = |readings: &[String]| bench.replica.look_up(&bench.who, readings).unwrap();
    let misread = text(1).to_lowercase().replace(':', "Ö");
    assert!(matches!(look_up(&[misread.clone(), text(1)]), Ticket::Signed { .. }));
    let cut = text(1)[..100].to_owned();
    assert!(matches!(look_up(&[cut.clone(), text(1)]), Ticket::Signed { .. }));
    assert!(matches!(look_up(&[misread, cut]), Ticket::Forged(_)));
}
