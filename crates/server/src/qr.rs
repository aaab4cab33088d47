//! QR codes for the terminal, for pictures and for SVG files. What stands in them is the caller's business.

use qrcode::{Color, EcLevel, QrCode, types::QrError};

/// Light modules around a code, as the standard asks.
const QUIET: usize = 4;

/// A code as rows of dark (true) and light modules, the quiet zone around it included.
pub(crate) struct Modules {
    rows: Vec<Vec<bool>>,
}

impl Modules {
    /// Encodes `text` with medium error correction.
    ///
    /// # Errors
    /// When the text does not fit a QR code.
    pub(crate) fn of(text: &str) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
        let width = code.width();
        let all = width + 2 * QUIET;
        let mut rows = vec![vec![false; all]; all];
        for (at, colour) in code.to_colors().into_iter().enumerate() {
            rows[QUIET + at / width][QUIET + at % width] = colour == Color::Dark;
        }
        Ok(Self { rows })
    }

    /// Modules on a side, the quiet zone included.
    #[must_use]
    pub(crate) fn side(&self) -> usize {
        self.rows.len()
    }

    fn dark(&self, row: usize, column: usize) -> bool {
        self.rows.get(row).and_then(|row| row.get(column)).copied().unwrap_or(false)
    }

    /// Two rows of modules to a line, in half blocks; `coloured` for a terminal: black on white whatever its own colours are.
    pub(crate) fn half_blocks(&self, coloured: bool) -> String {
        let (begin, end) = if coloured { ("\x1b[38;5;16;48;5;231m", "\x1b[0m\n") } else { ("", "\n") };
        let mut out = String::new();
        for row in (0..self.side()).step_by(2) {
            out.push_str(begin);
            out.extend((0..self.side()).map(|column| {
                match (self.dark(row, column), self.dark(row + 1, column)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                }
            }));
            out.push_str(end);
        }
        out
    }

    /// A grey picture with `pixels` pixels on each side of a module.
    ///
    /// # Errors
    /// When the picture cannot be encoded.
    pub(crate) fn png(&self, pixels: u32) -> Result<Vec<u8>, image::ImageError> {
        let side = u32::try_from(self.side()).unwrap_or(u32::MAX).saturating_mul(pixels);
        let picture = image::GrayImage::from_fn(side, side, |x, y| {
            image::Luma([if self.dark((y / pixels) as usize, (x / pixels) as usize) { 0 } else { 255 }])
        });
        let mut out = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut out, image::ImageFormat::Png)?;
        Ok(out.into_inner())
    }

    /// A drawing with `pixels` units on each side of a module.
    #[must_use]
    pub(crate) fn svg(&self, pixels: usize) -> String {
        let side = self.side();
        let mut path = String::new();
        for row in 0..side {
            for column in (0..side).filter(|column| self.dark(row, *column)) {
                path.push_str(&format!("M{column} {row}h1v1h-1z"));
            }
        }
        let size = side * pixels;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path fill=\"#000\" d=\"{path}\"/></svg>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quiet_zone_is_light_and_the_finder_dark() {
        let code = Modules::of("U-ABCDEF-00000000000000000000000000").unwrap();
        assert!(
            !code.dark(3, 3) && code.dark(4, 4) && code.dark(4, 10) && !code.dark(5, 5) && code.dark(6, 6)
        );
        assert_eq!(code.half_blocks(true).lines().count(), code.side().div_ceil(2));
        let picture = image::load_from_memory(&code.png(8).unwrap()).unwrap();
        assert_eq!(picture.width() as usize, code.side() * 8);
        assert!(code.svg(8).contains("M4 4h1v1h-1z"));
    }

    #[test]
    fn too_long_a_text_is_no_panic() {
        assert!(Modules::of(&"x".repeat(5000)).is_err());
    }
}
