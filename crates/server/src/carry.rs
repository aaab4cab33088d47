//! Reading a carry file: bytes in, the pages of a desk's log out. Nothing is believed here: who signed a page, and whether it is of this
//! event, is asked by whoever takes it. Generic over what is read, so that a fuzzer can read from memory.

use std::io::{self, BufRead, BufReader, Read};

use usher_core::chain::RequestProof;
use usher_protocol::{
    carry::{CARRY_LINE_BYTES_MAX, CarryEnd, CarryHead, CarryPage},
    error::SERVICE,
    sync::SyncRequest,
};

/// Why a line cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CarryFault {
    /// What the file system said.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// It is longer than [`CARRY_LINE_BYTES_MAX`].
    #[error("is longer than a line of such a file can be")]
    TooLong,
    /// It is the first one, and no head.
    #[error("is not the beginning of a desk's saved log")]
    NotTheBeginning,
    /// It is no page.
    #[error("cannot be read")]
    Unreadable,
}

/// A page as it came.
#[derive(Clone, Debug)]
pub struct Page {
    /// What its proof says.
    pub proof: RequestProof,
    /// The proof's bytes.
    pub proof_bytes: Vec<u8>,
    /// What should be the desk's signature under them.
    pub signature: [u8; 64],
    /// The request's body.
    pub body: Vec<u8>,
}

impl Page {
    fn read(page: CarryPage) -> Result<Self, CarryFault> {
        let proof = RequestProof::from_bytes(&page.proof.0).map_err(|_| CarryFault::Unreadable)?;
        let signature = page.signature.0.try_into().map_err(|_| CarryFault::Unreadable)?;
        Ok(Self { proof, proof_bytes: page.proof.0, signature, body: page.body.0 })
    }

    /// What the body asks.
    ///
    /// # Errors
    /// [`CarryFault::Unreadable`].
    pub fn request(&self) -> Result<SyncRequest, CarryFault> {
        serde_json::from_slice(&self.body).map_err(|_| CarryFault::Unreadable)
    }
}

/// What follows the head.
#[derive(Clone, Debug)]
pub enum CarryPart {
    /// A page of the log.
    Page(Box<Page>),
    /// The last line.
    End(CarryEnd),
}

/// Reads a carry file line by line; it keeps one line in memory.
#[derive(Debug)]
pub struct CarryReader<R> {
    reader: BufReader<R>,
    number: u64,
}

impl<R: Read> CarryReader<R> {
    /// At the beginning of `file`.
    pub fn new(file: R) -> Self {
        Self { reader: BufReader::new(file), number: 0 }
    }

    /// The number of the line that was read last, counted from 1.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.number
    }

    /// The first line.
    ///
    /// # Errors
    /// When it is no head, or cannot be read.
    pub fn head(&mut self) -> Result<CarryHead, CarryFault> {
        let line = self.next_line()?.unwrap_or_default();
        let head = serde_json::from_slice(&line).ok().filter(|head: &CarryHead| head.service == SERVICE);
        head.ok_or(CarryFault::NotTheBeginning)
    }

    /// The next line; none: the file ends, or ends within a line.
    ///
    /// # Errors
    /// When it is neither a page nor the end, or cannot be read.
    pub fn part(&mut self) -> Result<Option<CarryPart>, CarryFault> {
        let Some(line) = self.next_line()? else { return Ok(None) };
        if let Ok(end) = serde_json::from_slice(&line) {
            return Ok(Some(CarryPart::End(end)));
        }
        let page = serde_json::from_slice(&line).map_err(|_| CarryFault::Unreadable)?;
        Ok(Some(CarryPart::Page(Box::new(Page::read(page)?))))
    }

    fn next_line(&mut self) -> Result<Option<Vec<u8>>, CarryFault> {
        let mut line = Vec::new();
        let most = CARRY_LINE_BYTES_MAX as u64 + 1;
        self.reader.by_ref().take(most).read_until(b'\n', &mut line)?;
        self.number += 1;
        if line.len() > CARRY_LINE_BYTES_MAX {
            return Err(CarryFault::TooLong);
        }
        Ok(line.ends_with(b"\n").then_some(line))
    }
}
