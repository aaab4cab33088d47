//! The reader of a camera's frames. One frame has little time and another one follows, so it remembers: what was read a moment ago is
//! looked for where it stood, slow stages take turns on later frames, and what no look saw clearly must be read twice.
//!
//! What it never does: let a code that is remembered hide another one. The whole frame is looked at first, at least in the quickest way,
//! and by every quick stage until one reads each [`NARROW_MS`]; and where another code is read, the remembered one is looked for too, so that two are told as two.

use crate::cascade::Reader;
use crate::code::Place;
use crate::frame::Frame;
use crate::later::{Late, Later};
use crate::reading::{Budget, Look, Reading};
use crate::region;
use crate::stage::Stage;
use crate::votes::Votes;

/// A place counts for so long after a code was read there.
const PLACE_MS: u64 = 500;
/// After so long of looking at the known place, the quick stages look at the whole frame again until one reads.
const NARROW_MS: u64 = 500;

/// Reads QR codes from the frames of one camera. Owns up to four threads, started when they are first needed.
pub struct Watch {
    reader: Reader,
    later: Later,
    known: Option<Known>,
    votes: Votes,
}

/// The code that was alone in view a moment ago.
struct Known {
    bytes: Vec<u8>,
    place: Place,
    /// The stage that reads it.
    stage: Stage,
    /// When it was read last.
    seen_ms: u64,
    /// When a look at a whole frame read it last.
    whole_ms: u64,
}

impl Default for Watch {
    fn default() -> Self {
        Self::new()
    }
}

impl Watch {
    /// Nothing seen yet.
    #[must_use]
    pub fn new() -> Self {
        Self { reader: Reader::new(), later: Later::new(), known: None, votes: Votes::default() }
    }

    /// Forgets everything but its threads, for frames that have nothing to do with those before.
    pub fn forget(&mut self) {
        self.later.forget();
        (self.known, self.votes) = (None, Votes::default());
    }

    /// Looks at a frame taken at `now_ms` of any clock that never runs backwards. Returns within the budget, as [`Reader::read`] does, of
    /// which it needs less: what slow stages make of this frame is part of a later frame's reading.
    pub fn read(&mut self, frame: &Frame, budget: Budget, now_ms: u64) -> Reading {
        self.known.take_if(|known| now_ms.saturating_sub(known.seen_ms) >= PLACE_MS);
        let mut look = Look::at(frame, budget);
        let since_ms = self.look(&mut look, now_ms);
        let reading = look.over();
        self.remember(&reading, since_ms, now_ms);
        self.votes.count(reading, now_ms)
    }

    /// Gives the time of the whole frame that what was read goes back to.
    fn look(&mut self, look: &mut Look, now_ms: u64) -> u64 {
        let narrow = self.known.as_ref().is_some_and(|k| now_ms.saturating_sub(k.whole_ms) < NARROW_MS);
        let first = self.reader.try_each([Stage::Half], look);
        if narrow && self.look_where_it_stood(look) && !first {
            return self.known.as_ref().map_or(now_ms, |known| known.whole_ms);
        }
        let quick = Stage::ALL.into_iter().filter(|stage| *stage != Stage::Half && !stage.is_slow());
        if first || self.reader.try_each(quick, look) {
            if !narrow {
                self.look_where_it_stood(look);
            }
            return now_ms;
        }
        self.look_later(look, now_ms)
    }

    /// Looks for the known code in its surroundings, where no look at this frame has read it yet; true when something was read there.
    fn look_where_it_stood(&mut self, look: &mut Look) -> bool {
        let Some(known) = &self.known else { return false };
        if look.codes().iter().any(|code| code.bytes == known.bytes) {
            return false;
        }
        let (place, slow) = (known.place, known.stage);
        [Stage::Whole, slow].into_iter().any(|stage| {
            self.reader.run(stage, look, move |frame, suspects| region::look(stage, place, frame, suspects))
        })
    }

    /// Takes in what a slow stage made of an earlier frame, and gives the next one its turn on this frame.
    fn look_later(&mut self, look: &mut Look, now_ms: u64) -> u64 {
        let mut since_ms = now_ms;
        if let Some(Late { stage, at_ms, outcome }) = self.later.answer(now_ms)
            && look.take(stage, outcome)
        {
            since_ms = at_ms;
        } else {
            self.later.give(look.frame(), look.seen(), now_ms);
        }
        since_ms
    }

    fn remember(&mut self, reading: &Reading, whole_ms: u64, now_ms: u64) {
        let known = self.known.take();
        let again =
            known.as_ref().and_then(|known| reading.codes.iter().find(|code| code.bytes == known.bytes));
        self.known = match (known, again, reading.codes.as_slice(), reading.stage) {
            // Narrow looks and looks at two codes do not say which stage reads it in a whole frame.
            (Some(known), Some(code), codes, _) if codes.len() > 1 || known.whole_ms == whole_ms => {
                Some(Known { place: code.place, seen_ms: now_ms, ..known })
            }
            (_, _, [code], Some(stage)) => {
                let (bytes, place) = (code.bytes.clone(), code.place);
                Some(Known { bytes, place, stage, seen_ms: now_ms, whole_ms })
            }
            (known, ..) => known,
        };
    }
}
