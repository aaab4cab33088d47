//! When a code in view counts as one scan. Pure: the time is passed in, in milliseconds of any monotonic clock.
//!
//! A ticket held before the camera is read in every frame and must count once; two tickets in view must not be guessed at.

use crate::code::{Code, Place};
use crate::reading::Reading;

/// A code counts again after it has been out of view so long.
pub const GONE_MS: u64 = 1_500;
/// After two codes were in view, a single one counts only when the other has been out of view so long: a reader misses one
/// of two now and then, and what it reads then is not a choice.
pub const SETTLE_MS: u64 = 400;
/// Something that looks like a code must stay unread so long before it is mentioned.
pub const UNREAD_MS: u64 = 2_000;
/// An unread code may be missed so long and still be the same sight.
const UNREAD_GAP_MS: u64 = 500;
/// More payloads than this are not remembered; the one longest out of view is forgotten first.
const HELD_MAX: usize = 16;

/// What a frame amounts to.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// One code came into view: a scan.
    Code(Code),
    /// Two or more different codes are in view: ask for one. The one nearest to the middle is first.
    TwoCodes(Vec<Code>),
    /// Something that looks like a code has been in view for [`UNREAD_MS`] and cannot be read: move it, wipe it, type it.
    Unread(Place),
}

/// The memory over frames. One for each frame source.
#[derive(Debug, Default)]
pub struct Sighting {
    held: Vec<Held>,
    crowd: Option<Crowd>,
    blur: Option<Blur>,
}

/// A code that counted and has not been gone long enough to count again.
#[derive(Debug)]
struct Held {
    bytes: Vec<u8>,
    gone_since_ms: Option<u64>,
}

/// Several codes were in view.
#[derive(Debug)]
struct Crowd {
    last_ms: u64,
}

/// Something unreadable is in view.
#[derive(Debug)]
struct Blur {
    since_ms: u64,
    last_ms: u64,
    told: bool,
}

impl Sighting {
    /// Nothing seen yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets everything, for a source that starts anew: what is in view then counts.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes in what was read in a frame at `now_ms`, which never runs backwards, and says what it amounts to.
    ///
    /// Only frames make time pass for a code: a pause between frames is no proof that the code was away.
    pub fn see(&mut self, reading: &Reading, now_ms: u64) -> Option<Event> {
        self.age(reading, now_ms);
        match reading.codes.as_slice() {
            [] => self.see_none(reading.unread, now_ms),
            [code] => self.see_one(code, now_ms),
            several => self.see_several(several, now_ms),
        }
    }

    /// Marks which held codes are out of view and drops those that have been for long enough.
    fn age(&mut self, reading: &Reading, now_ms: u64) {
        for held in &mut self.held {
            let in_view = reading.codes.iter().any(|c| c.bytes == held.bytes);
            held.gone_since_ms = if in_view { None } else { held.gone_since_ms.or(Some(now_ms)) };
        }
        self.held.retain(|h| h.gone_since_ms.is_none_or(|since| now_ms.saturating_sub(since) < GONE_MS));
        if self.crowd.as_ref().is_some_and(|c| now_ms.saturating_sub(c.last_ms) >= GONE_MS) {
            self.crowd = None;
        }
    }

    fn see_one(&mut self, code: &Code, now_ms: u64) -> Option<Event> {
        self.blur = None;
        if self.crowd.as_ref().is_some_and(|c| now_ms.saturating_sub(c.last_ms) < SETTLE_MS) {
            return None;
        }
        if self.held.iter().any(|h| h.bytes == code.bytes) {
            return None;
        }
        self.hold(code);
        Some(Event::Code(code.clone()))
    }

    fn see_several(&mut self, codes: &[Code], now_ms: u64) -> Option<Event> {
        self.blur = None;
        let first = self.crowd.is_none();
        self.crowd = Some(Crowd { last_ms: now_ms });
        first.then(|| Event::TwoCodes(codes.to_vec()))
    }

    fn see_none(&mut self, unread: Option<Place>, now_ms: u64) -> Option<Event> {
        if !self.held.is_empty() {
            // A code that was read just now and is missed for a frame needs no advice.
            self.blur = None;
            return None;
        }
        let Some(place) = unread else {
            self.blur.take_if(|b| {
                now_ms.saturating_sub(b.last_ms) >= if b.told { GONE_MS } else { UNREAD_GAP_MS }
            });
            return None;
        };
        let blur = self.blur.get_or_insert(Blur { since_ms: now_ms, last_ms: now_ms, told: false });
        blur.last_ms = now_ms;
        if blur.told || now_ms.saturating_sub(blur.since_ms) < UNREAD_MS {
            return None;
        }
        blur.told = true;
        Some(Event::Unread(place))
    }

    fn hold(&mut self, code: &Code) {
        if self.held.len() >= HELD_MAX {
            let oldest = (0..self.held.len()).min_by_key(|&i| self.held[i].gone_since_ms.unwrap_or(u64::MAX));
            oldest.map(|i| self.held.remove(i));
        }
        self.held.push(Held { bytes: code.bytes.clone(), gone_since_ms: None });
    }
}

#[cfg(test)]
#[path = "sighting_tests.rs"]
mod tests;
