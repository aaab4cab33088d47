//! Real programs, each in a process group of its own that ends with its guard, whatever happens to the test.

use std::{
    fs::File,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::trouble::{Context, Done, now, until};

/// How long a program may take to end by itself before it is made to.
const PATIENCE: Duration = Duration::from_secs(5);

/// The program at the path that `variable` names, else `name` beside this test's target folder, else on the PATH.
pub(crate) fn program(variable: &str, name: &str, how: &str) -> Done<PathBuf> {
    let missing =
        |place: &Path| format!("{} is not there. {how}, or name it with {variable}.", place.display());
    if let Some(given) = std::env::var_os(variable).map(PathBuf::from) {
        return if given.is_file() { Ok(given) } else { Err(missing(&given)) };
    }
    let beside = std::env::current_exe().ok().and_then(|test| Some(test.parent()?.parent()?.join(name)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = beside.into_iter().chain(std::env::split_paths(&path).map(|folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file()).ok_or_else(|| missing(Path::new(name)))
}

/// A running program. Dropping it ends its whole group.
pub(crate) struct Running {
    name: String,
    child: Child,
}

impl Running {
    /// Starts it; what it says goes to `NAME.log` in `logs`, its standard output to `stdout` where that is given.
    pub(crate) fn start(name: &str, command: &mut Command, logs: &Path, stdout: Option<Stdio>) -> Done<Self> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(logs.join(format!("{name}.log")))
            .doing("a log file")?;
        let out = stdout.map_or_else(|| log.try_clone().map(Stdio::from), Ok).doing("a log file")?;
        command.stdin(Stdio::null()).stdout(out).stderr(log).process_group(0);
        let child = command.spawn().doing(&format!("starting {name}"))?;
        Ok(Self { name: name.to_owned(), child })
    }

    /// The program itself.
    pub(crate) const fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The number of its process group.
    pub(crate) fn group(&self) -> u32 {
        self.child.id()
    }

    /// An error, in words, if it has ended.
    pub(crate) fn still_runs(&mut self) -> Done {
        match self.child.try_wait().doing(&self.name)? {
            None => Ok(()),
            Some(status) => Err(format!("{} ended by itself: {status}", self.name)),
        }
    }

    /// Asks it to end and waits until it has, in order.
    pub(crate) async fn end(mut self) -> Done {
        self.signal(Signal::TERM);
        let name = self.name.clone();
        let status =
            until(&format!("{name} ends when it is told to"), async || self.child.try_wait().doing(&name))
                .await?;
        if status.success() { Ok(()) } else { Err(format!("{name} did not end in order: {status}")) }
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // A group that has ended already is what is wanted.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.signal(Signal::TERM);
        let end = now() + PATIENCE;
        while matches!(self.child.try_wait(), Ok(None)) && now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        // Grandchildren may outlive their parent.
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}
