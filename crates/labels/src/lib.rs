//! Name badges: what stands on a label, the label as a PDF, and the printer that takes it.
//!
//! A badge is made of shapes, not of embedded fonts: some thirty letters drawn once are smaller than any font, look the same on every
//! printer, and bring no font's terms into a file (docs/decisions/0021). Who gets a badge, and what the desk says about it, is
//! decided elsewhere; this room knows no guests, no tickets and no windows.

mod fit;
mod fonts;
mod job;
mod label;
mod layout;
mod line;
mod pdf;
mod printer;
mod qr;
mod spooler;
mod state;
mod wire;

pub use fonts::Fonts;
pub use job::{Job, JobState, PrintProblem, print};
pub use label::{Label, LabelSize, Unprintable};
pub use printer::{BadPrinter, Printer};
pub use spooler::Spooler;

/// A label as a PDF of one page, the same bytes for the same label and fonts.
///
/// # Errors
/// [`Unprintable`] when no font of this computer has some of its letters: boxes are never printed in their place.
pub fn pdf(label: &Label, size: LabelSize, fonts: &Fonts) -> Result<Vec<u8>, Unprintable> {
    let page = layout::lay_out(label, size, fonts)?;
    Ok(pdf::write(&page, &label.name))
}
