//! The reader on pictures made here: what must be read, what must not, and what must be refused in words.

use crate::made::{bytes_as_picture, canvas, paste, png};
use proptest::prelude::*;
use rand::{RngCore, SeedableRng, rngs::StdRng};
use usher_scan::{Budget, Frame, PictureError, Reader, Reading};

/// Far more than any picture here takes, so that a busy machine does not decide a test.
const AMPLE: Budget = Budget::from_ms(30_000);

fn read(grey: image::GrayImage) -> Reading {
    Reader::new().read(&Frame::from_grey(grey).unwrap(), AMPLE)
}

fn payloads(reading: &Reading) -> Vec<&[u8]> {
    reading.codes.iter().map(|c| c.bytes.as_slice()).collect()
}

fn in_the_middle(payload: &[u8], module_px: u32) -> image::GrayImage {
    let mut picture = canvas(1280, 720);
    let code = bytes_as_picture(payload, module_px);
    let (left, top) = ((1280 - code.width()) / 2, (720 - code.height()) / 2);
    paste(&mut picture, &code, left, top);
    picture
}

#[test]
fn a_url_is_read_as_it_is_and_where_it_is() {
    let url = "https://example.org/t?id=4711&n=Z%C3%BCrich#a\\b";
    let reading = read(in_the_middle(url.as_bytes(), 6));
    assert_eq!(reading.codes.len(), 1);
    assert_eq!(reading.codes[0].text(), Some(url));
    let centre = reading.codes[0].place.centre();
    assert!((centre.x - 640.0).abs() < 8.0 && (centre.y - 360.0).abs() < 8.0, "{centre:?}");
    assert!(reading.unread.is_none() && !reading.cut_short && reading.mishaps.is_empty());
}

#[test]
fn text_in_any_script_is_read() {
    let text = "Ayşe Yılmaz · अनीता · مريم · 李雷 · ẞ";
    assert_eq!(read(in_the_middle(text.as_bytes(), 6)).codes[0].text(), Some(text));
}

/// 2,953 bytes is the most that a QR code holds.
#[test]
fn the_longest_text_is_read_whole() {
    let text: String = (0..2_953u32).map(|i| char::from(b' ' + (i * 7 % 95) as u8)).collect();
    let reading = read(in_the_middle(text.as_bytes(), 3));
    assert_eq!(reading.codes[0].text(), Some(text.as_str()));
}

#[test]
fn binary_is_kept_byte_for_byte() {
    let bytes: Vec<u8> = (0..=255).collect();
    let reading = read(in_the_middle(&bytes, 4));
    assert_eq!(payloads(&reading), [bytes.as_slice()]);
    assert_eq!(reading.codes[0].text(), None);
}

#[test]
fn a_white_code_on_black_is_read() {
    let mut picture = in_the_middle(b"INVERTED-1", 8);
    picture.iter_mut().for_each(|luma| *luma = 255 - *luma);
    assert_eq!(payloads(&read(picture)), [b"INVERTED-1"]);
}

#[test]
fn a_code_that_fills_the_picture_is_read() {
    let picture = bytes_as_picture(b"FILLS-THE-PICTURE", 28);
    assert_eq!(payloads(&read(picture)), [b"FILLS-THE-PICTURE"]);
}

#[test]
fn of_two_codes_the_one_in_the_middle_is_first() {
    let mut picture = canvas(1280, 720);
    paste(&mut picture, &bytes_as_picture(b"AT-THE-EDGE", 6), 40, 60);
    paste(&mut picture, &bytes_as_picture(b"IN-THE-MIDDLE", 6), 560, 280);
    assert_eq!(payloads(&read(picture)), [b"IN-THE-MIDDLE".as_slice(), b"AT-THE-EDGE"]);
}

#[test]
fn the_same_code_twice_is_one_code() {
    let mut picture = canvas(1280, 720);
    paste(&mut picture, &bytes_as_picture(b"TWICE", 6), 40, 60);
    paste(&mut picture, &bytes_as_picture(b"TWICE", 6), 560, 280);
    let reading = read(picture);
    assert_eq!(payloads(&reading), [b"TWICE"]);
    assert!(
        (reading.codes[0].place.centre().x - 640.0).abs() < 40.0,
        "the one nearer to the middle stands for both"
    );
}

