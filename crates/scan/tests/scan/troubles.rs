//! A second set to measure with: tickets as at a door, with one more trouble each. Nothing in the reader is fitted to it, and it shows
//! whether what is fitted to photographs holds for other pictures.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma, codecs::jpeg::JpegEncoder, imageops};
use rand::{Rng, SeedableRng, rngs::StdRng};
use usher_scan::{Budget, Frame, Reader};

use crate::made::canvas;
use crate::pictures::{Difficulty, TicketPicture};

/// What happens to a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// A lamp shines back from the paper: a bright spot with soft edges.
    Glare,
    /// The paper waves.
    Bend,
    /// The ticket is far away: two fifths as large, on a wall.
    Far,
    /// The same, packed by a cheap camera: JPEG of quality 40.
    FarJpeg,
}

impl Trouble {
    const ALL: [Self; 4] = [Self::Glare, Self::Bend, Self::Far, Self::FarJpeg];

    /// The same trouble for the same seed.
    pub(crate) fn befall(self, picture: &GrayImage, seed: u64) -> GrayImage {
        let mut rng = StdRng::seed_from_u64(seed);
        match self {
            Self::Glare => glare(picture, &mut rng),
            Self::Bend => bent(picture, rng.random_range(5.0..14.0), rng.random_range(45.0..110.0)),
            Self::Far => far(picture),
            Self::FarJpeg => packed(&far(picture), 40),
        }
    }
}

fn glare(picture: &GrayImage, rng: &mut StdRng) -> GrayImage {
    let (middle_x, middle_y) = (rng.random_range(440.0..840.0f32), rng.random_range(200.0..520.0f32));
    let (reach, strength) = (rng.random_range(120.0..300.0f32), rng.random_range(150.0..500.0f32));
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let far = (x as f32 - middle_x).hypot(y as f32 - middle_y) / reach;
        let more = strength * (1.0 - far * far).max(0.0);
        Luma([(f32::from(picture.get_pixel(x, y).0[0]) + more).min(255.0) as u8])
    })
}

/// Waves so many pixels high and, to a radian, so many long.
pub(crate) fn bent(picture: &GrayImage, high: f32, long: f32) -> GrayImage {
    let (right, low) = ((picture.width() - 1) as f32, (picture.height() - 1) as f32);
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let (x, y) = (x as f32, y as f32);
        let from = (x + high * (y / long).sin(), y + high * (x / (long * 1.25)).sin());
        Luma([between(picture, from.0.clamp(0.0, right), from.1.clamp(0.0, low))])
    })
}

/// The grey between four pixels.
fn between(picture: &GrayImage, x: f32, y: f32) -> u8 {
    let at = |x: u32, y: u32| {
        f32::from(picture.get_pixel(x.min(picture.width() - 1), y.min(picture.height() - 1)).0[0])
    };
    let (left, top) = (x as u32, y as u32);
    let upper = at(left, top) * (1.0 - x.fract()) + at(left + 1, top) * x.fract();
    let lower = at(left, top + 1) * (1.0 - x.fract()) + at(left + 1, top + 1) * x.fract();
    (upper * (1.0 - y.fract()) + lower * y.fract()) as u8
}

fn far(picture: &GrayImage) -> GrayImage {
    let small = imageops::thumbnail(picture, picture.width() * 2 / 5, picture.height() * 2 / 5);
    let mut wall = canvas(picture.width(), picture.height());
    imageops::replace(&mut wall, &small, i64::from(picture.width() / 3), i64::from(picture.height() / 3));
    wall
}

fn packed(picture: &GrayImage, quality: u8) -> GrayImage {
    let mut jpeg = Cursor::new(Vec::new());
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, quality)).unwrap();
    image::load_from_memory_with_format(jpeg.get_ref(), ImageFormat::Jpeg).unwrap().into_luma8()
}

/// How many of the tickets are read in each trouble; none may be read as something else.
fn read(tickets: u64) -> [usize; 4] {
    let (mut reader, mut read) = (Reader::new(), [0; 4]);
    for seed in 0..tickets {
        let code = format!("USHER-{seed:06}-{:08X}", seed.wrapping_mul(2_654_435_761));
        let ticket = TicketPicture { code, seed, difficulty: Difficulty::Door };
        let picture = ticket.render().unwrap();
        for (trouble, read) in Trouble::ALL.into_iter().zip(&mut read) {
            let frame = Frame::from_grey(trouble.befall(&picture, seed)).unwrap();
            let reading = reader.read(&frame, Budget::from_ms(10_000));
            let wrong = reading.codes.iter().find(|code| code.text() != Some(&ticket.code));
            assert_eq!(wrong, None, "{trouble:?}, seed {seed}");
            *read += usize::from(!reading.codes.is_empty());
        }
    }
    read
}

#[test]
fn tickets_in_trouble_are_mostly_read_and_never_wrongly() {
    let read = read(24);
    println!("of 24 tickets are read: {:?}", Trouble::ALL.into_iter().zip(read).collect::<Vec<_>>());
    // As many as were read when this was written, less two: slow stages begin only while there is time.
    for ((trouble, read), least) in Trouble::ALL.into_iter().zip(read).zip([17, 17, 21, 21]) {
        assert!(read >= least, "{trouble:?}: {read} of 24 are read");
    }
}
