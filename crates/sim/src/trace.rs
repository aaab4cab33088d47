//! What happened, line by line, and a digest of it: two runs of one seed must agree.

use std::fmt::{Arguments, Write as _};

/// A trace.
#[derive(Clone, Debug)]
pub struct Trace {
    keep: bool,
    text: String,
    digest: u64,
    line: String,
}

impl Trace {
    /// An empty trace; without `keep` only its digest is kept.
    #[must_use]
    pub const fn new(keep: bool) -> Self {
        Self { keep, text: String::new(), digest: 0xcbf2_9ce4_8422_2325, line: String::new() }
    }

    /// Adds a line.
    pub fn line(&mut self, what: Arguments<'_>) {
        self.line.clear();
        // Writing to memory cannot fail.
        let _written = self.line.write_fmt(what);
        for byte in self.line.bytes() {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if self.keep {
            self.text.push_str(&self.line);
            self.text.push('\n');
        }
    }

    /// The lines, where they were kept.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A sum over all lines.
    #[must_use]
    pub const fn digest(&self) -> u64 {
        self.digest
    }
}
