//! One text for each ticket, and no other is taken.

use ed25519_dalek::SigningKey;
use proptest::{option, prelude::*};
use usher_core::{
    ids::{EventId, PersonId},
    ticket::SIGNED_PREFIX,
    verdict::Validity,
};
use uuid::Uuid;

use super::*;

const NOW_MS: i64 = 1_780_000_000_000;

fn ticket(kind: &str) -> SignedTicket {
    SignedTicket {
        event: EventId(Uuid::from_u128(7)),
        person: PersonId(Uuid::from_u128(11)),
        id: TicketId([1, 2, 3, 4, 5, 6, 7, 8]),
        kind: TicketKind::of(kind),
        from_s: Some(1_780_000_000),
        until_s: Some(1_790_000_000),
    }
}

fn key(byte: u8) -> (SigningKey, TicketKey) {
    let key = SigningKey::from_bytes(&[byte; 32]);
    let public = TicketKey::of(&key.verifying_key(), NOW_MS);
    (key, public)
}

fn checked(text: &str, keys: &[TicketKey]) -> Checked {
    check(text, ticket("").event, keys)
}

#[test]
fn a_ticket_under_an_unknown_key_is_not_called_forged() {
    let (old, new) = (key(1), key(2));
    let text = sign(&ticket("Full pass"), &new.0);
    assert_eq!(checked(&text, std::slice::from_ref(&old.1)), Checked::UnknownKey);
    assert_eq!(checked(&text, &[]), Checked::UnknownKey);
    let good = Checked::Good { ticket: ticket("Full pass"), key_until_ms: None };
    assert_eq!(checked(&text, &[old.1, new.1]), good, "an earlier key stays beside the newer one");
}

#[test]
fn who_names_our_key_without_having_it_is_a_forger() {
    let (ours, theirs) = (key(1), key(2));
    let mut claims_ours = ours.1.clone();
    claims_ours.kid = theirs.1.kid;
    let text = sign(&ticket("Full pass"), &theirs.0);
    assert_eq!(checked(&text, &[claims_ours]), Checked::Forged);
    assert_eq!(checked("UT1:", std::slice::from_ref(&ours.1)), Checked::Forged);
    assert_eq!(checked("UT1:NCF:", &[ours.1]), Checked::Forged);
}

#[test]
fn a_ticket_of_another_event_says_so_whoever_signed_it() {
    let (ours, text) = (key(1), sign(&SignedTicket { event: EventId(Uuid::nil()), ..ticket("") }, &key(1).0));
    assert_eq!(checked(&text, &[ours.1]), Checked::OtherEvent);
}

#[test]
fn a_ticket_says_with_its_key_when_that_was_withdrawn() {
    let (secret, mut public) = key(1);
    public.until_ms = Some(NOW_MS);
    let good = Checked::Good { ticket: ticket(""), key_until_ms: Some(NOW_MS) };
    assert_eq!(checked(&sign(&ticket(""), &secret), &[public]), good);
}

#[test]
fn a_usual_ticket_has_at_most_262_characters_and_the_largest_fits_as_well() {
    let (secret, _) = key(1);
    let usual = sign(&ticket("Full pass"), &secret);
    assert!(usual.len() <= 262, "version 9 at M: {}", usual.len());
    let last = seconds(Validity { from_ms: Some(i64::MAX), until_ms: Some(i64::MAX) });
    let largest = SignedTicket { from_s: last.0, until_s: last.1, ..ticket(&"x".repeat(200)) };
    let text = sign(&largest, &secret);
    assert!(text.len() <= SIGNED_CHARS_MAX, "version 10 at M: {}", text.len());
    assert!(read(&text).is_ok());
}

#[test]
fn what_a_generous_reader_would_pass_over_is_refused() {
    let (secret, _) = key(1);
    let text = sign(&ticket("Full pass"), &secret);
    let bytes = base45::decode(&text[SIGNED_PREFIX.len()..]).unwrap();
    let refused = |changed: &[u8], why: &str| {
        let text = format!("{SIGNED_PREFIX}{}", base45::encode(changed));
        assert_eq!(read(&text), Err(Unreadable), "{why}");
    };
    refused(&[&bytes[..], &[0]].concat(), "a byte behind it");
    refused(&bytes[1..], "no tag");
    // d2 84 | 49 a2 01 27 04 44 kid | a0 | payload
    let unprotected = [&bytes[..12], &[0xa1, 0x05, 0x41, 0x00], &bytes[13..]].concat();
    assert_eq!(bytes[12], 0xa0);
    refused(&unprotected, "a header that nobody signed");
    let mut other_algorithm = bytes.clone();
    assert_eq!(&bytes[3..6], [0xa2, 0x01, 0x27]);
    other_algorithm[5] = 0x26;
    refused(&other_algorithm, "another algorithm");
    assert_eq!(read(&text.to_lowercase()), Err(Unreadable));
    assert_eq!(read(&format!("{text} ")), Err(Unreadable));
    assert_eq!(read(&text[..text.len() - 3]), Err(Unreadable));
}

