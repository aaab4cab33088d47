//! Which pixels are dark. Three ways, since each fails on other pictures: by the surroundings' mid-range, by their mean, and one
//! threshold for the whole picture.
//!
//! The first is in `local`. A mean of a wide window is the way of quirc and ZBar; one threshold is Otsu's, "A threshold selection method
//! from gray-level histograms" (1979).

use image::GrayImage;

use crate::bits::Bits;
use crate::local::{BLOCK, Local};

/// The mean's window is a picture's width divided by this.
const WINDOWS: usize = 8;
/// A pixel is dark below this part of its surroundings' mean.
const DARK_BELOW: f32 = 0.92;

/// How a picture is made black and white.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preparation {
    /// Dark below the mid-range of the surroundings.
    Blocks,
    /// The same, light and dark exchanged.
    Negative,
    /// The same as the first, with gaps closed.
    Closed,
    /// Dark below the mean of a wide window.
    Mean,
    /// Dark below one threshold for the whole picture.
    Histogram,
}

impl Preparation {
    pub(crate) fn of(self, grey: &GrayImage) -> Bits {
        match self {
            Self::Blocks => by_blocks(grey),
            Self::Negative => by_blocks(grey).negated(),
            Self::Closed => by_blocks(grey).closed(),
            Self::Mean => by_mean(grey),
            Self::Histogram => by_histogram(grey),
        }
    }
}

/// Dark below the threshold of its block.
fn by_blocks(grey: &GrayImage) -> Bits {
    let width = grey.width() as usize;
    let local = Local::of(grey);
    let mut dark = Vec::with_capacity(grey.as_raw().len());
    let mut line = Vec::new();
    for (y, row) in grey.as_raw().chunks_exact(width).enumerate() {
        if y % BLOCK == 0 {
            line.clear();
            line.extend(local.row(y).iter().flat_map(|level| [*level; BLOCK]));
        }
        dark.extend(row.iter().zip(&line).map(|(luma, level)| u8::from(luma < level)));
    }
    Bits::from_bytes(width, &dark)
}

/// Dark below the mean of a wide window around it.
fn by_mean(grey: &GrayImage) -> Bits {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let reach = (width / WINDOWS / 2).max(2);
    let rows: Vec<&[u8]> = grey.as_raw().chunks_exact(width).collect();
    let mut columns = vec![0u32; width];
    let add = |columns: &mut [u32], row: &[u8]| {
        columns.iter_mut().zip(row).for_each(|(sum, luma)| *sum += u32::from(*luma));
    };
    rows.iter().take(reach).for_each(|row| add(&mut columns, row));
    let mut dark = Vec::with_capacity(grey.as_raw().len());
    for y in 0..height {
        if let Some(row) = rows.get(y + reach) {
            add(&mut columns, row);
        }
        if let Some(row) = y.checked_sub(reach + 1).map(|y| rows[y]) {
            columns.iter_mut().zip(row).for_each(|(sum, luma)| *sum -= u32::from(*luma));
        }
        let high = (y + reach + 1).min(height) - y.saturating_sub(reach);
        below_means(rows[y], &columns, reach, high, &mut dark);
    }
    Bits::from_bytes(width, &dark)
}

/// One row against the means of windows `2 × reach + 1` wide and `high` rows high, whose columns have these sums.
fn below_means(row: &[u8], columns: &[u32], reach: usize, high: usize, dark: &mut Vec<u8>) {
    let width = row.len();
    let mut sums = Vec::with_capacity(width + 1);
    sums.push(0u32);
    sums.extend(columns.iter().scan(0, |sum, column| {
        *sum += column;
        Some(*sum)
    }));
    let edge = |x: usize| {
        let (from, to) = (x.saturating_sub(reach), (x + reach + 1).min(width));
        let part = DARK_BELOW / ((to - from) * high) as f32;
        u8::from(f32::from(row[x]) < (sums[to] - sums[from]) as f32 * part)
    };
    let (left, right) = (reach.min(width), width.saturating_sub(reach + 1).max(reach.min(width)));
    dark.extend((0..left).map(edge));
    let part = DARK_BELOW / ((2 * reach + 1) * high) as f32;
    let windows = sums.iter().zip(sums.iter().skip(2 * reach + 1));
    dark.extend(
        row[left..right]
            .iter()
            .zip(windows)
            .map(|(luma, (from, to))| u8::from(f32::from(*luma) < (to - from) as i32 as f32 * part)),
    );
    dark.extend((right..width).map(edge));
}

