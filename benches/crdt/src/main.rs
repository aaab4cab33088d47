//! The same 100,000 check-ins through Usher and through general CRDT libraries, in one run: processor time and bytes for each.
//!
//! `cargo run --release --manifest-path benches/crdt/Cargo.toml`, and the table goes into docs/performance.md. All must count the same, or
//! there is no table. What is measured, and what is not alike, stands there.

mod cpu;
mod evening;
mod figures;
mod libraries;
mod library;
mod ours;
mod replica;

use evening::{Counts, arrivals, counts, pages};
use figures::{Figures, packed, print};
use libraries::{Automerge, Loro, Yrs};
use library::{Writers, run};
use ours::Ours;
use replica::Seat;

const LOCK: &str = include_str!("../Cargo.lock");

fn machine() {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        info.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(": "));
    println!("{}, {} cores", model.map_or("unknown", |(_, name)| name), info.matches("processor\t").count());
    let versions =
        ["automerge", "yrs", "loro", "libsqlite3-sys"].map(|name| format!("{name} {}", version(name)));
    println!("{}", versions.join(", "));
}

fn version(name: &str) -> &'static str {
    let entry = LOCK.split_once(&format!("name = \"{name}\"\nversion = \"")).map_or("?", |(_, rest)| rest);
    entry.split('"').next().unwrap_or("?")
}

/// What the check-ins added to a file.
fn grown(figures: &mut Figures, before: &[u8], after: &[u8]) {
    figures.disk = after.len() - before.len();
    figures.disk_packed = packed(after) - packed(before);
}

fn main() {
    machine();
    let (arrivals, ours) = (arrivals(), Ours::new());
    let (pages, wanted) = (pages(&arrivals), counts(&arrivals, &ours.ids));
    let mut desks = ours.desks();
    let (seat, seat_before) = Seat::new(&ours).stored();
    let (ours, before) = ours.stored();
    println!("{} check-ins at {} sessions in {} pages", arrivals.len(), wanted.len(), pages.len());

    let (mut server, counted) = ours.run(&pages, &mut desks);
    agree(&wanted, &counted, &server);
    let (ours, after) = ours.stored();
    grown(&mut server, &before, &after);
    let (mut desk, counted) = seat.run(&ours);
    agree(&wanted, &counted, &desk);
    grown(&mut desk, &seat_before, &seat.stored().1);

    let logs: Vec<_> = desks.iter().map(|desk| desk.i).collect();
    let writers = Writers { event: ours.event, desks: &logs, ids: &ours.ids };
    let others =
        [run::<Yrs>(&pages, writers), run::<Loro>(&pages, writers), run::<Automerge>(&pages, writers)];
    let mut all = vec![server.clone(), desk];
    for (figures, counted) in others {
        agree(&wanted, &counted, &figures);
        all.push(figures);
    }
    print(&all, &server);
}

fn agree(wanted: &Counts, counted: &Counts, figures: &Figures) {
    assert_eq!(wanted, counted, "{} does not count what happened", figures.name);
}
