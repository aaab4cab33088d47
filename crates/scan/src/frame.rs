//! A picture as the readers want it: grey, bounded in size, cheap to hand to another thread.
//!
//! Decoding of picture files is in `picture`, the small copy for a window in `preview`.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use image::{GrayImage, RgbImage, imageops};

use crate::colour::Colour;
use crate::level::{Level, shrunk};

/// The longest side of a frame, in pixels. A larger picture is made smaller on the way in.
pub const SIDE_MAX: u32 = 1920;

/// Why pixels cannot become a frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A side is zero.
    #[error("the picture is empty ({width}×{height} pixels)")]
    Empty {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// Width × height does not fit the number of bytes given.
    #[error("a {width}×{height} picture does not fit {bytes} bytes")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Bytes that were handed over.
        bytes: usize,
    },
}

/// One picture to be read. Cloning shares the pixels.
#[derive(Clone)]
pub struct Frame {
    pixels: Arc<Pixels>,
}

/// Its size only: a million pixels help nobody in a log.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({}×{})", self.width(), self.height())
    }
}

struct Pixels {
    grey: GrayImage,
    colour: Option<Colour>,
    /// Several readers want the same smaller copies; whoever needs one first makes it.
    smaller: [OnceLock<GrayImage>; Level::SMALLER],
}

impl Frame {
    /// A frame from 8-bit grey pixels, row by row.
    ///
    /// # Errors
    /// A side of zero, or a number of bytes other than `width × height`.
    pub fn from_luma(width: u32, height: u32, luma: Vec<u8>) -> Result<Self, FrameError> {
        let bytes = luma.len();
        refuse_mismatch(width, height, 1, bytes)?;
        Self::from_grey(GrayImage::from_raw(width, height, luma).ok_or(FrameError::Size {
            width,
            height,
            bytes,
        })?)
    }

    /// A frame from 8-bit red, green, blue, row by row. The colour is kept for the preview.
    ///
    /// # Errors
    /// A side of zero, or a number of bytes other than `3 × width × height`.
    pub fn from_rgb(width: u32, height: u32, rgb: Vec<u8>) -> Result<Self, FrameError> {
        let bytes = rgb.len();
        refuse_mismatch(width, height, 3, bytes)?;
        Self::from_colour(RgbImage::from_raw(width, height, rgb).ok_or(FrameError::Size {
            width,
            height,
            bytes,
        })?)
    }

    /// A frame from a camera's YUYV: four bytes for two pixels, row by row. Its brightness is taken as it is; what follows the last row
    /// is passed over, as some drivers round their buffers up.
    ///
    /// # Errors
    /// A side of zero, an odd width, one beyond [`SIDE_MAX`], or fewer bytes than `2 × width × height`.
    pub fn from_yuyv(width: u32, height: u32, mut yuyv: Vec<u8>) -> Result<Self, FrameError> {
        let bytes = yuyv.len();
        refuse_empty(width, height)?;
        let wanted = 2 * u64::from(width.min(SIDE_MAX)) * u64::from(height.min(SIDE_MAX));
        if width % 2 == 1 || width.max(height) > SIDE_MAX || (bytes as u64) < wanted {
            return Err(FrameError::Size { width, height, bytes });
        }
        yuyv.truncate(wanted as usize);
        let grey = yuyv.chunks_exact(2).map(|pixel| pixel[0]).collect();
        let grey = GrayImage::from_raw(width, height, grey).unwrap_or_default();
        Ok(Self::new(grey, Some(Colour::Yuyv { width, bytes: yuyv })))
    }

    /// A frame from a grey picture.
    ///
    /// # Errors
    /// A side of zero.
    pub fn from_grey(grey: GrayImage) -> Result<Self, FrameError> {
        refuse_empty(grey.width(), grey.height())?;
        Ok(Self::new(fitted(grey), None))
    }

    /// A frame from a colour picture. The colour is kept for the preview.
    ///
    /// # Errors
    /// A side of zero.
    pub fn from_colour(colour: RgbImage) -> Result<Self, FrameError> {
        refuse_empty(colour.width(), colour.height())?;
        let colour = fitted(colour);
        Ok(Self::new(grey_of(&colour), Some(Colour::Rgb(colour))))
    }

    fn new(grey: GrayImage, colour: Option<Colour>) -> Self {
        Self { pixels: Arc::new(Pixels { grey, colour, smaller: Default::default() }) }
    }

    /// Pixels across, 1 to [`SIDE_MAX`].
    #[must_use]
    pub fn width(&self) -> u32 {
        self.pixels.grey.width()
    }

