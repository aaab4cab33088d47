//! Which printer: a queue of this computer's spooler, or a printer's own address.

use std::{fmt, str::FromStr};

use url::Url;

/// The longest name or address, in bytes; CUPS allows queues 127.
const PRINTER_BYTES_MAX: usize = 255;

/// A printer, written as the name of a queue or as an address `ipp://host:port/ipp/print`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Printer {
    /// A queue of the spooler, by name.
    Queue(String),
    /// A printer on the network, by address.
    Address(Url),
}

/// Why a text names no printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPrinter {
    /// Neither a queue's name nor an address.
    #[error(
        "a printer is named like a queue (no spaces, slashes or #) or like ipp://printer.local/ipp/print"
    )]
    NotAPrinter,
    /// An address of another kind.
    #[error(
        "only addresses that begin with ipp:// are supported; add other printers to this computer's own printers"
    )]
    NotIpp,
}

impl FromStr for Printer {
    type Err = BadPrinter;

    fn from_str(text: &str) -> Result<Self, BadPrinter> {
        let text = text.trim();
        if text.is_empty() || text.len() > PRINTER_BYTES_MAX {
            return Err(BadPrinter::NotAPrinter);
        }
        if text.contains("://") {
            let url: Url = text.parse().map_err(|_| BadPrinter::NotAPrinter)?;
            let plain = url.scheme() == "ipp" && url.username().is_empty() && url.password().is_none();
            return match url.host_str().filter(|host| !host.is_empty()) {
                Some(_) if plain => Ok(Self::Address(url)),
                Some(_) => Err(BadPrinter::NotIpp),
                None => Err(BadPrinter::NotAPrinter),
            };
        }
        let odd = |c: char| {
            c.is_control() || c.is_whitespace() || matches!(c, '/' | '#' | '?' | '%' | '\\' | '"' | '\'')
        };
        if text.contains(odd) { Err(BadPrinter::NotAPrinter) } else { Ok(Self::Queue(text.to_owned())) }
    }
}

impl fmt::Display for Printer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queue(name) => f.write_str(name),
            Self::Address(url) => url.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn queues_and_addresses_are_told_apart_and_others_refused() {
        let read = |text: &str| text.parse::<Printer>();
        assert_eq!(read(" Brother_QL-820 "), Ok(Printer::Queue("Brother_QL-820".into())));
        assert!(matches!(read("ipp://127.0.0.1:8631/ipp/print"), Ok(Printer::Address(_))));
        for text in ["", "two words", "a/b", "#1", "..%2f", &"x".repeat(256), "ipp://"] {
            assert_eq!(read(text), Err(BadPrinter::NotAPrinter), "{text:?}");
        }
        for text in
            ["https://example.org/", "file:///etc/passwd", "ipps://printer/ipp/print", "ipp://me:pw@printer/"]
        {
            assert!(read(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_as_the_same_printer(text in "\\PC{0,40}|ipp://[a-z.]{1,20}(:[0-9]{1,4})?/[a-z/]{0,9}") {
            if let Ok(printer) = text.parse::<Printer>() {
                prop_assert_eq!(printer.to_string().parse(), Ok(printer));
            }
        }
    }
}
