//! The organiser: the real `usher-server`, its commands and its service.

use std::{
    ffi::OsStr,
    fs::{self, File, OpenOptions},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use super::{Failure, clock};

/// The longest that a command may take.
const COMMAND: Duration = Duration::from_secs(60);

/// The organiser's commands on one database.
#[derive(Debug)]
pub struct Organiser {
    binary: PathBuf,
    data: PathBuf,
    logs: PathBuf,
}

/// The running service. Killed when it is dropped.
#[derive(Debug)]
pub struct Service {
    child: Guard,
    /// Where it listens.
    pub address: SocketAddr,
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
    /// The organiser of the event `event.db` in the folder `out`; logs go to `out/logs`.
    #[must_use]
    pub fn new(binary: &Path, out: &Path) -> Self {
        Self { binary: binary.into(), data: out.join("event.db"), logs: out.join("logs") }
    }

    /// The event's database.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The same event with another version of the program.
    #[must_use]
    pub fn with(&self, binary: &Path) -> Self {
        Self { binary: binary.into(), data: self.data.clone(), logs: self.logs.clone() }
    }

    /// Runs a command to its end; gives what it printed.
    ///
    /// # Errors
    /// It fails, or does not end in time.
    pub fn run<A: AsRef<OsStr>>(&self, args: &[A]) -> Result<String, Failure> {
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

    /// A one-time code for a role, with the address that its holder shall use: what `enrol --json` prints.
    ///
    /// # Errors
    /// As [`Organiser::run`].
    pub fn enrol(&self, role: &str, name: &str, address: &str) -> Result<Value, Failure> {
        let printed = self.run(&["enrol", "--role", role, "--name", name, "--address", address, "--json"])?;
        Ok(serde_json::from_str(&printed)?)
    }

    /// Starts the service on a free port.
    ///
    /// # Errors
    /// It does not start.
    pub fn serve(&self) -> Result<Service, Failure> {
        self.serve_at((Ipv4Addr::LOCALHOST, 0).into(), &[])
    }

    /// Starts the service at an address, with more arguments.
    ///
    /// # Errors
    /// It does not start.
    pub fn serve_at(&self, listen: SocketAddr, more: &[&str]) -> Result<Service, Failure> {
        let port_file = self.data.with_extension("port");
        let _ = fs::remove_file(&port_file);
        let (listen_word, port) = (listen.to_string(), port_file.to_string_lossy());
        let log = OpenOptions::new().create(true).append(true).open(self.logs.join("server.log"))?;
        let args = ["serve", "--listen", &listen_word, "--port-file", &port];
        let mut child = self.spawn(&[&args, more].concat(), log.try_clone()?, log)?;
        let port = clock::wait_for("the server's start", COMMAND, || {
            if let Some(ended) = child.0.try_wait()? {
                return Err(format!("the server ended at its start: {ended}; see logs/server.log").into());
            }
            Ok(fs::read_to_string(&port_file).ok().and_then(|text| text.trim().parse::<u16>().ok()))
        })?;
        Ok(Service { child, address: (listen.ip(), port).into() })
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
    ///
    /// # Errors
    /// The system does not say.
    pub fn runs(&mut self) -> Result<bool, Failure> {
        Ok(self.child.0.try_wait()?.is_none())
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// The system refuses.
    pub fn kill(mut self) -> Result<(), Failure> {
        self.child.0.kill()?;
        self.child.0.wait()?;
        Ok(())
    }
}
