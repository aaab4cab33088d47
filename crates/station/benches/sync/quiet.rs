//! A sync that has nothing to say: its bytes each way, and what it costs the server.

use crate::{
    cpu::Cpu,
    house::{House, PEOPLE, Security},
    line::{Line, Passed},
    seat::Seat,
};

/// How many syncs the server's cost is taken from.
const SYNCS: usize = 2_000;

/// A new desk that serves a session, and then only asks whether there is anything new.
pub(crate) async fn run(house: &House, security: Security) {
    let (name, scheme) = match security {
        Security::Off => ("plain", "http"),
        Security::OwnCertificate => ("tls", "https"),
    };
    let line = Line::to(house.address()).await;
    let address = format!("{scheme}://{}", line.address());
    let seat = Seat::open(&house.folder(name));
    seat.enrol(&house.code_at(name, &address, security), PEOPLE).await;
    seat.start("Session 1").await;
    seat.until_idle().await;
    seat.ask("Session 1").await;
    line.look();
    let cpu = Cpu::begin(house.process());
    for _ in 0..SYNCS {
        seat.ask("Session 1").await;
    }
    println!("{SYNCS} quiet syncs over {scheme}, {PEOPLE} guests: {}", cpu.spent());
    cpu.each("one", SYNCS);
    bytes(&line.look(), security);
}

/// Bytes of one sync: all connections' divided by their number, and without headers where they can be read.
fn bytes(passed: &[Passed], security: Security) {
    let each = |bytes: usize| bytes / SYNCS;
    let up: usize = passed.iter().map(|one| one.up.len()).sum();
    let down: usize = passed.iter().map(|one| one.down.len()).sum();
    println!(
        "  {} connections; up {} bytes, down {} bytes, everything included",
        passed.len(),
        each(up),
        each(down)
    );
    let last = passed.iter().rev().find(|one| one.up.starts_with(b"POST /v1/sync"));
    if let (Security::Off, Some(last)) = (security, last) {
        println!("  without headers: up {} bytes, down {} bytes", body(&last.up), body(&last.down));
    }
}

/// Bytes behind the head of the first message up to the next one.
fn body(bytes: &[u8]) -> usize {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
    let next = bytes[end..].windows(9).position(|nine| nine == b"POST /v1/" || nine == b"HTTP/1.1 ");
    next.unwrap_or(bytes.len() - end)
}
