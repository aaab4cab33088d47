//! The steps of the cascade: which reader looks at which preparation of the frame, in which order, on which lane, and whether it is worth
//! its time.
//!
//! Order and limits come from a table of every step on every picture of `shared/qr` (docs/performance.md): a step stands as early as what
//! it reads beyond the ones before it pays for its time, and steps that cost much look only where something was seen.

use std::time::Duration;

use crate::engine::{Found, net, quirc, rqrr, zxing};
use crate::frame::Frame;
use crate::level::Level;
use crate::suspect::Suspect;
use crate::threshold::Preparation;

/// One reader on one preparation of the frame. The order of the variants is the order of the cascade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// rxing at half size, with thresholds of the surroundings: the usual ticket.
    Half,
    /// The same on the whole frame: small modules.
    Whole,
    /// At a third: codes that fill the picture, blur and the grid of a screen.
    Third,
    /// White codes on dark ground.
    HalfNegative,
    /// One threshold for the whole picture.
    HalfHistogram,
    /// Thresholds of a wide window: shadows and bright spots.
    HalfMean,
    /// Gaps closed: codes of dots, and print with holes.
    HalfClosed,
    /// The same for larger dots.
    ThirdClosed,
    /// At a sixth: codes made of patterns or small pictures.
    Sixth,
    /// The same with one threshold.
    SixthHistogram,
    /// Gaps closed in the whole frame, where patterns were seen.
    WholeClosed,
    /// Thresholds of a wide window in the whole frame: small codes in shadow.
    WholeMean,
    /// quircs at half size: codes whose patterns are broken.
    HalfQuirc,
    /// A net over each suspect: bent, tilted and crumpled codes.
    Net,
    /// quircs on the whole frame, where something was seen.
    Quirc,
    /// rqrr on the part of the frame where the likeliest suspect stands.
    Rqrr,
    /// The net again, where two patterns were seen and the third is guessed: torn, smeared and glaring corners.
    Guess,
}

/// What the looks so far have shown of a frame.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) patterns: usize,
    /// The likeliest first.
    pub(crate) suspects: Vec<Suspect>,
    /// Where only two patterns of a code were seen.
    pub(crate) guesses: Vec<Suspect>,
}

impl Evidence {
    /// Where a stage is to look.
    pub(crate) fn places(&self, stage: Stage) -> &[Suspect] {
        if stage == Stage::Guess { &self.guesses } else { &self.suspects }
    }
}

/// The slow readers begin only while a frame has used no more processor time than this.
const QUIRC_FROM: Duration = Duration::from_millis(11);
const RQRR_FROM: Duration = Duration::from_millis(14);
const GUESS_FROM: Duration = Duration::from_millis(14);

impl Stage {
    /// The whole cascade, cheap and successful stages first.
    pub const ALL: [Self; 17] = [
        Self::Half,
        Self::Whole,
        Self::Third,
        Self::HalfNegative,
        Self::HalfHistogram,
        Self::HalfMean,
        Self::HalfClosed,
        Self::ThirdClosed,
        Self::Sixth,
        Self::SixthHistogram,
        Self::WholeClosed,
        Self::WholeMean,
        Self::HalfQuirc,
        Self::Net,
        Self::Quirc,
        Self::Rqrr,
        Self::Guess,
    ];

