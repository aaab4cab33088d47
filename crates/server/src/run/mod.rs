//! Serving an event: [`serve`] starts it and gives a handle, so that tests run the real thing on a free port.

mod bell;
mod cutoff;
mod lock;
mod tls;

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum::Router;
use axum_server::Handle;
use hyper_util::rt::TokioTimer;
use tokio::{sync::watch, task::JoinHandle};
use usher_authority::Error;

pub(crate) use bell::Bell;
pub use lock::{LockRefusal, ServingLock, Whereabouts, running};
pub use tls::{Tls, TlsProblem, own_fingerprint};

use crate::{http, store};

/// How long running requests may take to finish after a stop was asked for.
const DRAIN: Duration = Duration::from_secs(20);
/// How long a client may take to send the head of a request.
const HEAD_TIME_MAX: Duration = Duration::from_secs(15);

/// What to serve, and where.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// The event's database.
    pub data: PathBuf,
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What to present.
    pub tls: Tls,
}

/// Why the server did not start, or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum ServeProblem {
    /// Beyond this computer only TLS is served.
    #[error("without TLS the server listens on this computer only, and {0} is beyond it")]
    NotSecure(SocketAddr),
    /// Another server has this database, or its lock file cannot be used.
    #[error(transparent)]
    Lock(#[from] LockRefusal),
    /// The database.
    #[error(transparent)]
    Store(#[from] Error),
    /// The certificate.
    #[error(transparent)]
    Tls(#[from] TlsProblem),
    /// The address is taken or not this computer's.
    #[error("{0} cannot be listened on: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The service broke off.
    #[error("the service broke off: {0}")]
    Broken(String),
}

/// A running server. Dropping it without [`Running::shutdown`] leaves it running until the runtime ends.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    url: String,
    handle: Handle<SocketAddr>,
    stop: watch::Sender<bool>,
    service: JoinHandle<std::io::Result<()>>,
    helpers: Vec<JoinHandle<()>>,
    lock: ServingLock,
}

/// Starts to serve; returns once requests are taken.
///
/// # Errors
/// [`ServeProblem`], each in words that say what is in the way.
pub async fn serve(config: ServeConfig) -> Result<Running, ServeProblem> {
    if config.tls == Tls::Off && !config.listen.ip().is_loopback() {
        return Err(ServeProblem::NotSecure(config.listen));
    }
    let lock = ServingLock::take(&config.data)?;
    let data = config.data.clone();
    let server = tokio::task::spawn_blocking(move || store::open_to_serve(&data)).await.map_err(broken)??;
    let server = Arc::new(server);
    let tls = tls::load(&config.tls, &config.data, &config.listen.ip().to_string())?;
    let listener = listen(config.listen)?;
    let address = listener.local_addr().map_err(|error| ServeProblem::Listen(config.listen, error))?;
    let (stop, stopped) = watch::channel(false);
    let bell = Bell::new(server.feed_end()?);
    let app = http::App::new(Arc::clone(&server), bell.clone(), stopped.clone());
    let boards = tokio::spawn(http::push_boards(Arc::clone(&app)));
    let clock = tokio::spawn(cutoff::watch_clock(Arc::clone(&server), bell.clone(), stopped.clone()));
    let others = tokio::spawn(bell::watch_others(server, bell, stopped));
    let handle = Handle::new();
    let scheme = if tls.is_some() { "https" } else { "http" };
    let service = start(listener, tls, handle.clone(), http::router(app)).map_err(broken)?;
    let url = format!("{scheme}://{address}");
    let mut running =
        Running { address, url, handle, stop, service, helpers: vec![boards, clock, others], lock };
    running.announce(config.tls == Tls::SelfSigned);
    Ok(running)
}

fn broken(error: impl std::fmt::Display) -> ServeProblem {
    ServeProblem::Broken(error.to_string())
}

fn listen(address: SocketAddr) -> Result<TcpListener, ServeProblem> {
    let listener = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    listener.map_err(|error| ServeProblem::Listen(address, error))
}

type Service = JoinHandle<std::io::Result<()>>;

fn start(
    listener: TcpListener,
    tls: Option<axum_server::tls_rustls::RustlsConfig>,
    handle: Handle<SocketAddr>,
    router: Router,
) -> std::io::Result<Service> {
    let make = router.into_make_service_with_connect_info::<SocketAddr>();
    let timer = TokioTimer::new;
    Ok(match tls {
        None => {
            let mut server = axum_server::from_tcp(listener)?.handle(handle);
            server.http_builder().http1().timer(timer()).header_read_timeout(HEAD_TIME_MAX);
            tokio::spawn(server.serve(make))
        }
        Some(tls) => {
            let mut server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle);
            server.http_builder().http1().timer(timer()).header_read_timeout(HEAD_TIME_MAX);
            tokio::spawn(server.serve(make))
        }
    })
}

impl Running {
    /// The address that is really listened on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://…` or `https://…` of it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    fn announce(&mut self, own_certificate: bool) {
        let here = Whereabouts { address: self.url.clone(), own_certificate, process: std::process::id() };
        if let Err(error) = self.lock.announce(&here) {
            tracing::warn!(%error, "`enrol` will have to be told the address: the lock file cannot be written");
        }
    }

    /// Resolves if the service breaks off by itself.
    pub async fn broken(&mut self) -> ServeProblem {
        match (&mut self.service).await {
            Ok(Ok(())) => broken("it ended by itself"),
            Ok(Err(error)) => broken(error),
            Err(error) => broken(error),
        }
    }

    /// Takes no new requests, ends the live streams, finishes what runs, and closes the database, which empties its write-ahead log.
    ///
    /// # Errors
    /// When a part of the service had failed.
    pub async fn shutdown(self) -> Result<(), ServeProblem> {
        self.stop.send_replace(true);
        self.handle.graceful_shutdown(Some(DRAIN));
        let ended = self.service.await.map_err(broken)?;
        for helper in self.helpers {
            helper.await.map_err(broken)?;
        }
        drop(self.lock);
        ended.map_err(broken)
    }
}
