//! The network between one desk and the server: passing, refusing connections, hanging, deaf in one direction, or merely bad.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpSocket, TcpStream},
    runtime::Handle,
    sync::watch,
    task::JoinHandle,
};

use super::{Failure, clock, exchange::Dice};

const BACKLOG: u32 = 64;
const TURN: Duration = Duration::from_secs(10);

/// What the network does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Bytes pass both ways.
    Passes,
    /// What stood is broken; new connections are refused.
    Refuses,
    /// What stands hangs; new connections are accepted and never answered: what the desk says is lost.
    Hangs,
    /// What the desk says arrives; what the server says is lost.
    LosesAnswers,
    /// Every exchange may go wrong in one of the [`FAULTS`].
    Flaky,
}

/// What a flaky network does to an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It comes later.
    Delays,
    /// The request is lost and the connection broken.
    Cuts,
    /// The request arrives; its answer is lost.
    LosesAnswer,
    /// The answer ends in the middle.
    Truncates,
    /// The request arrives twice.
    AsksTwice,
    /// The request is lost; what comes back is the answer to an earlier one.
    RepeatsEarlier,
}

/// Every fault, in the order of [`Seen::faults`].
pub const FAULTS: [Fault; 6] = [
    Fault::Delays,
    Fault::Cuts,
    Fault::LosesAnswer,
    Fault::Truncates,
    Fault::AsksTwice,
    Fault::RepeatsEarlier,
];

/// What the network of a desk has seen while it was flaky.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// Syncs that reached the server.
    pub delivered: u64,
    /// How often each fault came.
    pub faults: [u64; FAULTS.len()],
}

/// The network of one desk. Ends when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    /// Where the desk finds it.
    pub address: SocketAddr,
    wanted: watch::Sender<Line>,
    reached: watch::Receiver<Line>,
    task: JoinHandle<()>,
    dice: Arc<Dice>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// Listens on a free port for the server at `to`. `seed` decides what goes wrong while it is flaky.
    ///
    /// # Errors
    /// There is no free port.
    pub fn start(runtime: &Handle, to: SocketAddr, seed: u64) -> Result<Self, Failure> {
        let _inside = runtime.enter();
        let socket = bound((Ipv4Addr::LOCALHOST, 0).into())?;
        let address = socket.local_addr()?;
        let listener = socket.listen(BACKLOG)?;
        let (wanted, orders) = watch::channel(Line::Passes);
        let (tell, reached) = watch::channel(Line::Passes);
        let dice = Dice::new(seed);
        let way = Way { address, to, dice: Arc::clone(&dice) };
        let task = runtime.spawn(async move {
            if let Err(error) = serve(listener, way, orders, tell).await {
                eprintln!("the network in front of a desk broke: {error}");
            }
        });
        Ok(Self { address, wanted, reached, task, dice })
    }

    /// What it has seen so far.
    #[must_use]
    pub fn seen(&self) -> watch::Receiver<Seen> {
        self.dice.seen.subscribe()
    }

    /// Changes what the network does, and returns when it does so.
    ///
    /// # Errors
    /// It does not.
    pub fn turn(&self, line: Line) -> Result<(), Failure> {
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
    #[cfg(unix)]
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// From where to where, and what may happen on the way.
#[derive(Clone)]
struct Way {
    address: SocketAddr,
    to: SocketAddr,
    dice: Arc<Dice>,
}

async fn serve(
    mut listener: TcpListener,
    way: Way,
    mut orders: watch::Receiver<Line>,
    tell: watch::Sender<Line>,
) -> std::io::Result<()> {
    loop {
        let line = *orders.borrow_and_update();
        if line == Line::Refuses {
            // The port is never free in between: somebody's outgoing connection could get it.
            let socket = bound(way.address)?;
            drop(listener);
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
                tokio::spawn(connection(client, way.clone(), orders.clone()));
            }
        }
    }
}

/// Carries one connection for as long as the network stays as it is. Dropping the streams breaks it.
async fn connection(mut client: TcpStream, way: Way, mut orders: watch::Receiver<Line>) {
    let line = *orders.borrow_and_update();
    match line {
        Line::Passes => {
            let Ok(mut server) = TcpStream::connect(way.to).await else { return };
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut client, &mut server) => return,
                _ = orders.wait_for(|now| *now != line) => {}
            }
            hang(&mut orders).await;
        }
        Line::LosesAnswers => {
            let Ok(mut server) = TcpStream::connect(way.to).await else { return };
            tokio::select! {
                () = one_way(&mut client, &mut server) => {}
                _ = orders.wait_for(|now| *now != line) => {}
            }
            hang(&mut orders).await;
        }
        Line::Flaky => tokio::select! {
            _ = way.dice.carry(client, way.to) => {}
            _ = orders.wait_for(|now| *now != line) => {}
        },
        Line::Hangs | Line::Refuses => hang(&mut orders).await,
    }
}

/// What the client says arrives, what the server says does not.
async fn one_way(client: &mut TcpStream, server: &mut TcpStream) {
    let (mut said, mut heard) = server.split();
    let up = async {
        let _ = tokio::io::copy(client, &mut heard).await;
        let _ = heard.shutdown().await;
    };
    let mut nowhere = tokio::io::sink();
    let (_, _) = tokio::join!(up, tokio::io::copy(&mut said, &mut nowhere));
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
        let proxy = Proxy::start(runtime.handle(), echo(), 1).unwrap();
        assert_eq!(meets(&proxy), Ok(()));
        proxy.turn(Line::Refuses).unwrap();
        assert_eq!(meets(&proxy), Err(ErrorKind::ConnectionRefused));
        proxy.turn(Line::Hangs).unwrap();
        assert_eq!(meets(&proxy), Err(ErrorKind::WouldBlock));
        proxy.turn(Line::Passes).unwrap();
        assert_eq!(meets(&proxy), Ok(()));
        proxy.turn(Line::LosesAnswers).unwrap();
        assert_eq!(meets(&proxy), Err(ErrorKind::WouldBlock));
    }
}
