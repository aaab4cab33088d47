//! The sizes at which a frame is looked at: small ones are quick, and cure noise and codes that fill the picture.

use image::GrayImage;

/// A size of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Level {
    Whole,
    Half,
    Third,
    Sixth,
}

impl Level {
    /// The levels that are copies.
    pub(crate) const SMALLER: usize = 3;

    /// How many pixels of the frame make one of this level, along a side.
    pub(crate) const fn factor(self) -> u32 {
        match self {
            Self::Whole => 1,
            Self::Half => 2,
            Self::Third => 3,
            Self::Sixth => 6,
        }
    }
}

/// A copy at a fraction of the size, each pixel the mean of those that it stands for. What is left over at the lower and right edges
/// is dropped; a picture smaller than `factor` is its own copy.
pub(crate) fn shrunk(grey: &GrayImage, factor: u32) -> GrayImage {
    let (width, height, by) = (grey.width() as usize, grey.height() as usize, factor as usize);
    if width < by || height < by {
        return grey.clone();
    }
    let mut luma = Vec::with_capacity((width / by) * (height / by));
    let mut sums = vec![0u16; width];
    for rows in grey.as_raw().chunks_exact(width * by) {
        sums.fill(0);
        for row in rows.chunks_exact(width) {
            sums.iter_mut().zip(row).for_each(|(sum, luma)| *sum += u16::from(*luma));
        }
        means(&sums, by, &mut luma);
    }
    GrayImage::from_raw((width / by) as u32, (height / by) as u32, luma).unwrap_or_default()
}

/// The means of `by` sums each. Halves are most of the work, and quicker where the compiler knows the two.
fn means(sums: &[u16], by: usize, luma: &mut Vec<u8>) {
    let area = (by * by) as u16;
    if by == 2 {
        luma.extend(sums.chunks_exact(2).map(|two| ((two[0] + two[1] + 2) / 4) as u8));
    } else {
        luma.extend(sums.chunks_exact(by).map(|some| ((some.iter().sum::<u16>() + area / 2) / area) as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pixel_is_the_mean_of_those_it_stands_for() {
        let three = GrayImage::from_raw(3, 3, vec![0, 4, 9, 8, 12, 9, 9, 9, 9]).unwrap();
        assert_eq!(shrunk(&three, 2).as_raw(), &[6]);
        assert_eq!(shrunk(&three, 3).as_raw(), &[8]);
        let white = GrayImage::from_pixel(1920, 13, image::Luma([255]));
        assert!(shrunk(&white, 6).as_raw().iter().all(|luma| *luma == 255));
        assert_eq!(shrunk(&white, 6).dimensions(), (320, 2));
    }

    #[test]
    fn a_sliver_is_its_own_copy() {
        let sliver = GrayImage::from_raw(1, 4, vec![1, 2, 3, 4]).unwrap();
        assert_eq!(shrunk(&sliver, 2), sliver);
    }
}
