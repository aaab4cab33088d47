//! A thresholded picture, a bit to a pixel, so that a row is a few words: quick to turn round, to close gaps in and to hand on.

use rxing::common::{BitArray, BitMatrix};

const WORD: usize = u64::BITS as usize;

/// Dark pixels are set; bits beyond the width are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bits {
    width: usize,
    height: usize,
    words: Vec<u64>,
}

impl Bits {
    /// From a byte to a pixel, row by row: 1 is dark, 0 light.
    pub(crate) fn from_bytes(width: usize, dark: &[u8]) -> Self {
        let mut words = Vec::with_capacity(dark.len() / WORD + dark.len() / width.max(1));
        for row in dark.chunks_exact(width) {
            words.extend(row.chunks(WORD).map(word));
        }
        Self { width, height: dark.len() / width.max(1), words }
    }

    fn across(&self) -> usize {
        self.width.div_ceil(WORD)
    }

    /// Light becomes dark and dark light.
    pub(crate) fn negated(&self) -> Self {
        self.with(self.words.iter().map(|word| !word).collect())
    }

    /// Gaps of a pixel or two within dark parts are closed: each pixel spreads to its neighbours, and what spread shrinks again.
    pub(crate) fn closed(&self) -> Self {
        let or = |a, b, c| a | b | c;
        let and = |a, b, c| a & b & c;
        self.sideways(or, 0).upright(or).sideways(and, !0).upright(and)
    }

    fn with(&self, mut words: Vec<u64>) -> Self {
        let unused = self.unused();
        words.chunks_exact_mut(self.across()).for_each(|row| row[row.len() - 1] &= !unused);
        Self { words, ..*self }
    }

    /// The bits of a row's last word that are beyond the width.
    fn unused(&self) -> u64 {
        let used = self.width % WORD;
        if used > 0 { !0 << used } else { 0 }
    }

    /// Each pixel with its left and right neighbour; beyond the picture stands `edge`.
    fn sideways(&self, join: impl Fn(u64, u64, u64) -> u64, edge: u64) -> Self {
        let (mut words, last) = (Vec::with_capacity(self.words.len()), self.across() - 1);
        for row in self.words.chunks_exact(self.across()) {
            let at = |i: Option<usize>| match i {
                Some(i) if i == last => row[i] | edge & self.unused(),
                Some(i) if i < last => row[i],
                _ => edge,
            };
            words.extend((0..row.len()).map(|i| {
                let (before, word, after) = (at(i.checked_sub(1)), at(Some(i)), at(Some(i + 1)));
                join(word, word << 1 | before >> (WORD - 1), word >> 1 | after << (WORD - 1))
            }));
        }
        self.with(words)
    }

    /// Each pixel with the one above and the one below; the first and last row stay.
    fn upright(&self, join: impl Fn(u64, u64, u64) -> u64) -> Self {
        let (mut words, across) = (self.words.clone(), self.across());
        for i in across..words.len().saturating_sub(across) {
            words[i] = join(self.words[i], self.words[i - across], self.words[i + across]);
        }
        self.with(words)
    }

    /// The same as rxing wants it; none where there is no pixel.
    pub(crate) fn to_matrix(&self) -> Option<BitMatrix> {
        let mut matrix = BitMatrix::new(self.width as u32, self.height as u32).ok()?;
        for (y, row) in self.words.chunks_exact(self.across()).enumerate() {
            let mut line = BitArray::with_size(self.width);
            row.iter().enumerate().for_each(|(i, &word)| line.setBulk(i * WORD, word as _));
            matrix.setRow(y as u32, &line);
        }
        Some(matrix)
    }
}

/// Up to 64 bytes of 0 or 1 as the bits of a word, the first one lowest. Eight at a time: the product gathers their lowest bits in its
/// highest byte.
fn word(dark: &[u8]) -> u64 {
    let eights = dark.chunks_exact(8);
    let rest = eights.remainder();
    let mut gathered = 0;
    for (i, eight) in eights.enumerate() {
        let bytes = u64::from_le_bytes(eight.try_into().unwrap_or_default()) & 0x0101_0101_0101_0101;
        gathered |= (bytes.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i);
    }
    let start = dark.len() - rest.len();
    rest.iter().enumerate().fold(gathered, |word, (i, &bit)| word | u64::from(bit & 1) << (start + i))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a pixel of the closed picture is by definition.
    fn closed_at(dark: &[u8], width: usize, height: usize, x: usize, y: usize) -> bool {
        let near = |c: usize, end: usize| c.saturating_sub(1)..(c + 2).min(end);
        let spread = |x, y| {
            let rows = if y == 0 || y == height - 1 { y..y + 1 } else { near(y, height) };
            rows.flat_map(|y| near(x, width).map(move |x| (x, y))).any(|(x, y)| dark[y * width + x] == 1)
        };
        let rows = if y == 0 || y == height - 1 { y..y + 1 } else { near(y, height) };
        rows.flat_map(|y| near(x, width).map(move |x| (x, y))).all(|(x, y)| spread(x, y))
    }

    proptest! {
        #[test]
        fn bits_are_the_bytes(width in 1usize..200, seed in prop::collection::vec(0u8..2, 600)) {
            let dark = &seed[..seed.len() / width * width];
            let bits = Bits::from_bytes(width, dark);
            let (plain, turned, closed) =
                (bits.to_matrix().unwrap(), bits.negated().to_matrix().unwrap(), bits.closed().to_matrix().unwrap());
            prop_assert_eq!(&bits.negated().negated(), &bits);
            for (i, &pixel) in dark.iter().enumerate() {
                let (x, y) = (i % width, i / width);
                prop_assert_eq!(plain.get(x as u32, y as u32), pixel == 1);
                prop_assert_eq!(turned.get(x as u32, y as u32), pixel == 0);
                prop_assert_eq!(closed.get(x as u32, y as u32), closed_at(dark, width, dark.len() / width, x, y));
            }
        }
    }

    #[test]
    fn nothing_has_no_matrix() {
        assert!(Bits::from_bytes(1, &[]).to_matrix().is_none());
    }
}
