//! A desk and a server over real HTTP on the loopback, at 100,000 guests: what a check-in costs the server, how long a desk takes that
//! comes back after a day, and what a sync costs that has nothing to say.
//!
//! `cargo bench -p usher-station --bench sync` prints the figures with the machine. The server is a process of its own, this same
//! binary run again, so that its processor time is its own. Nothing here passes or fails but the counts, which must be right. With
//! `-- quiet` or `-- back` behind the command, only that.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up ends loudly")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod cpu;
mod house;
mod line;
mod others;
mod quiet;
mod seat;

use std::{env, path::Path, process::ExitCode, time::Instant};

use cpu::Cpu;
use house::{House, PEOPLE, Security};
use seat::Seat;

/// Check-ins of each desk in its day.
const OWN: usize = 10_000;
/// Desks that were never away, beside the first.
const OTHERS: usize = 9;

fn main() -> ExitCode {
    if house::is_server() {
        return usher_server::cli::main();
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(run());
    ExitCode::SUCCESS
}

async fn run() {
    println!("machine: {}", cpu::machine());
    let wanted: Vec<_> = env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|one| one == name);
    if wants("quiet") {
        quiet(&mut House::make()).await;
    }
    if wants("back") {
        day(&mut House::make()).await;
    }
    println!("machine: {}", cpu::machine());
}

async fn quiet(house: &mut House) {
    for security in [Security::Off, Security::OwnCertificate] {
        house.serve(security);
        quiet::run(house, security).await;
        house.stop();
    }
}

/// Two desks write for a day without the server. The first comes back to a server that nobody else wrote into: what its check-ins cost. The
/// second comes back when everybody else's are there.
async fn day(house: &mut House) {
    let (first, last) = (house.folder("first"), house.folder("last"));
    house.serve(Security::Off);
    for folder in [&first, &last] {
        let (cpu, seat) = (Cpu::begin(house.process()), Seat::open(folder));
        seat.enrol(&house.code("Desk"), PEOPLE).await;
        println!("a new desk with {PEOPLE} guests: {}", cpu.spent());
        seat.start("Main").await;
        seat.until_idle().await;
    }
    house.stop();
    for (n, folder) in [&first, &last].into_iter().enumerate() {
        let (seat, began, cpu_s) = (Seat::open(folder), Instant::now(), cpu::here_s());
        seat.admit(n * OWN..(n + 1) * OWN).await;
        let (wall, cpu) = (began.elapsed().as_secs_f64(), cpu::here_s() - cpu_s);
        println!("{OWN} guests let in without a server: {wall:.1} s, {cpu:.1} s of processor");
    }
    house.serve(Security::Off);
    back(house, &first, 0, OWN).await;
    house.stop();
    let inside = 2 * OWN + others::check_in(house, OTHERS, OWN);
    house.serve(Security::Off);
    back(house, &last, (OTHERS + 1) * OWN, inside).await;
    house.stop();
}

/// A desk with a day's own entries comes back, and is done when everything was sent and everything of others fetched.
async fn back(house: &House, folder: &Path, others: usize, inside: usize) {
    let (cpu, seat) = (Cpu::begin(house.process()), Seat::open(folder));
    let view = seat.until_idle().await;
    println!("back with {OWN} own entries, and {others} of others to fetch: {}", cpu.spent());
    cpu.each("an entry", OWN + others);
    assert_eq!(view.room.unwrap().inside, inside as u64, "the desk counts what happened");
}
