//! The pictures of a folder through Usher's scanner and through the readers that others use, in one run on one core: what each reads, what
//! it reads wrongly, and what that costs.
//!
//! `scripts/nightly readers`, and the table goes into docs/performance.md. Each reader is a process of its own, because some hang and some
//! panic; each picture goes to all of them in turn, so that a busy machine is busy for all.

mod child;
mod figures;
mod process;
mod reader;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use figures::{Figures, print};
use process::Process;
use reader::Library;

const LOCK: &str = include_str!("../Cargo.lock");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done =
        match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["--as", name] => child::run(name),
            [folder] => measure(Path::new(folder)),
            _ => Err("give the folder of pictures, which has score.py in it: usher-readers ../shared/qr"
                .to_owned()),
        };
    let Err(error) = done else { return ExitCode::SUCCESS };
    eprintln!("usher-readers: {error}");
    ExitCode::FAILURE
}

fn measure(folder: &Path) -> Result<(), String> {
    process::stay_on_one_core()?;
    machine();
    let pictures = pictures(folder)?;
    let mut readers = Vec::new();
    for library in Library::ALL {
        readers.push((Process::reading(library)?, Figures::of(library)));
    }
    for picture in &pictures {
        for (process, figures) in &mut readers {
            figures.add(picture, process.read(picture)?);
        }
    }
    let scored: Result<Vec<_>, _> = readers.iter().map(|(_, figures)| figures.scored(folder)).collect();
    print(&scored?);
    Ok(())
}

/// Every JPEG in the folders of the folder, in the order of their names.
fn pictures(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let list = |folder: &Path| {
        let entries =
            std::fs::read_dir(folder).map_err(|e| format!("{} cannot be listed: {e}", folder.display()))?;
        Ok::<_, String>(entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>())
    };
    let mut pictures = Vec::new();
    for set in list(folder)?.into_iter().filter(|path| path.is_dir()) {
        pictures.extend(
            list(&set)?.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "jpg")),
        );
    }
    pictures.sort();
    if pictures.is_empty() {
        Err(format!("{} has no .jpg in its folders", folder.display()))
    } else {
        Ok(pictures)
    }
}

fn machine() {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        info.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(": "));
    println!(
        "{}, one core of {}",
        model.map_or("unknown", |(_, name)| name),
        info.matches("processor\t").count()
    );
    println!(
        "{}",
        ["rqrr", "rxing", "quircs", "zxing-cpp"].map(|name| format!("{name} {}", version(name))).join(", ")
    );
}

fn version(name: &str) -> &'static str {
    let entry = LOCK.split_once(&format!("name = \"{name}\"\nversion = \"")).map_or("?", |(_, rest)| rest);
    entry.split('"').next().unwrap_or("?")
}
