//! Where everything stands on a label: words at the side where their reader begins, the code at the other, the name the largest.

use crate::{
    Align, CodePlace, Design, Label, Unprintable,
    design::Row,
    fit::{Block, Room, fit, plain},
    fonts::{Chosen, Fonts},
    line::{Line, right_to_left},
    qr::{self, Fields},
};

/// Everything in points, from the lower left corner.
pub(crate) struct Page {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) texts: Vec<Text>,
    pub(crate) code: Option<Code>,
}

/// A line: where its foot begins, and how large its letters are.
pub(crate) struct Text {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) size: f32,
    pub(crate) line: Line,
}

/// A code: its lower left corner, and how wide a field is.
pub(crate) struct Code {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) field: f32,
    pub(crate) fields: Fields,
}

impl Code {
    /// How wide it is, with its quiet fields.
    fn side(&self) -> f32 {
        self.field * (self.fields.side + 2 * qr::QUIET) as f32
    }
}

/// How large each part's letters may be beside those of the part above it: the name stays the largest.
const NEXT_SHARE: f32 = 0.85;

/// The smallest letters and fields of a code that count as legible: 1.4 mm, and 0.3 mm, which is 2.4 dots of the usual label printer.
const LETTERS_MIN: f32 = 4.0;
const FIELD_MIN: f32 = 0.85;

/// Where the words may stand.
#[derive(Clone, Copy)]
struct Area {
    left: f32,
    bottom: f32,
    width: f32,
    height: f32,
}

impl Page {
    /// Whether everything on it is large enough to be read.
    pub(crate) fn legible(&self) -> bool {
        self.texts.iter().all(|text| text.size >= LETTERS_MIN)
            && self.code.as_ref().is_none_or(|code| code.field >= FIELD_MIN)
    }
}

/// Lays a label out.
pub(crate) fn lay_out(label: &Label, design: &Design, fonts: &Fonts) -> Result<Page, Unprintable> {
    let from_right = right_to_left(&plain(&label.name));
    let text = label.code.as_deref().filter(|_| design.place != CodePlace::None);
    let code = text.and_then(qr::fields).map(|fields| place_code(fields, design, from_right));
    let area = area(design, code.as_ref(), from_right);
    let blocks = blocks(label, design, area, fonts)?;
    let texts = stack(blocks, design.gap, area, from_right);
    Ok(Page { width: design.width, height: design.height, texts, code })
}

/// What the code leaves. Its quiet fields are the margin at its side.
fn area(design: &Design, code: Option<&Code>, from_right: bool) -> Area {
    let Design { width, height, margin, .. } = *design;
    let beside = code.filter(|_| design.place == CodePlace::Beside).map_or(margin, Code::side);
    let below = code.filter(|_| design.place == CodePlace::Below).map_or(margin, Code::side);
    Area {
        left: if from_right { beside } else { margin },
        bottom: below,
        width: width - margin - beside,
        height: height - margin - below,
    }
}

/// The code in the middle of the height at the side where the name ends, or at the foot.
fn place_code(fields: Fields, design: &Design, from_right: bool) -> Code {
    let field = design.field.min(design.code / (fields.side + 2 * qr::QUIET) as f32);
    let mut code = Code { x: 0.0, y: 0.0, field, fields };
    let (right, top) = (design.width - code.side(), design.height - code.side());
    (code.x, code.y) = match design.place {
        CodePlace::Below => (right / 2.0, 0.0),
        _ if from_right => (0.0, top / 2.0),
        _ => (right, top / 2.0),
    };
    code
}

/// The parts that have words, each as large as its share of the height allows, and none larger than one that is to be larger.
fn blocks<'a>(
    label: &Label,
    design: &'a Design,
    area: Area,
    fonts: &Fonts,
) -> Result<Vec<(&'a Row, Block)>, Unprintable> {
    let words = design.rows.iter().map(|row| (row, plain(row.words(label))));
    let parts: Vec<(&Row, String)> = words.filter(|(_, words)| !words.is_empty()).collect();
    let shares: f32 = parts.iter().map(|(row, _)| row.share).sum();
    let all: String = parts.iter().map(|(_, words)| words.as_str()).collect();
    let chosen = Chosen::new(fonts, &all);
    let height = area.height - design.gap * parts.len().saturating_sub(1) as f32;
    let mut largest_first: Vec<usize> = (0..parts.len()).collect();
    largest_first.sort_by(|a, b| parts[*b].0.share.total_cmp(&parts[*a].0.share));
    let mut blocks: Vec<_> = parts.iter().map(|(row, _)| (*row, Block::default())).collect();
    let (mut size_max, mut above) = (f32::INFINITY, None::<(f32, f32)>);
    for at in largest_first {
        let (row, words) = &parts[at];
        if let Some((_, size)) = above.filter(|(share, _)| row.share < *share) {
            size_max = size * NEXT_SHARE;
        }
        let room = Room {
            width: area.width,
            height: height * row.share / shares,
            size_max: row.size_max.min(size_max),
        };
        let block = fit(words, row.weight, room, &chosen)?;
        above = Some((row.share, block.size));
        blocks[at].1 = block;
    }
    Ok(blocks)
}

/// One below the other, in the middle of their area, from the side where the name's reader begins.
fn stack(blocks: Vec<(&Row, Block)>, gap: f32, area: Area, from_right: bool) -> Vec<Text> {
    let gaps = gap * blocks.len().saturating_sub(1) as f32;
    let used = gaps + blocks.iter().map(|(_, block)| block.height()).sum::<f32>();
    let mut top = area.bottom + (area.height + used) / 2.0;
    let mut texts = Vec::new();
    for (row, block) in blocks {
        for line in block.lines {
            let free = area.width - line.width * block.size;
            let indent = match row.align {
                Align::Middle => free / 2.0,
                Align::Start if from_right => free,
                Align::Start => 0.0,
            };
            let y = top - line.ascent * block.size;
            top -= line.height() * block.size;
            texts.push(Text { x: area.left + indent, y, size: block.size, line });
        }
        top -= gap;
    }
    texts
}
