//! A file's bytes in shared chunks: keeping a second image of a file, or copying a disk, copies nothing until it is written.

use std::sync::Arc;

const CHUNK: usize = 4096;

/// Bytes of one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pages {
    len: usize,
    chunks: Vec<Arc<[u8; CHUNK]>>,
}

impl Pages {
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Reads from `offset`; how many bytes were there.
    pub(crate) fn read(&self, offset: usize, out: &mut [u8]) -> usize {
        let there = self.len.saturating_sub(offset).min(out.len());
        let mut done = 0;
        while done < there {
            let (chunk, within) = ((offset + done) / CHUNK, (offset + done) % CHUNK);
            let step = (CHUNK - within).min(there - done);
            let Some(bytes) = self.chunks.get(chunk) else { break };
            out[done..done + step].copy_from_slice(&bytes[within..within + step]);
            done += step;
        }
        done
    }

    /// Writes at `offset`, growing with zeros where needed.
    pub(crate) fn write(&mut self, offset: usize, bytes: &[u8]) {
        if offset + bytes.len() > self.len {
            self.resize(offset + bytes.len());
        }
        let mut done = 0;
        while done < bytes.len() {
            let (chunk, within) = ((offset + done) / CHUNK, (offset + done) % CHUNK);
            let step = (CHUNK - within).min(bytes.len() - done);
            let Some(shared) = self.chunks.get_mut(chunk) else { break };
            Arc::make_mut(shared)[within..within + step].copy_from_slice(&bytes[done..done + step]);
            done += step;
        }
    }

    /// Cuts off or fills up with zeros.
    pub(crate) fn resize(&mut self, len: usize) {
        let within = len % CHUNK;
        if len < self.len
            && within > 0
            && let Some(last) = self.chunks.get_mut(len / CHUNK)
        {
            Arc::make_mut(last)[within..].fill(0);
        }
        let chunks = len.div_ceil(CHUNK);
        if chunks != self.chunks.len() {
            self.chunks.resize_with(chunks, || Arc::new([0; CHUNK]));
        }
        self.len = len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pages: &Pages) -> Vec<u8> {
        let mut out = vec![9; pages.len()];
        assert_eq!(pages.read(0, &mut out), pages.len());
        out
    }

    #[test]
    fn it_behaves_as_a_vector() {
        let (mut pages, mut plain) = (Pages::default(), Vec::new());
        let mut state = 7;
        for _ in 0..400 {
            let mut next = |n| usize::try_from(crate::choices::random(&mut state) % n).unwrap();
            let (at, len, byte) = (next(20_000), next(9_000), next(255) as u8);
            if next(4) == 0 {
                pages.resize(at);
                plain.resize(at, 0);
            } else {
                pages.write(at, &vec![byte; len]);
                plain.resize(plain.len().max(at + len), 0);
                plain[at..at + len].fill(byte);
            }
            assert!(all(&pages) == plain);
        }
    }

    #[test]
    fn a_copy_keeps_what_it_was() {
        let mut pages = Pages::default();
        pages.write(4000, &[1; 200]);
        let copy = pages.clone();
        pages.write(4000, &[2; 300]);
        assert_eq!((copy.len(), all(&copy)[4100], all(&pages)[4100]), (4200, 1, 2));
    }
}
