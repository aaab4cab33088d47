//! The colours of a frame, in the form in which they came. Readers want grey only, so a camera's colours are made into a picture only
//! for the preview, which wants a third of the frames, and smaller.

use image::RgbImage;

/// Colours, beside the grey pixels of a frame.
pub(crate) enum Colour {
    /// Red, green, blue of each pixel.
    Rgb(RgbImage),
    /// A camera's brightness of each pixel with the two colour differences of each pair: Y, U, Y, V.
    Yuyv {
        /// Pixels across; even.
        width: u32,
        /// Four bytes for two pixels, row by row.
        bytes: Vec<u8>,
    },
}

impl Colour {
    /// A picture of at least half the size.
    pub(crate) fn picture(&self) -> std::borrow::Cow<'_, RgbImage> {
        match self {
            Self::Rgb(picture) => std::borrow::Cow::Borrowed(picture),
            Self::Yuyv { width, bytes } => std::borrow::Cow::Owned(halved(*width, bytes)),
        }
    }
}

/// One pixel for each pair of every second row.
fn halved(width: u32, yuyv: &[u8]) -> RgbImage {
    let rows = yuyv.chunks_exact(width as usize * 2).step_by(2);
    let height = rows.len() as u32;
    let rgb = rows.flat_map(|row| row.chunks_exact(4)).flat_map(rgb_of);
    RgbImage::from_raw(width / 2, height, rgb.collect()).unwrap_or_default()
}

/// Rec. 601, the whole range as webcams send it, in 256ths.
fn rgb_of(pair: &[u8]) -> [u8; 3] {
    let [y, u, other, v] = [pair[0], pair[1], pair[2], pair[3]].map(i32::from);
    let (y, u, v) = ((y + other) * 128, u - 128, v - 128);
    [y + 359 * v, y - 88 * u - 183 * v, y + 454 * u].map(|sum| (sum >> 8).clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_a_pixel_of_its_colour() {
        assert_eq!(rgb_of(&[90, 128, 110, 128]), [100, 100, 100]);
        let red = rgb_of(&[76, 85, 76, 255]);
        assert!(red[0] > 250 && red[1] < 5 && red[2] < 5, "{red:?}");
        assert_eq!(rgb_of(&[255, 255, 255, 255])[0], 255, "beyond white is white");
    }

    #[test]
    fn a_camera_frame_is_a_picture_of_half_its_size() {
        let bytes = [200, 128, 200, 128].repeat(4 * 5 / 2);
        let picture = Colour::Yuyv { width: 4, bytes }.picture().into_owned();
        assert_eq!((picture.dimensions(), picture.get_pixel(1, 2).0), ((2, 3), [200; 3]));
    }
}
