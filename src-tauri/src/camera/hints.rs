//! The two hints under the camera's picture, as flags that go out again by themselves: two codes in view, a code that cannot be
//! read. Pure: the time is passed in.

use usher_scan::{Event, Reading};

/// A hint stays for so long after its cause was last seen, in milliseconds, so that it can be read.
const STAY_MS: u64 = 1_500;

/// Which hints stand.
#[derive(Debug, Default)]
pub(super) struct Hints {
    two_codes_ms: Option<u64>,
    unread_ms: Option<u64>,
}

impl Hints {
    /// Takes in a frame; gives *two codes* and *unread*.
    pub(super) fn see(&mut self, reading: &Reading, event: Option<&Event>, now_ms: u64) -> (bool, bool) {
        if reading.codes.len() > 1 {
            self.two_codes_ms = Some(now_ms);
        }
        let told = matches!(event, Some(Event::Unread(_)));
        if told || (self.unread_ms.is_some() && reading.unread.is_some()) {
            self.unread_ms = Some(now_ms);
        }
        if !reading.codes.is_empty() {
            self.unread_ms = None;
        }
        let stands = |seen: Option<u64>| seen.filter(|ms| now_ms.saturating_sub(*ms) < STAY_MS);
        (self.two_codes_ms, self.unread_ms) = (stands(self.two_codes_ms), stands(self.unread_ms));
        (self.two_codes_ms.is_some(), self.unread_ms.is_some())
    }
}

#[cfg(test)]
mod tests {
    use usher_scan::{Code, Place};

    use super::*;

    fn codes(count: u8) -> Reading {
        let code = |byte| Code { bytes: vec![byte], place: Place::default(), sure: true };
        Reading { codes: (0..count).map(code).collect(), ..Reading::default() }
    }

    #[test]
    fn two_codes_are_said_while_they_are_there_and_a_moment_longer() {
        let mut hints = Hints::default();
        assert_eq!(hints.see(&codes(1), None, 0), (false, false));
        assert_eq!(hints.see(&codes(2), None, 100), (true, false));
        assert_eq!(hints.see(&codes(1), None, 100 + STAY_MS - 1), (true, false));
        assert_eq!(hints.see(&codes(1), None, 100 + STAY_MS), (false, false));
    }

    #[test]
    fn an_unreadable_code_is_said_until_it_is_read_or_gone() {
        let mut hints = Hints::default();
        let blur = || Reading { unread: Some(Place::default()), ..Reading::default() };
        assert_eq!(hints.see(&blur(), None, 0), (false, false), "the sighting has not complained yet");
        let event = Event::Unread(Place::default());
        assert_eq!(hints.see(&blur(), Some(&event), 2_000), (false, true));
        assert_eq!(hints.see(&blur(), None, 9_000), (false, true), "still in view");
        assert_eq!(hints.see(&codes(1), None, 9_100), (false, false), "read");
        assert_eq!(hints.see(&blur(), Some(&event), 20_000), (false, true));
        assert_eq!(hints.see(&codes(0), None, 20_000 + STAY_MS), (false, false), "gone");
    }
}
