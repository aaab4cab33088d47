//! The part of a frame around a place where a code stood a moment ago.

use image::imageops::crop_imm;

use crate::code::{Place, Point};
use crate::engine::Found;
use crate::frame::Frame;
use crate::stage::Stage;
use crate::suspect::Suspect;

/// How far around its old place a code is looked for, as a part of its size: a hand moves it between two frames.
const AROUND: f32 = 0.6;
/// The least that is added to each side, in pixels: thresholds and quiet zones want some surroundings.
const AROUND_MIN: f32 = 32.0;

/// What a stage makes of the part around `place`, in pixels of the frame.
pub(crate) fn look(stage: Stage, place: Place, frame: &Frame, suspects: &[Suspect]) -> Found {
    let (left, top, width, height) = around(place, frame);
    let cut = crop_imm(frame.grey(), left, top, width, height).to_image();
    let Ok(part) = Frame::from_grey(cut) else { return Found::default() };
    let from = Point::new(left as f32, top as f32);
    // Readers begin at a suspect's patterns, which must be in the picture that they are given.
    let inside =
        |point: &Point| (0.0..width as f32).contains(&point.x) && (0.0..height as f32).contains(&point.y);
    let within = suspects.iter().map(|suspect| suspect.within(from, 1.0));
    let within: Vec<Suspect> = within.filter(|suspect| suspect.patterns().iter().all(inside)).collect();
    stage.run(&part, &within).moved(from)
}

/// Left, top, width and height of the part, which lies in the frame; empty where the place does not.
fn around(place: Place, frame: &Frame) -> (u32, u32, u32, u32) {
    let span = |at: fn(&Point) -> f32, end: u32| {
        let low = place.corners.iter().map(at).fold(f32::MAX, f32::min);
        let high = place.corners.iter().map(at).fold(f32::MIN, f32::max);
        let around = ((high - low) * AROUND).max(AROUND_MIN);
        let from = ((low - around).max(0.0) as u32).min(end);
        (from, ((high + around).max(0.0) as u32).clamp(from, end) - from)
    };
    let ((left, width), (top, height)) = (span(|p| p.x, frame.width()), span(|p| p.y, frame.height()));
    (left, top, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suspect::tests::{by_corners, upright};
    use proptest::prelude::*;

    fn frame(width: u32, height: u32) -> Frame {
        Frame::from_luma(width, height, vec![200; (width * height) as usize]).unwrap()
    }

    fn corner() -> impl Strategy<Value = Point> {
        (-500.0f32..900.0, -500.0f32..900.0).prop_map(|(x, y)| Point::new(x, y))
    }

    proptest! {
        #[test]
        fn the_part_lies_in_the_frame_and_holds_the_place(corners in prop::array::uniform4(corner())) {
            let frame = frame(320, 200);
            let (left, top, width, height) = around(Place { corners }, &frame);
            prop_assert!(left + width <= 320 && top + height <= 200);
            let inside = |p: &Point| p.x >= 0.0 && p.y >= 0.0 && p.x < 320.0 && p.y < 200.0;
            for point in corners.iter().filter(|point| inside(point)) {
                prop_assert!(point.x >= left as f32 && point.x <= (left + width) as f32);
                prop_assert!(point.y >= top as f32 && point.y <= (top + height) as f32);
            }
        }
    }

    #[test]
    fn suspects_beyond_the_part_are_left_to_a_look_at_the_whole_frame() {
        let place = upright().place();
        // Small enough that the readers enlarge what stands around it.
        let at = |x: f32, y: f32| Point::new(x, y);
        let far = by_corners(at(560.0, 400.0), at(588.0, 400.0), at(560.0, 428.0), 2.0);
        for stage in [Stage::Net, Stage::Guess, Stage::Rqrr, Stage::Quirc] {
            let found = look(stage, place, &frame(640, 480), &[far, upright()]);
            assert!(found.codes.is_empty(), "{stage:?}");
        }
    }

    #[test]
    fn a_place_beyond_the_frame_has_nothing_to_look_at() {
        let beyond = Place { corners: [Point::new(900.0, 900.0); 4] };
        let found = look(Stage::Whole, beyond, &frame(64, 64), &[]);
        assert!(found.codes.is_empty() && found.suspects.is_empty());
    }
}
