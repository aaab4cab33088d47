//! Where everything stands on a label: words at the side where their reader begins, the code at the other, the name the largest.

use crate::{
    Label, LabelSize, Unprintable,
    fit::{Block, Room, fit, plain},
    fonts::{Chosen, Fonts, Weight},
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

/// A label's measures, in points.
struct Measures {
    margin: f32,
    gap: f32,
    /// The largest letters of name, organisation and kind.
    sizes: [f32; 3],
    /// A code's largest side with its quiet fields, and how wide a field is where that leaves room.
    code: f32,
    field: f32,
}

/// How the height is shared between name, organisation and kind, where all are there.
const SHARES: [f32; 3] = [0.56, 0.26, 0.18];

/// How large each part's letters may be beside those of the part above it: the name stays the largest.
const NEXT_SHARE: f32 = 0.85;

const fn measures(size: LabelSize) -> Measures {
    match size {
        LabelSize::W90H54 => {
            Measures { margin: 11.0, gap: 5.0, sizes: [32.0, 16.0, 13.0], code: 96.0, field: 2.0 }
        }
        LabelSize::W62H29 => {
            Measures { margin: 6.0, gap: 2.5, sizes: [20.0, 11.0, 9.0], code: 68.0, field: 1.6 }
        }
    }
}

/// Lays a label out.
pub(crate) fn lay_out(label: &Label, size: LabelSize, fonts: &Fonts) -> Result<Page, Unprintable> {
    let measures = measures(size);
    let (width, height) = size.points();
    let from_right = right_to_left(&plain(&label.name));
    let code = label
        .code
        .as_deref()
        .and_then(qr::fields)
        .map(|fields| place_code(fields, &measures, (width, height), from_right));
    let beside = code.as_ref().map_or(measures.margin, |code| code.side());
    let column = (if from_right { beside } else { measures.margin }, width - measures.margin - beside);
    let blocks = blocks(label, &measures, column.1, height - 2.0 * measures.margin, fonts)?;
    let texts = stack(blocks, &measures, column, height, from_right);
    Ok(Page { width, height, texts, code })
}

/// The code in the middle of the height, at the side where the name ends. Its quiet fields are its margin.
fn place_code(fields: Fields, measures: &Measures, (width, height): (f32, f32), from_right: bool) -> Code {
    let field = measures.field.min(measures.code / (fields.side + 2 * qr::QUIET) as f32);
    let mut code = Code { x: 0.0, y: 0.0, field, fields };
    let side = code.side();
    (code.x, code.y) = (if from_right { 0.0 } else { width - side }, (height - side) / 2.0);
    code
}

/// The parts that have words, each as large as its share of the height allows.
fn blocks(
    label: &Label,
    measures: &Measures,
    width: f32,
    height: f32,
    fonts: &Fonts,
) -> Result<Vec<Block>, Unprintable> {
    let parts =
        [(&label.name, Weight::Bold), (&label.organisation, Weight::Regular), (&label.kind, Weight::Regular)];
    let parts: Vec<_> = (0..).zip(parts).map(|(at, (words, weight))| (at, plain(words), weight)).collect();
    let parts: Vec<(usize, String, Weight)> =
        parts.into_iter().filter(|(_, words, _)| !words.is_empty()).collect();
    let shares: f32 = parts.iter().map(|(at, _, _)| SHARES[*at]).sum();
    let all: String = parts.iter().map(|(_, words, _)| words.as_str()).collect();
    let chosen = Chosen::new(fonts, &all);
    let height = height - measures.gap * parts.len().saturating_sub(1) as f32;
    let (mut blocks, mut size_max) = (Vec::new(), f32::INFINITY);
    for (at, words, weight) in &parts {
        let room = Room {
            width,
            height: height * SHARES[*at] / shares,
            size_max: measures.sizes[*at].min(size_max),
        };
        let block = fit(words, *weight, room, &chosen)?;
        size_max = block.size * NEXT_SHARE;
        blocks.push(block);
    }
    Ok(blocks)
}

/// One below the other, in the middle of the height, at the side where the name's reader begins.
fn stack(
    blocks: Vec<Block>,
    measures: &Measures,
    (left, width): (f32, f32),
    height: f32,
    from_right: bool,
) -> Vec<Text> {
    let gaps = measures.gap * blocks.len().saturating_sub(1) as f32;
    let used = gaps + blocks.iter().map(Block::height).sum::<f32>();
    let mut top = (height + used) / 2.0;
    let mut texts = Vec::new();
    for block in blocks {
        for line in block.lines {
            let indent = if from_right { width - line.width * block.size } else { 0.0 };
            let y = top - line.ascent * block.size;
            top -= line.height() * block.size;
            texts.push(Text { x: left + indent, y, size: block.size, line });
        }
        top -= measures.gap;
    }
    texts
}
