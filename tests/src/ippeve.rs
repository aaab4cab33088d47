//! A printer that is a program: `ippeveprinter` of CUPS (Debian's cups-ipp-utils), at a port of its own, whose insides are a script.
//!
//! It wants a message bus to announce itself on; it gets one of its own, so that neither root nor a running system is needed.

use std::{
    fs,
    io::{self, BufRead, BufReader},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// How often a printer that starts is asked whether it listens.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// How often at most.
const LOOKS_MAX: u32 = 500;

/// What happens to a document inside a printer, as a line of shell; `$1` is the document, `$OUT` where paper comes out.
#[derive(Clone, Copy, Debug)]
pub enum Inside {
    /// It comes out.
    Prints,
    /// It takes longer than anybody waits.
    Slow,
    /// There is no paper, and it says so.
    OutOfPaper,
    /// Somebody paused the printer.
    Paused,
    /// The paper jams.
    Jams,
    /// It gives up on the document.
    GivesUp,
}

impl Inside {
    const fn script(self) -> &'static str {
        const WAIT: &str = "while [ -d \"$OUT\" ]; do sleep 0.1; done";
        match self {
            Self::Prints => "cp \"$1\" \"$OUT/part\" && mv \"$OUT/part\" \"$OUT/page-$$.pdf\"",
            Self::Slow => WAIT,
            Self::OutOfPaper => {
                "echo 'STATE: +media-empty-error' >&2; while [ -d \"$OUT\" ]; do sleep 0.1; done"
            }
            Self::Paused => "echo 'STATE: +paused' >&2; while [ -d \"$OUT\" ]; do sleep 0.1; done",
            Self::Jams => "echo 'STATE: +media-jam' >&2; while [ -d \"$OUT\" ]; do sleep 0.1; done",
            Self::GivesUp => "exit 1",
        }
    }
}

/// A running printer; it ends when this is dropped.
#[derive(Debug)]
pub struct Printer {
    bus: Child,
    printer: Child,
    folder: PathBuf,
    port: u16,
}

impl Printer {
    /// Starts a printer that works in `folder`, which must be there and is its own.
    ///
    /// # Errors
    /// When `ippeveprinter` or `dbus-daemon` cannot be started, or it does not listen in time.
    pub fn start(folder: &Path, inside: Inside) -> io::Result<Self> {
        Self::taking(folder, inside, "application/pdf")
    }

    /// The same with another kind of document.
    ///
    /// # Errors
    /// As [`Printer::start`].
    pub fn taking(folder: &Path, inside: Inside, format: &str) -> io::Result<Self> {
        fs::create_dir(folder.join("out"))?;
        fs::create_dir(folder.join("spool"))?;
        let script = folder.join("inside.sh");
        let out = folder.join("out");
        fs::write(&script, format!("#!/bin/sh\nOUT='{}'\n{}\n", out.display(), inside.script()))?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
        let (bus, address) = bus(folder)?;
        let port = free_port()?;
        let printer = Command::new("ippeveprinter")
            .env("DBUS_SYSTEM_BUS_ADDRESS", address)
            .args(["-r", "off", "-n", "localhost", "-f", format, "-p", &port.to_string()])
            .arg("-d")
            .arg(folder.join("spool"))
            .arg("-c")
            .arg(&script)
            .arg("Badges")
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("printer.log"))?)
            .spawn()
            .map_err(|error| {
                io::Error::new(error.kind(), format!("ippeveprinter: {error}; run scripts/install"))
            })?;
        let mut printer = Self { bus, printer, folder: folder.to_owned(), port };
        printer.listening()?;
        Ok(printer)
    }

    fn listening(&mut self) -> io::Result<()> {
        for _ in 0..LOOKS_MAX {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            if self.printer.try_wait()?.is_some() {
                break;
            }
            thread::sleep(LOOK_AGAIN);
        }
        let log = fs::read_to_string(self.folder.join("printer.log")).unwrap_or_default();
        Err(io::Error::other(format!("ippeveprinter does not listen: {log}")))
    }

    /// Where it is asked.
    #[must_use]
    pub fn address(&self) -> String {
        format!("ipp://127.0.0.1:{}/ipp/print", self.port)
    }

    /// What came out so far.
    #[must_use]
    pub fn pages(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.join("out")).into_iter().flatten().flatten();
        let mut pages: Vec<_> = entries.map(|entry| entry.path()).collect();
        pages.retain(|path| path.extension().is_some_and(|end| end == "pdf"));
        pages.sort();
        pages
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        // Scripts that wait see that their folder went.
        let _ = fs::remove_dir_all(self.folder.join("out"));
        for program in [&mut self.printer, &mut self.bus] {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

fn bus(folder: &Path) -> io::Result<(Child, String)> {
    let mut bus = Command::new("dbus-daemon")
        .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
        .arg(format!("--address=unix:dir={}", folder.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| {
            io::Error::new(error.kind(), format!("dbus-daemon: {error}; run scripts/install"))
        })?;
    let mut address = String::new();
    let out = bus.stdout.take().ok_or_else(|| io::Error::other("dbus-daemon says nothing"))?;
    BufReader::new(out).read_line(&mut address)?;
    Ok((bus, address.trim().to_owned()))
}

/// A port that nobody listens at now.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// A PDF's only page as a picture beside it, as a printer of so many dots per inch draws it; by poppler's `pdftoppm`.
///
/// # Errors
/// When `pdftoppm` cannot be started or does not read the file.
pub fn rendered(pdf: &Path, dpi: u32) -> io::Result<PathBuf> {
    let root = pdf.with_extension("");
    let mut command = Command::new("pdftoppm");
    command.args(["-r", &dpi.to_string(), "-png", "-singlefile"]).arg(pdf).arg(&root);
    let done = command
        .status()
        .map_err(|error| io::Error::new(error.kind(), format!("pdftoppm: {error}; run scripts/install")))?;
    if done.success() {
        Ok(root.with_extension("png"))
    } else {
        Err(io::Error::other("pdftoppm reads no such page"))
    }
}
