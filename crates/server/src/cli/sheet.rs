//! What a person at the terminal sees of an import: the bar while it runs, then the bad rows in the order of the file.

use std::{
    collections::BTreeSet,
    io::{IsTerminal, Write},
};

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar on the standard error, when that is a terminal.
pub(super) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(super) fn new(what: &'static str, all: u64) -> Self {
        let style = ProgressStyle::with_template("{msg:10} [{bar:40}] {percent:>3} %  {eta} left");
        Self(std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(all).with_message(what);
            if let Ok(style) = style {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        }))
    }

    pub(super) fn show(&self, done: u64, all: u64) {
        if let Some(bar) = &self.0 {
            bar.set_length(all);
            bar.set_position(done);
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// The bad rows: their lines in the file, and what is wrong in words.
#[derive(Default)]
pub(super) struct Sheet(Vec<(u64, String)>);

impl Sheet {
    pub(super) fn add(&mut self, problems: impl Iterator<Item = (u64, String)>) {
        self.0.extend(problems);
    }

    /// Prints one line for each problem; gives the number of bad rows.
    pub(super) fn print(mut self) -> usize {
        self.0.sort_by_key(|(line, _)| *line);
        let mut out = std::io::BufWriter::new(std::io::stderr().lock());
        for (_, words) in &self.0 {
            let _ = writeln!(out, "{words}");
        }
        self.0.iter().map(|(line, _)| line).collect::<BTreeSet<_>>().len()
    }
}
