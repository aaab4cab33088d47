//! One reader as a process: paths come in, a line each; a line goes out for each, which says so where a picture cannot be opened.

use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rustix::time::{ClockId, clock_gettime};
use usher_scan::{Frame, tsv::escape};

use crate::process::PANICKED;
use crate::reader::{Library, Read};

/// Reads pictures until no more paths come.
///
/// # Errors
/// No reader of that name, or no more to write to.
pub fn run(name: &str) -> Result<(), String> {
    let library = Library::ALL.into_iter().find(|library| library.name() == name);
    let library = library.ok_or_else(|| format!("no reader is called {name}"))?;
    let mut read = library.ready();
    let mut out = io::stdout().lock();
    for path in io::stdin().lock().lines() {
        let path = path.map_err(|error| error.to_string())?;
        let frame = Frame::from_file(Path::new(&path));
        // Words in the place of figures: the parent stops and shows them, instead of counting a panic.
        let line = frame.map_or_else(|error| format!("{path}: {error}"), |frame| answer(&mut read, &frame));
        writeln!(out, "{line}")
            .and_then(|()| out.flush())
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Milliseconds of processor and the payloads, separated by tabs.
fn answer(read: &mut Read, frame: &Frame) -> String {
    let before = used_ms();
    let Ok(payloads) = catch_unwind(AssertUnwindSafe(|| read(frame))) else { return PANICKED.to_owned() };
    let fields = payloads.iter().filter(|payload| !payload.is_empty()).map(|payload| escape(payload));
    std::iter::once(format!("{:.3}", used_ms() - before)).chain(fields).collect::<Vec<_>>().join("\t")
}

/// Processor time of this process, in all its threads.
fn used_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}
