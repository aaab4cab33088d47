//! Frames in succession: what a camera's reader makes of them and a reader of single pictures could not, and what it must never do.

use image::GrayImage;
use proptest::prelude::*;
use usher_scan::{Budget, Frame, Reader, Reading, Stage, Watch};

use crate::made::{bytes_as_picture, canvas, paste};
use crate::troubles::bent;

/// Far more than any picture here takes, so that a busy machine does not decide a test.
const AMPLE: Budget = Budget::from_ms(30_000);

fn frame(picture: &GrayImage) -> Frame {
    Frame::from_grey(picture.clone()).unwrap()
}

fn payloads(reading: &Reading) -> Vec<&[u8]> {
    reading.codes.iter().map(|c| c.bytes.as_slice()).collect()
}

/// White on black, which the whole frame's first look does not read.
fn negative(payload: &[u8], module_px: u32) -> GrayImage {
    let mut picture = bytes_as_picture(payload, module_px);
    picture.iter_mut().for_each(|luma| *luma = 255 - *luma);
    picture
}

/// A picture with codes, each with its upper left corner at a place.
fn with(codes: &[(&GrayImage, u32, u32)]) -> GrayImage {
    let mut picture = canvas(1280, 720);
    codes.iter().for_each(|(code, left, top)| paste(&mut picture, code, *left, *top));
    picture
}

/// A ticket on waving paper, so far from the left, that only the net reads.
fn waving(left: u32) -> GrayImage {
    let code = bytes_as_picture(b"https://example.org/tickets/4F7K-22QX-0001", 7);
    let mut paper = canvas(420, 420);
    paste(&mut paper, &code, (420 - code.width()) / 2, (420 - code.height()) / 2);
    with(&[(&bent(&paper, 10.0, 60.0), left, 150)])
}

/// A ticket whose patterns are so spoilt that it is read but not seen clearly.
fn spoilt() -> GrayImage {
    let mut code = bytes_as_picture(b"SPOILT", 8);
    // The timing row and column of a code of 21 modules, the quiet zone of four before them.
    for at in 8..13 {
        for (x, y) in [(at + 4, 10), (10, at + 4)] {
            for (i, j) in (0..64).map(|k| (k % 8, k / 8)) {
                let pixel = code.get_pixel_mut(x * 8 + i, y * 8 + j);
                pixel.0[0] = 255 - pixel.0[0];
            }
        }
    }
    with(&[(&code, 500, 250)])
}

#[test]
fn what_only_a_slow_stage_reads_is_read_some_frames_later_and_from_then_on_in_each() {
    let alone = Reader::new().read(&frame(&waving(400)), AMPLE);
    assert_eq!(alone.stage, Some(Stage::Net), "the picture is one that only the net reads");
    let (mut watch, mut now_ms) = (Watch::new(), 0);
    let first = frame(&waving(400));
    let read = loop {
        now_ms += 1;
        let reading = watch.read(&first, AMPLE, now_ms);
        if !reading.codes.is_empty() {
            break reading;
        }
    };
    assert!(now_ms > 1, "the first frame was not kept waiting");
    // A hand moves: it is found in the frame in which it stands there, not some frames later.
    let moved = watch.read(&frame(&waving(430)), AMPLE, now_ms + 33);
    assert_eq!(payloads(&moved), payloads(&read));
    let way = moved.codes[0].place.centre().x - read.codes[0].place.centre().x;
    assert!((way - 30.0).abs() < 4.0, "{way}");
}

#[test]
fn what_was_not_seen_clearly_is_believed_when_it_is_read_again() {
    let spoilt = frame(&spoilt());
    let alone = Reader::new().read(&spoilt, AMPLE);
    assert_eq!(payloads(&alone), [b"SPOILT"]);
    assert!(!alone.codes[0].sure);
    let mut watch = Watch::new();
    let once = watch.read(&spoilt, AMPLE, 0);
    assert!(once.codes.is_empty() && once.unread.is_some());
    assert_eq!(payloads(&watch.read(&spoilt, AMPLE, 33)), [b"SPOILT"]);
    watch.forget();
    assert!(watch.read(&spoilt, AMPLE, 66).codes.is_empty(), "nothing that came before counts");
    assert_eq!(payloads(&watch.read(&spoilt, AMPLE, 99)), [b"SPOILT"]);
}

const COVERED: &[u8] = b"https://example.org/t/COVERED-0001";

/// A code of which a thumb covers a finder pattern.
fn covered(right: u32, low: u32) -> GrayImage {
    let mut code = bytes_as_picture(COVERED, 8);
    // Seven modules at either end of what lies within the quiet zone of four.
    let far = code.width() - 11 * 8;
    let at = |end: u32| if end == 1 { far } else { 4 * 8 };
    paste(&mut code, &GrayImage::from_pixel(56, 56, image::Luma([150])), at(right), at(low));
    with(&[(&code, 500, 200)])
}

