//! The text of a signed ticket, as a scanner reads it from anybody's code.

use ed25519_dalek::SigningKey;
use usher_core::{
    ids::EventId,
    ticket::{CodeShape, SIGNED_PREFIX, classify},
};
use usher_protocol::ticket::{Checked, SIGNED_CHARS_MAX, TicketKey, check, read, sign};
use uuid::Uuid;

/// Event and key of the test vectors, so that good tickets are among the examples.
const EVENT: EventId = EventId(Uuid::from_u128(0x0102_0304_0506_0708_090a_0b0c_0d0e_0f01));
const SEED: [u8; 32] = [7; 32];

const BASE45: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Takes any bytes: the first says whether the others are the text or, where it is odd, the token within.
pub fn take(bytes: &[u8]) {
    let Some((how, rest)) = bytes.split_first() else { return };
    if how % 2 == 0 {
        take_text(&String::from_utf8_lossy(rest));
    } else {
        take_text(&format!("{SIGNED_PREFIX}{}", base45(rest)));
    }
}

fn take_text(text: &str) {
    if let Ok(found) = read(text) {
        assert!(text.len() <= SIGNED_CHARS_MAX);
        assert_eq!(
            classify(text, found.event()),
            CodeShape::Signed(text),
            "what is read is what a scan gives"
        );
    }
    let key = SigningKey::from_bytes(&SEED);
    let keys = [TicketKey::of(&key.verifying_key(), 0)];
    if let Checked::Good { ticket, key_until_ms } = check(text, EVENT, &keys) {
        assert_eq!(sign(&ticket, &key), text, "a good ticket is one that was signed, to the last letter");
        assert_eq!((ticket.event, key_until_ms), (EVENT, None));
    }
}

/// RFC 9285, so that what is changed by chance is the token and not its letters.
fn base45(bytes: &[u8]) -> String {
    let letter = |n: usize| BASE45[n % 45] as char;
    let mut text = String::new();
    for pair in bytes.chunks(2) {
        let number = pair.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
        text.extend([letter(number), letter(number / 45)]);
        if pair.len() == 2 {
            text.push(letter(number / 2_025));
        }
    }
    text
}
