//! Examples changed by chance: what a fuzzer does, but without knowing what it reached. The same seed gives the same inputs.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

/// Numbers at which arithmetic and bounds break.
const NUMBERS: [&str; 10] = [
    "0",
    "1",
    "-1",
    "255",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e400",
];
/// The most changes that one input gets.
const AT_ONCE_MAX: u32 = 4;

/// Makes inputs out of examples.
pub(crate) struct Changes<'a> {
    chance: StdRng,
    examples: &'a [Vec<u8>],
}

impl<'a> Changes<'a> {
    /// Decided by `seed`; there is at least one example.
    pub(crate) fn new(seed: u64, examples: &'a [Vec<u8>]) -> Self {
        Self { chance: StdRng::seed_from_u64(seed), examples }
    }

    /// An example with one to four changes.
    pub(crate) fn next_input(&mut self) -> Vec<u8> {
        let mut bytes = self.example();
        for _ in 0..self.chance.random_range(1..=AT_ONCE_MAX) {
            self.change(&mut bytes);
        }
        bytes
    }

    fn example(&mut self) -> Vec<u8> {
        self.examples.choose(&mut self.chance).cloned().unwrap_or_default()
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.chance.random_range(0..=bytes.len());
        match self.chance.random_range(0..8) {
            0 => bytes.insert(at, self.chance.random()),
            1 => bytes.truncate(at),
            2 => self.put_number(bytes, at),
            3 => drop(bytes.drain(self.part(at, bytes.len()))),
            4 => {
                let twice = bytes[self.part(at, bytes.len())].to_vec();
                bytes.splice(at..at, twice);
            }
            5 => {
                let other = self.example();
                let from = self.chance.random_range(0..=other.len());
                let piece = &other[self.part(from, other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            6 if at < bytes.len() => bytes[at] = self.chance.random(),
            _ if at < bytes.len() => bytes[at] ^= 1 << self.chance.random_range(0..8),
            _ => {}
        }
    }

    /// From `at`, of any length, but rather a short one.
    fn part(&mut self, at: usize, end: usize) -> std::ops::Range<usize> {
        let short = self.chance.random_range(0..=16);
        let most = if self.chance.random() { short } else { end };
        at..self.chance.random_range(at..=end.min(at.saturating_add(most)))
    }

    /// Puts another number in the place of the next one.
    fn put_number(&mut self, bytes: &mut Vec<u8>, from: usize) {
        let Some(at) = bytes[from..].iter().position(u8::is_ascii_digit).map(|at| at + from) else { return };
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = NUMBERS.choose(&mut self.chance).copied().unwrap_or_default();
        bytes.splice(at..at + length, number.bytes());
    }
}
