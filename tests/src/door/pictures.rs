//! The arrivals' pictures on disk, drawn before the doors open.

use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
    thread,
};

use image::{ExtendedColorType, GrayImage, ImageEncoder, codecs::jpeg::JpegEncoder};
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{Failure, plan::Arrival};
use crate::pictures::{Difficulty, HEIGHT, TicketPicture, WIDTH};

/// Good enough for a camera, small enough for a disk.
const QUALITY: u8 = 85;

/// Draws one picture for each arrival; the same seed gives the same pictures.
pub(super) fn draw_all(arrivals: &[&Arrival], folder: &Path, seed: u64) -> Result<(), Failure> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = arrivals.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let draw = |part: &[&Arrival]| part.iter().try_for_each(|one| draw(one, folder, seed, 0).map(drop));
        let all: Vec<_> = arrivals.chunks(share).map(|part| scope.spawn(move || draw(part))).collect();
        all.into_iter()
            .try_for_each(|one| one.join().unwrap_or_else(|_| Err("a picture could not be drawn".into())))
    })
}

/// Draws the picture of an arrival as it is held for the `tries`-th time; gives its path.
pub(super) fn draw(arrival: &Arrival, folder: &Path, seed: u64, tries: u64) -> Result<PathBuf, Failure> {
    let accidents = seed.wrapping_mul(1_000_003).wrapping_add(arrival.nr as u64 * 16 + tries);
    let picture = match &arrival.code {
        Some(code) => {
            TicketPicture { code: code.clone(), seed: accidents, difficulty: Difficulty::Door }.render()?
        }
        None => without_code(accidents),
    };
    let path = path_of(arrival, folder, tries);
    let file = BufWriter::new(File::create(&path)?);
    let jpeg = JpegEncoder::new_with_quality(file, QUALITY);
    jpeg.write_image(picture.as_raw(), WIDTH, HEIGHT, ExtendedColorType::L8)?;
    Ok(path)
}

pub(super) fn path_of(arrival: &Arrival, folder: &Path, tries: u64) -> PathBuf {
    folder.join(format!("{:03}-{tries}.jpg", arrival.nr))
}

/// A hand, a table, a bag: bright and dark things, and no code among them.
fn without_code(seed: u64) -> GrayImage {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut picture = GrayImage::from_fn(WIDTH, HEIGHT, |x, y| [(60 + (x + y) / 16 % 120) as u8].into());
    for _ in 0..25 {
        let (left, top, grey) =
            (rng.random_range(0..WIDTH), rng.random_range(0..HEIGHT), rng.random_range(10..240u8));
        let (right, low) = (left + rng.random_range(20..300), top + rng.random_range(20..200));
        for (x, y) in (top..low.min(HEIGHT)).flat_map(|y| (left..right.min(WIDTH)).map(move |x| (x, y))) {
            picture.put_pixel(x, y, [grey].into());
        }
    }
    picture
}