#[test]
fn a_kind_is_cut_between_letters() {
    assert_eq!(TicketKind::of(&"é".repeat(40)).as_str(), "é".repeat(24));
    assert_eq!(TicketKind::of(&format!("x{}", "é".repeat(40))).as_str().len(), 47);
    assert_eq!(TicketKind::of("").as_str(), "");
}

fn validity() -> impl Strategy<Value = Validity> {
    let ms = -1_000..4_000_000_000_000_i64;
    (option::of(ms.clone()), option::of(ms)).prop_map(|(from_ms, until_ms)| Validity { from_ms, until_ms })
}

fn tickets() -> impl Strategy<Value = SignedTicket> {
    (any::<u128>(), any::<u128>(), any::<[u8; 8]>(), ".{0,60}", validity()).prop_map(
        |(event, person, id, kind, valid)| {
            let (from_s, until_s) = seconds(valid);
            SignedTicket {
                event: EventId(Uuid::from_u128(event)),
                person: PersonId(Uuid::from_u128(person)),
                id: TicketId(id),
                kind: TicketKind::of(&kind),
                from_s,
                until_s,
            }
        },
    )
}

proptest! {
    #[test]
    fn a_ticket_comes_back_as_it_was_signed(ticket in tickets(), seed: [u8; 32]) {
        let secret = SigningKey::from_bytes(&seed);
        let text = sign(&ticket, &secret);
        prop_assert!(text.len() <= SIGNED_CHARS_MAX);
        prop_assert!(text.bytes().all(|b| b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".contains(&b)));
        prop_assert_eq!(text.trim(), &text, "white space is taken off around a code");
        prop_assert_eq!(read(&text).unwrap().signed_by(&secret.verifying_key()), Some(ticket));
    }

    #[test]
    fn a_changed_byte_is_refused(ticket in tickets(), at: prop::sample::Index, flip in 1..=255_u8) {
        let (secret, public) = key(1);
        let text = sign(&ticket, &secret);
        let mut bytes = base45::decode(&text[SIGNED_PREFIX.len()..]).unwrap();
        *at.get_mut(&mut bytes) ^= flip;
        let changed = format!("{SIGNED_PREFIX}{}", base45::encode(&bytes));
        let checked = check(&changed, ticket.event, &[public]);
        let good = matches!(checked, Checked::Good { .. });
        prop_assert!(!good);
    }

    #[test]
    fn a_changed_letter_is_refused(ticket in tickets(), at: prop::sample::Index, letter in "[0-9A-Z $%*+./:-]") {
        let (secret, public) = key(1);
        let text = sign(&ticket, &secret);
        let at = at.index(text.len());
        let changed = format!("{}{letter}{}", &text[..at], &text[at + 1..]);
        prop_assume!(changed != text);
        let checked = check(&changed, ticket.event, &[public]);
        let good = matches!(checked, Checked::Good { .. });
        prop_assert!(!good);
    }

    #[test]
    fn a_ticket_is_never_good_longer_than_it_was_to_be(valid in validity()) {
        let (from_s, until_s) = seconds(valid);
        let carried = SignedTicket { from_s, until_s, ..ticket("") }.valid();
        prop_assert_eq!(carried.from_ms.is_some(), valid.from_ms.is_some());
        prop_assert!(valid.from_ms.is_none_or(|ms| (ms.max(0)..ms.max(0) + 1_000).contains(&carried.from_ms.unwrap())));
        prop_assert!(valid.until_ms.is_none_or(|ms| (ms.max(0) - 1_000..=ms.max(-1)).contains(&carried.until_ms.unwrap())));
    }

    #[test]
    fn any_text_is_read_or_refused(text: String) {
        prop_assert_eq!(read(&format!("{SIGNED_PREFIX}{text}")), Err(Unreadable));
    }
}
