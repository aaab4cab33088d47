//! The modules of a code whose colour every code has: the three finder patterns and the timing rows (ISO/IEC 18004, 6.3).

/// A module of a timing row says as much as two of a pattern, whose rings are all alike.
const TIMING_WEIGHT: usize = 2;

/// How many of a hundred fixed modules of a code of `side` modules have their colour.
pub(crate) fn right(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> usize {
    let (mut right, mut all) = (0, 0);
    let mut see = |x, y, dark, weight| {
        all += weight;
        right += if is_dark(x, y) == dark { weight } else { 0 };
    };
    for (left, top) in [(0, 0), (side - 7, 0), (0, side - 7)] {
        for (x, y) in (0..49usize).map(|k| (k % 7, k / 7)) {
            let ring = x.abs_diff(3).max(y.abs_diff(3));
            see(left + x, top + y, ring != 2, 1);
        }
    }
    for at in 8..side - 8 {
        see(at, 6, at % 2 == 0, TIMING_WEIGHT);
        see(6, at, at % 2 == 0, TIMING_WEIGHT);
    }
    100 * right / all
}

#[cfg(test)]
mod tests {
    use super::*;
    use qrcode::{Color, QrCode};

    #[test]
    fn a_code_has_them_all_and_nothing_else_has_most() {
        for payload in ["A", "https://example.org/a/longer/one/that/needs/a/larger/version/of/the/code"] {
            let code = QrCode::new(payload).unwrap();
            let side = code.width();
            assert_eq!(right(side, |x, y| code[(x, y)] == Color::Dark), 100);
            assert!(right(side, |x, y| code[(x, y)] == Color::Light) == 0);
            assert!(right(side, |x, y| x + 1 < side && code[(x + 1, y)] == Color::Dark) < 75);
        }
        assert!(right(21, |_, _| true) < 75 && right(21, |_, _| false) < 75);
    }
}
