//! What was measured, and how it is told.

use crate::evening::CHECK_INS;

/// One way's figures: microseconds of processor and bytes, in all.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Whose.
    pub name: String,
    /// Making the change at its desk.
    pub write: f64,
    /// Sending it, and merging it into the one that is counted from.
    pub merge: f64,
    /// Counting, where that is not part of merging.
    pub fold: f64,
    /// The merged state as it is kept.
    pub disk: usize,
    /// The same, zstd.
    pub disk_packed: usize,
    /// Pages of 500.
    pub wire: usize,
    /// The same, each zstd.
    pub wire_packed: usize,
    /// One check-in that is sent alone.
    pub lone: usize,
}

/// Bytes of `bytes` in zstd, level 3.
#[must_use]
pub fn packed(bytes: &[u8]) -> usize {
    zstd::bulk::compress(bytes, 3).map_or(0, |packed| packed.len())
}

impl Figures {
    /// None yet.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// A page goes on the wire.
    pub fn sends(&mut self, page: &[u8]) {
        self.wire += page.len();
        self.wire_packed += packed(page);
    }

    /// Each figure for one check-in.
    fn each(&self) -> [f64; 7] {
        let (processor, bytes) = (
            [self.write, self.merge + self.fold],
            [self.disk, self.disk_packed, self.wire, self.wire_packed],
        );
        let mut all = [0.0; 7];
        for (to, from) in all.iter_mut().zip(processor.into_iter().chain(bytes.map(|bytes| bytes as f64))) {
            *to = from / CHECK_INS as f64;
        }
        all[6] = self.lone as f64;
        all
    }
}

/// The table for docs/performance.md: figures, and in brackets how many times ours.
pub fn print(all: &[Figures], ours: &Figures) {
    println!(
        "| one check-in | write, µs | merge and fold, µs | disk, B | zstd, B | wire, B | zstd, B | sent alone, B |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let ours = ours.each();
    for figures in all {
        let cell = |(own, ours): (&f64, &f64)| match (*own > 0.0, *ours > 0.0) {
            (false, _) => "–".to_owned(),
            (true, false) => number(*own),
            (true, true) => format!("{} ({:.2} ×)", number(*own), own / ours),
        };
        let cells: Vec<_> = figures.each().iter().zip(&ours).map(cell).collect();
        println!("| {} | {} |", figures.name, cells.join(" | "));
    }
}

fn number(number: f64) -> String {
    if number < 20.0 { format!("{number:.1}") } else { format!("{number:.0}") }
}
