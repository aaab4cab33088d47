//! A picture of any size as a camera would see it: 1280×720, the picture in the middle on neutral ground.

use image::{GenericImage, ImageBuffer, Luma, Pixel, Rgb, imageops};

use crate::frame::Frame;

/// Pixels across of a camera's frame.
pub(super) const WIDTH: u32 = 1280;
/// Pixels down of a camera's frame.
pub(super) const HEIGHT: u32 = 720;
/// A middle grey: neither a code's black nor its quiet zone's white.
const GROUND: u8 = 128;
/// A smaller picture is enlarged until it is about half the frame's height, as somebody would hold it.
const SMALL: u32 = 360;

/// The frame with its picture fitted in, or the frame itself where it has the size already.
pub(super) fn letterboxed(frame: Frame) -> Frame {
    if (frame.width(), frame.height()) == (WIDTH, HEIGHT) {
        return frame;
    }
    let boxed = match frame.colour() {
        Some(colour) => Frame::from_colour(laid_out(&*colour, Rgb([GROUND; 3]))),
        None => Frame::from_grey(laid_out(frame.grey(), Luma([GROUND]))),
    };
    boxed.unwrap_or(frame)
}

/// A frame with nothing in it.
pub(super) fn empty() -> Option<Frame> {
    Frame::from_luma(WIDTH, HEIGHT, vec![GROUND; (WIDTH * HEIGHT) as usize]).ok()
}

fn laid_out<P>(picture: &ImageBuffer<P, Vec<u8>>, ground: P) -> ImageBuffer<P, Vec<u8>>
where
    P: Pixel<Subpixel = u8> + 'static,
{
    let (width, height) = fitted(picture.width(), picture.height());
    let mut frame = ImageBuffer::from_pixel(WIDTH, HEIGHT, ground);
    let (left, top) = ((WIDTH - width) / 2, (HEIGHT - height) / 2);
    let pasted = if width > picture.width() {
        frame.copy_from(&imageops::resize(picture, width, height, imageops::FilterType::Nearest), left, top)
    } else {
        frame.copy_from(&imageops::thumbnail(picture, width, height), left, top)
    };
    debug_assert!(pasted.is_ok(), "the fitted picture lies within the frame");
    frame
}

/// The size at which a picture is shown: within the frame, not smaller than [`SMALL`] where the frame allows it, same shape.
/// Small pictures grow by whole factors, so that the modules of a code stay alike.
fn fitted(width: u32, height: u32) -> (u32, u32) {
    if width <= WIDTH && height <= HEIGHT {
        let room = (WIDTH / width).min(HEIGHT / height);
        let grow = SMALL.div_ceil(width.max(height)).clamp(1, room);
        return (width * grow, height * grow);
    }
    let (width, height) = (u64::from(width), u64::from(height));
    let (frame_width, frame_height) = (u64::from(WIDTH), u64::from(HEIGHT));
    if width * frame_height >= height * frame_width {
        (WIDTH, (height * frame_width / width).max(1) as u32)
    } else {
        ((width * frame_height / height).max(1) as u32, HEIGHT)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_portrait_picture_stands_in_the_middle() {
        let boxed = letterboxed(Frame::from_luma(900, 1440, vec![255; 900 * 1440]).unwrap());
        assert_eq!((boxed.width(), boxed.height()), (WIDTH, HEIGHT));
        let row: Vec<u8> = boxed.grey().rows().nth(300).unwrap().map(|p| p.0[0]).collect();
        assert_eq!(
            (row[0], row[414], row[415], row[864], row[865], row[1279]),
            (128, 128, 255, 255, 128, 128)
        );
    }

    #[test]
    fn a_small_code_grows_by_a_whole_factor_and_keeps_its_colour() {
        assert_eq!(fitted(29, 29), (377, 377));
        let boxed = letterboxed(Frame::from_rgb(29, 29, [200, 0, 0].repeat(29 * 29)).unwrap());
        assert_eq!(boxed.colour().unwrap().get_pixel(640, 360), &Rgb([200, 0, 0]));
    }

    proptest! {
        #[test]
        fn any_size_fits(width in 1u32..2000, height in 1u32..2000) {
            let (w, h) = fitted(width, height);
            prop_assert!((1..=WIDTH).contains(&w) && (1..=HEIGHT).contains(&h));
        }
    }
}
