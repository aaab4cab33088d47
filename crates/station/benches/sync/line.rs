//! A line between desk and server that counts what passes.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
};

/// What passed on one connection, in bytes of TCP payload.
#[derive(Clone, Debug, Default)]
pub(crate) struct Passed {
    /// From the desk.
    pub(crate) up: Vec<u8>,
    /// From the server.
    pub(crate) down: Vec<u8>,
}

/// The line, with what passed since the last look, by connection.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    address: String,
    passed: Arc<Mutex<Vec<Passed>>>,
}

impl Line {
    /// A line to `server`.
    pub(crate) async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let line = Self { address, passed: Arc::default() };
        tokio::spawn(line.clone().serve(listener, server.to_owned()));
        line
    }

    /// Where it begins.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// What passed since the last look; connections that were silent are left out.
    pub(crate) fn look(&self) -> Vec<Passed> {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        let found = passed.clone();
        passed.iter_mut().for_each(|one| *one = Passed::default());
        found.into_iter().filter(|one| !one.up.is_empty() || !one.down.is_empty()).collect()
    }

    async fn serve(self, listener: TcpListener, server: String) {
        while let Ok((desk, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect(&server).await else { continue };
            let nr = {
                let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
                passed.push(Passed::default());
                passed.len() - 1
            };
            let ((from_desk, to_desk), (from_server, to_server)) = (desk.into_split(), server.into_split());
            tokio::spawn(self.clone().pass(from_desk, to_server, move |all, bytes| all[nr].up.extend(bytes)));
            tokio::spawn(
                self.clone().pass(from_server, to_desk, move |all, bytes| all[nr].down.extend(bytes)),
            );
        }
    }

    async fn pass(
        self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        note: impl Fn(&mut [Passed], &[u8]),
    ) {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            note(&mut self.passed.lock().unwrap_or_else(PoisonError::into_inner), &buffer[..length]);
            if to.write_all(&buffer[..length]).await.is_err() {
                break;
            }
        }
    }
}
