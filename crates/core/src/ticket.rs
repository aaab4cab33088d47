//! What a code says before any list is asked: a ticket, another event's, or no ticket at all.
//!
//! Usher prints codes of its own for guests that came without one: `U-<event tag>-<26 letters and digits>` with 128 random bits,
//! all from the alphanumeric QR set. A signed ticket begins with [`SIGNED_PREFIX`]; what stands in it is read in `usher_protocol::ticket`.
//! Every other organiser's code is opaque.

use crate::ids::EventId;

/// The longest opaque code taken, in bytes: room for the longest signed tickets of other systems.
pub const CODE_BYTES_MAX: usize = 512;
/// How the text of every signed ticket begins (decision 0020): no other code is taken for one.
pub const SIGNED_PREFIX: &str = "UT1:";
/// The shortest opaque code taken, in characters.
pub const CODE_CHARS_MIN: usize = 4;

/// Crockford's base 32: no I, L, O, U, so that a code can be read out and typed.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TAG_LEN: usize = 6;
const RANDOM_LEN: usize = 26;

/// What kind of thing was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeShape<'a> {
    /// A code to look up, without the white space around it.
    Code(&'a str),
    /// The text of a signed ticket of some event, good or not, without the white space around it.
    Signed(&'a str),
    /// One of Usher's own codes, printed for another event.
    OtherEvent(&'a str),
    /// Web addresses, contact cards, long or binary text: another kind of code.
    NotATicket,
}

/// Tells what was read, before any list is asked.
#[must_use]
pub fn classify(text: &str, event: EventId) -> CodeShape<'_> {
    let code = text.trim();
    if code.starts_with(SIGNED_PREFIX) {
        return CodeShape::Signed(code);
    }
    if !plausible(code) {
        return CodeShape::NotATicket;
    }
    match own_tag(code) {
        Some(tag) if tag != event_tag(event).as_str() => CodeShape::OtherEvent(code),
        _ => CodeShape::Code(code),
    }
}

/// Whether a code can be somebody's ticket: 4 to 512 characters (at most as many bytes), no spaces, and nothing that a phone
/// would open, such as a web address.
fn plausible(code: &str) -> bool {
    let length = code.len() <= CODE_BYTES_MAX && code.chars().count() >= CODE_CHARS_MIN;
    length && !code.chars().any(|c| c.is_control() || c.is_whitespace()) && !names_a_scheme(code)
}

/// Prefixes of codes that phones understand and tickets never have.
fn names_a_scheme(code: &str) -> bool {
    const SCHEMES: [&str; 12] = [
        "WIFI:", "BEGIN:", "MECARD:", "BIZCARD:", "MAILTO:", "MATMSG:", "TEL:", "SMS:", "SMSTO:", "GEO:",
        "OTPAUTH:", "USHER:",
    ];
    let head: String = code.chars().take(10).map(|c| c.to_ascii_uppercase()).collect();
    code.contains("://") || head.starts_with("WWW.") || SCHEMES.iter().any(|scheme| head.starts_with(scheme))
}

/// The six characters that Usher's own codes of an event carry.
#[must_use]
pub fn event_tag(event: EventId) -> String {
    let bytes = event.0.as_bytes();
    let tail = u32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]);
    letters(u128::from(tail & 0x3fff_ffff), TAG_LEN)
}

/// One of Usher's own codes for `event` from 128 random bits.
#[must_use]
pub fn own_code(event: EventId, random: u128) -> String {
    format!("U-{}-{}", event_tag(event), letters(random, RANDOM_LEN))
}

/// `len` letters of Crockford's base 32 that stand for the low bits of `number`.
#[must_use]
pub fn letters(number: u128, len: usize) -> String {
    let digit = |i: usize| ALPHABET[((number >> (5 * i)) & 31) as usize] as char;
    (0..len).rev().map(digit).collect()
}

fn own_tag(code: &str) -> Option<&str> {
    let mut parts = code.split('-');
    let (head, tag, random) = (parts.next()?, parts.next()?, parts.next()?);
    let own = |part: &str, len| part.len() == len && part.bytes().all(|b| ALPHABET.contains(&b));
    (head == "U" && own(tag, TAG_LEN) && own(random, RANDOM_LEN) && parts.next().is_none()).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const EVENT: EventId = EventId(Uuid::from_u128(0x1234_5678));

    #[test]
    fn foreign_codes_are_told_apart() {
        for text in [
            "https://example.org/t/1",
            "WIFI:S:door;;",
            "BEGIN:VCARD",
            "mailto:a@b.c",
            "two words here",
            "abc",
            "",
            "a\u{0}bcdef",
        ] {
            assert_eq!(classify(text, EVENT), CodeShape::NotATicket, "{text:?}");
        }
        assert_eq!(classify(&"x".repeat(3000), EVENT), CodeShape::NotATicket);
        assert_eq!(classify(" 8xkf3-TICKET \n", EVENT), CodeShape::Code("8xkf3-TICKET"));
        assert_eq!(classify("ü¿señal-77", EVENT), CodeShape::Code("ü¿señal-77"));
    }

    #[test]
    fn a_signed_ticket_is_known_by_its_beginning_alone() {
        assert_eq!(classify(" UT1:6BF A$%*+-./:\n", EVENT), CodeShape::Signed("UT1:6BF A$%*+-./:"));
        assert_eq!(classify("UT1:", EVENT), CodeShape::Signed("UT1:"));
        assert_eq!(classify("ut1:6bf", EVENT), CodeShape::Code("ut1:6bf"));
        assert_eq!(classify("UT2:6BF", EVENT), CodeShape::Code("UT2:6BF"));
    }

    proptest! {
        #[test]
        fn own_codes_know_their_event(random: u128, event: u128, other: u128) {
            let (event, other) = (EventId(Uuid::from_u128(event)), EventId(Uuid::from_u128(other)));
            let code = own_code(event, random);
            prop_assert_eq!(classify(&code, event), CodeShape::Code(code.as_str()));
            if event_tag(event) != event_tag(other) {
                prop_assert_eq!(classify(&code, other), CodeShape::OtherEvent(code.as_str()));
            }
        }

        #[test]
        fn any_text_has_a_shape(text: String) {
            let _ = classify(&text, EVENT);
        }
    }
}
