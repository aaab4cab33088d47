//! A net laid over a code that is bent, tilted or crumpled: from the three finder patterns it grows node by node, each where the modules
//! around it stand apart best, so that it follows paper, cloth and bottles where a plane does not.

use rxing::common::BitMatrix;

use crate::code::Point;
use crate::fixed;
use crate::ink::Ink;
use crate::suspect::Suspect;

/// How many modules lie between two nodes.
const SPACING: usize = 3;
/// A module is looked at in four points, so far from its middle to each side, in modules.
const OFF: [f32; 2] = [-0.22, 0.22];
/// How far a node looks for a better place than its neighbours', in modules: first roughly, then finely.
const REACH: [f32; 2] = [0.25, 0.125];
/// How many modules to each side of a node say how well it lies.
const AROUND: i32 = 2;
/// What a better place must be better by: a plain surface moves no node.
const BETTER_BY: i32 = 64;
/// The upper and left strip, which holds the patterns and the timing rows, in modules.
const STRIP: f32 = 9.5;
/// A net over a code of so many modules.
pub(crate) struct Net<'a> {
    ink: &'a Ink<'a>,
    side: usize,
    nodes: usize,
    origin: Point,
    /// A module to the right, and one downwards.
    right: Point,
    down: Point,
    /// How far each node lies from where a plane has it; none: it was not looked at yet.
    shifts: Vec<Option<Point>>,
}

impl<'a> Net<'a> {
    /// Lays a net for a code of `side` modules, lets it grow, and gives the modules; none where the fixed ones are not there.
    pub(crate) fn cast(ink: &'a Ink<'a>, suspect: &Suspect, side: usize) -> Option<BitMatrix> {
        let mut net = Self::plane_over(ink, suspect, side);
        let (strip, rest): (Vec<_>, Vec<_>) =
            net.order().into_iter().partition(|node| ((node.0.min(node.1) * SPACING) as f32) < STRIP);
        strip.into_iter().for_each(|node| net.settle(node));
        if !fixed::stands(side, |x, y| net.is_dark(x, y)) {
            return None;
        }
        rest.into_iter().for_each(|node| net.settle(node));
        net.modules()
    }

    /// How many of a hundred timing modules are right where a plane has them, for a quick doubt about a place.
    pub(crate) fn timing_on_a_plane(ink: &'a Ink<'a>, suspect: &Suspect, side: usize) -> usize {
        let plane = Self::plane_over(ink, suspect, side);
        fixed::timing(side, |x, y| plane.is_dark(x, y))
    }

    /// A net that nobody has pulled at yet: a plane through the three patterns.
    fn plane_over(ink: &'a Ink<'a>, suspect: &Suspect, side: usize) -> Self {
        let span = 1.0 / (side - 7) as f32;
        let right = suspect.upper_right.minus(suspect.upper_left).times(span);
        let down = suspect.lower_left.minus(suspect.upper_left).times(span);
        let origin = suspect.upper_left.moved(right, -3.5).moved(down, -3.5);
        let nodes = side.div_ceil(SPACING) + 1;
        Self { ink, side, nodes, origin, right, down, shifts: vec![None; nodes * nodes] }
    }

    /// All nodes, those near a finder pattern first.
    fn order(&self) -> Vec<(usize, usize)> {
        let end = self.side as f32 - 3.5;
        let patterns = [(3.5, 3.5), (end, 3.5), (3.5, end)];
        let far = |(i, j): &(usize, usize)| {
            let (x, y) = ((i * SPACING) as f32, (j * SPACING) as f32);
            patterns.iter().map(|p| (x - p.0).abs().max((y - p.1).abs())).fold(f32::MAX, f32::min)
        };
        let mut all: Vec<_> =
            (0..self.nodes * self.nodes).map(|k| (k % self.nodes, k / self.nodes)).collect();
        all.sort_by(|a, b| far(a).total_cmp(&far(b)));
        all
    }

    /// Puts a node where its neighbours lie, and then where the modules around it stand apart best.
    fn settle(&mut self, node: (usize, usize)) {
        let plane = self.plane((node.0 * SPACING) as f32, (node.1 * SPACING) as f32);
        let mut best = self.neighbours(node);
        for reach in REACH {
            let start = best;
            let mut most = self.apart(node, plane.moved(start, 1.0)) + BETTER_BY;
            for k in (0..9).filter(|k| *k != 4) {
                let (a, b) = ((k % 3 - 1) as f32 * reach, (k / 3 - 1) as f32 * reach);
                let shift = start.moved(self.right, a).moved(self.down, b);
                let apart = self.apart(node, plane.moved(shift, 1.0));
                if apart > most {
                    (most, best) = (apart, shift);
                }
            }
        }
        self.shifts[node.1 * self.nodes + node.0] = Some(best);
    }

    /// The mean shift of the neighbours that have one, those at the sides counted twice.
    fn neighbours(&self, (i, j): (usize, usize)) -> Point {
        let (mut sum, mut weights) = (Point::default(), 0.0);
        for y in j.saturating_sub(1)..(j + 2).min(self.nodes) {
            for x in i.saturating_sub(1)..(i + 2).min(self.nodes) {
                if let Some(shift) = self.shifts[y * self.nodes + x] {
                    let weight = if x == i || y == j { 2.0 } else { 1.0 };
                    (sum, weights) = (sum.moved(shift, weight), weights + weight);
                }
            }
        }
        if weights > 0.0 { sum.times(1.0 / weights) } else { sum }
    }

