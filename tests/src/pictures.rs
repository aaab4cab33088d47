//! Pictures of tickets as a camera at a door sees them, made from a seed: no photograph is copied into the project.
//!
//! A ticket (paper or the screen of a phone) with a QR code is laid in perspective on a cluttered ground, lit unevenly, blurred
//! and made noisy. The same code, seed and difficulty give the same picture. Moving pictures are left to the camera tests.

use image::GrayImage;
use imageproc::filter::gaussian_blur_f32;
use imageproc::geometric_transformations::Projection;
use qrcode::{EcLevel, QrCode};
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};

/// Pixels across of a picture.
pub const WIDTH: u32 = 1280;
/// Pixels down of a picture.
pub const HEIGHT: u32 = 720;
/// The most characters a ticket's code may have here; a QR code of it still fits the picture in modules of several pixels.
pub const CODE_CHARS_MAX: usize = 300;

/// How hard a picture is to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Difficulty {
    /// Straight, sharp, evenly lit.
    Clean,
    /// What a volunteer's camera sees: turned, tilted, a little blurred and noisy. A good reader reads practically all.
    #[default]
    Door,
    /// Dim, noisy, strongly tilted, out of focus: many cannot be read, and that is what they are for.
    Hard,
}

/// One picture to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketPicture {
    /// The payload of the QR code, 1 to [`CODE_CHARS_MAX`] characters.
    pub code: String,
    /// What the picture's accidents are drawn from.
    pub seed: u64,
    /// How large the accidents are.
    pub difficulty: Difficulty,
}

/// A code that cannot be made into a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unprintable {
    /// Why, in words.
    pub reason: String,
}

impl std::fmt::Display for Unprintable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Unprintable {}

impl TicketPicture {
    /// Makes the picture, 1280×720, grey.
    ///
    /// # Errors
    /// The code is empty or longer than [`CODE_CHARS_MAX`].
    pub fn render(&self) -> Result<GrayImage, Unprintable> {
        let mut rng = StdRng::seed_from_u64(self.seed);
        let accidents = Accidents::drawn(self.difficulty, &mut rng);
        let ticket = Ticket::printed(&self.code, accidents.phone, &mut rng)?;
        let mut picture = ground(accidents.clutter, &mut rng);
        lay(&ticket, &mut picture, &accidents, &mut rng);
        light(&mut picture, &accidents);
        let mut picture =
            if accidents.blur > 0.0 { gaussian_blur_f32(&picture, accidents.blur) } else { picture };
        grain(&mut picture, accidents.noise, &mut rng);
        Ok(picture)
    }
}

/// What happens to a ticket on its way into the picture. Lengths in pixels of the picture, angles in radians.
struct Accidents {
    phone: bool,
    clutter: usize,
    turn: f32,
    /// How far each corner may stray, as a share of the ticket's size.
    tilt: f32,
    module_px: f32,
    blur: f32,
    /// Largest deviation of a pixel, in grey levels.
    noise: i32,
    /// Brightness at the four corners of the picture; the light between them is blended.
    light: [f32; 4],
}

impl Accidents {
    fn drawn(difficulty: Difficulty, rng: &mut StdRng) -> Self {
        let any_way = rng.random_bool(0.15);
        let phone = rng.random_bool(0.4);
        match difficulty {
            Difficulty::Clean => Self {
                phone,
                clutter: 6,
                turn: 0.0,
                tilt: 0.0,
                module_px: rng.random_range(5.0..8.0),
                blur: 0.0,
                noise: 4,
                light: [1.0; 4],
            },
            Difficulty::Door => Self {
                phone,
                clutter: rng.random_range(10..40),
                turn: if any_way { rng.random_range(-3.1..3.1) } else { rng.random_range(-0.5..0.5) },
                tilt: rng.random_range(0.0..0.06),
                module_px: rng.random_range(4.4..8.0),
                blur: rng.random_range(0.3..1.2),
                noise: rng.random_range(6..36),
                light: [(); 4].map(|()| rng.random_range(0.55..1.1)),
            },
            Difficulty::Hard => Self {
                phone,
                clutter: rng.random_range(30..80),
                turn: rng.random_range(-3.1..3.1),
                tilt: rng.random_range(0.05..0.12),
                module_px: rng.random_range(2.8..5.0),
                blur: rng.random_range(0.8..1.8),
                noise: rng.random_range(30..80),
                light: [(); 4].map(|()| rng.random_range(0.35..1.2)),
            },
        }
    }
}

