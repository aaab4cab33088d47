//! `serve`: starts the service, tells where it listens, and ends it in order when it is asked to.

use std::{io::Write, path::Path};

use tracing_subscriber::EnvFilter;

use super::{Done, Problem, file_problem, grammar::ServeArgs, store_problem};
use crate::run::{self, LockRefusal, Running, ServeConfig, ServeProblem, Tls};

pub(super) fn serve(data: &Path, args: ServeArgs) -> Result<Done, Problem> {
    log_to_stderr();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Problem::new(format!("The service could not start: {error}."), "Close other programs and try again.")
    })?;
    runtime.block_on(serve_until_told(data, args))
}

async fn serve_until_told(data: &Path, args: ServeArgs) -> Result<Done, Problem> {
    let config = ServeConfig { data: data.to_owned(), listen: args.listen, tls: tls(&args) };
    let mut stop = Stop::new()?;
    let mut running = run::serve(config).await.map_err(words)?;
    tell(&running, args.port_file.as_deref())?;
    tokio::select! {
        () = stop.asked() => {}
        problem = running.broken() => return Err(words(problem)),
    }
    tracing::info!("stopping: running requests are finished first");
    running.shutdown().await.map_err(words)?;
    say("stopped");
    Ok(Done::Whole)
}

fn tls(args: &ServeArgs) -> Tls {
    match (&args.tls_cert, &args.tls_key) {
        (Some(certificate), Some(key)) => Tls::Given { certificate: certificate.clone(), key: key.clone() },
        _ if args.tls_self_signed => Tls::SelfSigned,
        _ => Tls::Off,
    }
}

fn tell(running: &Running, port_file: Option<&Path>) -> Result<(), Problem> {
    say(&format!("listening on {}", running.url()));
    let Some(path) = port_file else { return Ok(()) };
    // Whoever waits for the file must never read half of it.
    let part = path.with_extension("part");
    let written = std::fs::write(&part, running.address().port().to_string())
        .and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| file_problem(path, "written", &error))
}

/// Tells whoever started the service, if anybody still listens: a reader that went away must not end it badly.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Ctrl-C, and on Unix SIGTERM.
struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    #[cfg(unix)]
    fn new() -> Result<Self, Problem> {
        use tokio::signal::unix::{SignalKind, signal};
        let problem = |error| Problem::new(format!("Signals cannot be received: {error}."), "Try again.");
        let terminate = signal(SignalKind::terminate()).map_err(problem)?;
        Ok(Self { terminate, interrupt: signal(SignalKind::interrupt()).map_err(problem)? })
    }

    #[cfg(unix)]
    async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    fn new() -> Result<Self, Problem> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn asked(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("USHER_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

fn words(problem: ServeProblem) -> Problem {
    let what = format!("The server did not start: {problem}.");
    match problem {
        ServeProblem::Store(error) => store_problem(error),
        ServeProblem::Broken(_) => Problem::new(
            format!("The server ended: {problem}."),
            "Start it again; what it had acknowledged is kept.",
        ),
        ServeProblem::NotSecure(_) => Problem::new(
            what,
            "Add --tls-self-signed, which makes a certificate that desks pin when they enrol, or --tls-cert and --tls-key.",
        ),
        ServeProblem::Lock(LockRefusal::Held(Some(other))) => Problem::new(
            what,
            format!("It is process {} at {}. Use that one, or stop it first.", other.process, other.address),
        ),
        ServeProblem::Lock(LockRefusal::Held(None)) => Problem::new(what, "Use that one, or stop it first."),
        ServeProblem::Lock(LockRefusal::Io(..)) => {
            Problem::new(what, "Check who may write in the database's folder.")
        }
        ServeProblem::Tls(_) => Problem::new(
            what,
            "Give the right files, or remove both and let --tls-self-signed make new ones; desks then enrol again.",
        ),
        ServeProblem::Listen(..) => Problem::new(
            what,
            "Another program may have the port: choose one with --listen 127.0.0.1:8081, or end it.",
        ),
    }
}
