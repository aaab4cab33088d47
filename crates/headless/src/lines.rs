//! Lines in, lines out: bounded, and whole even when several threads write.

use std::io::{self, BufRead, Read, Write};

use serde_json::Value;

/// The longest line that is taken, in bytes; a longer one is answered by an error and passed over.
pub const LINE_BYTES_MAX: usize = 64 * 1024;

/// What the input gave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A line without its end.
    Text(String),
    /// More than [`LINE_BYTES_MAX`].
    TooLong,
    /// Bytes that are not UTF-8.
    NotText,
    /// Nothing more comes.
    End,
}

/// The next line.
pub(crate) fn next(input: &mut impl BufRead) -> io::Result<Line> {
    let mut bytes = Vec::new();
    let most = LINE_BYTES_MAX as u64 + 1;
    if input.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(Line::End);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    } else if bytes.len() > LINE_BYTES_MAX {
        input.skip_until(b'\n')?;
        return Ok(Line::TooLong);
    }
    Ok(String::from_utf8(bytes).map_or(Line::NotText, Line::Text))
}

/// Writes one line at once, so that lines of several threads never mix.
pub(crate) fn print(value: &Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{value}")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded_and_the_rest_goes_on() {
        let long = "x".repeat(LINE_BYTES_MAX + 1);
        let fits = "y".repeat(LINE_BYTES_MAX);
        let text = [b"a\n\xff\n", long.as_bytes(), b"\n", fits.as_bytes(), b"\nlast"].concat();
        let mut input = text.as_slice();
        let mut next = || next(&mut input).unwrap();
        assert_eq!(next(), Line::Text("a".into()));
        assert_eq!(next(), Line::NotText);
        assert_eq!(next(), Line::TooLong);
        assert_eq!(next(), Line::Text(fits));
        assert_eq!(next(), Line::Text("last".into()));
        assert_eq!(next(), Line::End);
    }
}
