//! rxing, a port of ZXing: the fastest reader and the one that reads most.
//!
//! Its newer detector looks first and finds several codes at once; where it finds none, the older detector gets a try on the
//! same thresholded picture. Only full QR codes are asked for: bar codes in camera noise are never mistaken for a ticket.

use std::collections::HashSet;

use image::GrayImage;
use rxing::common::{DetectorRXingResult, HybridBinarizer};
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::{QrReader, decoder};
use rxing::qrcode::detector::Detector;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source};

use super::Found;
use crate::code::{Place, Point};

pub(crate) fn read(grey: &GrayImage) -> Found {
    let Ok(source) = Luma8Source::new_with_slice(grey.as_raw(), grey.width(), grey.height()) else {
        return Found::default();
    };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let hints = hints();
    let mut found = Found::default();
    for result in QrReader.decode_multiple_with_hints(&mut bitmap, &hints).unwrap_or_default() {
        found.add(result.getRawBytes().to_vec(), corners(result.getPoints()));
    }
    if found.codes.is_empty() {
        read_older(bitmap.get_black_matrix(), &hints, &mut found);
    }
    found
}

fn hints() -> DecodeHints {
    DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some(HashSet::from([BarcodeFormat::QR_CODE])),
        ..DecodeHints::default()
    }
}

/// The older detector, with the newer decoder behind it: that one hands out the payload's bytes as they are.
fn read_older(matrix: &rxing::common::BitMatrix, hints: &DecodeHints, found: &mut Found) {
    let Ok(detected) = Detector::new(matrix).detect_with_hints(hints) else { return };
    let place = patterns(detected.getPoints());
    match decoder::Decode(detected.getBits()) {
        Ok(decoded) if decoded.isValid() => found.add(decoded.content().bytes().to_vec(), place),
        _ => found.unread = Some(place),
    }
}

/// The newer detector gives the corners, clockwise from the upper left.
fn corners(points: &[rxing::Point]) -> Place {
    Place { corners: [at(points, 0), at(points, 1), at(points, 2), at(points, 3)] }
}

/// The older detector gives the finder patterns lower left, upper left and upper right; the fourth corner is put where a
/// parallelogram has it.
fn patterns(points: &[rxing::Point]) -> Place {
    let (lower_left, upper_left, upper_right) = (at(points, 0), at(points, 1), at(points, 2));
    let lower_right =
        Point::new(upper_right.x + lower_left.x - upper_left.x, upper_right.y + lower_left.y - upper_left.y);
    Place { corners: [upper_left, upper_right, lower_right, lower_left] }
}

fn at(points: &[rxing::Point], i: usize) -> Point {
    points.get(i).map_or_else(Point::default, |p| Point::new(p.x, p.y))
}
