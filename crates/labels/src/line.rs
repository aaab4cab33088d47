//! One line of words as shapes: directions resolved, a font for every letter, letters joined as their script asks.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use harfrust::{
    Buffer, Direction, Font, GlyphId, Script, ShapeOptions, ShaperFont,
    unicode::{combining_class, script},
};
use unicode_bidi::{BidiInfo, Level};

use crate::{
    Unprintable,
    fonts::{Chosen, Weight, unseen},
};

/// Letters of one font, from left to right. All lengths are in units of the font, [`Run::em`] of them to the size of the letters.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) font: Arc<Font>,
    pub(crate) em: f32,
    /// Which shapes, and where their origins stand from the run's left end.
    pub(crate) glyphs: Vec<(GlyphId, f32, f32)>,
    width: f32,
    // How far the ink reaches above and below the line's foot.
    top: f32,
    bottom: f32,
}

/// The least that a line reaches above and below its foot, so that lines of small letters stand no closer than others.
const ASCENT_MIN: f32 = 0.72;
const DESCENT_MIN: f32 = 0.2;
/// So many letters without a font are enough to say what is missing: for each one every font of the computer was read.
const MISSING_MAX: usize = 4;
/// The white between two lines.
const LEADING: f32 = 0.1;

/// A line, from left to right. All lengths are parts of the size of its letters.
#[derive(Clone, Default)]
pub(crate) struct Line {
    pub(crate) runs: Vec<Run>,
    pub(crate) width: f32,
    pub(crate) ascent: f32,
    pub(crate) descent: f32,
}

impl Run {
    fn of(font: &Arc<Font>) -> Self {
        let em = f32::from(font.units_per_em());
        Self { font: Arc::clone(font), em, glyphs: Vec::new(), width: 0.0, top: 0.0, bottom: 0.0 }
    }

    fn add(&mut self, glyph: GlyphId, (x, y): (f32, f32), advance: f32) {
        if let Some(ink) = self.font.glyph_metrics().extents(glyph) {
            self.top = self.top.max(y + ink.y_bearing);
            self.bottom = self.bottom.max(ink.height - ink.y_bearing - y);
        }
        self.glyphs.push((glyph, self.width + x, y));
        self.width += advance;
    }

    /// How wide it is, as a part of the size of its letters.
    pub(crate) fn width(&self) -> f32 {
        self.width / self.em
    }
}

impl Line {
    /// How high it is, as a part of the size of its letters.
    pub(crate) fn height(&self) -> f32 {
        self.ascent + self.descent + LEADING
    }
}

/// Letters that one font draws in one direction.
struct Piece {
    range: Range<usize>,
    script: Script,
    font: Arc<Font>,
}

/// Shapes a line.
pub(crate) fn shape(text: &str, weight: Weight, fonts: &Chosen<'_>) -> Result<Line, Unprintable> {
    let directions = BidiInfo::new(text, None);
    let Some(whole) = directions.paragraphs.first() else { return Ok(Line::default()) };
    let (levels, visual) = directions.visual_runs(whole, whole.range.clone());
    let mut line = Line::default();
    for range in visual {
        let level = levels.get(range.start).copied().unwrap_or(Level::ltr());
        let mut pieces = pieces(text, range, weight, fonts)?;
        if level.is_rtl() {
            pieces.reverse();
        }
        for piece in pieces {
            line.add(run(text, &piece, level.is_rtl())?);
        }
    }
    Ok(line)
}

/// Whether a text is written from right to left: its first letter with a direction says so.
pub(crate) fn right_to_left(text: &str) -> bool {
    BidiInfo::new(text, None).paragraphs.first().is_some_and(|whole| whole.level.is_rtl())
}

/// The letters of a range, cut where script or font change. Marks stay with the letter they stand on.
fn pieces(
    text: &str,
    range: Range<usize>,
    weight: Weight,
    fonts: &Chosen<'_>,
) -> Result<Vec<Piece>, Unprintable> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut missing = BTreeSet::new();
    let mut current = first_script(&text[range.clone()]);
    for cluster in clusters(text, range) {
        let letters = &text[cluster.clone()];
        current = own_script(letters).unwrap_or(current);
        let Some(font) = fonts.of(letters, current, weight) else {
            missing.extend(letters.chars());
            if missing.len() >= MISSING_MAX {
                break;
            }
            continue;
        };
        match pieces.last_mut().filter(|last| last.script == current) {
            Some(last) if letters.chars().all(unseen) || Arc::ptr_eq(&font, &last.font) => {
                last.range.end = cluster.end;
            }
            _ => pieces.push(Piece { range: cluster, script: current, font }),
        }
    }
    if missing.is_empty() { Ok(pieces) } else { Err(Unprintable::letters(&missing)) }
}

/// A letter and the marks on it, each.
fn clusters(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut clusters: Vec<Range<usize>> = Vec::new();
    for (at, c) in text[range.clone()].char_indices() {
        let (start, end) = (range.start + at, range.start + at + c.len_utf8());
        let mark = combining_class(c.into()) != 0 || script(c.into()) == Script::INHERITED || unseen(c);
        match clusters.last_mut() {
            Some(last) if mark => last.end = end,
            _ => clusters.push(start..end),
        }
    }
    clusters
}

fn own_script(letters: &str) -> Option<Script> {
    let shared = |script: &Script| matches!(*script, Script::COMMON | Script::INHERITED | Script::UNKNOWN);
    letters.chars().map(|c| script(c.into())).find(|script| !shared(script))
}

fn first_script(text: &str) -> Script {
    own_script(text).unwrap_or(Script::LATIN)
}

fn run(text: &str, piece: &Piece, right_to_left: bool) -> Result<Run, Unprintable> {
    let mut buffer = Buffer::new();
    buffer.set_pre_context(&text[..piece.range.start]);
    buffer.push_str(&text[piece.range.clone()]);
    buffer.set_post_context(&text[piece.range.end..]);
    buffer.set_script(Some(piece.script));
    buffer.set_direction(if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight });
    let letters = || Unprintable::letters(&text[piece.range.clone()].chars().collect());
    let shaper = ShaperFont::new(&piece.font);
    harfrust::shape(&shaper, &mut buffer, ShapeOptions::new()).map_err(|_| letters())?;
    let mut run = Run::of(&piece.font);
    for (info, place) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
        if info.glyph_id == 0 {
            return Err(letters());
        }
        run.add(
            GlyphId::new(info.glyph_id),
            (place.x_offset as f32, place.y_offset as f32),
            place.x_advance as f32,
        );
    }
    Ok(run)
}

impl Line {
    fn add(&mut self, run: Run) {
        self.ascent = self.ascent.max(run.top / run.em).max(ASCENT_MIN);
        self.descent = self.descent.max(run.bottom / run.em).max(DESCENT_MIN);
        self.width += run.width();
        self.runs.push(run);
    }
}
