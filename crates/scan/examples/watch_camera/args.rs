//! The command line.

use clap::Parser;
use usher_scan::source::{ControlKind, Wish};

/// Says what a camera shows.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    /// The camera, by a name that this program prints; another one is used where it is not there.
    #[arg(long)]
    pub(crate) camera: Option<String>,
    /// Ends after so many seconds.
    #[arg(long, default_value_t = 10)]
    pub(crate) seconds: u64,
    /// Ends once this ticket was read.
    #[arg(long)]
    pub(crate) until: Option<String>,
    /// Ends once frames come again after an error.
    #[arg(long)]
    pub(crate) until_again: bool,
    /// Ends after so many frames, and says how bright the last one was, 0 to 255.
    #[arg(long)]
    pub(crate) frames: Option<u64>,
    /// Sets a control, for example brightness=200; may be given several times.
    #[arg(long, value_parser = wish)]
    pub(crate) set: Vec<Wish>,
    /// After the frames puts the controls back, and takes three more.
    #[arg(long)]
    pub(crate) then_reset: bool,
    /// Milliseconds that a frame may take; an emulated machine needs far more than a desk.
    #[arg(long, default_value_t = 5_000)]
    pub(crate) budget_ms: u64,
}

/// What a control is called here.
pub(crate) const fn name(kind: ControlKind) -> &'static str {
    match kind {
        ControlKind::Light => "light",
        ControlKind::AutoExposure => "auto-exposure",
        ControlKind::Exposure => "exposure",
        ControlKind::Brightness => "brightness",
        ControlKind::AutoFocus => "auto-focus",
        ControlKind::Focus => "focus",
    }
}

fn wish(text: &str) -> Result<Wish, String> {
    let (word, value) = text.split_once('=').ok_or("write it as brightness=200")?;
    let kind = ControlKind::ALL.into_iter().find(|kind| name(*kind) == word);
    let value = value.parse().map_err(|_| format!("{value} is no whole number"))?;
    Ok((kind.ok_or_else(|| format!("no control is called {word}"))?, value))
}
