//! The server's roster file on a simulated disk: lines of JSON, appended and synced one by one, as the server's own does it.

use std::sync::{Mutex, PoisonError};

use usher_authority::{Error, Result, Roster, RosterLine};
use usher_disk::Disk;

/// The roster file.
#[derive(Debug)]
pub struct RosterFile {
    disk: Disk,
    name: String,
    // One line at a time.
    writing: Mutex<()>,
}

impl RosterFile {
    /// The file `name` on `disk`.
    #[must_use]
    pub fn new(disk: Disk, name: &str) -> Self {
        Self { disk, name: name.into(), writing: Mutex::new(()) }
    }

    /// What was written whole: a line that was torn by a crash was never answered from.
    fn whole(&self) -> Result<Vec<u8>> {
        let mut bytes = self.disk.read_file(&self.name)?.unwrap_or_default();
        bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1));
        Ok(bytes)
    }
}

impl Roster for RosterFile {
    fn lines(&self) -> Result<Vec<RosterLine>> {
        let bytes = self.whole()?;
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let read = |line: &[u8]| {
            serde_json::from_slice(line)
                .map_err(|_| Error::Damaged("a line of the roster cannot be read".into()))
        };
        lines.map(read).collect()
    }

    fn keep(&self, line: &RosterLine) -> Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = serde_json::to_vec(line).map_err(|why| Error::Output(why.into()))?;
        text.push(b'\n');
        let end = self.whole()?.len() as u64;
        Ok(self.disk.append_at(&self.name, end, &text)?)
    }

    fn rewrite(&self, lines: &[RosterLine]) -> Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut text, line).map_err(|why| Error::Output(why.into()))?;
            text.push(b'\n');
        }
        let next = format!("{}.new", self.name);
        self.disk.append_at(&next, 0, &text)?;
        self.disk.rename(&next, &self.name)?;
        let folder = self.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        Ok(self.disk.sync_folder(folder)?)
    }
}
