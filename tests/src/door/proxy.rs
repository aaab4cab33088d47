//! The network between one desk and the server: passing, refusing connections, or accepting them and never answering.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    runtime::Handle,
    sync::watch,
    task::JoinHandle,
};

use super::{Failure, clock};

const BACKLOG: u32 = 64;
const TURN: Duration = Duration::from_secs(10);

/// What the network does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Bytes pass both ways.
    Passes,
    /// What stood is broken; new connections are refused.
    Refuses,
    /// What stands hangs; new connections are accepted and never answered.
    Hangs,
}

/// The network of one desk. Ends when it is dropped.
#[derive(Debug)]
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    wanted: watch::Sender<Line>,
    reached: watch::Receiver<Line>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// Listens on a free port for the server at `to`.
    pub(super) fn start(runtime: &Handle, to: SocketAddr) -> Result<Self, Failure> {
        let _inside = runtime.enter();
        let socket = bound((Ipv4Addr::LOCALHOST, 0).into())?;
        let address = socket.local_addr()?;
        let listener = socket.listen(BACKLOG)?;
        let (wanted, orders) = watch::channel(Line::Passes);
        let (tell, reached) = watch::channel(Line::Passes);
        let task = runtime.spawn(async move {
            if let Err(error) = serve(listener, address, to, orders, tell).await {
                eprintln!("scripted-door: the network in front of a desk broke: {error}");
            }
        });
        Ok(Self { address, wanted, reached, task })
    }

    /// Changes what the network does, and returns when it does so.
    pub(super) fn turn(&self, line: Line) -> Result<(), Failure> {
        self.wanted.send_replace(line);
        clock::wait_for("the network in front of a desk", TURN, || {
            Ok((*self.reached.borrow() == line).then_some(()))
        })
    }
}

/// A socket that has the port and does not listen yet: connections to it are refused.
fn bound(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

async fn serve(
    mut listener: TcpListener,
    address: SocketAddr,
    to: SocketAddr,
    mut orders: watch::Receiver<Line>,
    tell: watch::Sender<Line>,
) -> std::io::Result<()> {
    loop {
        let line = *orders.borrow_and_update();
        if line == Line::Refuses {
            drop(listener);
            let socket = bound(address)?;
            tell.send_replace(line);
            if orders.wait_for(|now| *now != Line::Refuses).await.is_err() {
                return Ok(());
            }
            listener = socket.listen(BACKLOG)?;
            continue;
        }
        tell.send_replace(line);
        tokio::select! {
            changed = orders.changed() => if changed.is_err() { return Ok(()) },
            accepted = listener.accept() => {
                let (client, _) = accepted?;
                tokio::spawn(connection(client, to, orders.clone()));
            }
        }
    }
}

/// Carries one connection for as long as the network stays as it is. Dropping the streams breaks it.
async fn connection(mut client: TcpStream, to: SocketAddr, mut orders: watch::Receiver<Line>) {
    let line = *orders.borrow_and_update();
    if line == Line::Passes {
        let Ok(mut server) = TcpStream::connect(to).await else { return };
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut client, &mut server) => return,
            _ = orders.wait_for(|now| *now != Line::Passes) => {}
        }
        hang(&mut orders).await;
        drop(server);
    } else {
        hang(&mut orders).await;
    }
    drop(client);
}

/// Holds on, reading and answering nothing, until the network no longer hangs.
async fn hang(orders: &mut watch::Receiver<Line>) {
    let _ = orders.wait_for(|now| *now != Line::Hangs).await;
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read, Write};

    use super::*;

    fn echo() -> SocketAddr {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                std::thread::spawn(move || {
                    let mut byte = [0];
                    while stream.read_exact(&mut byte).is_ok() && stream.write_all(&byte).is_ok() {}
                });
            }
        });
        address
    }

    /// What a client meets: an answer, silence (a time-out), or why there is none.
    fn meets(proxy: &Proxy) -> Result<(), ErrorKind> {
        let mut stream = std::net::TcpStream::connect(proxy.address).map_err(|error| error.kind())?;
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        stream.write_all(b"x").unwrap();
        stream.read_exact(&mut [0]).map_err(|error| error.kind())
    }

    #[test]
    fn the_network_passes_refuses_hangs_and_passes_again() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let proxy = Proxy::start(runtime.handle(), echo()).unwrap();
        assert_eq!(meets(&proxy), Ok(()));
        proxy.turn(Line::Refuses).unwrap();
        assert_eq!(meets(&proxy), Err(ErrorKind::ConnectionRefused));
        proxy.turn(Line::Hangs).unwrap();
        assert_eq!(meets(&proxy), Err(ErrorKind::WouldBlock));
        proxy.turn(Line::Passes).unwrap();
        assert_eq!(meets(&proxy), Ok(()));
    }
}