/// A ticket lying flat, one sample to half a module.
struct Ticket {
    face: GrayImage,
    /// The middle of the code on the face.
    code_middle: (f32, f32),
}

/// Samples of the face to a module of the code.
const FINE: u32 = 4;

impl Ticket {
    fn printed(code: &str, phone: bool, rng: &mut StdRng) -> Result<Self, Unprintable> {
        let modules = modules_of(code)?;
        let side = (modules.len() as f64).sqrt() as u32;
        let (across, down) = ((side + 14) * FINE, (side + if phone { 40 } else { 30 }) * FINE);
        let (paper, ink) = (rng.random_range(205..=250), rng.random_range(8..=50));
        let mut face = GrayImage::from_pixel(across, down, [paper].into());
        if phone {
            frame_of_a_phone(&mut face);
        }
        let (left, top) = (7 * FINE, (if phone { 16 } else { 18 }) * FINE);
        for (i, dark) in modules.iter().enumerate() {
            if *dark {
                let (x, y) = (i as u32 % side, i as u32 / side);
                fill(&mut face, left + x * FINE, top + y * FINE, FINE, FINE, ink);
            }
        }
        lines_of_text(&mut face, 5 * FINE, ink, rng);
        let half = (side * FINE) as f32 / 2.0;
        Ok(Self { face, code_middle: (left as f32 + half, top as f32 + half) })
    }
}

fn modules_of(code: &str) -> Result<Vec<bool>, Unprintable> {
    let chars = code.chars().count();
    if !(1..=CODE_CHARS_MAX).contains(&chars) {
        return Err(Unprintable {
            reason: format!("a code has 1 to {CODE_CHARS_MAX} characters, not {chars}"),
        });
    }
    let printed = QrCode::with_error_correction_level(code, EcLevel::M);
    let printed = printed.map_err(|e| Unprintable { reason: format!("no QR code holds this: {e}") })?;
    Ok(printed.to_colors().into_iter().map(|c| c == qrcode::Color::Dark).collect())
}

/// A dark rim, as wide as two modules.
fn frame_of_a_phone(face: &mut GrayImage) {
    let (width, height) = face.dimensions();
    for (x, y, pixel) in face.enumerate_pixels_mut() {
        let rim = x.min(y).min(width - 1 - x).min(height - 1 - y);
        if rim < 2 * FINE {
            pixel.0 = [18];
        }
    }
}

/// Words above the code: rows of bars.
fn lines_of_text(face: &mut GrayImage, from: u32, ink: u8, rng: &mut StdRng) {
    for row in 0..3 {
        let mut x = 4 * FINE;
        while x + 6 * FINE < face.width() {
            let word = rng.random_range(FINE..6 * FINE);
            fill(face, x, from + row * 3 * FINE, word, FINE + FINE / 2, ink);
            x += word + rng.random_range(FINE..2 * FINE);
        }
    }
}

/// Fills a rectangle, as far as it lies within the picture.
fn fill(picture: &mut GrayImage, left: u32, top: u32, width: u32, height: u32, grey: u8) {
    for y in top..(top + height).min(picture.height()) {
        for x in left..(left + width).min(picture.width()) {
            picture.put_pixel(x, y, [grey].into());
        }
    }
}

/// A table or a hall: a slope of grey with things on it, some of them striped.
fn ground(clutter: usize, rng: &mut StdRng) -> GrayImage {
    let (base, slope) = (rng.random_range(70..150), rng.random_range(-40i32..40));
    let mut picture = GrayImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let grey = base + slope * (x as i32 - y as i32) / WIDTH as i32 + ((x / 3 + y / 7) % 5) as i32;
        [grey.clamp(0, 255) as u8].into()
    });
    for _ in 0..clutter {
        let (left, top) = (rng.random_range(0..WIDTH), rng.random_range(0..HEIGHT));
        let (width, height) = (rng.random_range(10..260), rng.random_range(6..160));
        let grey = rng.random_range(20..220);
        if rng.random_bool(0.3) {
            (0..height / 8).for_each(|i| fill(&mut picture, left, top + i * 8, width, 4, grey));
        } else {
            fill(&mut picture, left, top, width, height, grey);
        }
    }
    picture
}