    /// A short name for logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Half => "half",
            Self::Whole => "whole",
            Self::Third => "third",
            Self::HalfNegative => "half-negative",
            Self::HalfHistogram => "half-histogram",
            Self::HalfMean => "half-mean",
            Self::HalfClosed => "half-closed",
            Self::ThirdClosed => "third-closed",
            Self::Sixth => "sixth",
            Self::SixthHistogram => "sixth-histogram",
            Self::WholeClosed => "whole-closed",
            Self::WholeMean => "whole-mean",
            Self::HalfQuirc => "half-quircs",
            Self::Net => "net",
            Self::Quirc => "quircs",
            Self::Rqrr => "rqrr",
            Self::Guess => "guess",
        }
    }

    /// The thread that the stage runs on. Stages of one library share one, so that what hangs stops its own kind only.
    pub(crate) fn lane(self) -> usize {
        match self {
            Self::HalfQuirc | Self::Quirc => 1,
            Self::Rqrr => 2,
            _ => 0,
        }
    }

    /// Whether it takes so long that a camera's next frame should not wait for it.
    pub(crate) const fn is_slow(self) -> bool {
        matches!(self, Self::Net | Self::Quirc | Self::Rqrr | Self::Guess)
    }

    /// Whether it may read what those before it could not, after so much processor time.
    pub(crate) fn is_worth(self, seen: &Evidence, spent: Duration) -> bool {
        let suspected = !seen.suspects.is_empty();
        match self {
            Self::WholeClosed => seen.patterns > 0,
            Self::Net => suspected,
            Self::Quirc => suspected && spent <= QUIRC_FROM,
            Self::Rqrr => suspected && spent <= RQRR_FROM,
            Self::Guess => !seen.guesses.is_empty() && spent <= GUESS_FROM,
            _ => true,
        }
    }

    pub(crate) fn run(self, frame: &Frame, suspects: &[Suspect]) -> Found {
        let search = |level: Level, preparation: Preparation| {
            zxing::look(&preparation.of(frame.level(level)), level.factor() as f32)
        };
        match self {
            Self::Half => search(Level::Half, Preparation::Blocks),
            Self::Whole => search(Level::Whole, Preparation::Blocks),
            Self::Third => search(Level::Third, Preparation::Blocks),
            Self::HalfNegative => search(Level::Half, Preparation::Negative),
            Self::HalfHistogram => search(Level::Half, Preparation::Histogram),
            Self::HalfMean => search(Level::Half, Preparation::Mean),
            Self::HalfClosed => search(Level::Half, Preparation::Closed),
            Self::ThirdClosed => search(Level::Third, Preparation::Closed),
            Self::Sixth => search(Level::Sixth, Preparation::Blocks),
            Self::SixthHistogram => search(Level::Sixth, Preparation::Histogram),
            Self::WholeClosed => search(Level::Whole, Preparation::Closed),
            Self::WholeMean => search(Level::Whole, Preparation::Mean),
            Self::HalfQuirc => quirc::read(frame.level(Level::Half)).scaled(Level::Half.factor() as f32),
            Self::Net => net::read(frame.grey(), suspects, net::SUSPECTS),
            Self::Guess => net::read(frame.grey(), suspects, net::GUESSES),
            Self::Quirc => quirc::read(frame.grey()),
            Self::Rqrr => rqrr::read(frame.grey(), suspects),
        }
    }
}

/// How many lanes the stages are spread over.
pub(crate) const LANES: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_a_lane_and_a_name_of_its_own() {
        let names: std::collections::HashSet<_> = Stage::ALL.iter().map(|s| s.name()).collect();
        assert_eq!(names.len(), Stage::ALL.len());
        assert!(Stage::ALL.iter().all(|s| s.lane() < LANES));
    }

    #[test]
    fn what_costs_much_looks_only_where_something_was_seen_and_time_is_left() {
        let nothing = Evidence::default();
        let worth = |seen: &Evidence, ms| -> Vec<Stage> {
            Stage::ALL.into_iter().filter(|s| s.is_worth(seen, Duration::from_millis(ms))).collect()
        };
        let dear = [Stage::WholeClosed, Stage::Net, Stage::Quirc, Stage::Rqrr, Stage::Guess];
        assert!(dear.iter().all(|stage| !worth(&nothing, 0).contains(stage)));
        let upright = vec![crate::suspect::tests::upright()];
        let seen = Evidence { patterns: 3, suspects: upright.clone(), guesses: upright.clone() };
        assert_eq!(worth(&seen, 0).len(), Stage::ALL.len());
        let two = Evidence { patterns: 2, suspects: Vec::new(), guesses: upright };
        assert!(worth(&two, 0).contains(&Stage::Guess) && !worth(&two, 0).contains(&Stage::Net));
        assert_eq!((two.places(Stage::Guess).len(), two.places(Stage::Net).len()), (1, 0));
        assert!(!worth(&seen, 12).contains(&Stage::Quirc) && worth(&seen, 12).contains(&Stage::Rqrr));
        let late = worth(&seen, 15);
        assert!(!late.contains(&Stage::Rqrr) && !late.contains(&Stage::Guess) && late.contains(&Stage::Net));
    }
}
