//! What a desk learned of its keyboard scanner.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The longest text that a scanner may put before or after a code, in characters.
pub const AROUND_CHARS_MAX: usize = 16;
/// The slowest scanner that is told from a person, in ms from one key to the next.
pub const SCANNER_GAP_MS_MAX: u32 = 80;

/// How this desk's scanner types, as the *Scanner test* learned it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScannerSettings {
    /// What it puts before each code; empty: nothing. At most 16 characters.
    pub prefix: String,
    /// What it puts after each code, before the last key; empty: nothing. At most 16 characters.
    pub tail: String,
    /// The key with which it ends.
    pub end: ScannerEnd,
    /// The median from one key to the next, in ms, 0 to 80.
    pub gap_ms: u32,
}

/// The key after a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ScannerEnd {
    /// Enter.
    Enter,
    /// Tab.
    Tab,
    /// None: it just stops.
    Nothing,
}

impl ScannerSettings {
    /// Whether every value is within its range.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let short =
            |text: &str| text.chars().count() <= AROUND_CHARS_MAX && !text.chars().any(char::is_control);
        short(&self.prefix) && short(&self.tail) && self.gap_ms <= SCANNER_GAP_MS_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(prefix: &str, tail: &str, gap_ms: u32) -> bool {
        ScannerSettings { prefix: prefix.into(), tail: tail.into(), end: ScannerEnd::Enter, gap_ms }
            .is_sound()
    }

    #[test]
    fn only_what_a_scanner_can_be_is_sound() {
        assert!(set("~", "#", 80) && set(&"é".repeat(16), "", 0));
        assert!(!set(&"~".repeat(17), "", 5) && !set("", &"#".repeat(17), 5));
        assert!(!set("~\n", "", 5) && !set("", "", 81));
    }
}
