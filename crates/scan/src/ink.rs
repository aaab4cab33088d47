//! How dark a place of the picture is against its surroundings, and the part of the picture around a suspect, large enough to tell.

use image::GrayImage;

use crate::code::Point;
use crate::local::Local;
use crate::suspect::Suspect;

/// A stronger contrast than this counts no more.
const CONTRAST_MAX: i32 = 40;
/// How many modules around the patterns belong to the part.
const MARGIN: f32 = 8.0;
/// Modules smaller than this many pixels are enlarged twice, or below the second three times.
const SMALL: [f32; 2] = [4.5, 2.2];

/// A grey picture with the thresholds of its blocks.
pub(crate) struct Ink<'a> {
    grey: &'a GrayImage,
    local: Local,
}

impl<'a> Ink<'a> {
    pub(crate) fn of(grey: &'a GrayImage) -> Self {
        Self { grey, local: Local::of(grey) }
    }

    /// Above zero where it is dark, below where it is light; zero beyond the picture.
    pub(crate) fn at(&self, point: Point) -> i32 {
        let (x, y) = (point.x as usize, point.y as usize);
        let inside = point.x >= 0.0 && point.y >= 0.0;
        if !inside || x >= self.grey.width() as usize || y >= self.grey.height() as usize {
            return 0;
        }
        let luma = self.grey.as_raw()[y * self.grey.width() as usize + x];
        (i32::from(self.local.at(x, y)) - i32::from(luma)).clamp(-CONTRAST_MAX, CONTRAST_MAX)
    }
}

/// By how much a suspect's modules must be enlarged to be told apart; none: they are large enough.
pub(crate) fn enlargement(suspect: &Suspect) -> Option<u32> {
    (suspect.module < SMALL[0]).then_some(if suspect.module < SMALL[1] { 3 } else { 2 })
}

/// The part of the picture around a suspect, `times` as large, and the suspect in it.
pub(crate) fn part(grey: &GrayImage, suspect: &Suspect, times: u32) -> (GrayImage, Suspect) {
    let corners = suspect.place().corners;
    let margin = MARGIN * suspect.module;
    let low = |at: fn(&Point) -> f32| corners.iter().map(at).fold(f32::MAX, f32::min) - margin;
    let high = |at: fn(&Point) -> f32| corners.iter().map(at).fold(f32::MIN, f32::max) + margin;
    let (left, top) = (low(|p| p.x).max(0.0) as u32, low(|p| p.y).max(0.0) as u32);
    let (right, bottom) =
        ((high(|p| p.x) as u32).min(grey.width()), (high(|p| p.y) as u32).min(grey.height()));
    let (width, height) = (right.saturating_sub(left).max(1), bottom.saturating_sub(top).max(1));
    let cut = image::imageops::crop_imm(grey, left, top, width, height).to_image();
    let from = Point::new(left as f32, top as f32);
    (enlarged(&cut, times as usize), suspect.within(from, times as f32))
}

/// Each new pixel between the four old ones around it, by how near they are.
fn enlarged(grey: &GrayImage, times: usize) -> GrayImage {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let (across, down) = (between(width, times), between(height, times));
    let mut luma = Vec::with_capacity(across.len() * down.len());
    let row = |y: usize| &grey.as_raw()[y * width..][..width];
    for &(above, below, part) in &down {
        let line: Vec<u32> = row(above)
            .iter()
            .zip(row(below))
            .map(|(a, b)| u32::from(*a) * (256 - part) + u32::from(*b) * part)
            .collect();
        luma.extend(
            across.iter().map(|&(a, b, part)| ((line[a] * (256 - part) + line[b] * part) >> 16) as u8),
        );
    }
    GrayImage::from_raw((width * times) as u32, (height * times) as u32, luma).unwrap_or_default()
}

/// For each new place the two old ones around it, and how far it lies towards the second, in 256ths.
fn between(count: usize, times: usize) -> Vec<(usize, usize, u32)> {
    let last = count - 1;
    let place = |i: usize| {
        let at = ((i as f32 + 0.5) / times as f32 - 0.5).clamp(0.0, last as f32);
        (at as usize, (at as usize + 1).min(last), (at.fract() * 256.0) as u32)
    };
    (0..count * times).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enlarging_keeps_flat_parts_and_passes_between_others() {
        let grey = GrayImage::from_raw(2, 1, vec![0, 200]).unwrap();
        assert_eq!(enlarged(&grey, 2).as_raw(), &[0, 50, 150, 200, 0, 50, 150, 200]);
        assert_eq!(enlarged(&grey, 1), grey);
    }

    #[test]
    fn beyond_the_picture_nothing_is_dark_or_light() {
        let grey = GrayImage::from_fn(16, 16, |x, _| image::Luma([if x < 4 { 10 } else { 240 }]));
        let ink = Ink::of(&grey);
        assert!(ink.at(Point::new(3.5, 3.0)) > 0);
        assert!(ink.at(Point::new(4.5, 3.0)) < 0 && ink.at(Point::new(15.9, 15.9)) < 0);
        for (x, y) in [(-1.0, 3.0), (3.0, -0.5), (16.0, 3.0), (3.0, 99.0)] {
            assert_eq!(ink.at(Point::new(x, y)), 0);
        }
    }
}