    /// Pixels down, 1 to [`SIDE_MAX`].
    #[must_use]
    pub fn height(&self) -> u32 {
        self.pixels.grey.height()
    }

    /// The grey pixels.
    #[must_use]
    pub fn grey(&self) -> &GrayImage {
        &self.pixels.grey
    }

    /// The colours, at half the size at least; none where there are none.
    pub(crate) fn colour(&self) -> Option<Cow<'_, RgbImage>> {
        self.pixels.colour.as_ref().map(Colour::picture)
    }

    /// The grey pixels at a level.
    pub(crate) fn level(&self, level: Level) -> &GrayImage {
        let [half, third, sixth] = &self.pixels.smaller;
        match level {
            Level::Whole => &self.pixels.grey,
            Level::Half => half.get_or_init(|| shrunk(&self.pixels.grey, 2)),
            Level::Third => third.get_or_init(|| shrunk(&self.pixels.grey, 3)),
            Level::Sixth => sixth.get_or_init(|| shrunk(self.level(Level::Third), 2)),
        }
    }
}

fn refuse_empty(width: u32, height: u32) -> Result<(), FrameError> {
    if width == 0 || height == 0 { Err(FrameError::Empty { width, height }) } else { Ok(()) }
}

fn refuse_mismatch(width: u32, height: u32, channels: u64, bytes: usize) -> Result<(), FrameError> {
    let wanted =
        u64::from(width).checked_mul(u64::from(height)).and_then(|pixels| pixels.checked_mul(channels));
    if wanted == Some(bytes as u64) { Ok(()) } else { Err(FrameError::Size { width, height, bytes }) }
}

/// Makes a picture smaller until its longest side is within [`SIDE_MAX`].
fn fitted<P>(picture: image::ImageBuffer<P, Vec<u8>>) -> image::ImageBuffer<P, Vec<u8>>
where
    P: image::Pixel<Subpixel = u8> + 'static,
{
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    if longest <= SIDE_MAX {
        return picture;
    }
    let shrunk = |side: u32| (u64::from(side) * u64::from(SIDE_MAX) / u64::from(longest)).max(1) as u32;
    imageops::thumbnail(&picture, shrunk(width), shrunk(height))
}

/// Rec. 601 weights in integers: what cameras use for their own Y.
fn grey_of(colour: &RgbImage) -> GrayImage {
    let luma = colour
        .as_raw()
        .chunks_exact(3)
        .map(|p| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8)
        .collect();
    GrayImage::from_raw(colour.width(), colour.height(), luma).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_mismatched_pixels_are_refused_in_words() {
        assert_eq!(Frame::from_luma(0, 5, vec![]).unwrap_err(), FrameError::Empty { width: 0, height: 5 });
        let short = Frame::from_luma(3, 3, vec![0; 8]).unwrap_err();
        assert_eq!(short.to_string(), "a 3×3 picture does not fit 8 bytes");
        assert!(Frame::from_luma(3, 3, vec![0; 10]).is_err());
        assert!(Frame::from_rgb(2, 2, vec![0; 12]).is_ok());
        assert!(Frame::from_rgb(2, 2, vec![0; 4]).is_err());
        assert!(Frame::from_luma(u32::MAX, u32::MAX, vec![0; 10]).is_err());
    }

    #[test]
    fn a_cameras_brightness_is_taken_as_it_is() {
        let frame = Frame::from_yuyv(2, 2, vec![1, 90, 2, 90, 3, 90, 4, 90, 99, 99]).unwrap();
        assert_eq!(frame.grey().as_raw(), &[1, 2, 3, 4]);
        for (width, height, bytes) in
            [(2, 2, 7), (3, 2, 12), (0, 2, 8), (2_000, 2, 8_000), (u32::MAX, u32::MAX, 8)]
        {
            assert!(Frame::from_yuyv(width, height, vec![0; bytes]).is_err(), "{width}×{height} {bytes}");
        }
    }

    #[test]
    fn a_large_picture_is_made_smaller_and_keeps_its_shape() {
        let frame = Frame::from_luma(3840, 1000, vec![9; 3_840_000]).unwrap();
        assert_eq!((frame.width(), frame.height()), (1920, 500));
        let sliver = Frame::from_luma(5000, 1, vec![9; 5000]).unwrap();
        assert_eq!((sliver.width(), sliver.height()), (1920, 1));
    }

    #[test]
    fn grey_of_white_is_white() {
        let frame = Frame::from_rgb(1, 1, vec![255, 255, 255]).unwrap();
        assert_eq!(frame.grey().as_raw(), &[255]);
    }
}
