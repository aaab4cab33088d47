//! A text as the dark fields of a QR code.

use qrcode::{Color, EcLevel, QrCode};

/// The empty fields that a reader needs around a code.
pub(crate) const QUIET: usize = 4;

/// A code: fields a side, and runs of dark ones as column, row and length.
pub(crate) struct Fields {
    pub(crate) side: usize,
    pub(crate) dark: Vec<(usize, usize, usize)>,
}

/// Draws a text; none when it is longer than any code can hold.
pub(crate) fn fields(text: &str) -> Option<Fields> {
    let level = |level| QrCode::with_error_correction_level(text, level);
    let code = level(EcLevel::M).or_else(|_| level(EcLevel::L)).ok()?;
    let side = code.width();
    let mut dark: Vec<(usize, usize, usize)> = Vec::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        let (row, column) = (at / side, at % side);
        match dark.last_mut() {
            _ if color == Color::Light => {}
            Some((from, of, length)) if *of == row && *from + *length == column => *length += 1,
            _ => dark.push((column, row, 1)),
        }
    }
    Some(Fields { side, dark })
}
