//! One HTTP exchange over a bad network: the request is read whole, and then something may happen to it or to its answer.

use std::{
    io::{Error, ErrorKind, Result},
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
};

use super::proxy::{FAULTS, Fault, Seen};

/// The longest head of a request.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// The longest delay.
const DELAY_MS_MAX: u64 = 400;
/// Of ten exchanges, how many go wrong.
const WRONG_OF_TEN: u32 = 6;

/// The dice of one desk's network, and what it remembers.
#[derive(Debug)]
pub(super) struct Dice {
    rng: Mutex<StdRng>,
    /// An earlier answer to a sync, to be given once more.
    earlier: Mutex<Option<Vec<u8>>>,
    pub(super) seen: watch::Sender<Seen>,
}

/// A request as it came.
struct Request {
    bytes: Vec<u8>,
    sync: bool,
}

impl Dice {
    pub(super) fn new(seed: u64) -> Arc<Self> {
        let rng = Mutex::new(StdRng::seed_from_u64(seed));
        Arc::new(Self { rng, earlier: Mutex::default(), seen: watch::Sender::default() })
    }

    fn roll<T>(&self, roll: impl FnOnce(&mut StdRng) -> T) -> T {
        roll(&mut self.rng.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What happens to this exchange. Streams and enrolments are only cut or delayed: a bell rung twice is no news.
    fn fault(&self, sync: bool) -> Option<Fault> {
        let fault = self.roll(|rng| {
            rng.random_ratio(WRONG_OF_TEN, 10).then(|| FAULTS[rng.random_range(0..FAULTS.len())])
        });
        let fits = sync || matches!(fault, Some(Fault::Delays | Fault::Cuts | Fault::Truncates));
        fault.filter(|_| fits)
    }

    fn count(&self, fault: Fault) {
        self.seen.send_modify(|seen| seen.faults[fault as usize] += 1);
    }

    /// Carries one exchange. An error is a connection that ended: what the network was there to do.
    pub(super) async fn carry(&self, mut client: TcpStream, to: SocketAddr) -> Result<()> {
        let request = read_request(&mut client).await?;
        let fault = self.fault(request.sync);
        match fault {
            None => self.pass(client, to, &request, None).await,
            Some(Fault::Cuts) => {
                self.count(Fault::Cuts);
                Ok(())
            }
            Some(Fault::Delays) => {
                self.count(Fault::Delays);
                let ms = self.roll(|rng| rng.random_range(1..=DELAY_MS_MAX));
                tokio::time::sleep(Duration::from_millis(ms)).await;
                self.pass(client, to, &request, None).await
            }
            Some(Fault::Truncates) => {
                let bytes = self.roll(|rng| rng.random_range(0..1_000));
                self.pass(client, to, &request, Some(bytes)).await
            }
            Some(Fault::AsksTwice) => {
                self.count(Fault::AsksTwice);
                self.answer(to, &request).await?;
                self.pass(client, to, &request, None).await
            }
            Some(Fault::LosesAnswer) => {
                self.answer(to, &request).await?;
                self.count(Fault::LosesAnswer);
                Ok(())
            }
            Some(Fault::RepeatsEarlier) => self.repeat(client, to, &request).await,
        }
    }

    /// The request and its answer pass; the answer at most up to `bytes`.
    async fn pass(
        &self,
        mut client: TcpStream,
        to: SocketAddr,
        request: &Request,
        bytes: Option<usize>,
    ) -> Result<()> {
        if request.sync {
            let answer = self.answer(to, request).await?;
            let whole = bytes.is_none_or(|bytes| bytes >= answer.len());
            if !whole {
                self.count(Fault::Truncates);
            }
            client.write_all(&answer[..bytes.unwrap_or(answer.len()).min(answer.len())]).await?;
            *self.earlier.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
            return client.shutdown().await;
        }
        let mut server = ask(to, request).await?;
        match bytes {
            None => tokio::io::copy(&mut server, &mut client).await.map(drop),
            Some(bytes) => {
                let mut part = server.take(bytes as u64);
                let sent = tokio::io::copy(&mut part, &mut client).await?;
                if sent == bytes as u64 {
                    self.count(Fault::Truncates);
                }
                Ok(())
            }
        }
    }

    /// The whole answer of the server to a sync.
    async fn answer(&self, to: SocketAddr, request: &Request) -> Result<Vec<u8>> {
        let mut server = ask(to, request).await?;
        self.seen.send_modify(|seen| seen.delivered += 1);
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).await?;
        if answer.is_empty() { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(answer) }
    }

    /// The request is lost and answered with what an earlier one was answered.
    async fn repeat(&self, mut client: TcpStream, to: SocketAddr, request: &Request) -> Result<()> {
        let earlier = self.earlier.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(earlier) = earlier else { return self.pass(client, to, request, None).await };
        self.count(Fault::RepeatsEarlier);
        client.write_all(&earlier).await?;
        client.shutdown().await
    }
}

async fn ask(to: SocketAddr, request: &Request) -> Result<TcpStream> {
    let mut server = TcpStream::connect(to).await?;
    server.write_all(&request.bytes).await?;
    Ok(server)
}

/// Reads a request whole, and asks the server to close behind its answer, so that the end of the answer is known.
async fn read_request(client: &mut TcpStream) -> Result<Request> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if bytes.len() > HEAD_BYTES_MAX || client.read_buf(&mut bytes).await? == 0 {
            return Err(Error::new(ErrorKind::InvalidData, "no request"));
        }
    };
    let words = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    let length = words.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let whole = head + 4 + length.unwrap_or(0);
    while bytes.len() < whole {
        if client.read_buf(&mut bytes).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
    bytes.truncate(whole);
    let sync = words.starts_with("post /v1/sync ");
    bytes.splice(head..head, *b"\r\nconnection: close");
    Ok(Request { bytes, sync })
}