#[test]
fn nothing_is_read_from_a_blank_picture_or_from_noise() {
    assert!(read(canvas(1280, 720)).codes.is_empty());
    assert!(read(image::GrayImage::new(1, 1)).codes.is_empty());
    let mut reader = Reader::new();
    for seed in 0..20 {
        let mut noise = image::GrayImage::new(640, 480);
        StdRng::seed_from_u64(seed).fill_bytes(&mut noise);
        let reading = reader.read(&Frame::from_grey(noise).unwrap(), AMPLE);
        assert!(reading.codes.is_empty(), "seed {seed}");
    }
}

#[test]
fn a_code_too_damaged_to_read_is_seen_but_never_guessed() {
    let mut picture = in_the_middle(b"DAMAGED-TICKET-0001", 8);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        if (628..724).contains(&x) && (348..444).contains(&y) && (x / 8 + y / 8) % 2 == 0 {
            pixel.0[0] = 255 - pixel.0[0];
        }
    }
    let reading = read(picture);
    assert!(reading.codes.is_empty());
    let centre = reading.unread.expect("its three corners stand").centre();
    assert!((centre.x - 640.0).abs() < 60.0 && (centre.y - 360.0).abs() < 60.0, "{centre:?}");
}

#[test]
fn a_spent_budget_says_so_and_the_reader_goes_on() {
    let mut reader = Reader::new();
    let mut noise = image::GrayImage::new(1920, 1080);
    StdRng::seed_from_u64(1).fill_bytes(&mut noise);
    let hurried = reader.read(&Frame::from_grey(noise).unwrap(), Budget::from_ms(1));
    assert!(hurried.codes.is_empty());
    assert!(hurried.cut_short || !hurried.mishaps.is_empty());
    let frame = Frame::from_grey(in_the_middle(b"AFTERWARDS", 6)).unwrap();
    let later = std::iter::repeat_with(|| reader.read(&frame, AMPLE)).find(|r| !r.codes.is_empty()).unwrap();
    assert_eq!(payloads(&later), [b"AFTERWARDS"]);
}

#[test]
fn a_broken_picture_is_refused_in_words() {
    let whole = png(&in_the_middle(b"WHOLE", 6));
    assert!(Frame::from_picture(&whole).is_ok());
    let words = |bytes: &[u8]| Frame::from_picture(bytes).unwrap_err().to_string();
    assert!(words(&whole[..whole.len() / 2]).starts_with("is a broken picture"));
    assert_eq!(words(b""), "is not a JPEG or PNG picture");
    assert_eq!(words(b"GIF89a and so on"), "is not a JPEG or PNG picture");
    assert!(words(&whole[..10]).starts_with("is a broken picture"));
}

#[test]
fn a_truncated_jpeg_is_refused() {
    let jpeg = Frame::from_grey(in_the_middle(b"JPEG", 6)).unwrap().preview_jpeg(1280).unwrap();
    assert_eq!(payloads(&Reader::new().read(&Frame::from_picture(&jpeg).unwrap(), AMPLE)), [b"JPEG"]);
    for part in 1..8 {
        let cut = Frame::from_picture(&jpeg[..jpeg.len() * part / 8]);
        assert!(matches!(cut, Err(PictureError::Broken(_))), "{part}/8 of a JPEG gave {cut:?}");
    }
}

#[test]
fn a_small_file_that_claims_a_huge_picture_is_not_opened() {
    let claim = crate::made::png_claiming(60_000, 60_000);
    assert!(claim.len() < 1_000);
    let refused = Frame::from_picture(&claim).unwrap_err();
    assert!(matches!(refused, PictureError::TooManyPixels { width: 60_000, height: 60_000 }), "{refused}");
    assert!(refused.to_string().contains("60000×60000"));
    assert!(Frame::from_picture(&crate::made::png_claiming(0, 10)).is_err());
}

#[test]
fn a_code_on_transparent_ground_is_read() {
    assert_eq!(
        payloads(
            &Reader::new()
                .read(&Frame::from_picture(&crate::made::transparent_png(b"CLEAR")).unwrap(), AMPLE)
        ),
        [b"CLEAR"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_payload_comes_back_byte_for_byte(payload in prop::collection::vec(any::<u8>(), 1..200)) {
        let reading = read(in_the_middle(&payload, 5));
        prop_assert_eq!(payloads(&reading), [payload.as_slice()]);
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), jpeg in any::<bool>()) {
        let magic: &[u8] = if jpeg { b"\xff\xd8\xff\xe0" } else { b"\x89PNG\r\n\x1a\n" };
        let _ = Frame::from_picture(&[magic, &bytes].concat());
    }
}
