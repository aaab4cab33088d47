use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use ed25519_dalek::SigningKey;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use usher_core::ids::{Epoch, EventId, Identity, MachineId, StationId};
use usher_protocol::proof::ProofHeaders;
use uuid::Uuid;

use super::*;

/// Answers `{}` to everything, and counts the connections.
struct Server {
    address: String,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream));
            }
        });
        Self { address, connections }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream) {
    let (mut heard, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        heard.extend_from_slice(&buffer[..length]);
        // The bodies here are two bytes: too short to be packed.
        if heard.ends_with(b"\r\n\r\n{}") {
            heard.clear();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
            if stream.write_all(answer).await.is_err() {
                return;
            }
        }
    }
}

fn who(address: &str, fingerprint: Option<&str>) -> Identified {
    Identified {
        event: EventId(Uuid::nil()),
        identity: Identity { station: StationId(Uuid::nil()), epoch: Epoch(1) },
        name: "A".into(),
        machine: MachineId(Uuid::nil()),
        key: SigningKey::from_bytes(&[1; 32]),
        event_secret: [0; 32],
        address: address.into(),
        fingerprint: fingerprint.map(str::to_owned),
    }
}

async fn call(line: &mut Line, who: &Identified) {
    let proof = ProofHeaders { proof: "p".into(), signature: "s".into() };
    let client = line.client(who).unwrap();
    client.call::<serde_json::Value>("v1/sync", &proof, b"{}".to_vec()).await.unwrap();
}

#[tokio::test]
async fn one_connection_serves_until_something_fails() {
    let (server, mut line) = (Server::start().await, Line::default());
    let who = who(&server.address, None);
    for _ in 0..3 {
        call(&mut line, &who).await;
    }
    assert_eq!(server.connections(), 1);
    line.hang_up();
    call(&mut line, &who).await;
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn another_address_or_certificate_never_goes_over_the_old_connection() {
    let (one, two, mut line) = (Server::start().await, Server::start().await, Line::default());
    call(&mut line, &who(&one.address, None)).await;
    call(&mut line, &who(&two.address, None)).await;
    assert_eq!((one.connections(), two.connections()), (1, 1));
    call(&mut line, &who(&two.address, Some(&"ab".repeat(32)))).await;
    assert_eq!(two.connections(), 2);
    call(&mut line, &who(&two.address, Some(&"cd".repeat(32)))).await;
    assert_eq!(two.connections(), 3);
}
