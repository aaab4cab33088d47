//! What stands in a picture's code or comes from a keyboard.

use usher_core::{
    ids::EventId,
    ticket::{CODE_BYTES_MAX, CODE_CHARS_MIN, CodeShape, SIGNED_PREFIX, classify, event_tag, own_code},
};
use uuid::Uuid;

/// Takes any bytes: 16 name the event, the others are what was read.
pub fn take(bytes: &[u8]) {
    let (id, text) = bytes.split_at(bytes.len().min(16));
    let mut event = [0; 16];
    event[..id.len()].copy_from_slice(id);
    let event = EventId(Uuid::from_bytes(event));
    let text = String::from_utf8_lossy(text);
    match classify(&text, event) {
        CodeShape::Code(code) => is_code(code, event),
        CodeShape::Signed(code) => {
            assert!(code.starts_with(SIGNED_PREFIX));
            assert_eq!(classify(code, event), CodeShape::Signed(code));
        }
        CodeShape::OtherEvent(code) => {
            // The random part may contain the tag's letters.
            let ours = format!("U-{}-", event_tag(event));
            assert!(!code.starts_with(&ours), "no code of ours is another event's");
        }
        CodeShape::NotATicket => {}
    }
    let own = own_code(event, Uuid::from_slice(id).unwrap_or_default().as_u128());
    assert_eq!(classify(&own, event), CodeShape::Code(&own));
}

fn is_code(code: &str, event: EventId) {
    assert!(code.len() <= CODE_BYTES_MAX && code.chars().count() >= CODE_CHARS_MIN);
    assert!(!code.contains(char::is_whitespace) && !code.contains(char::is_control));
    assert_eq!(classify(code, event), CodeShape::Code(code), "a code that is read again is the same");
}
