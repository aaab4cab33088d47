//! The readers behind one shape: pixels in, [`Found`] out.
//!
//! Each has its own way to look for the three corners and to lay a grid over what lies between, so each reads pictures the others
//! cannot.

pub(crate) mod net;
pub(crate) mod quirc;
pub(crate) mod rqrr;
pub(crate) mod zxing;

use crate::code::{Code, Place, Point};
use crate::suspect::Suspect;

/// More codes than this in one picture are not a ticket held to a camera.
pub(crate) const CODES_MAX: usize = 32;

/// What one look at a picture gave.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) codes: Vec<Code>,
    /// Something with a code's three corners and grid whose contents did not decode.
    pub(crate) unread: Option<Place>,
    /// How many finder patterns were seen.
    pub(crate) patterns: usize,
    /// Where a code may stand that was not read.
    pub(crate) suspects: Vec<Suspect>,
    /// The same where only two of its patterns were seen.
    pub(crate) guesses: Vec<Suspect>,
}

impl Found {
    /// An empty payload says nothing about anybody, so it does not count as read.
    fn add(&mut self, bytes: Vec<u8>, place: Place, sure: bool) {
        if !bytes.is_empty() && self.codes.len() < CODES_MAX {
            self.codes.push(Code { bytes, place, sure });
        }
    }

    /// The same in a picture of which the one looked at is a part, which begins at `from`.
    pub(crate) fn moved(mut self, from: Point) -> Self {
        for code in &mut self.codes {
            code.place = code.place.moved(from);
        }
        self.unread = self.unread.map(|place| place.moved(from));
        for suspect in self.suspects.iter_mut().chain(&mut self.guesses) {
            *suspect = suspect.moved(from);
        }
        self
    }

    pub(crate) fn scaled(mut self, factor: f32) -> Self {
        for code in &mut self.codes {
            code.place = code.place.scaled(factor);
        }
        self.unread = self.unread.map(|place| place.scaled(factor));
        self
    }
}
