//! `usher-scan FILE…`: what the reader cascade reads in pictures, a line per code, to measure it and to use it in scripts.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use usher_scan::{Budget, Frame, Reader, Reading, tsv::escape};

/// Reads the QR codes in pictures.
///
/// Prints a line for each code: path, payload, milliseconds of processor time the readers took (without decompressing the
/// picture), separated by tabs; tabs, line ends and backslashes within a field are escaped. A picture in which nothing was
/// read has one line with an empty payload. A file that cannot be read is named on standard error and the rest goes on.
#[derive(Parser)]
#[command(name = "usher-scan", version)]
struct Arguments {
    /// The longest time a picture may be looked at, on the clock.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    budget_ms: u64,
    /// JPEG or PNG pictures of any size.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = BufWriter::new(io::stdout().lock());
    match scan_all(&arguments, &mut out).and_then(|unreadable| out.flush().map(|()| unreadable)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("usher-scan: cannot write: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads every file and returns how many could not be opened.
fn scan_all(arguments: &Arguments, out: &mut impl Write) -> io::Result<usize> {
    let budget = Budget::from_ms(arguments.budget_ms);
    let mut reader = Reader::new();
    let mut unreadable = 0;
    for path in &arguments.files {
        match Frame::from_file(path) {
            Ok(frame) => print(out, path, &reader.read(&frame, budget))?,
            Err(error) => {
                unreadable += 1;
                eprintln!("usher-scan: {}: {error}", path.display());
            }
        }
    }
    Ok(unreadable)
}

fn print(out: &mut impl Write, path: &Path, reading: &Reading) -> io::Result<()> {
    let path = escape(&path.to_string_lossy());
    let ms = reading.cpu.as_secs_f64() * 1_000.0;
    if reading.codes.is_empty() {
        writeln!(out, "{path}\t\t{ms:.3}")?;
    }
    for code in &reading.codes {
        writeln!(out, "{path}\t{}\t{ms:.3}", escape(&code.shown()))?;
    }
    Ok(())
}
