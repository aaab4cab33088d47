//! A desk with a large made-up event, for the benchmarks beside this folder.

use std::{fs, path::Path, time::Instant};

use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};
use usher_core::{clock::Reading, ids::*, session::SessionRules};
use usher_protocol::{records::*, sync::*};
use usher_replica::*;
use uuid::Uuid;

pub(crate) const PEOPLE: u128 = 100_000;
pub(crate) const NOW_MS: i64 = 1_780_000_000_000;
pub(crate) const HALL: SessionId = SessionId(Uuid::from_u128(0xa1));
pub(crate) const SECRET: [u8; 32] = [5; 32];
pub(crate) const EVENT: EventId = EventId(Uuid::from_u128(1));

/// What figures are worth nothing without.
pub(crate) fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("{model}, {cores} cores, SQLite {}, load {}", rusqlite::version(), load.trim())
}

/// The code of guest `n`.
pub(crate) fn code(n: u128) -> String {
    format!("TICKET-{n:08}")
}

pub(crate) fn stamp() -> Stamp {
    let reading = Reading { wall_ms: NOW_MS, mono_ms: 0, boot: BootId(Uuid::from_u128(8)) };
    Stamp { reading, now_ms: NOW_MS }
}

/// An enrolled desk without a list.
pub(crate) fn desk(folder: &Path) -> (Replica, Identified) {
    let replica = Replica::open(&folder.join("desk")).unwrap();
    let who = Identified {
        event: EVENT,
        identity: Identity { station: StationId(Uuid::from_u128(2)), epoch: Epoch(77) },
        name: "Desk".into(),
        machine: MachineId(Uuid::from_u128(3)),
        key: SigningKey::from_bytes(&[9; 32]),
        event_secret: SECRET,
        address: "http://127.0.0.1:1/".into(),
        fingerprint: None,
    };
    replica.enrol(&Enrolled { who: who.clone(), term: 1 }, stamp()).unwrap();
    (replica, who)
}

fn hall() -> SessionRecord {
    let rules =
        SessionRules { capacity: Some(1_000_000), ..SessionRules::new(HALL, NOW_MS, NOW_MS + 3_600_000) };
    SessionRecord { name: "Hall".into(), room: "A".into(), rules, pause_words: String::new() }
}

/// Takes in a whole list: the hall, and these changes.
pub(crate) fn load(replica: &Replica, changes: impl Iterator<Item = Change>) {
    let (mut body, mut count) = (Vec::new(), 0);
    for change in [Change::Session(hall())].into_iter().chain(changes) {
        serde_json::to_writer(&mut body, &change).unwrap();
        body.push(b'\n');
        count += 1;
    }
    let cursor = Cursor { term: 1, position: count };
    let head = SnapshotHead { service: "usher".into(), cursor, changes: count };
    let sha256 = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
    let end = SnapshotEnd { end: count, sha256, signed: None, successions: Vec::new() };
    let [head, end] = [serde_json::to_vec(&head).unwrap(), serde_json::to_vec(&end).unwrap()];
    let text = [head.as_slice(), b"\n", &body, &end, b"\n"].concat();
    let (began, cpu) = (Instant::now(), processor_us());
    let mut loading = replica.begin_snapshot().unwrap();
    text.chunks(64 * 1024).for_each(|part| loading.take(part).unwrap());
    replica.finish_snapshot(loading, NOW_MS).unwrap();
    let (took, busy) = (began.elapsed().as_secs_f64(), (processor_us() - cpu) / 1e6);
    let megabytes = text.len() / 1_000_000;
    println!("list of {count} lines taken in: {took:.2} s ({busy:.2} s of processor, {megabytes} MB)");
}

/// Processor time of this thread so far, in microseconds.
pub(crate) fn processor_us() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

/// The time below which the part `at` of all calls stays, 0 to 1.
pub(crate) fn percentile(times: &[f64], at: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * at) as usize]
}
