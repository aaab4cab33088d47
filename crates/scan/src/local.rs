//! A threshold for each block of the picture: the mid-range of what stands around it.
//!
//! It is what ZXing's hybrid binarizer does, but for flat parts: those take their neighbours' threshold instead of counting as
//! paper, so that modules larger than a block are not hollow, and a negative is the same picture turned round.

use image::GrayImage;

/// The side of a block, in pixels.
pub(crate) const BLOCK: usize = 8;
/// A block whose pixels differ by no more than this is flat.
const CONTRAST_MIN: u8 = 24;
/// How many blocks around a block its threshold is smoothed over.
const SMOOTHED: usize = 2;

/// Thresholds block by block.
#[derive(Debug)]
pub(crate) struct Local {
    across: usize,
    /// 0 where nothing in the picture has any contrast: no pixel is dark there.
    levels: Vec<u8>,
}

impl Local {
    pub(crate) fn of(grey: &GrayImage) -> Self {
        let across = (grey.width() as usize).div_ceil(BLOCK);
        let mut levels = smoothed(&mid_ranges(grey), across);
        fill(&mut levels, across);
        Self { across, levels }
    }

    /// The thresholds of the blocks in the pixel row `y`, from left to right.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.levels[y / BLOCK * self.across..][..self.across]
    }

    /// The threshold at a pixel of the picture.
    pub(crate) fn at(&self, x: usize, y: usize) -> u8 {
        self.levels[y / BLOCK * self.across + x / BLOCK]
    }
}

/// The middle between a block's lightest and darkest pixel; 0 for a flat one.
fn mid_ranges(grey: &GrayImage) -> Vec<u8> {
    let width = grey.width() as usize;
    let (mut low, mut high) = (vec![0; width], vec![0; width]);
    let mut ranges = Vec::new();
    for rows in grey.as_raw().chunks(width * BLOCK) {
        low.fill(u8::MAX);
        high.fill(0);
        for row in rows.chunks_exact(width) {
            low.iter_mut().zip(row).for_each(|(low, luma)| *low = (*low).min(*luma));
            high.iter_mut().zip(row).for_each(|(high, luma)| *high = (*high).max(*luma));
        }
        ranges.extend(low.chunks(BLOCK).zip(high.chunks(BLOCK)).map(|(low, high)| mid_range(low, high)));
    }
    ranges
}

fn mid_range(low: &[u8], high: &[u8]) -> u8 {
    let (low, high) = (low.iter().min().copied().unwrap_or(0), high.iter().max().copied().unwrap_or(0));
    if high - low > CONTRAST_MIN { low.midpoint(high) } else { 0 }
}

/// Each block's threshold is the mean of those around it that are not flat, its own counted twice.
fn smoothed(ranges: &[u8], across: usize) -> Vec<u8> {
    let down = ranges.len() / across;
    let around = |c: usize, end: usize| c.saturating_sub(SMOOTHED)..(c + SMOOTHED + 1).min(end);
    let mean = |i: usize| {
        let (x, y) = (i % across, i / across);
        let rows = around(y, down).flat_map(|y| &ranges[y * across..][around(x, across)]);
        let (sum, count) = rows
            .chain(Some(&ranges[i]))
            .filter(|level| **level > 0)
            .fold((0u32, 0u32), |(sum, count), level| (sum + u32::from(*level), count + 1));
        sum.checked_div(count).unwrap_or(0) as u8
    };
    (0..ranges.len()).map(mean).collect()
}

/// Flat parts take over what stands left of or above them, and then what stands right of or below.
fn fill(levels: &mut [u8], across: usize) {
    let take = |levels: &mut [u8], i: usize, beside: Option<usize>, upright: Option<usize>| {
        if levels[i] == 0 {
            let from = |at: Option<usize>| at.map(|at| levels[at]).filter(|level| *level > 0);
            levels[i] = from(beside).or_else(|| from(upright)).unwrap_or(0);
        }
    };
    for _ in 0..2 {
        for i in 0..levels.len() {
            take(levels, i, (i % across > 0).then(|| i - 1), i.checked_sub(across));
        }
        for i in (0..levels.len()).rev() {
            let (right, below) = (i + 1, i + across);
            take(levels, i, (right % across > 0).then_some(right), (below < levels.len()).then_some(below));
        }
    }
}
