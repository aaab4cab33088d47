//! Name badges at a desk: which printer, what waits for it, and what failed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The desk's badges, as the strip and the menu show them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BadgesView {
    /// What this desk was set to.
    pub set: BadgeSettings,
    /// Badges that are not out yet, the one at the printer with them.
    pub waiting: u32,
    /// The last badge that did not come out, until it was printed again or somebody saw it.
    pub failed: Option<BadgeFailed>,
    /// The event's own label; none: it has none, and a badge that goes by the event has 90 × 54 mm.
    pub event: Option<EventLabel>,
}

/// The label that the event's template describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventLabel {
    /// Its width in millimetres.
    pub width_mm: u16,
    /// Its height in millimetres.
    pub height_mm: u16,
    /// Whether badges come out as the template says.
    pub drawn: TemplateDrawn,
}

/// Whether badges come out as a template says; where they do not, they have the plain layout, on its labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TemplateDrawn {
    /// As far as is known.
    AsSaid,
    /// This desk cannot read it: it is damaged, or a later server's.
    Unreadable,
    /// Something on the last badge would have been too small to be read, or has letters that no font here has.
    LastPlain,
}

/// How a desk prints badges.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BadgeSettings {
    /// A printer of this computer by name, or the address of one, `ipp://…`; none: no badges.
    pub printer: Option<String>,
    /// Whether a badge is printed whenever a guest is let in here for the first time.
    pub on_let_in: bool,
    /// The label in the printer.
    pub size: BadgeSize,
}

/// A label's size, in millimetres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BadgeSize {
    /// As the event's template says; 90 × 54 where the event has none.
    #[default]
    Event,
    /// 90 × 54.
    W90H54,
    /// 62 × 29.
    W62H29,
}

/// A badge that did not come out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BadgeFailed {
    /// What `print` and `print_seen` take; a test label has an id of its own.
    pub id: String,
    /// Whose; empty for a test label.
    pub name: String,
    /// Why.
    pub why: BadgeProblem,
    /// Others that failed before it and were not seen.
    pub more: u32,
}

/// Why a badge did not come out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum BadgeProblem {
    /// No printer was chosen at this desk.
    NoPrinter,
    /// The printer does not answer: off, unplugged, or taken away.
    Gone,
    /// Somebody paused it, or it takes nothing.
    Stopped,
    /// No labels left.
    OutOfPaper,
    /// A jam, an open cover, no ribbon.
    NeedsCare,
    /// It did not print in time; the badge was taken back.
    Slow,
    /// It takes no PDF.
    NoPdf,
    /// It refused, or somebody cancelled the badge at the printer.
    Refused,
    /// Too many badges wait already.
    TooMany,
    /// No font of this computer has these letters.
    NoFont {
        /// The letters.
        letters: String,
    },
}

/// The printers of this computer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PrintersView {
    /// Their names, sorted; at most 50.
    pub names: Vec<String>,
    /// The computer's print service is there and did not answer.
    pub unanswered: bool,
}

/// What became of choosing a printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrinterOutcome {
    /// It is kept.
    Set,
    /// The text is neither a printer's name nor an address.
    NotAPrinter,
    /// Only addresses that begin with ipp:// are taken.
    NotIpp,
}

/// What became of saving a badge as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum BadgeSaved {
    /// It is there.
    Saved {
        /// The file.
        path: String,
    },
    /// It cannot be made.
    Failed {
        /// Why.
        why: BadgeProblem,
    },
}
