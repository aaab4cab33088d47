//! Places where a code may stand: three finder patterns that fit together, whether or not anybody could read what lies between.

use rxing::common::cpp_essentials::ConcentricPattern;

use crate::code::{Place, Point};

/// More finder patterns than this are a texture: the first are looked at.
const PATTERNS_MAX: usize = 24;
/// Suspects of one look at the picture.
const OF_A_LOOK_MAX: usize = 4;
/// Two suspects whose corners are all nearer than so many modules are one.
const SAME_MODULES: f32 = 3.0;
/// Modules along a side of a code, with the perspective of a tilted one.
const SIDE: std::ops::RangeInclusive<f32> = 17.0..=90.0;
/// The angle at the corner is 90° give or take 50°.
const SKEW_MAX: f32 = 0.77;

/// Three finder patterns, by their middles in pixels of the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Suspect {
    pub(crate) upper_left: Point,
    pub(crate) upper_right: Point,
    pub(crate) lower_left: Point,
    /// The side of a module, in pixels.
    pub(crate) module: f32,
    /// How little the three look like a code's corners; 0 is perfect.
    doubt: f32,
}

impl Suspect {
    /// One of whose patterns a place was guessed; none where no code has such a size.
    pub(crate) fn guessed(
        upper_left: Point,
        upper_right: Point,
        lower_left: Point,
        module: f32,
    ) -> Option<Self> {
        let found = Self { upper_left, upper_right, lower_left, module, doubt: 0.0 };
        SIDE.contains(&found.modules()).then_some(found)
    }

    /// The middles of the patterns.
    pub(crate) fn patterns(&self) -> [Point; 3] {
        [self.upper_left, self.upper_right, self.lower_left]
    }

    /// The middles of the patterns, and where a parallelogram has its fourth corner.
    pub(crate) fn place(&self) -> Place {
        let across = self.upper_right.minus(self.upper_left);
        let corners =
            [self.upper_left, self.upper_right, self.lower_left.moved(across, 1.0), self.lower_left];
        Place { corners }
    }

    /// How many modules lie along a side, by the distance of the patterns and their size.
    pub(crate) fn modules(&self) -> f32 {
        let sides = self.upper_right.minus(self.upper_left).length()
            + self.lower_left.minus(self.upper_left).length();
        sides / 2.0 / self.module + 7.0
    }

    /// The same in a picture of which this one is a part, which begins at `from`.
    pub(crate) fn moved(&self, from: Point) -> Self {
        self.within(Point::new(-from.x, -from.y), 1.0)
    }

    /// The same in a picture that begins at `from` and is so many times as large.
    pub(crate) fn within(&self, from: Point, times: f32) -> Self {
        let to = |point: Point| point.minus(from).times(times);
        let (upper_left, upper_right) = (to(self.upper_left), to(self.upper_right));
        Self {
            upper_left,
            upper_right,
            lower_left: to(self.lower_left),
            module: self.module * times,
            ..*self
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        let near = |a: Point, b: Point| a.minus(b).length() < SAME_MODULES * other.module;
        near(self.upper_left, other.upper_left)
            && near(self.upper_right, other.upper_right)
            && near(self.lower_left, other.lower_left)
    }
}

/// The likeliest suspects among the finder patterns of a picture of which each pixel is `factor` of the frame's wide.
pub(crate) fn among(patterns: &[ConcentricPattern], factor: f32) -> Vec<Suspect> {
    let patterns: Vec<Pattern> =
        patterns.iter().take(PATTERNS_MAX).map(|pattern| Pattern::of(pattern, factor)).collect();
    let mut found = Vec::new();
    for (i, corner) in patterns.iter().enumerate() {
        let others: Vec<&Pattern> =
            patterns.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other).collect();
        for (j, a) in others.iter().enumerate() {
            found.extend(others[j + 1..].iter().filter_map(|b| suspect(corner, a, b)));
        }
    }
    found.sort_by(by_doubt);
    found.truncate(OF_A_LOOK_MAX);
    found
}

/// Adds what is not there yet, the likeliest first.
pub(crate) fn merge(all: &mut Vec<Suspect>, new: Vec<Suspect>) {
    for suspect in new {
        if !all.iter().any(|known| known.is_same(&suspect)) {
            all.push(suspect);
        }
    }
    all.sort_by(by_doubt);
}

fn by_doubt(a: &Suspect, b: &Suspect) -> std::cmp::Ordering {
    a.doubt.total_cmp(&b.doubt)
}

/// A finder pattern, in pixels of the frame.
pub(crate) struct Pattern {
    pub(crate) middle: Point,
    /// Its side: seven modules.
    pub(crate) size: f32,
}

