//! The picture of the *Scanner test*'s code says what the window expects to be typed: it is drawn here, and a scanner reads it.
//!
//! `USHER_WRITE_TEST_CODE=1 cargo test -p usher-tests --test test_code` draws it anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::{fmt::Write, path::PathBuf};

use image::{GrayImage, Luma};
use imageproc::{drawing::draw_filled_rect_mut, rect::Rect};
use qrcode::{Color, QrCode};
use usher_core::{
    ids::EventId,
    ticket::{CodeShape, classify},
};
use usher_scan::{Budget, Frame, Reader};

/// Light modules around the code, as scanners need them.
const QUIET: usize = 4;

fn ui(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ui/desk").join(path)
}

/// What the window expects, from its own source.
fn expected() -> String {
    let source = std::fs::read_to_string(ui("model/scanner-test.ts")).unwrap();
    let (_, rest) = source.split_once("TEST_CODE = \"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// The dark modules as a path, a rectangle each run of a row.
fn drawn(code: &QrCode) -> String {
    let (width, colours) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in colours.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let dark = row[x..].iter().take_while(|colour| **colour == Color::Dark).count();
            if dark > 0 {
                write!(path, "M{} {}h{dark}v1h-{dark}z", x + QUIET, y + QUIET).unwrap();
            }
            x += dark.max(1);
        }
    }
    path
}

fn module(text: &str) -> String {
    let code = QrCode::new(text).unwrap();
    let (side, path) = (code.width() + 2 * QUIET, drawn(&code));
    format!(
        "// Drawn by tests/tests/test_code.rs; never edited by hand.\n\n/** How many modules the picture has a side, its light edge with them. */\nexport const SIDE = {side};\n/** Its dark modules. */\nexport const PATH =\n  \"{path}\";\n"
    )
}

#[test]
fn the_picture_is_the_code_that_the_window_expects() {
    let (wanted, file) = (module(&expected()), ui("test-code.ts"));
    if std::env::var_os("USHER_WRITE_TEST_CODE").is_some() {
        std::fs::write(&file, &wanted).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), wanted);
}

#[test]
fn the_code_is_no_ticket_of_any_event() {
    let text = expected();
    let shape = classify(&text, EventId(uuid::Uuid::from_u128(7)));
    assert!(matches!(shape, CodeShape::NotATicket), "{shape:?}");
}

/// The picture as the window shows it, so many pixels a module.
fn painted(module_px: u32) -> GrayImage {
    let source = std::fs::read_to_string(ui("test-code.ts")).unwrap();
    let number = |text: &str| {
        text.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>().unwrap()
    };
    let side = number(source.split_once("SIDE = ").unwrap().1);
    let mut picture = GrayImage::from_pixel(side * module_px, side * module_px, Luma([255]));
    for bar in source.split_once("PATH =").unwrap().1.split('M').skip(1) {
        let (x, rest) = bar.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let at = Rect::at((number(x) * module_px) as i32, (number(y) * module_px) as i32);
        draw_filled_rect_mut(&mut picture, at.of_size(number(rest) * module_px, module_px), Luma([0]));
    }
    picture
}

#[test]
fn the_picture_is_read_as_the_code() {
    let frame = Frame::from_grey(painted(8)).unwrap();
    let reading = Reader::new().read(&frame, Budget::from_ms(10_000));
    let texts: Vec<_> = reading.codes.iter().map(usher_scan::Code::text).collect();
    assert_eq!(texts, [Some(expected().as_str())]);
}
