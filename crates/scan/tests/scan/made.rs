//! Pictures of codes for the tests of this crate, as plain as they can be; the lifelike ones are made in the crate of the
//! tests that cross rooms.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, Luma, LumaA};
use qrcode::{Color, EcLevel, QrCode};

/// Light ground.
pub(crate) fn canvas(width: u32, height: u32) -> GrayImage {
    GrayImage::from_pixel(width, height, Luma([225]))
}

/// A code with its quiet zone, `module_px` pixels to a module.
pub(crate) fn bytes_as_picture(payload: &[u8], module_px: u32) -> GrayImage {
    let code = QrCode::with_error_correction_level(payload, EcLevel::L).unwrap();
    let (side, dark) = (code.width() as u32, code.to_colors());
    let all = (side + 8) * module_px;
    GrayImage::from_fn(all, all, |x, y| {
        let (column, row) = ((x / module_px).wrapping_sub(4), (y / module_px).wrapping_sub(4));
        let black = column < side && row < side && dark[(row * side + column) as usize] == Color::Dark;
        Luma([if black { 20 } else { 240 }])
    })
}

/// Lays `small` on `picture`.
pub(crate) fn paste(picture: &mut GrayImage, small: &GrayImage, left: u32, top: u32) {
    image::imageops::replace(picture, small, left.into(), top.into());
}

/// The bytes of a PNG file.
pub(crate) fn png(picture: &GrayImage) -> Vec<u8> {
    encoded(picture.clone().into())
}

/// Black modules on nothing.
pub(crate) fn transparent_png(payload: &[u8]) -> Vec<u8> {
    let code = bytes_as_picture(payload, 6);
    let see_through = image::ImageBuffer::from_fn(code.width(), code.height(), |x, y| {
        LumaA([0, if code.get_pixel(x, y).0[0] < 128 { 255 } else { 0 }])
    });
    encoded(DynamicImage::ImageLumaA8(see_through))
}

fn encoded(picture: DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A PNG of one pixel whose header claims another size, with its checksum put right.
pub(crate) fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(&GrayImage::new(1, 1));
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
    })
}
