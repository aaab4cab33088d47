//! The app's own log: to the terminal, and to a file beside the desk's files that never grows past a bound.
//!
//! Names, codes and tickets never go in here; what the libraries around say is kept to warnings.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::Mutex,
};

use tracing_subscriber::{EnvFilter, Layer, Registry, fmt, layer::SubscriberExt, util::SubscriberInitExt};

const NAME: &str = "usher.log";
const OLD_NAME: &str = "usher.old.log";
/// One file is at most so long, in bytes; with the one before it there are two.
const BYTES_MAX: u64 = 1024 * 1024;
const DEFAULT: &str = "warn,usher=info";

/// Begins to log. `USHER_LOG` says what, in the words of `tracing`'s filters.
pub(crate) fn start(folder: &Path) {
    let filter = || EnvFilter::try_from_env("USHER_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let terminal =
        fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr).with_filter(filter());
    let file = LogFile::open(folder, BYTES_MAX);
    let said = file.as_ref().err().map(ToString::to_string);
    let kept = file.ok().map(|file| {
        fmt::layer::<Registry>().with_ansi(false).with_writer(Mutex::new(file)).with_filter(filter())
    });
    let started = Registry::default().with(kept).with(terminal).try_init();
    if let (Ok(()), Some(error)) = (started, said) {
        tracing::warn!(error, "the log file cannot be written: only this terminal is told");
    }
}

/// A file that makes room for itself: when it is full it takes the place of the one before it.
struct LogFile {
    folder: PathBuf,
    file: File,
    bytes: u64,
    bytes_max: u64,
}

impl LogFile {
    fn open(folder: &Path, bytes_max: u64) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(folder.join(NAME))?;
        let bytes = file.metadata()?.len();
        Ok(Self { folder: folder.into(), file, bytes, bytes_max })
    }

    fn turn_over(&mut self) -> io::Result<()> {
        fs::rename(self.folder.join(NAME), self.folder.join(OLD_NAME))?;
        *self = Self::open(&self.folder, self.bytes_max)?;
        Ok(())
    }
}

impl Write for LogFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.bytes + line.len() as u64 > self.bytes_max && self.bytes > 0 {
            self.turn_over()?;
        }
        let written = self.file.write(line)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_never_grows_past_its_bound_and_keeps_the_newest_lines() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = LogFile::open(folder.path(), 100).unwrap();
        for number in 0..200 {
            writeln!(log, "line {number:04}").unwrap();
        }
        let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
        let (old, new) = (read(OLD_NAME), read(NAME));
        assert!(old.len() <= 100 && new.len() <= 100);
        assert!(new.ends_with("line 0199\n"));
        assert!([old, new].concat().len() > 100, "the lines before the turn are kept");
    }

    #[test]
    fn a_log_goes_on_where_it_was() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            LogFile::open(folder.path(), 1_000).unwrap().write_all(b"once\n").unwrap();
        }
        assert_eq!(fs::read_to_string(folder.path().join(NAME)).unwrap(), "once\nonce\n");
    }
}
