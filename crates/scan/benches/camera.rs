//! How much of a core a camera uses at thirty frames a second of 1280×720, decoding, reading, and the window's preview together: what the
//! desk does with a frame, in real time, and what its threads have used at the end. Fails where that is a core or more.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints, and fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a program of its own reads the clock")]

#[path = "../../../tests/src/pictures.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "the bench borrows the pictures of the tests and needs only some of them"
)]
mod pictures;

use std::{
    thread,
    time::{Duration, Instant},
};

use image::{DynamicImage, GrayImage, codecs::jpeg::JpegEncoder};
use nokhwa::{
    Buffer,
    utils::{FrameFormat, Resolution},
};
use pictures::{Difficulty, TicketPicture};
use rustix::time::{ClockId, clock_gettime};
use usher_scan::{Budget, Watch, source::camera::framed};

const FRAMES_PER_SECOND: u32 = 30;
/// Of each kind of picture.
const SECONDS: u32 = 6;
/// The window is shown twelve pictures a second: two of five.
const SHOWN: [bool; 5] = [true, false, true, false, false];
const PREVIEW_WIDTH: u32 = 560;

fn main() {
    for (what, pictures) in
        [("a ticket after the other", tickets()), ("a table", vec![table()]), ("a blurred ticket", blurred())]
    {
        for format in [FrameFormat::YUYV, FrameFormat::MJPEG] {
            let (used, read) = watched(&pictures, format);
            println!(
                "{what}, {format}: {used:.2} of a core, {read} of {} frames read",
                FRAMES_PER_SECOND * SECONDS
            );
            assert!(used < 1.0, "a camera must leave the rest of the machine alone");
        }
    }
}

fn tickets() -> Vec<GrayImage> {
    let ticket =
        |seed| TicketPicture { code: format!("USHER-{seed:06}"), seed, difficulty: Difficulty::Door };
    (0..6).map(|seed| ticket(seed).render().unwrap()).collect()
}

/// A texture without a code.
fn table() -> GrayImage {
    GrayImage::from_fn(1280, 720, |x, y| image::Luma([(90 + ((x * 7) ^ (y * 13)) % 40) as u8]))
}

/// Its corners are seen, and nothing between them: what makes every stage look.
fn blurred() -> Vec<GrayImage> {
    tickets().iter().map(|ticket| imageproc::filter::gaussian_blur_f32(ticket, 6.0)).collect()
}

/// Shows the pictures to a watch as a camera would; gives the part of a core that was used, and in how many frames a code was read.
fn watched(pictures: &[GrayImage], format: FrameFormat) -> (f64, u32) {
    let frames: Vec<Vec<u8>> = pictures.iter().map(|picture| bytes(picture, format)).collect();
    let (mut watch, mut read) = (Watch::new(), 0);
    let (began, before) = (Instant::now(), processor());
    for number in 0..FRAMES_PER_SECOND * SECONDS {
        let due = Duration::from_secs(1) * number / FRAMES_PER_SECOND;
        thread::sleep(due.saturating_sub(began.elapsed()));
        let picture = (number / FRAMES_PER_SECOND) as usize % frames.len();
        let buffer = Buffer::new(Resolution::new(1280, 720), &frames[picture], format);
        let frame = framed(&buffer).unwrap();
        let at_ms = u64::try_from(began.elapsed().as_millis()).unwrap();
        read += u32::from(!watch.read(&frame, Budget::DESK, at_ms).codes.is_empty());
        if SHOWN[number as usize % SHOWN.len()] {
            frame.preview_jpeg(PREVIEW_WIDTH).unwrap();
        }
    }
    ((processor() - before).as_secs_f64() / began.elapsed().as_secs_f64(), read)
}

/// Of all threads of this process.
fn processor() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(used.tv_sec.unsigned_abs(), u32::try_from(used.tv_nsec).unwrap())
}

fn bytes(picture: &GrayImage, format: FrameFormat) -> Vec<u8> {
    if format == FrameFormat::YUYV {
        return picture.as_raw().iter().flat_map(|luma| [*luma, 128]).collect();
    }
    let mut bytes = Vec::new();
    let colour = DynamicImage::ImageLuma8(picture.clone()).to_rgb8();
    JpegEncoder::new_with_quality(&mut bytes, 80).encode_image(&colour).unwrap();
    bytes
}
