//! `make-pictures --list LIST --out DIR`: a picture of a ticket for each line of a list, to be played as a camera.
//!
//! The list is CSV or tab-separated with a header that has the columns `name` and `code`; the name becomes the file's name, so
//! that sorting the names orders the pictures.

use std::error::Error;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, thread};

use clap::{Parser, ValueEnum};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use usher_tests::pictures::{Difficulty, TicketPicture};

type Failure = Box<dyn Error + Send + Sync>;

/// Makes pictures of tickets, as a camera at a door sees them.
#[derive(Parser)]
#[command(name = "make-pictures", version)]
struct Arguments {
    /// CSV or tab-separated list with the columns `name` and `code`; other columns are passed over.
    #[arg(long)]
    list: PathBuf,
    /// The folder to write into; made if it is not there.
    #[arg(long)]
    out: PathBuf,
    /// The same seed and list give the same pictures.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How hard they are to read.
    #[arg(long, value_enum, default_value_t = Hardness::Door)]
    difficulty: Hardness,
    /// The file format.
    #[arg(long, value_enum, default_value_t = Format::Jpg)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Hardness {
    Clean,
    Door,
    Hard,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Jpg,
    Png,
}

/// One line of the list, ready to be made.
struct Order {
    path: PathBuf,
    picture: TicketPicture,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match make_all(&arguments) {
        Ok(count) => {
            println!("{count} pictures in {}, seed {}", arguments.out.display(), arguments.seed);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", env!("CARGO_BIN_NAME"));
            ExitCode::FAILURE
        }
    }
}

fn make_all(arguments: &Arguments) -> Result<usize, Failure> {
    let orders = orders(arguments)?;
    fs::create_dir_all(&arguments.out)?;
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = orders.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let makers: Vec<_> =
            orders.chunks(share).map(|part| scope.spawn(|| part.iter().try_for_each(make))).collect();
        makers.into_iter().try_for_each(|maker| maker.join().map_err(|_| "a maker of pictures panicked")?)
    })?;
    Ok(orders.len())
}

fn orders(arguments: &Arguments) -> Result<Vec<Order>, Failure> {
    let text = fs::read(&arguments.list).map_err(|e| format!("{}: {e}", arguments.list.display()))?;
    let header_end = text.iter().position(|&b| b == b'\n').unwrap_or(text.len());
    let delimiter = if text[..header_end].contains(&b'\t') { b'\t' } else { b',' };
    let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_slice());
    let column = |headers: &csv::StringRecord, wanted: &str| {
        let found = headers.iter().position(|h| h.trim_start_matches('\u{feff}') == wanted);
        found.ok_or_else(|| format!("{}: there is no column `{wanted}`", arguments.list.display()))
    };
    let headers = rows.headers()?.clone();
    let (name, code) = (column(&headers, "name")?, column(&headers, "code")?);
    let mut orders = Vec::new();
    for (i, row) in rows.records().enumerate() {
        let row = row?;
        let field = |column: usize| row.get(column).unwrap_or_default();
        orders.push(order(arguments, i as u64, field(name), field(code))?);
    }
    Ok(orders)
}

fn order(arguments: &Arguments, index: u64, name: &str, code: &str) -> Result<Order, Failure> {
    let plain = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
        return Err(format!("line {}: {name:?} cannot be the name of a file", index + 2).into());
    }
    let ending = match arguments.format {
        Format::Jpg => "jpg",
        Format::Png => "png",
    };
    let difficulty = match arguments.difficulty {
        Hardness::Clean => Difficulty::Clean,
        Hardness::Door => Difficulty::Door,
        Hardness::Hard => Difficulty::Hard,
    };
    // A multiplier far from small numbers keeps the pictures of neighbouring seeds apart.
    let seed = arguments.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(index);
    let path = arguments.out.join(format!("{name}.{ending}"));
    Ok(Order { path, picture: TicketPicture { code: code.to_owned(), seed, difficulty } })
}

fn make(order: &Order) -> Result<(), Failure> {
    let picture = order.picture.render().map_err(|e| format!("{}: {e}", order.path.display()))?;
    write(&order.path, &picture).map_err(|e| format!("{}: {e}", order.path.display()).into())
}

/// Written beside its name and then renamed: a player of the folder never meets half a picture.
fn write(path: &Path, picture: &image::GrayImage) -> Result<(), Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let half = path.with_file_name(format!(".{name}"));
    if path.extension().is_some_and(|e| e == "jpg") {
        let out = BufWriter::new(File::create(&half)?);
        JpegEncoder::new_with_quality(out, 85).write_image(
            picture.as_raw(),
            picture.width(),
            picture.height(),
            ExtendedColorType::L8,
        )?;
    } else {
        picture.save_with_format(&half, image::ImageFormat::Png)?;
    }
    Ok(fs::rename(&half, path)?)
}
