//! What was read and what it cost; which of it is right is said by the pictures' own `score.py`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::Answer;
use crate::reader::Library;

/// What one reader made of the pictures so far.
#[derive(Debug)]
pub struct Figures {
    library: Library,
    /// Lines as `usher-scan` prints them, which `score.py` takes.
    lines: String,
    /// Milliseconds of processor for each picture with a code, and for each without.
    with_code: Vec<f64>,
    without: Vec<f64>,
    panicked: usize,
    hung: usize,
}

/// A line of the table.
#[derive(Debug)]
pub struct Row {
    name: &'static str,
    /// Read, false, clean.
    score: [String; 3],
    /// Median, 95th percentile and longest with a code; median and longest without.
    ms: [f64; 5],
    panicked: usize,
    hung: usize,
}

impl Figures {
    /// None yet.
    #[must_use]
    pub const fn of(library: Library) -> Self {
        Self {
            library,
            lines: String::new(),
            with_code: Vec::new(),
            without: Vec::new(),
            panicked: 0,
            hung: 0,
        }
    }

    /// Takes in what became of a picture. One that has no answer is not read, and its time counts nowhere but in its own column.
    pub fn add(&mut self, picture: &Path, answer: Answer) {
        let (mut ms, mut payloads) = (0.0, Vec::new());
        match answer {
            Answer::Read { ms: took, payloads: read } => {
                (ms, payloads) = (took, read);
                let bare = picture.parent().is_some_and(|set| set.ends_with("neg"));
                if bare { &mut self.without } else { &mut self.with_code }.push(ms);
            }
            Answer::Panicked => self.panicked += 1,
            Answer::Hung => self.hung += 1,
        }
        if payloads.is_empty() {
            payloads.push(String::new());
        }
        let line = |payload| format!("{}\t{payload}\t{ms:.3}\n", picture.display());
        self.lines.extend(payloads.into_iter().map(line));
    }

    /// Has `score.py` of the folder judge what was read.
    ///
    /// # Errors
    /// Python is missing, or the script says something else than it did.
    pub fn scored(&self, folder: &Path) -> Result<Row, String> {
        let reads = std::env::temp_dir().join(format!(
            "usher-readers-{}-{}.tsv",
            std::process::id(),
            self.library.name()
        ));
        fs::write(&reads, &self.lines).map_err(|error| format!("{}: {error}", reads.display()))?;
        let said = said(folder, &reads);
        let _ = fs::remove_file(&reads);
        let said = said?;
        let score = score(&said).ok_or_else(|| format!("score.py said: {said}"))?;
        let [with_code, without] = [&self.with_code, &self.without].map(|ms| sorted(ms));
        let ms = [
            at(&with_code, 0.5),
            at(&with_code, 0.95),
            at(&with_code, 1.0),
            at(&without, 0.5),
            at(&without, 1.0),
        ];
        Ok(Row { name: self.library.name(), score, ms, panicked: self.panicked, hung: self.hung })
    }
}

fn said(folder: &Path, reads: &PathBuf) -> Result<String, String> {
    let run = Command::new("python3").arg(folder.join("score.py")).arg(reads).output();
    let run = run.map_err(|error| format!("python3 cannot be started, which score.py needs: {error}"))?;
    Ok(String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr))
}

/// Read, false and clean in a line like `x.tsv: 389 read of 453   boofcv 1/2  neg 28/28 …   missing 0   false 0`.
fn score(said: &str) -> Option<[String; 3]> {
    let line = said.lines().next()?;
    let word = |before: &str| Some(line.split_once(before)?.1.split_whitespace().next()?.to_owned());
    let (read, all) = (word(": ")?, word("read of ")?);
    Some([format!("{read} of {all}"), word("  false ")?, word(" neg ")?.replace('/', " of ")])
}

fn sorted(ms: &[f64]) -> Vec<f64> {
    let mut sorted = ms.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The value below which this part of the sorted values lies.
fn at(sorted: &[f64], part: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((part * last as f64) as usize).copied().unwrap_or(f64::NAN)
}

/// Prints the table.
pub fn print(rows: &[Row]) {
    println!(
        "\n| reader | read | false | clean | ms median | p95 | longest | without a code: median | longest | panicked | hung |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for Row { name, score: [read, wrong, clean], ms, panicked, hung } in rows {
        let ms = ms.map(|ms| format!("{ms:.1}")).join(" | ");
        println!("| {name} | {read} | {wrong} | {clean} | {ms} | {panicked} | {hung} |");
    }
}