#[test]
fn a_code_of_which_a_corner_is_covered_is_read_before_long() {
    for (right, low) in [(0, 0), (1, 0), (0, 1)] {
        let (mut watch, frame) = (Watch::new(), frame(&covered(right, low)));
        let mut readings = (1..400).map(|now_ms| watch.read(&frame, AMPLE, now_ms));
        let read = readings.find(|reading| !reading.codes.is_empty());
        assert_eq!(read.as_ref().map(payloads), Some(vec![COVERED]), "right {right}, low {low}");
    }
}

#[test]
fn a_covered_code_that_is_damaged_too_is_seen_but_never_guessed() {
    let mut picture = covered(1, 0);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        if (600..740).contains(&x) && (300..400).contains(&y) && (x / 8 + y / 8) % 2 == 0 {
            pixel.0[0] = 255 - pixel.0[0];
        }
    }
    let (mut watch, frame) = (Watch::new(), frame(&picture));
    let readings: Vec<Reading> = (1..60).map(|now_ms| watch.read(&frame, AMPLE, now_ms)).collect();
    assert!(readings.iter().all(|reading| reading.codes.is_empty()));
    assert!(
        readings.iter().any(|reading| reading.unread.is_some()),
        "the volunteer can be told to hold still"
    );
}

#[test]
fn a_clear_code_is_believed_at_once() {
    let clear = frame(&with(&[(&bytes_as_picture(b"CLEAR", 6), 500, 250)]));
    let reading = Watch::new().read(&clear, AMPLE, 0);
    assert_eq!(payloads(&reading), [b"CLEAR"]);
    assert!(reading.codes[0].sure);
}

#[test]
fn a_code_beside_one_that_other_looks_read_is_two_codes() {
    let (dark, light) = (negative(b"DARK", 6), bytes_as_picture(b"LIGHT", 6));
    let both = frame(&with(&[(&dark, 200, 250), (&light, 800, 250)]));
    assert_eq!(payloads(&Reader::new().read(&both, AMPLE)), [b"LIGHT"], "one look does not see both");
    let mut watch = Watch::new();
    assert_eq!(payloads(&watch.read(&frame(&with(&[(&dark, 200, 250)])), AMPLE, 0)), [b"DARK"]);
    let mut two = payloads(&watch.read(&both, AMPLE, 33)).concat();
    two.sort_unstable();
    assert_eq!(two.len(), b"DARKLIGHT".len(), "neither is passed over in favour of the other");
}

#[test]
fn a_remembered_place_hides_another_code_for_half_a_second_at_most() {
    let (dark, small) = (negative(b"DARK", 8), bytes_as_picture(b"SMALL", 2));
    let both = frame(&with(&[(&dark, 200, 250), (&small, 901, 251)]));
    let mut watch = Watch::new();
    assert_eq!(payloads(&watch.read(&frame(&with(&[(&dark, 200, 250)])), AMPLE, 0)), [b"DARK"]);
    let told: Vec<usize> = (1..=16).map(|i| watch.read(&both, AMPLE, i * 33).codes.len()).collect();
    assert_eq!(told[0], 1, "the place comes first");
    assert!(told.contains(&2), "{told:?}");
}

#[test]
fn what_was_forgotten_is_not_told_when_a_slow_stage_comes_back_with_it() {
    let mut watch = Watch::new();
    assert!(watch.read(&frame(&waving(400)), AMPLE, 0).codes.is_empty());
    watch.forget();
    let blank = frame(&canvas(1280, 720));
    for now_ms in 1..40 {
        assert!(watch.read(&blank, AMPLE, now_ms).codes.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever was in view before, what is told is in view now.
    #[test]
    fn nothing_is_told_that_is_not_there(
        frames in prop::collection::vec((prop::sample::subsequence(vec![0usize, 1, 2], 0..=2), 0u32..40, 1u64..700), 2..8)
    ) {
        let codes = [negative(b"DARK", 5), bytes_as_picture(b"LIGHT", 5), bytes_as_picture(b"SMALL", 2)];
        let names: [&[u8]; 3] = [b"DARK", b"LIGHT", b"SMALL"];
        let (mut watch, mut now_ms) = (Watch::new(), 0);
        for (shown, shift, pause_ms) in frames {
            now_ms += pause_ms;
            let laid: Vec<_> = shown.iter().map(|&i| (&codes[i], 100 + 400 * i as u32 + shift, 200 + shift)).collect();
            let reading = watch.read(&frame(&with(&laid)), AMPLE, now_ms);
            let there: Vec<&[u8]> = shown.iter().map(|&i| names[i]).collect();
            prop_assert!(payloads(&reading).iter().all(|told| there.contains(told)));
            prop_assert_eq!(reading.codes.is_empty(), there.is_empty(), "one of those in view is told");
        }
    }
}