impl Pattern {
    pub(crate) fn of(pattern: &ConcentricPattern, factor: f32) -> Self {
        Self {
            middle: Point::new(pattern.p.x, pattern.p.y).times(factor),
            size: pattern.size as f32 * factor,
        }
    }
}

/// Whether the three are a code's corners with `corner` at the upper left.
fn suspect(corner: &Pattern, a: &Pattern, b: &Pattern) -> Option<Suspect> {
    let (to_a, to_b) = (a.middle.minus(corner.middle), b.middle.minus(corner.middle));
    let (length_a, length_b) = (to_a.length(), to_b.length());
    let largest = corner.size.max(a.size).max(b.size);
    let smallest = corner.size.min(a.size).min(b.size);
    let skew = ((to_a.x * to_b.x + to_a.y * to_b.y) / (length_a * length_b)).abs();
    let sides = length_a / length_b;
    if largest > 2.2 * smallest || !(0.33..=3.0).contains(&sides) || skew.is_nan() || skew > SKEW_MAX {
        return None;
    }
    // Clockwise from the upper right to the lower left, as the picture's y grows downwards.
    let turns_right = to_a.x * to_b.y - to_a.y * to_b.x > 0.0;
    let (upper_right, lower_left) = if turns_right { (a.middle, b.middle) } else { (b.middle, a.middle) };
    let module = (corner.size + a.size + b.size) / 21.0;
    let unequal = sides.ln().abs() + 2.0 * (largest / smallest).ln();
    let found = Suspect { upper_left: corner.middle, upper_right, lower_left, module, doubt: 0.0 };
    let doubt = 2.0 * skew + unequal + found.modules() / 60.0;
    SIDE.contains(&found.modules()).then_some(Suspect { doubt, ..found })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn pattern(x: f32, y: f32, size: f32) -> Pattern {
        Pattern { middle: Point::new(x, y), size }
    }

    /// A suspect where a test knows one, as one pixel-exact look would find it.
    pub(crate) fn by_corners(
        upper_left: Point,
        upper_right: Point,
        lower_left: Point,
        module: f32,
    ) -> Suspect {
        Suspect { upper_left, upper_right, lower_left, module, doubt: 0.0 }
    }

    /// Version 1, ten pixels to a module, its upper left pattern at (100, 100).
    pub(crate) fn upright() -> Suspect {
        suspect(&pattern(100.0, 100.0, 70.0), &pattern(240.0, 100.0, 70.0), &pattern(100.0, 240.0, 70.0))
            .unwrap()
    }

    #[test]
    fn three_corners_are_a_suspect_in_either_order() {
        let found = upright();
        assert_eq!((found.modules(), found.module), (21.0, 10.0));
        assert_eq!(found.upper_right, Point::new(240.0, 100.0));
        assert_eq!(found.place().corners[2], Point::new(240.0, 240.0));
        let turned =
            suspect(&pattern(100.0, 100.0, 70.0), &pattern(100.0, 240.0, 70.0), &pattern(240.0, 100.0, 70.0));
        assert_eq!(turned, Some(found));
    }

    #[test]
    fn patterns_in_a_line_of_unequal_size_or_too_near_are_none() {
        let corner = pattern(100.0, 100.0, 70.0);
        assert_eq!(suspect(&corner, &pattern(240.0, 100.0, 70.0), &pattern(380.0, 110.0, 70.0)), None);
        assert_eq!(suspect(&corner, &pattern(240.0, 100.0, 70.0), &pattern(100.0, 240.0, 20.0)), None);
        assert_eq!(suspect(&corner, &pattern(180.0, 100.0, 70.0), &pattern(100.0, 180.0, 70.0)), None);
        assert_eq!(suspect(&corner, &pattern(100.0, 100.0, 70.0), &pattern(100.0, 240.0, 70.0)), None);
    }

    #[test]
    fn the_same_place_seen_twice_is_one_and_the_likeliest_is_first() {
        let (sure, mut near) = (upright(), upright());
        near.upper_left = near.upper_left.moved(Point::new(1.0, 1.0), 12.0);
        let far =
            suspect(&pattern(500.0, 100.0, 70.0), &pattern(640.0, 120.0, 60.0), &pattern(480.0, 240.0, 70.0))
                .unwrap();
        let mut all = Vec::new();
        merge(&mut all, vec![far]);
        merge(&mut all, vec![sure, near]);
        assert_eq!(all, [sure, far]);
    }

    #[test]
    fn in_a_part_of_the_picture_a_suspect_keeps_its_shape() {
        let within = upright().within(Point::new(50.0, 20.0), 2.0);
        assert_eq!((within.upper_left, within.module), (Point::new(100.0, 160.0), 20.0));
        assert_eq!(within.modules(), 21.0);
    }
}
