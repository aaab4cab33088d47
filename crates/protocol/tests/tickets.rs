//! The bytes of signed tickets are frozen: `docs/vectors/signed_tickets.tsv` holds them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use ed25519_dalek::SigningKey;
use usher_core::ids::{EventId, PersonId};
use usher_protocol::ticket::{Checked, SignedTicket, TicketId, TicketKey, TicketKind, check, sign};
use uuid::Uuid;

const VECTORS: &str = include_str!("../../../docs/vectors/signed_tickets.tsv");

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn event() -> EventId {
    EventId(Uuid::from_u128(0x0102_0304_0506_0708_090a_0b0c_0d0e_0f01))
}

fn tickets() -> Vec<(&'static str, SignedTicket)> {
    let plain = SignedTicket {
        event: event(),
        person: PersonId(Uuid::from_u128(0x1112_1314_1516_1718_191a_1b1c_1d1e_1f11)),
        id: TicketId([0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8]),
        kind: TicketKind::of(""),
        from_s: None,
        until_s: None,
    };
    let usual = SignedTicket { kind: TicketKind::of("Full pass"), until_s: Some(1_795_000_000), ..plain };
    let times = SignedTicket { from_s: Some(1_794_000_000), ..usual };
    let longest = SignedTicket {
        kind: TicketKind::of("दो दिन का पास और कार्यशाला का टिकट"),
        from_s: Some(0),
        until_s: Some(u64::from(u32::MAX)),
        ..plain
    };
    vec![("plain", plain), ("usual", usual), ("times", times), ("longest", longest)]
}

fn line(name: &str, text: &str) -> String {
    let token = base45::decode(&text[4..]).unwrap();
    format!("{name}\t{}\t{text}", data_encoding::HEXLOWER.encode(&token))
}

#[test]
fn tickets_have_the_bytes_that_they_always_had() {
    let now: Vec<_> = tickets().iter().map(|(name, ticket)| line(name, &sign(ticket, &key()))).collect();
    let frozen: Vec<_> = VECTORS.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        now,
        frozen,
        "tickets that were printed must stay good; as they are now:\n{}\n",
        now.join("\n")
    );
}

#[test]
fn the_vectors_are_good_tickets() {
    let keys = [TicketKey::of(&key().verifying_key(), 0)];
    let lines = VECTORS.lines().filter(|line| !line.starts_with('#'));
    let texts: Vec<_> = lines.filter_map(|line| line.split('\t').nth(2)).collect();
    assert_eq!(texts.len(), tickets().len());
    for (text, (name, ticket)) in texts.into_iter().zip(tickets()) {
        assert_eq!(check(text, event(), &keys), Checked::Good { ticket, key_until_ms: None }, "{name}");
    }
}