/// Dark below the one threshold that parts the picture's pixels best.
fn by_histogram(grey: &GrayImage) -> Bits {
    let mut counts = [0u32; 256];
    grey.as_raw().iter().for_each(|luma| counts[usize::from(*luma)] += 1);
    let best = parting(&counts);
    let dark: Vec<u8> = grey.as_raw().iter().map(|luma| u8::from(*luma < best)).collect();
    Bits::from_bytes(grey.width() as usize, &dark)
}

/// Otsu: where the two sides' means stand farthest apart, weighed by how many pixels each has.
fn parting(counts: &[u32; 256]) -> u8 {
    let weigh = |(at, count): (usize, &u32)| (f64::from(*count), at as f64 * f64::from(*count));
    let (all, sum) = counts.iter().enumerate().map(weigh).fold((0.0, 0.0), |s, w| (s.0 + w.0, s.1 + w.1));
    let (mut below, mut sum_below, mut best) = (0.0, 0.0, (0.0, 0u8));
    for (at, weight) in counts.iter().enumerate().map(weigh).enumerate() {
        (below, sum_below) = (below + weight.0, sum_below + weight.1);
        let above = all - below;
        if below > 0.0 && above > 0.0 {
            let apart = sum_below / below - (sum - sum_below) / above;
            let between = below * above * apart * apart;
            if between > best.0 {
                best = (between, at as u8 + 1);
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_dark(bits: &Bits, x: usize, y: usize) -> bool {
        bits.to_matrix().unwrap().get(x as u32, y as u32)
    }

    /// What a pixel is by definition.
    fn below_mean(grey: &GrayImage, x: usize, y: usize) -> Option<bool> {
        let (width, height) = (grey.width() as usize, grey.height() as usize);
        let reach = (width / WINDOWS / 2).max(2);
        let window = |c: usize, end: usize| c.saturating_sub(reach)..(c + reach + 1).min(end);
        let pixels: Vec<f64> = window(y, height)
            .flat_map(|y| window(x, width).map(move |x| (x, y)))
            .map(|(x, y)| f64::from(grey.as_raw()[y * width + x]))
            .collect();
        let limit = pixels.iter().sum::<f64>() / pixels.len() as f64 * f64::from(DARK_BELOW);
        let luma = f64::from(grey.as_raw()[y * width + x]);
        ((luma - limit).abs() > 0.01).then_some(luma < limit)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_mean_is_that_of_the_window(width in 3usize..60, luma in prop::collection::vec(any::<u8>(), 600)) {
            let height = luma.len() / width;
            let grey = GrayImage::from_raw(width as u32, height as u32, luma[..width * height].to_vec()).unwrap();
            let bits = by_mean(&grey).to_matrix().unwrap();
            for (x, y) in (0..width * height).map(|i| (i % width, i / width)) {
                if let Some(dark) = below_mean(&grey, x, y) {
                    prop_assert_eq!(bits.get(x as u32, y as u32), dark, "{} {}", x, y);
                }
            }
        }

        #[test]
        fn dark_on_light_is_parted_whatever_the_light(dark in 0u8..100, by in 40u8..150) {
            let light = dark + by;
            let grey = GrayImage::from_fn(64, 64, |x, y| image::Luma([if (x / 5 + y / 5) % 2 == 0 { dark } else { light }]));
            for bits in [by_blocks(&grey), by_histogram(&grey)] {
                for (x, y) in [(2, 2), (7, 2), (2, 7), (61, 61), (33, 28)] {
                    prop_assert_eq!(is_dark(&bits, x, y), (x / 5 + y / 5) % 2 == 0);
                }
            }
        }
    }

    #[test]
    fn a_module_larger_than_a_block_is_not_hollow() {
        let inside = |c: u32| (20..80).contains(&c);
        let grey =
            GrayImage::from_fn(100, 100, |x, y| image::Luma([if inside(x) && inside(y) { 20 } else { 230 }]));
        let bits = by_blocks(&grey);
        assert!(
            is_dark(&bits, 50, 50)
                && is_dark(&bits, 21, 78)
                && !is_dark(&bits, 5, 5)
                && !is_dark(&bits, 95, 50)
        );
    }

    #[test]
    fn a_flat_picture_has_no_dark_pixel() {
        let grey = GrayImage::from_pixel(40, 30, image::Luma([7]));
        for preparation in
            [Preparation::Blocks, Preparation::Closed, Preparation::Mean, Preparation::Histogram]
        {
            assert!(!is_dark(&preparation.of(&grey), 20, 15), "{preparation:?}");
        }
    }
}
