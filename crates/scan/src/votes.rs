//! What is believed of a camera: a payload that was seen clearly, or read in two frames. Pure: the time is passed in.
//!
//! An error-correcting code may turn a smear into a payload that nobody printed. A clear look does not, and a smear does not give
//! the same one twice.

use crate::reading::Reading;
use crate::sighting::GONE_MS;

/// More payloads than this are not remembered; the oldest is forgotten first.
const VOTES_MAX: usize = 16;

/// The payloads of the last frames, each once, the one read last at the end.
#[derive(Debug, Default)]
pub(crate) struct Votes {
    cast: Vec<Vote>,
}

#[derive(Debug)]
struct Vote {
    bytes: Vec<u8>,
    at_ms: u64,
}

impl Votes {
    /// Takes what was read in a frame at `now_ms`, and gives what of it may be believed. A code that is alone, was not seen clearly and
    /// was not read in the last [`GONE_MS`] becomes one that could not be read. Several are left as they are: of several none is taken.
    pub(crate) fn count(&mut self, mut reading: Reading, now_ms: u64) -> Reading {
        self.cast.retain(|vote| now_ms.saturating_sub(vote.at_ms) < GONE_MS);
        let believed: Vec<bool> =
            reading.codes.iter().map(|code| code.sure || self.has(&code.bytes)).collect();
        for code in &reading.codes {
            self.cast(&code.bytes, now_ms);
        }
        if believed == [false] {
            reading.unread = reading.codes.pop().map(|code| code.place);
            reading.stage = None;
        }
        reading
    }

    fn has(&self, bytes: &[u8]) -> bool {
        self.cast.iter().any(|vote| vote.bytes == bytes)
    }

    fn cast(&mut self, bytes: &[u8], at_ms: u64) {
        self.cast.retain(|vote| vote.bytes != bytes);
        if self.cast.len() >= VOTES_MAX {
            self.cast.remove(0);
        }
        self.cast.push(Vote { bytes: bytes.to_vec(), at_ms });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Code, Place};
    use proptest::prelude::*;

    fn of(codes: &[(u8, bool)]) -> Reading {
        let code = |&(name, sure): &(u8, bool)| Code { bytes: vec![name], place: Place::default(), sure };
        Reading { codes: codes.iter().map(code).collect(), ..Reading::default() }
    }

    fn names(reading: &Reading) -> Vec<u8> {
        reading.codes.iter().map(|code| code.bytes[0]).collect()
    }

    #[test]
    fn what_was_seen_clearly_counts_at_once_and_what_was_not_when_it_is_read_again() {
        let mut votes = Votes::default();
        assert_eq!(names(&votes.count(of(&[(b'a', true)]), 0)), b"a");
        let first = votes.count(of(&[(b'b', false)]), 100);
        assert!(first.codes.is_empty() && first.unread.is_some(), "it stands there, unread");
        assert_eq!(names(&votes.count(of(&[(b'b', false)]), 133)), b"b");
        assert_eq!(names(&votes.count(of(&[(b'a', false)]), 166)), b"a", "known from its clear look");
    }

    #[test]
    fn a_vote_is_forgotten_when_the_code_is_gone() {
        let mut votes = Votes::default();
        assert!(names(&votes.count(of(&[(b'a', false)]), 0)).is_empty());
        assert!(names(&votes.count(of(&[(b'a', false)]), GONE_MS)).is_empty());
        assert_eq!(names(&votes.count(of(&[(b'a', false)]), 2 * GONE_MS - 1)), b"a");
    }

    #[test]
    fn of_two_none_is_hidden_so_that_none_is_chosen() {
        let two = Votes::default().count(of(&[(b'a', true), (b'b', false)]), 0);
        assert_eq!(names(&two), b"ab");
    }

    proptest! {
        #[test]
        fn alone_and_unclear_counts_only_after_another_frame_had_it(
            frames in prop::collection::vec((0u64..900, prop::collection::vec((0u8..20, any::<bool>()), 0..3)), 1..80)
        ) {
            let (mut votes, mut now_ms) = (Votes::default(), 0);
            let mut read: Vec<(u64, u8)> = Vec::new();
            for (pause_ms, codes) in frames {
                now_ms += pause_ms;
                let (given, counted) = (of(&codes), votes.count(of(&codes), now_ms));
                let before = |name: u8| read.iter().any(|&(at_ms, n)| n == name && now_ms - at_ms < GONE_MS);
                match codes[..] {
                    [(name, false)] if !before(name) => prop_assert!(counted.codes.is_empty()),
                    // The memory is bounded: with more payloads than it holds, some must be read once more.
                    [(name, false)] if read.iter().rev().take(VOTES_MAX).all(|&(_, n)| n != name) => {}
                    _ => prop_assert_eq!(counted.codes, given.codes),
                }
                read.extend(codes.iter().map(|&(name, _)| (now_ms, name)));
            }
        }
    }
}
