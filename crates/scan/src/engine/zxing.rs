//! rxing, a port of ZXing: its newer detector and decoder, on any thresholded picture.
//!
//! The picture is thresholded here in several ways, since rxing's own threshold is one of many. Only full QR codes are looked for: bar
//! codes in camera noise are never mistaken for a ticket. What the detector samples must have a code's fixed modules before its bits
//! are believed: many looks at a picture must not add up to a wrong payload.

use rxing::common::{BitMatrix, DetectorRXingResult};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FindFinderPatterns, GenerateFinderPatternSets, SampleQR};

use super::Found;
use crate::bits::Bits;
use crate::code::{Place, Point};
use crate::{fixed, guess, suspect};

/// A texture has hundreds of sets of three patterns; a ticket is among the likeliest.
const SETS_MAX: usize = 24;

/// Looks at a thresholded picture of which each pixel is `factor` of the frame's wide.
pub(crate) fn look(bits: &Bits, factor: f32) -> Found {
    let Some(matrix) = bits.to_matrix() else { return Found::default() };
    let mut patterns = FindFinderPatterns(&matrix, true, 1);
    let sets = GenerateFinderPatternSets(&mut patterns);
    let mut found = Found { patterns: patterns.len(), ..Found::default() };
    let mut used = Vec::new();
    for set in sets.into_iter().take(SETS_MAX) {
        let corners = [set.bl.p, set.tl.p, set.tr.p];
        if corners.iter().any(|corner| used.contains(corner)) {
            continue;
        }
        if let Ok(sampled) = SampleQR(&matrix, &set)
            && found.take(sampled.getBits(), place(sampled.getPoints()).scaled(factor))
        {
            used.extend(corners);
        }
    }
    if found.codes.is_empty() {
        found.suspects = suspect::among(&patterns, factor);
        if found.suspects.is_empty() {
            found.guesses = guess::among(&patterns, factor);
        }
    }
    found
}

impl Found {
    /// Reads the modules of a code; true when they say something.
    fn take(&mut self, modules: &BitMatrix, place: Place) -> bool {
        if !fixed::stands(modules.width() as usize, |x, y| modules.get(x as u32, y as u32)) {
            return false;
        }
        let Some(bytes) = decode(modules) else {
            self.unread = self.unread.or(Some(place));
            return false;
        };
        self.add(bytes, place, is_sure(modules));
        true
    }
}

/// The payload of a code's modules, where they are whole enough; never empty.
pub(crate) fn decode(modules: &BitMatrix) -> Option<Vec<u8>> {
    let decoded = Decode(modules).ok().filter(|decoded| decoded.isValid())?;
    Some(decoded.content().bytes().to_vec()).filter(|bytes| !bytes.is_empty())
}

/// Whether the fixed modules are there so clearly that one look is enough.
pub(crate) fn is_sure(modules: &BitMatrix) -> bool {
    fixed::is_sure(modules.width() as usize, |x, y| modules.get(x as u32, y as u32))
}

/// The detector gives the corners, clockwise from the upper left.
fn place(points: &[rxing::Point]) -> Place {
    let at = |i: usize| points.get(i).map_or_else(Point::default, |p| Point::new(p.x, p.y));
    Place { corners: [at(0), at(1), at(2), at(3)] }
}
