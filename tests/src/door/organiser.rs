//! The organiser: the real `usher-server`, its commands and its service.

use std::{
    ffi::OsStr,
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::{Failure, clock};

/// The longest that a command may take.
const COMMAND: Duration = Duration::from_secs(60);

/// The organiser's commands on one database.
#[derive(Debug)]
pub(super) struct Organiser {
    binary: PathBuf,
    data: PathBuf,
    logs: PathBuf,
}

/// The running service. Killed when it is dropped.
#[derive(Debug)]
pub(super) struct Service {
    child: Guard,
    pub(super) address: SocketAddr,
}

#[derive(Debug)]
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Organiser {
    pub(super) fn new(binary: &Path, out: &Path) -> Self {
        Self { binary: binary.into(), data: out.join("event.db"), logs: out.join("logs") }
    }

    /// Runs a command to its end; gives what it printed.
    pub(super) fn run<A: AsRef<OsStr>>(&self, args: &[A]) -> Result<String, Failure> {
        let (out, err) = (self.logs.join("command.out"), self.logs.join("command.err"));
        let mut child = self.spawn(args, File::create(&out)?, File::create(&err)?)?;
        let words = args.iter().map(|arg| arg.as_ref().to_string_lossy()).collect::<Vec<_>>().join(" ");
        let ended = clock::wait_for(&words, COMMAND, || Ok(child.0.try_wait()?))?;
        if !ended.success() {
            let said = fs::read_to_string(&err).unwrap_or_default();
            return Err(format!("usher-server {words}: {ended}\n{said}").into());
        }
        Ok(fs::read_to_string(&out)?)
    }

    /// Starts the service on a free port.
    pub(super) fn serve(&self) -> Result<Service, Failure> {
        let port_file = self.data.with_extension("port");
        let port = port_file.to_string_lossy();
        let log = File::create(self.logs.join("server.log"))?;
        let args = ["serve", "--listen", "127.0.0.1:0", "--port-file", &port];
        let mut child = self.spawn(&args, log.try_clone()?, log)?;
        let port = clock::wait_for("the server's start", COMMAND, || {
            if let Some(ended) = child.0.try_wait()? {
                return Err(format!("the server ended at its start: {ended}; see logs/server.log").into());
            }
            Ok(fs::read_to_string(&port_file).ok().and_then(|text| text.trim().parse::<u16>().ok()))
        })?;
        Ok(Service { child, address: ([127, 0, 0, 1], port).into() })
    }

    fn spawn<A: AsRef<OsStr>>(&self, args: &[A], out: File, err: File) -> Result<Guard, Failure> {
        let child = Command::new(&self.binary)
            .arg("--data")
            .arg(&self.data)
            .args(args)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .spawn();
        Ok(Guard(child.map_err(|error| format!("{} could not be started: {error}", self.binary.display()))?))
    }
}

impl Service {
    /// Whether it still runs.
    pub(super) fn runs(&mut self) -> Result<bool, Failure> {
        Ok(self.child.0.try_wait()?.is_none())
    }
}
