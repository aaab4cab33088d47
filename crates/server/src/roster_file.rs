//! The roster in a file of its own beside the database: lines of JSON, appended and synced one by one, and written anew as a whole only
//! when the server's key is replaced. It survives when the
//! database is put back to a backup, and should not be backed up with it.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use usher_authority::{Error, Result, Roster, RosterLine};

/// The roster file of a database.
#[derive(Debug)]
pub(crate) struct RosterFile {
    path: PathBuf,
    // One line at a time, so that lines never mix; the lock on the file keeps other processes out.
    writing: Mutex<()>,
}

impl RosterFile {
    /// The roster of the database at `data`: the same name with `.roster` behind it.
    #[must_use]
    pub(crate) fn beside(data: &Path) -> Self {
        let mut name = data.as_os_str().to_owned();
        name.push(".roster");
        Self { path: name.into(), writing: Mutex::new(()) }
    }

    fn open(&self) -> std::io::Result<File> {
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&self.path)?;
        // It holds the server's key.
        #[cfg(unix)]
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        Ok(file)
    }

    /// The file, for this process alone while it is open. Where another one put a new file in its place meanwhile, that one.
    fn locked(&self) -> std::io::Result<File> {
        loop {
            let file = self.open()?;
            file.lock()?;
            if is_at(&file, &self.path)? {
                return Ok(file);
            }
        }
    }

    fn append(&self, line: &str) -> std::io::Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let new = !self.path.exists();
        let mut file = self.locked()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        // A line that was torn by a crash was never answered from: it is written over.
        let whole = whole(&bytes).len();
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::Start(whole as u64))?;
        file.write_all(line.as_bytes())?;
        file.sync_all()?;
        if new { sync_folder(&self.path) } else { Ok(()) }
    }

    /// Writes a file beside and puts it in the place of this one: a crash at any point leaves the one or the other, whole.
    fn replace(&self, text: &str) -> std::io::Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let _nobody_else = self.locked()?;
        let mut name = self.path.as_os_str().to_owned();
        name.push(".new");
        let next = Self { path: name.into(), writing: Mutex::new(()) };
        let mut file = next.open()?;
        file.set_len(0)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        drop(file);
        std::fs::rename(&next.path, &self.path)?;
        sync_folder(&self.path)
    }

    fn words(&self, error: &std::io::Error) -> Error {
        Error::Store(format!("the roster {} cannot be used: {error}", self.path.display()))
    }
}

/// Whether the open file is the one at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (here, there) = (file.metadata()?, std::fs::metadata(path)?);
    Ok((here.dev(), here.ino()) == (there.dev(), there.ino()))
}

/// Elsewhere a file that is open cannot be replaced.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> std::io::Result<bool> {
    Ok(true)
}

/// The lines that were written whole: a tear can go through a letter, so they are told by bytes.
fn whole(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1)]
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}

impl Roster for RosterFile {
    fn lines(&self) -> Result<Vec<RosterLine>> {
        let bytes = match std::fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.words(&error)),
        };
        let read = |(number, line): (usize, &[u8])| {
            serde_json::from_slice(line).map_err(|_| {
                Error::Damaged(format!(
                    "line {} of the roster {} cannot be read",
                    number + 1,
                    self.path.display()
                ))
            })
        };
        whole(&bytes).split_inclusive(|byte| *byte == b'\n').enumerate().map(read).collect()
    }

    fn keep(&self, line: &RosterLine) -> Result<()> {
        self.append(&text(line)?).map_err(|error| self.words(&error))
    }

    fn rewrite(&self, lines: &[RosterLine]) -> Result<()> {
        let lines = lines.iter().map(text).collect::<Result<String>>()?;
        self.replace(&lines).map_err(|error| self.words(&error))
    }
}

fn text(line: &RosterLine) -> Result<String> {
    let text = serde_json::to_string(line).map_err(|why| Error::Output(why.into()))?;
    Ok(text + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The service and a command beside it.
    #[test]
    fn two_processes_take_no_lines_from_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("usher.db");
        let mark = |term, position| RosterLine::Mark { term, position };
        std::thread::scope(|scope| {
            for term in [1, 2, 3] {
                let roster = RosterFile::beside(&data);
                scope.spawn(move || (0..50).for_each(|position| roster.keep(&mark(term, position)).unwrap()));
            }
        });
        let lines = RosterFile::beside(&data).lines().unwrap();
        assert_eq!(lines.len(), 150);
        for term in [1, 2, 3] {
            let of_one =
                lines.iter().filter(|line| matches!(line, RosterLine::Mark { term: t, .. } if *t == term));
            assert!(of_one.eq((0..50).map(|position| mark(term, position)).collect::<Vec<_>>().iter()));
        }
    }

    #[test]
    fn lines_come_back_and_a_torn_one_counts_as_never_written() {
        let folder = tempfile::tempdir().unwrap();
        let roster = RosterFile::beside(&folder.path().join("usher.db"));
        assert_eq!(roster.lines().unwrap(), []);
        let mark = |position| RosterLine::Mark { term: 1, position };
        roster.keep(&mark(1)).unwrap();
        let mut file = OpenOptions::new().append(true).open(&roster.path).unwrap();
        // Within a letter of two bytes.
        file.write_all(b"{\"station\":\"T\xc3").unwrap();
        assert_eq!(roster.lines().unwrap(), [mark(1)]);
        roster.keep(&mark(2)).unwrap();
        assert_eq!(roster.lines().unwrap(), [mark(1), mark(2)]);
        roster.rewrite(&[mark(3), mark(4)]).unwrap();
        roster.keep(&mark(5)).unwrap();
        assert_eq!(roster.lines().unwrap(), [mark(3), mark(4), mark(5)]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        std::fs::write(&roster.path, "{}\n").unwrap();
        assert!(matches!(roster.lines(), Err(Error::Damaged(_))));
    }
}
