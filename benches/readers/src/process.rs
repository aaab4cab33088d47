//! A reader's process as this one sees it: asked for a picture it answers, says that it panicked, or is ended at the deadline.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use crate::reader::Library;

/// What a process says of a picture on which its reader panicked.
pub const PANICKED: &str = "panicked";
/// How long a reader may look at a picture, on the clock. A desk has given up long before.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// What became of a picture.
#[derive(Debug)]
pub enum Answer {
    /// Looked at, in so many milliseconds of processor.
    Read {
        /// Processor time.
        ms: f64,
        /// The payloads, as lines have them: with tabs and line ends escaped.
        payloads: Vec<String>,
    },
    /// The reader panicked.
    Panicked,
    /// It had no answer within the deadline.
    Hung,
}

/// A running reader.
#[derive(Debug)]
pub struct Process {
    /// What starts it, and starts it anew.
    command: Command,
    deadline: Duration,
    child: Child,
    paths: ChildStdin,
    lines: Receiver<String>,
}

impl Process {
    /// Starts this program again as a reader.
    ///
    /// # Errors
    /// The system starts no further process.
    pub fn reading(library: Library) -> Result<Self, String> {
        let program =
            std::env::current_exe().map_err(|error| format!("this program is not found: {error}"))?;
        let mut command = Command::new(program);
        command.args(["--as", library.name()]).stderr(Stdio::null());
        Self::start(command, DEADLINE)
    }

    fn start(mut command: Command, deadline: Duration) -> Result<Self, String> {
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| format!("{command:?} cannot be started: {error}"))?;
        let (Some(paths), Some(out)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("{command:?} has no pipes"));
        };
        let (tell, lines) = channel();
        thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| tell.send(line))
        });
        Ok(Self { command, deadline, child, paths, lines })
    }

    /// Has a picture read. A process that hangs or ends is replaced by a new one for the next picture.
    ///
    /// # Errors
    /// No other process can be started, or this one said something that is no answer.
    pub fn read(&mut self, picture: &Path) -> Result<Answer, String> {
        let asked = writeln!(self.paths, "{}", picture.display());
        match asked.map(|()| self.lines.recv_timeout(self.deadline)) {
            Ok(Ok(line)) if line == PANICKED => Ok(Answer::Panicked),
            Ok(Ok(line)) => answer(&line).ok_or_else(|| format!("{:?} said: {line}", self.command)),
            Ok(Err(RecvTimeoutError::Timeout)) => self.replace().map(|()| Answer::Hung),
            // Not every fault can be caught: a reader in C++ ends its process, and a stack can run over.
            Ok(Err(RecvTimeoutError::Disconnected)) | Err(_) => self.replace().map(|()| Answer::Panicked),
        }
    }

    fn replace(&mut self) -> Result<(), String> {
        let command = std::mem::replace(&mut self.command, Command::new(""));
        *self = Self::start(command, self.deadline)?;
        Ok(())
    }
}

/// Whoever is let go is ended, whatever it does.
impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn answer(line: &str) -> Option<Answer> {
    let mut fields = line.split('\t');
    let ms = fields.next()?.parse().ok()?;
    Some(Answer::Read { ms, payloads: fields.map(str::to_owned).collect() })
}

/// This process and those that it starts keep to one core, the last that it may use.
///
/// # Errors
/// The system refuses.
pub fn stay_on_one_core() -> Result<(), String> {
    let allowed = sched_getaffinity(None).map_err(|error| error.to_string())?;
    let last = (0..CpuSet::MAX_CPU).rev().find(|core| allowed.is_set(*core)).ok_or("no core may be used")?;
    let mut one = CpuSet::new();
    one.set(last);
    sched_setaffinity(None, &one).map_err(|error| format!("this cannot keep to one core: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that is a line of shell.
    fn shell(line: &str, deadline: Duration) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        Process::start(command, deadline).unwrap()
    }

    #[test]
    fn a_reader_that_hangs_is_ended_and_the_next_picture_gets_a_new_one() {
        let line =
            r#"while read -r path; do if [ "$path" = bad ]; then exec sleep 600; fi; printf '1.5\tA\tB\n'; done"#;
        let mut reader = shell(line, Duration::from_secs(2));
        let read =
            |answer| matches!(answer, Ok(Answer::Read { ms: 1.5, payloads }) if payloads == ["A", "B"]);
        assert!(read(reader.read(Path::new("good"))));
        assert!(matches!(reader.read(Path::new("bad")), Ok(Answer::Hung)));
        assert!(read(reader.read(Path::new("good"))));
    }

    #[test]
    fn a_reader_that_ends_or_says_so_panicked() {
        let mut reader = shell("read -r path; exit 3", DEADLINE);
        assert!(matches!(reader.read(Path::new("any")), Ok(Answer::Panicked)));
        assert!(matches!(reader.read(Path::new("any")), Ok(Answer::Panicked)));
        let mut reader = shell("read -r path; echo panicked; read -r path; echo nonsense", DEADLINE);
        assert!(matches!(reader.read(Path::new("any")), Ok(Answer::Panicked)));
        assert!(reader.read(Path::new("any")).is_err());
    }
}
