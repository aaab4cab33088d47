//! The steps of the cascade: which engine looks at which preparation of the frame, in which order and on which lane.

use image::GrayImage;

use crate::engine::{Found, quirc, rqrr, zxing};
use crate::frame::Frame;

/// One engine on one preparation of the frame. The order of the variants is the order of the cascade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// rxing on the whole frame.
    Whole,
    /// rxing at half size, which cures codes that fill the picture and fine noise.
    Half,
    /// quircs on the whole frame.
    Quirc,
    /// rxing at half size on the negative, for white codes on dark ground.
    InvertedHalf,
    /// rqrr on the whole frame.
    Rqrr,
}

impl Stage {
    /// The whole cascade, cheap and successful stages first.
    pub const ALL: [Self; 5] = [Self::Whole, Self::Half, Self::Quirc, Self::InvertedHalf, Self::Rqrr];

    /// A short name for logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "rxing",
            Self::Half => "rxing-half",
            Self::Quirc => "quircs",
            Self::InvertedHalf => "rxing-inverted-half",
            Self::Rqrr => "rqrr",
        }
    }

    /// The engine that the stage runs on. Stages of one engine share a thread, so that one that hangs stops its own kind only.
    pub(crate) fn lane(self) -> usize {
        match self {
            Self::Whole | Self::Half | Self::InvertedHalf => 0,
            Self::Quirc => 1,
            Self::Rqrr => 2,
        }
    }

    pub(crate) fn run(self, frame: &Frame) -> Found {
        match self {
            Self::Whole => zxing::read(frame.grey()),
            Self::Half => zxing::read(frame.half()).scaled(2.0),
            Self::Quirc => quirc::read(frame.grey()),
            Self::InvertedHalf => zxing::read(&negative(frame.half())).scaled(2.0),
            Self::Rqrr => rqrr::read(frame.grey()),
        }
    }
}

/// How many lanes the stages are spread over.
pub(crate) const LANES: usize = 3;

fn negative(grey: &GrayImage) -> GrayImage {
    let mut inverted = grey.clone();
    for luma in inverted.iter_mut() {
        *luma = 255 - *luma;
    }
    inverted
}

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
    fn the_negative_of_the_negative_is_the_picture() {
        let grey = GrayImage::from_raw(3, 1, vec![0, 7, 255]).unwrap();
        assert_eq!(negative(&grey).as_raw(), &[255, 248, 0]);
        assert_eq!(negative(&negative(&grey)), grey);
    }
}