    /// How clearly each module around a node is dark or light, if the node lies at `at`.
    fn apart(&self, (i, j): (usize, usize), at: Point) -> i32 {
        let inside = |node: usize, by: i32| {
            let module = (node * SPACING) as i32 + by;
            (0..self.side as i32).contains(&module)
        };
        let mut sum = 0;
        for b in (-AROUND..AROUND).filter(|b| inside(j, *b)) {
            for a in (-AROUND..AROUND).filter(|a| inside(i, *a)) {
                sum += self
                    .inked(|x, y| at.moved(self.right, a as f32 + x).moved(self.down, b as f32 + y))
                    .abs();
            }
        }
        sum
    }

    /// How dark a module is; `point` gives the place of a point in it, whose upper left corner is (0, 0).
    fn inked(&self, point: impl Fn(f32, f32) -> Point) -> i32 {
        let look = |x: f32, y: f32| self.ink.at(point(0.5 + x, 0.5 + y));
        look(OFF[0], OFF[0]) + look(OFF[1], OFF[0]) + look(OFF[0], OFF[1]) + look(OFF[1], OFF[1])
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        self.inked(|a, b| self.place(x as f32 + a, y as f32 + b)) > 0
    }

    fn plane(&self, x: f32, y: f32) -> Point {
        self.origin.moved(self.right, x).moved(self.down, y)
    }

    /// Where a point of the code lies in the picture: between the four nodes around it.
    fn place(&self, x: f32, y: f32) -> Point {
        let last = (self.nodes - 2) as f32;
        let (i, j) = ((x / SPACING as f32).floor().min(last), (y / SPACING as f32).floor().min(last));
        let (a, b) = (x / SPACING as f32 - i, y / SPACING as f32 - j);
        let shift = |i: usize, j: usize| self.shifts[j * self.nodes + i].unwrap_or_default();
        let (i, j) = (i as usize, j as usize);
        let above = shift(i, j).times(1.0 - a).moved(shift(i + 1, j), a);
        let below = shift(i, j + 1).times(1.0 - a).moved(shift(i + 1, j + 1), a);
        self.plane(x, y).moved(above, 1.0 - b).moved(below, b)
    }

    fn modules(&self) -> Option<BitMatrix> {
        let mut modules = BitMatrix::with_single_dimension(self.side as u32).ok()?;
        for y in 0..self.side {
            for x in (0..self.side).filter(|x| self.is_dark(*x, y)) {
                modules.set(x as u32, y as u32);
            }
        }
        Some(modules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::zxing::decode;
    use crate::suspect::tests::by_corners;
    use image::{GrayImage, Luma};
    use qrcode::{Color, EcLevel, QrCode};

    const MODULE: f32 = 6.0;
    const LEFT: f32 = 60.0;
    const PAYLOAD: &[u8] = b"https://example.org/tickets/4F7K-22QX-0001";

    /// Where a point of the picture lies on the paper, which waves by so many pixels.
    fn on_paper(point: Point, bend: f32) -> Point {
        Point::new(point.x + bend * (point.y / 60.0).sin(), point.y + bend * (point.x / 75.0).sin())
    }

    /// Where a point of the paper lies in the picture.
    fn in_picture(paper: Point, bend: f32) -> Point {
        (0..50).fold(paper, |at, _| at.moved(on_paper(at, bend).minus(paper), -1.0))
    }

    /// A code on waving paper, where its patterns are, and how many modules it has along a side.
    fn waving(bend: f32) -> (GrayImage, Suspect, usize) {
        let code = QrCode::with_error_correction_level(PAYLOAD, EcLevel::M).unwrap();
        let side = code.width();
        let module = |at: f32| ((at - LEFT) / MODULE).floor();
        let all = (side as f32).mul_add(MODULE, 2.0 * LEFT) as u32;
        let picture = GrayImage::from_fn(all, all, |x, y| {
            let paper = on_paper(Point::new(x as f32 + 0.5, y as f32 + 0.5), bend);
            let (x, y) = (module(paper.x), module(paper.y));
            let inside = x >= 0.0 && y >= 0.0 && x < side as f32 && y < side as f32;
            Luma([if inside && code[(x as usize, y as usize)] == Color::Dark { 30 } else { 220 }])
        });
        let (near, far) = (LEFT + 3.5 * MODULE, LEFT + (side as f32 - 3.5) * MODULE);
        let at = |x, y| in_picture(Point::new(x, y), bend);
        (picture, by_corners(at(near, near), at(far, near), at(near, far), MODULE), side)
    }

    fn caught(bend: f32) -> Option<Vec<u8>> {
        let (picture, suspect, side) = waving(bend);
        Net::cast(&Ink::of(&picture), &suspect, side).and_then(|modules| decode(&modules))
    }

    #[test]
    fn a_net_follows_paper_that_a_plane_does_not() {
        for bend in [0.0, 4.0, 8.0] {
            assert_eq!(caught(bend).as_deref(), Some(PAYLOAD), "bent by {bend} pixels");
        }
        let (picture, suspect, side) = waving(8.0);
        let ink = Ink::of(&picture);
        assert_eq!(Net::plane_over(&ink, &suspect, side).modules().and_then(|plane| decode(&plane)), None);
    }

    #[test]
    fn a_net_of_the_wrong_size_or_over_nothing_catches_nothing() {
        let (picture, suspect, side) = waving(0.0);
        let ink = Ink::of(&picture);
        assert!(Net::cast(&ink, &suspect, side + 4).is_none());
        assert!(Net::cast(&ink, &suspect, side - 4).is_none());
        let grey = GrayImage::from_pixel(300, 300, Luma([128]));
        assert!(Net::cast(&Ink::of(&grey), &suspect, side).is_none());
    }
}
