//! JPEG and PNG bytes into a frame, with a bound on everything a file may claim.
//!
//! A small file can claim a picture of four thousand million pixels: the claim is checked before any memory is asked for.

use std::io::Cursor;
use std::path::Path;

use image::{ImageFormat, ImageReader, Limits, RgbImage, RgbaImage};

use crate::frame::{Frame, FrameError};

/// The largest picture file that is opened.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The most pixels a picture may have; 100 megapixel cameras stay below it.
pub const PIXELS_MAX: u64 = 120_000_000;
/// The memory that decoding one picture may ask for.
const DECODE_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Why a file is not a picture that can be read, in words.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The file cannot be opened or read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// The file is larger than [`FILE_BYTES_MAX`].
    #[error("{bytes} bytes is more than a picture file may have ({FILE_BYTES_MAX}); save it smaller")]
    FileTooLarge {
        /// The size of the file.
        bytes: u64,
    },
    /// The header claims more than [`PIXELS_MAX`] pixels.
    #[error("claims {width}×{height} pixels, more than a picture may have ({PIXELS_MAX}); it was not opened")]
    TooManyPixels {
        /// Claimed pixels across.
        width: u32,
        /// Claimed pixels down.
        height: u32,
    },
    /// Neither of the two formats.
    #[error("is not a JPEG or PNG picture")]
    Format,
    /// The bytes end too early or make no sense.
    #[error("is a broken picture: {0}")]
    Broken(String),
    /// The decoded pixels are no frame.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

impl Frame {
    /// Decodes the bytes of a JPEG or PNG file.
    ///
    /// # Errors
    /// Another format, a broken or truncated file, or one that claims more than [`PIXELS_MAX`].
    pub fn from_picture(bytes: &[u8]) -> Result<Self, PictureError> {
        let format = known_format(bytes)?;
        let (width, height) =
            ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().map_err(broken)?;
        if u64::from(width) * u64::from(height) > PIXELS_MAX {
            return Err(PictureError::TooManyPixels { width, height });
        }
        if format == ImageFormat::Jpeg && !has_end(bytes) {
            return Err(PictureError::Broken("it ends too early, as if half copied".to_owned()));
        }
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(DECODE_BYTES_MAX);
        reader.limits(limits);
        let picture = reader.decode().map_err(broken)?;
        Ok(match picture.color() {
            colour if colour.has_alpha() => Self::from_colour(on_paper(&picture.into_rgba8()))?,
            colour if colour.has_color() => Self::from_colour(picture.into_rgb8())?,
            _ => Self::from_grey(picture.into_luma8())?,
        })
    }

    /// Reads a JPEG or PNG file.
    ///
    /// # Errors
    /// As [`Frame::from_picture`], and a file that is too large or cannot be opened.
    pub fn from_file(path: &Path) -> Result<Self, PictureError> {
        let bytes = std::fs::metadata(path)?.len();
        if bytes > FILE_BYTES_MAX {
            return Err(PictureError::FileTooLarge { bytes });
        }
        Self::from_picture(&std::fs::read(path)?)
    }
}

fn known_format(bytes: &[u8]) -> Result<ImageFormat, PictureError> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => Ok(format),
        _ => Err(PictureError::Format),
    }
}

/// Lays a picture with transparency on white, as a page would: a black code on a transparent ground is black on black otherwise.
fn on_paper(picture: &RgbaImage) -> RgbImage {
    let mix = |ink: u8, alpha: u8| {
        ((u32::from(ink) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255) as u8
    };
    let mut paper = RgbImage::new(picture.width(), picture.height());
    for (to, from) in paper.pixels_mut().zip(picture.pixels()) {
        let [r, g, b, alpha] = from.0;
        to.0 = [mix(r, alpha), mix(g, alpha), mix(b, alpha)];
    }
    paper
}

/// Whether a JPEG has its end mark. The decoder fills what is missing with grey and says nothing, so a half-copied file would
/// pass as a picture without a code. Marks within the header (an embedded thumbnail has one) do not count.
fn has_end(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, kind, high, low]) = jpeg.get(at..at + 4) {
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
        if kind == 0xda {
            return jpeg.get(at..).is_some_and(|scan| scan.windows(2).any(|mark| mark == [0xff, 0xd9]));
        }
    }
    false
}

fn broken(error: image::ImageError) -> PictureError {
    PictureError::Broken(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_jpeg_is_looked_for_behind_its_header() {
        let header = [0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xd9, 1, 2, 0xff, 0xda, 0, 2];
        assert!(!has_end(&header));
        assert!(!has_end(&header[..9]));
        assert!(!has_end(&[]));
        assert!(has_end(&[&header[..], &[7, 0xff, 0, 0xff, 0xd9, 0, 0]].concat()));
    }
}
