//! The modules of a code whose colour every code has: the three finder patterns and the timing rows (ISO/IEC 18004, 6.3).

/// A module of a timing row says as much as two of a pattern, whose rings are all alike.
const TIMING_WEIGHT: usize = 2;

/// The side of the smallest code, in modules.
const SIDE_MIN: usize = 21;
/// Of a hundred fixed modules so many must be right before the others are believed.
const RIGHT_MIN: usize = 75;
/// With so many of a hundred nobody doubts that the code was laid out right.
const SURE_MIN: usize = 90;

/// Whether a code of `side` modules stands there, by its fixed modules.
pub(crate) fn stands(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> bool {
    side >= SIDE_MIN && right(side, is_dark) >= RIGHT_MIN
}

/// Whether it stands there clearly.
pub(crate) fn is_sure(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> bool {
    side >= SIDE_MIN && right(side, is_dark) >= SURE_MIN
}

/// How many of a hundred modules of the timing rows have their colour; half of them have it by chance.
pub(crate) fn timing(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> usize {
    let right = |at| [(at, 6), (6, at)].into_iter().filter(|&(x, y)| is_dark(x, y) == (at % 2 == 0)).count();
    50 * (8..side - 8).map(right).sum::<usize>() / (side - 16)
}

/// How many of a hundred fixed modules of a code of `side` modules have their colour.
fn right(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> usize {
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
            assert!(stands(side, |x, y| code[(x, y)] == Color::Dark));
            assert_eq!(timing(side, |x, y| code[(x, y)] == Color::Dark), 100);
            assert_eq!(timing(side, |x, y| code[(x, y)] == Color::Light), 0);
            assert!(!stands(side, |x, y| x + 1 < side && code[(x + 1, y)] == Color::Dark));
        }
        assert!(!stands(21, |_, _| true) && !stands(21, |_, _| false) && !stands(0, |_, _| true));
    }
}
