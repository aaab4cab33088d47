//! What a reader found: the bytes of a code and where it stands in the frame.
//!
//! What the bytes mean (a ticket, a URL, somebody's wifi) is not known here.

/// A point in pixels of the frame, from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

impl Point {
    pub(crate) fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    fn distance_squared(self, other: Self) -> f32 {
        (self.x - other.x).powi(2) + (self.y - other.y).powi(2)
    }

    /// The way from `other` to here.
    pub(crate) fn minus(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }

    /// So far along `way`.
    pub(crate) fn moved(self, way: Self, times: f32) -> Self {
        Self::new(self.x + way.x * times, self.y + way.y * times)
    }

    pub(crate) fn times(self, times: f32) -> Self {
        Self::new(self.x * times, self.y * times)
    }

    /// How long the way from the corner of the picture is.
    pub(crate) fn length(self) -> f32 {
        self.x.hypot(self.y)
    }
}

/// Where a code stands: its corners, within a few modules (some readers give the centres of the finder patterns).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Place {
    /// Upper left, upper right, lower right, lower left, as the code itself is turned.
    pub corners: [Point; 4],
}

impl Place {
    /// The middle of the corners.
    #[must_use]
    pub fn centre(&self) -> Point {
        let sum = self.corners.iter().fold(Point::default(), |s, p| Point::new(s.x + p.x, s.y + p.y));
        Point::new(sum.x / 4.0, sum.y / 4.0)
    }

    /// In a picture of which this one is a part, which begins at `from`.
    pub(crate) fn moved(self, from: Point) -> Self {
        Self { corners: self.corners.map(|p| p.moved(from, 1.0)) }
    }

    pub(crate) fn scaled(self, factor: f32) -> Self {
        Self { corners: self.corners.map(|p| p.times(factor)) }
    }
}

/// A QR code that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// The payload, byte for byte; never empty. Two codes are the same when their bytes are.
    pub bytes: Vec<u8>,
    /// Where it stands in the frame.
    pub place: Place,
    /// Its fixed modules were seen clearly. What was not is believed of a camera only when it is read twice.
    pub sure: bool,
}

impl Code {
    /// The payload as text, or `None` where the bytes are not UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// The payload for people to look at: UTF-8, or else each byte as the Latin-1 character of that number, which loses nothing.
    #[must_use]
    pub fn shown(&self) -> String {
        self.text().map_or_else(|| self.bytes.iter().map(|&b| char::from(b)).collect(), str::to_owned)
    }
}

/// One of each payload, the one nearest to the middle of the frame first.
pub(crate) fn centre_most_first(mut codes: Vec<Code>, width: u32, height: u32) -> Vec<Code> {
    let middle = Point::new(width as f32 / 2.0, height as f32 / 2.0);
    codes.sort_by(|a, b| {
        let far = |c: &Code| c.place.centre().distance_squared(middle);
        far(a).total_cmp(&far(b))
    });
    let mut kept: Vec<Code> = Vec::with_capacity(codes.len());
    for code in codes {
        if !kept.iter().any(|k| k.bytes == code.bytes) {
            kept.push(code);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(bytes: &[u8], x: f32, y: f32) -> Code {
        Code { bytes: bytes.to_vec(), place: Place { corners: [Point::new(x, y); 4] }, sure: true }
    }

    #[test]
    fn the_one_in_the_middle_is_first_and_a_repeat_is_dropped() {
        let codes = vec![
            at(b"edge", 5.0, 5.0),
            at(b"mid", 60.0, 50.0),
            at(b"edge", 90.0, 90.0),
            at(b"mid", 50.0, 50.0),
        ];
        let sorted = centre_most_first(codes, 100, 100);
        let names: Vec<&[u8]> = sorted.iter().map(|c| c.bytes.as_slice()).collect();
        assert_eq!(names, [b"mid".as_slice(), b"edge".as_slice()]);
        assert_eq!(sorted[0].place.centre(), Point::new(50.0, 50.0));
    }

    #[test]
    fn bytes_that_are_not_text_are_kept_and_shown_without_loss() {
        let code = at(&[0xff, b'a', 0x80], 0.0, 0.0);
        assert_eq!(code.text(), None);
        assert_eq!(code.shown(), "\u{ff}a\u{80}");
        assert_eq!(at("Zoë".as_bytes(), 0.0, 0.0).text(), Some("Zoë"));
    }
}
