//! What stands on a label, and the sizes that labels have.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Points in a millimetre.
const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// What stands on a badge. Everything but the name may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The guest's name.
    pub name: String,
    /// Where they come from.
    pub organisation: String,
    /// The kind of ticket.
    pub kind: String,
    /// The event's name, for templates that show it.
    pub event: String,
    /// The text of the QR code; none where the desk does not know the ticket's code.
    pub code: Option<String>,
}

/// The labels that are known, named by width and height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelSize {
    /// 90 × 54 mm, the common badge holder.
    #[default]
    W90H54,
    /// 62 × 29 mm, the common label roll.
    W62H29,
}

impl LabelSize {
    /// Every size, the largest first.
    pub const ALL: [Self; 2] = [Self::W90H54, Self::W62H29];

    /// Width and height in millimetres.
    #[must_use]
    pub const fn mm(self) -> (u16, u16) {
        match self {
            Self::W90H54 => (90, 54),
            Self::W62H29 => (62, 29),
        }
    }
}

/// Millimetres in points.
pub(crate) fn points((width, height): (u16, u16)) -> (f32, f32) {
    (f32::from(width) * POINTS_PER_MM, f32::from(height) * POINTS_PER_MM)
}

/// Why a label cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unprintable {
    /// No font of this computer has these letters.
    #[error("no font of this computer has the letters {0:?}; install the Noto fonts")]
    NoFont(String),
}

impl Unprintable {
    /// Letters without a font, each once.
    pub(crate) fn letters(missing: &BTreeSet<char>) -> Self {
        Self::NoFont(missing.iter().collect())
    }
}
