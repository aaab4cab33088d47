//! Name badges: what stands on a label, the label as a PDF, and the printer that takes it.
//!
//! A badge is made of shapes, not of embedded fonts: some thirty letters drawn once are smaller than any font, look the same on every
//! printer, and bring no font's terms into a file (docs/decisions/0021). Who gets a badge, and what the desk says about it, is
//! decided elsewhere; this room knows no guests, no tickets and no windows.

mod design;
mod fit;
mod fonts;
#[cfg(feature = "print")]
mod job;
mod label;
mod layout;
mod line;
mod pdf;
#[cfg(feature = "print")]
mod printer;
mod qr;
#[cfg(feature = "print")]
mod spooler;
#[cfg(feature = "print")]
mod state;
mod template;
#[cfg(feature = "print")]
mod wire;

pub use design::Design;
pub use fonts::Fonts;
#[cfg(feature = "print")]
pub use job::{Job, JobState, PrintProblem, check, print};
pub use label::{Label, LabelSize, Unprintable};
#[cfg(feature = "print")]
pub use printer::{BadPrinter, Printer};
#[cfg(feature = "print")]
pub use spooler::Spooler;
pub use template::{
    Align, BadTemplate, CodePlace, LINES, SIDE_MM, SIZE_PERCENT, Shown, TEMPLATE_BYTES_MAX, TEXT_CHARS_MAX,
    Template, TemplateLine,
};

/// A label as a PDF of one page, the same bytes for the same label, design and fonts.
///
/// # Errors
/// [`Unprintable`] when no font of this computer has some of its letters: boxes are never printed in their place.
pub fn pdf(label: &Label, design: impl Into<Design>, fonts: &Fonts) -> Result<Vec<u8>, Unprintable> {
    let page = layout::lay_out(label, &design.into(), fonts)?;
    Ok(pdf::write(&page, &label.name))
}

/// A label by an event's template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Templated {
    /// The page.
    pub pdf: Vec<u8>,
    /// The template could not be followed, and this is the plain layout on its labels.
    pub plain: bool,
}

/// A label by an event's template. Where that would leave letters or code too small to be read, or has letters of its own that no font
/// has, the guest gets a plain badge all the same.
///
/// # Errors
/// As [`pdf()`], for the guest's own letters.
pub fn templated(label: &Label, template: &Template, fonts: &Fonts) -> Result<Templated, Unprintable> {
    if let Ok(page) = layout::lay_out(label, &template.into(), fonts)
        && page.legible()
    {
        return Ok(Templated { pdf: pdf::write(&page, &label.name), plain: false });
    }
    Ok(Templated { pdf: pdf(label, &template.plain(), fonts)?, plain: true })
}
