//! The readers, each as its own makers have it read a picture with one or more QR codes.

use rxing::{BarcodeFormat, DecodeHints, helpers};
use usher_scan::{Budget, Frame, Reader};

/// Whose reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// The cascade of `crates/scan`, with the budget of a desk.
    Usher,
    /// The library that the owner gave, on the whole picture.
    Rqrr,
    /// The port of ZXing to Rust, trying harder.
    Rxing,
    /// The same on copies of several sizes, with gaps closed and light and dark exchanged.
    RxingFiltered,
    /// ZXing in C++, trying all it has.
    ZxingCpp,
}

/// Gives the payloads in a picture.
pub type Read = Box<dyn FnMut(&Frame) -> Vec<String>>;

impl Library {
    /// In the order of the table.
    pub const ALL: [Self; 5] = [Self::Usher, Self::Rqrr, Self::Rxing, Self::RxingFiltered, Self::ZxingCpp];

    /// What it is called in the table and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usher => "usher",
            Self::Rqrr => "rqrr",
            Self::Rxing => "rxing",
            Self::RxingFiltered => "rxing-filtered",
            Self::ZxingCpp => "zxing-cpp",
        }
    }

    /// A reader that is ready.
    pub fn ready(self) -> Read {
        match self {
            Self::Usher => {
                let mut reader = Reader::new();
                Box::new(move |frame| {
                    reader.read(frame, Budget::DESK).codes.iter().map(usher_scan::Code::shown).collect()
                })
            }
            Self::Rqrr => Box::new(rqrr),
            Self::Rxing => Box::new(|frame| rxing(frame, helpers::detect_in_luma_with_hints)),
            Self::RxingFiltered => {
                Box::new(|frame| rxing(frame, helpers::detect_in_luma_filtered_with_hints))
            }
            Self::ZxingCpp => Box::new(zxing_cpp),
        }
    }
}

fn rqrr(frame: &Frame) -> Vec<String> {
    let (width, height, luma) = (frame.width() as usize, frame.height() as usize, frame.grey().as_raw());
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| luma[y * width + x]);
    let payload = |grid: rqrr::Grid<_>| {
        let mut bytes = Vec::new();
        grid.decode_to(&mut bytes).ok().map(|_| shown(bytes))
    };
    prepared.detect_grids().into_iter().filter_map(payload).collect()
}

type Detect = fn(
    Vec<u8>,
    u32,
    u32,
    Option<BarcodeFormat>,
    &mut DecodeHints,
) -> rxing::common::Result<rxing::RXingResult>;

fn rxing(frame: &Frame, detect: Detect) -> Vec<String> {
    let luma = frame.grey().as_raw().clone();
    let qr = Some(BarcodeFormat::QR_CODE);
    let found = detect(luma, frame.width(), frame.height(), qr, &mut DecodeHints::default());
    found.iter().map(|found| found.getText().to_owned()).collect()
}

fn zxing_cpp(frame: &Frame) -> Vec<String> {
    use zxingcpp::{BarcodeFormat, ImageFormat, ImageView};
    let reader = zxingcpp::read().formats([BarcodeFormat::QRCode]);
    let view = ImageView::from_slice(frame.grey().as_raw(), frame.width(), frame.height(), ImageFormat::Lum);
    let found = view.and_then(|view| reader.from(&view)).unwrap_or_default();
    found.iter().map(|code| shown(code.bytes())).collect()
}

/// As `usher-scan` prints payloads: UTF-8, or else each byte as the Latin-1 character of that number.
fn shown(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect())
}
