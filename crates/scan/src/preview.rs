//! A small JPEG of a frame for a window that shows what the camera sees.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageBuffer, ImageEncoder, Pixel, imageops};

use crate::frame::Frame;

const QUALITY: u8 = 70;

/// A preview could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the preview could not be made: {0}")]
pub struct PreviewError(#[from] image::ImageError);

impl Frame {
    /// The frame as JPEG, at most `width_max` pixels wide (never enlarged), in colour where the source had colour.
    ///
    /// # Errors
    /// The encoder refused, which no frame within the bounds makes it do.
    pub fn preview_jpeg(&self, width_max: u32) -> Result<Vec<u8>, PreviewError> {
        let (width, height) = preview_size(self.width(), self.height(), width_max.max(1));
        match self.colour() {
            Some(colour) => encoded(&colour, width, height, image::ExtendedColorType::Rgb8),
            None => encoded(self.grey(), width, height, image::ExtendedColorType::L8),
        }
    }
}

fn preview_size(width: u32, height: u32, width_max: u32) -> (u32, u32) {
    let small = width.min(width_max);
    (small, (u64::from(height) * u64::from(small) / u64::from(width)).max(1) as u32)
}

fn encoded<P>(
    picture: &ImageBuffer<P, Vec<u8>>,
    width: u32,
    height: u32,
    kind: image::ExtendedColorType,
) -> Result<Vec<u8>, PreviewError>
where
    P: Pixel<Subpixel = u8> + 'static,
{
    let small = imageops::thumbnail(picture, width, height);
    let mut jpeg = Cursor::new(Vec::with_capacity(64 * 1024));
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).write_image(small.as_raw(), width, height, kind)?;
    Ok(jpeg.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_small_and_a_jpeg_again() {
        let frame = Frame::from_rgb(1280, 720, vec![200; 1280 * 720 * 3]).unwrap();
        let preview = Frame::from_picture(&frame.preview_jpeg(640).unwrap()).unwrap();
        assert_eq!((preview.width(), preview.height()), (640, 360));
        assert!(preview.colour().is_some());
    }

    #[test]
    fn a_cameras_colours_are_in_the_preview() {
        let frame = Frame::from_yuyv(1280, 720, [76, 85, 76, 255].repeat(1280 * 720 / 2)).unwrap();
        let preview = Frame::from_picture(&frame.preview_jpeg(560).unwrap()).unwrap();
        assert_eq!((preview.width(), preview.height()), (560, 315));
        let [red, green, blue] = preview.colour().unwrap().get_pixel(280, 150).0;
        assert!(red > 230 && green < 30 && blue < 30, "{red} {green} {blue}");
    }

    #[test]
    fn a_small_or_odd_frame_is_not_enlarged() {
        assert_eq!(preview_size(100, 50, 640), (100, 50));
        assert_eq!(preview_size(1920, 1, 640), (640, 1));
        let grey = Frame::from_luma(2, 3, vec![7; 6]).unwrap();
        assert_eq!(Frame::from_picture(&grey.preview_jpeg(0).unwrap()).unwrap().width(), 1);
    }
}