/// Lays the ticket on the ground so that its code is wholly in the picture.
fn lay(ticket: &Ticket, picture: &mut GrayImage, accidents: &Accidents, rng: &mut StdRng) {
    let Some(onto) = placement(ticket, accidents, rng) else { return };
    let back = onto.invert();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        if let Some(grey) = sampled(&ticket.face, back * (x as f32, y as f32)) {
            pixel.0 = [grey];
        }
    }
}

/// The projection from the ticket's face to the picture.
fn placement(ticket: &Ticket, accidents: &Accidents, rng: &mut StdRng) -> Option<Projection> {
    let (width, height) = (ticket.face.width() as f32, ticket.face.height() as f32);
    let code_side = width - (14 * FINE) as f32;
    // A large code comes so near that it fills most of the picture's height, and no nearer.
    let reach = code_side * 1.6;
    let scale = (accidents.module_px / FINE as f32).min(HEIGHT as f32 * 0.94 / reach);
    let room = |side: u32| (side as f32 - reach * scale).max(2.0) / 2.0;
    let middle = (
        WIDTH as f32 / 2.0 + rng.random_range(-0.6..0.6) * room(WIDTH),
        HEIGHT as f32 / 2.0 + rng.random_range(-0.9..0.9) * room(HEIGHT),
    );
    let (sin, cos) = accidents.turn.sin_cos();
    let stray = accidents.tilt * code_side * scale;
    let mut corner = |x: f32, y: f32| {
        let (x, y) = ((x - ticket.code_middle.0) * scale, (y - ticket.code_middle.1) * scale);
        let mut astray = || if stray > 0.0 { rng.random_range(-stray..stray) } else { 0.0 };
        (middle.0 + x * cos - y * sin + astray(), middle.1 + x * sin + y * cos + astray())
    };
    let to = [corner(0.0, 0.0), corner(width, 0.0), corner(width, height), corner(0.0, height)];
    Projection::from_control_points([(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)], to)
}

/// The face's grey at a point between its samples; nothing beside the face.
fn sampled(face: &GrayImage, (x, y): (f32, f32)) -> Option<u8> {
    let (width, height) = (face.width() as usize, face.height() as usize);
    if x < 0.0 || y < 0.0 || x >= (width - 1) as f32 || y >= (height - 1) as f32 {
        return None;
    }
    let (left, top) = (x as usize, y as usize);
    let (right_share, low_share) = (x - left as f32, y - top as f32);
    let at = |x: usize, y: usize| f32::from(face.as_raw()[y * width + x]);
    let upper = at(left, top) * (1.0 - right_share) + at(left + 1, top) * right_share;
    let lower = at(left, top + 1) * (1.0 - right_share) + at(left + 1, top + 1) * right_share;
    Some((upper * (1.0 - low_share) + lower * low_share) as u8)
}

fn light(picture: &mut GrayImage, accidents: &Accidents) {
    let [upper_left, upper_right, lower_left, lower_right] = accidents.light;
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (right, low) = (x as f32 / WIDTH as f32, y as f32 / HEIGHT as f32);
        let upper = upper_left + (upper_right - upper_left) * right;
        let lower = lower_left + (lower_right - lower_left) * right;
        pixel.0 = [(f32::from(pixel.0[0]) * (upper + (lower - upper) * low)).min(255.0) as u8];
    }
}

/// Noise that is nearly normal: the sum of two even draws.
fn grain(picture: &mut GrayImage, most: i32, rng: &mut StdRng) {
    let mut draws = vec![0u8; 2 * picture.as_raw().len()];
    rng.fill_bytes(&mut draws);
    for (pixel, draw) in picture.iter_mut().zip(draws.chunks_exact(2)) {
        let swing = i32::from(draw[0]) + i32::from(draw[1]) - 255;
        *pixel = (i32::from(*pixel) + swing * most / 255).clamp(0, 255) as u8;
    }
}
