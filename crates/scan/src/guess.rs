//! Places where a code may stand of which only two finder patterns are seen: the third is torn, smeared or in glare. Where it would be is
//! guessed, in each way that the two may be corners of a square.

use rxing::common::cpp_essentials::ConcentricPattern;

use crate::code::Point;
use crate::suspect::{Pattern, Suspect};

/// Of more patterns than this no pair is looked at: a texture has hundreds.
const PATTERNS_MAX: usize = 8;
/// Two patterns of one code are not more unequal than this.
const UNEQUAL_MAX: f32 = 1.35;
/// Pairs of one look, the most equal ones; each is six guesses.
const PAIRS_MAX: usize = 2;

/// The guesses from the finder patterns of a picture of which each pixel is `factor` of the frame's wide.
pub(crate) fn among(patterns: &[ConcentricPattern], factor: f32) -> Vec<Suspect> {
    let patterns: Vec<Pattern> =
        patterns.iter().take(PATTERNS_MAX).map(|pattern| Pattern::of(pattern, factor)).collect();
    let mut pairs: Vec<(f32, Vec<Suspect>)> = Vec::new();
    for (i, a) in patterns.iter().enumerate() {
        for b in &patterns[i + 1..] {
            let unequal = (a.size / b.size).max(b.size / a.size);
            if unequal <= UNEQUAL_MAX {
                pairs.push((unequal, guesses(a, b)));
            }
        }
    }
    pairs.retain(|(_, guesses)| !guesses.is_empty());
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    pairs.into_iter().take(PAIRS_MAX).flat_map(|(_, guesses)| guesses).collect()
}

/// The two as neighbours, with the third on either side of either, and as the ends of the diagonal.
fn guesses(a: &Pattern, b: &Pattern) -> Vec<Suspect> {
    let (p, q) = (a.middle, b.middle);
    let way = q.minus(p);
    // A quarter turn clockwise, as the picture's y grows downwards.
    let turned = Point::new(-way.y, way.x);
    let middle = p.moved(way, 0.5);
    let module = (a.size + b.size) / 14.0;
    [
        (p, q, p.moved(turned, 1.0)),
        (q, p, q.moved(turned, -1.0)),
        (p, p.moved(turned, -1.0), q),
        (q, q.moved(turned, 1.0), p),
        (middle.moved(turned, 0.5), p, q),
        (middle.moved(turned, -0.5), q, p),
    ]
    .into_iter()
    .filter_map(|(upper_left, upper_right, lower_left)| {
        Suspect::guessed(upper_left, upper_right, lower_left, module)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(a: Point, b: Point) -> bool {
        a.minus(b).length() < 0.1
    }

    proptest! {
        /// Whichever pattern is lost, and however the code is turned, one of the guesses is the code.
        #[test]
        fn of_a_square_code_one_guess_is_right(turn in 0.0f32..6.2, side in 21.0f32..57.0, module in 2.0f32..8.0, lost in 0usize..3) {
            let (far, from) = ((side - 7.0) * module, Point::new(400.0, 300.0));
            let right = Point::new(far * turn.cos(), far * turn.sin());
            let down = Point::new(-right.y, right.x);
            let corners = [from, from.moved(right, 1.0), from.moved(down, 1.0)];
            let seen: Vec<Pattern> = (0..3)
                .filter(|corner| *corner != lost)
                .map(|corner| Pattern { middle: corners[corner], size: 7.0 * module })
                .collect();
            let guesses = guesses(&seen[0], &seen[1]);
            let is_it = |g: &Suspect| near(g.upper_left, corners[0]) && near(g.upper_right, corners[1]) && near(g.lower_left, corners[2]);
            prop_assert!(guesses.iter().any(is_it));
        }
    }
}
