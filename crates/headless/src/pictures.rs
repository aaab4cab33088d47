//! Pictures in the place of a camera: a file is read by the same cascade that reads frames.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Deserialize;
use usher_scan::{Budget, Frame, Reader};

use crate::ask::Fault;

/// What a picture is asked with.
#[derive(Debug, Deserialize)]
pub(crate) struct PictureArgs {
    path: PathBuf,
}

/// What was made of a picture.
#[derive(Debug)]
pub(crate) struct Seen {
    /// The text of the code nearest to the middle; none: nothing was read.
    pub(crate) text: Option<String>,
    /// Something stands there that looks like a code.
    pub(crate) looks_like_one: bool,
    /// How many different codes were read.
    pub(crate) codes: usize,
    /// Processor time of the readers, milliseconds.
    pub(crate) ms: f64,
}

/// Reads pictures, one at a time.
#[derive(Clone)]
pub(crate) struct Pictures {
    reader: Arc<Mutex<Reader>>,
    budget: Budget,
}

impl Pictures {
    pub(crate) fn new(budget_ms: u64) -> Self {
        Self { reader: Arc::new(Mutex::new(Reader::new())), budget: Budget::from_ms(budget_ms) }
    }

    /// Reads a file, on a thread that may block.
    pub(crate) async fn look_at(&self, args: PictureArgs) -> Result<Seen, Fault> {
        let here = self.clone();
        let done = tokio::task::spawn_blocking(move || here.read(&args));
        done.await.unwrap_or_else(|_| Err(Fault::Picture("the reader ended".into())))
    }

    fn read(&self, args: &PictureArgs) -> Result<Seen, Fault> {
        let words = |error| Fault::Picture(format!("{}: {error}", args.path.display()));
        let frame = Frame::from_file(&args.path).map_err(words)?;
        let reading = self.reader.lock().unwrap_or_else(PoisonError::into_inner).read(&frame, self.budget);
        Ok(Seen {
            text: reading.codes.first().map(usher_scan::Code::shown),
            looks_like_one: reading.unread.is_some(),
            codes: reading.codes.len(),
            ms: reading.cpu.as_secs_f64() * 1_000.0,
        })
    }
}
