//! A label's measures, in points: from one of the sizes that are built in, or from a template. Pure arithmetic.

use crate::{
    Align, CodePlace, LabelSize, Shown, Template, TemplateLine,
    fonts::Weight,
    label::{Label, points},
};

/// Where what stands on a label, and how large. All lengths are in points.
#[derive(Clone, Debug)]
pub struct Design {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) margin: f32,
    /// The white between two parts.
    pub(crate) gap: f32,
    pub(crate) place: CodePlace,
    /// A code's largest side with its quiet fields, and how wide a field is where that leaves room.
    pub(crate) code: f32,
    pub(crate) field: f32,
    /// From the top down.
    pub(crate) rows: Vec<Row>,
}

/// One part: some words of a label on a line or two.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) show: Shown,
    /// The words of a fixed part.
    text: String,
    /// Its share of the height beside the shares of the others.
    pub(crate) share: f32,
    /// The largest letters.
    pub(crate) size_max: f32,
    pub(crate) weight: Weight,
    pub(crate) align: Align,
}

impl Row {
    /// What it shows of a label.
    pub(crate) fn words<'a>(&'a self, label: &'a Label) -> &'a str {
        match self.show {
            Shown::Name => &label.name,
            Shown::Organisation => &label.organisation,
            Shown::Kind => &label.kind,
            Shown::Event => &label.event,
            Shown::Text => &self.text,
        }
    }
}

/// How the height is shared between name, organisation and kind on the sizes that are built in.
const SHARES: [f32; 3] = [0.56, 0.26, 0.18];

impl From<LabelSize> for Design {
    fn from(size: LabelSize) -> Self {
        // Margin, gap, the largest code and its fields, and the largest letters: these were chosen by eye.
        let (margin, gap, code, field, sizes) = match size {
            LabelSize::W90H54 => (11.0, 5.0, 96.0, 2.0, [32.0, 16.0, 13.0]),
            LabelSize::W62H29 => (6.0, 2.5, 68.0, 1.6, [20.0, 11.0, 9.0]),
        };
        let shown = [Shown::Name, Shown::Organisation, Shown::Kind];
        let rows = shown.into_iter().zip(SHARES).zip(sizes).map(|((show, share), size_max)| Row {
            show,
            text: String::new(),
            share,
            size_max,
            weight: if show == Shown::Name { Weight::Bold } else { Weight::Regular },
            align: Align::Start,
        });
        let ((width, height), place) = (points(size.mm()), CodePlace::Beside);
        Self { width, height, margin, gap, place, code, field, rows: rows.collect() }
    }
}

/// A template's measures beside the label's shorter side: near those of the sizes that are built in.
const MARGIN_SHARE: f32 = 0.07;
const GAP_SHARE: f32 = 0.032;
const LETTERS_SHARE: f32 = 0.21;
const CODE_SHARE: f32 = 0.8;
/// The most of a label's length that a code takes from the lines.
const CODE_LENGTH_SHARE: f32 = 0.45;
/// How wide a code's field is where there is room: 0.7 mm.
const FIELD: f32 = 2.0;

impl From<&Template> for Design {
    fn from(template: &Template) -> Self {
        let (width, height) = points(template.mm());
        let short = width.min(height);
        let length = if template.code == CodePlace::Below { height } else { width };
        let largest = template.lines.iter().map(|line| line.size).max().unwrap_or(1);
        let row = |line: &TemplateLine| {
            let share = f32::from(line.size) / f32::from(largest);
            let weight = if line.bold { Weight::Bold } else { Weight::Regular };
            let size_max = LETTERS_SHARE * short * share;
            Row { show: line.show, text: line.text.clone(), share, size_max, weight, align: line.align }
        };
        Self {
            width,
            height,
            margin: MARGIN_SHARE * short,
            gap: GAP_SHARE * short,
            place: template.code,
            code: (CODE_SHARE * short).min(CODE_LENGTH_SHARE * length),
            field: FIELD,
            rows: template.lines.iter().map(row).collect(),
        }
    }
}
