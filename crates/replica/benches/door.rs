//! The door's figures at 100,000 guests: verdict, durable accept beside a bare synced commit, the same while the feed is applied.
//!
//! `cargo bench -p usher-replica --bench door` prints them with the machine. Percentiles of single calls, taken interleaved in one
//! run, because what is compared is two tails; criterion's means would hide them. Nothing here passes or fails.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up ends loudly")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod large;

use std::{
    path::Path,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Instant,
};

use ed25519_dalek::SigningKey;
use rusqlite::Connection;
use usher_core::{chain::digest_code, ids::*, verdict::Validity};
use usher_protocol::{records::*, sync::*, ticket::*};
use usher_replica::*;
use uuid::Uuid;

use large::*;

const ACCEPTS: usize = 2_000;
const VERDICTS: usize = 20_000;
const SIGNED: usize = 5_000;
const CHANGES: usize = 20_000;
/// While changes are applied: a hundred times a door's rate.
const BETWEEN_GUESTS: std::time::Duration = std::time::Duration::from_millis(10);

fn main() {
    println!("machine: {}", machine());
    let folder = tempfile::tempdir().unwrap();
    let (replica, who) = desk(folder.path());
    let bare = bare_commits(folder.path());
    load(&replica, std::iter::once(event()).chain((0..PEOPLE).map(|n| Change::Person(guest(n)))));
    look_through(&replica);
    grant(&replica, &who);
    verdicts(&replica, &who);
    signed_verdicts(&replica, &who);
    accepts(&replica, &who, &bare, 0, "quiet");
    let unanswered = replica.next_request(&who, Asking::default()).unwrap();
    accepts(&replica, &who, &bare, 1, "while the server hangs");
    drop(unanswered);
    applying(&replica, &who, &bare);
}

fn guest(n: u128) -> PersonRecord {
    PersonRecord {
        id: PersonId(Uuid::from_u128(0x1000_0000 + n)),
        name: format!("Guest Number{n} of Somewhere"),
        email: format!("guest{n}@example.org"),
        organisation: format!("Organisation {}", n % 700),
        kind: "Full pass".into(),
        order: format!("O{:06}", n / 3),
        note: String::new(),
        flags: Vec::new(),
        attention: false,
        code: Some(digest_code(&SECRET, &code(n))),
        cancelled: false,
        valid: Validity::default(),
        revoked_codes: Vec::new(),
        registrations: vec![Registration { session: HALL, cancelled: false }],
        profile: None,
    }
}

/// A database whose only work is to commit one small row, synced: what the disk takes at least.
fn bare_commits(folder: &Path) -> Connection {
    let bare = Connection::open(folder.join("bare.db")).unwrap();
    bare.pragma_update(None, "journal_mode", "WAL").unwrap();
    bare.pragma_update(None, "synchronous", "FULL").unwrap();
    bare.execute_batch("CREATE TABLE row (n INTEGER PRIMARY KEY, text BLOB) STRICT").unwrap();
    bare
}

fn ticket_key() -> SigningKey {
    SigningKey::from_bytes(&[4; 32])
}

fn event() -> Change {
    let ticket_keys = vec![TicketKey::of(&ticket_key().verifying_key(), NOW_MS)];
    let (id, name, time_zone) = (EVENT, "Fest".into(), "Europe/Madrid".into());
    Change::Event(EventRecord { ticket_keys, ..EventRecord::new(id, name, time_zone) })
}

fn look_through(replica: &Replica) {
    let began = Instant::now();
    assert!(replica.look_lists_through().unwrap());
    println!("lists of {PEOPLE} guests looked through: {:.2} s", began.elapsed().as_secs_f64());
}

fn answer(replica_cursor: Cursor, changes: Vec<Positioned>, rights: u64) -> SyncAnswer {
    let position = changes.last().map_or(replica_cursor.position, |item| item.position);
    let grants = vec![GrantTotal { session: HALL, total: rights }];
    SyncAnswer { changes, grants, ..SyncAnswer::quiet(1, position, NOW_MS) }
}

fn grant(replica: &Replica, who: &Identified) {
    let sent = replica.next_request(who, Asking::default()).unwrap();
    replica.apply_answer(who, &sent, &answer(sent.cursor, Vec::new(), 900_000), None, NOW_MS).unwrap();
}

fn asked(replica: &Replica, who: &Identified, n: u128) -> Asked {
    Asked { ticket: replica.look_up(who, &[code(n)]).unwrap(), session: HALL, now_ms: NOW_MS }
}

fn verdicts(replica: &Replica, who: &Identified) {
    let times: Vec<_> = (0..VERDICTS as u128)
        .map(|n| {
            let began = Instant::now();
            let asked = asked(replica, who, n * 7919 % PEOPLE);
            assert!(replica.judge(who, &asked).unwrap().is_some());
            began.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    println!("verdict from the replica: {}", spread(&times));
}

/// The same by signed tickets: each look-up checks a signature.
fn signed_verdicts(replica: &Replica, who: &Identified) {
    let text = |n: u128| {
        let guest = guest(n * 7919 % PEOPLE);
        let (person, id, kind) = (guest.id, TicketId((n as u64).to_be_bytes()), TicketKind::of(&guest.kind));
        sign(&SignedTicket { event: who.event, person, id, kind, from_s: None, until_s: None }, &ticket_key())
    };
    let texts: Vec<_> = (0..SIGNED as u128).map(text).collect();
    let times: Vec<_> = texts
        .chunks(1)
        .map(|text| {
            let began = Instant::now();
            let ticket = replica.look_up(who, text).unwrap();
            assert!(matches!(ticket, Ticket::Signed { .. }));
            let asked = Asked { ticket, session: HALL, now_ms: NOW_MS };
            assert!(replica.judge(who, &asked).unwrap().is_some());
            began.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    println!("verdict by a signed ticket: {}", spread(&times));
}

fn accepts(replica: &Replica, who: &Identified, bare: &Connection, round: u128, when: &str) {
    let (mut accept, mut floor) = (Vec::new(), Vec::new());
    for n in 0..ACCEPTS {
        floor.push(bare_commit(bare));
        accept.push(accept_one(replica, who, round * 10_000 + n as u128));
        // The desk's absorbing loop does this as soon as an entry is written; guests do not come every millisecond.
        while replica.absorb(who).unwrap() > 0 {}
    }
    report(when, &accept, &floor);
}

fn bare_commit(bare: &Connection) -> f64 {
    let began = Instant::now();
    bare.prepare_cached("INSERT INTO row (text) VALUES (zeroblob(300))").unwrap().execute([]).unwrap();
    began.elapsed().as_secs_f64() * 1e6
}

fn accept_one(replica: &Replica, who: &Identified, n: u128) -> f64 {
    let asked = asked(replica, who, n);
    let decision = Decision {
        verdict: Uuid::from_u128(0xdead_0000 + n),
        asked,
        act: Act::LetIn,
        found: usher_core::entry::Found::Camera,
        shift: ShiftId(Uuid::from_u128(4)),
        stamp: stamp(),
    };
    let began = Instant::now();
    let decided = replica.let_in(who, &decision).unwrap();
    let micros = began.elapsed().as_secs_f64() * 1e6;
    assert!(matches!(decided, Decided::LetIn(_)));
    micros
}

/// Accepts on one thread while another applies the feed in pages as the sync loop does, and a third absorbs as its loop does.
fn applying(replica: &Replica, who: &Identified, bare: &Connection) {
    let (done, applied) = (AtomicBool::new(false), AtomicU64::new(0));
    let (mut accept, mut floor) = (Vec::new(), Vec::new());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for page in 0..CHANGES / 2_000 {
                apply_page(replica, who, page as u64);
                applied.fetch_add(2_000, Ordering::Relaxed);
            }
            done.store(true, Ordering::Relaxed);
        });
        let (grown, heard) = std::sync::mpsc::channel();
        scope.spawn(move || heard.iter().for_each(|()| while replica.absorb(who).unwrap() > 0 {}));
        let mut n = 20_000;
        while !done.load(Ordering::Relaxed) {
            floor.push(bare_commit(bare));
            accept.push(accept_one(replica, who, n));
            grown.send(()).unwrap();
            n += 1;
            std::thread::sleep(BETWEEN_GUESTS);
        }
    });
    report(&format!("while {} changes are applied", applied.load(Ordering::Relaxed)), &accept, &floor);
}

fn apply_page(replica: &Replica, who: &Identified, page: u64) {
    let sent = replica.next_request(who, Asking::default()).unwrap();
    let first = sent.cursor.position + 1;
    let person = |at: u64| Change::Person(guest(u128::from(60_000 + page * 2_000 + at)));
    let changes = (0..2_000).map(|at| Positioned { position: first + at, change: person(at) }).collect();
    replica.apply_answer(who, &sent, &answer(sent.cursor, changes, 900_000), None, NOW_MS).unwrap();
}

fn report(when: &str, accept: &[f64], floor: &[f64]) {
    println!("accept, durable, {when}: {}", spread(accept));
    println!("  bare synced commit in the same run: {}", spread(floor));
    let ratio = |at| percentile(accept, at) / percentile(floor, at);
    println!("  ratio: median {:.2} x, p99 {:.2} x", ratio(0.5), ratio(0.99));
}

fn spread(times: &[f64]) -> String {
    let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|at| percentile(times, at));
    format!("p50 {p50:.0} us, p99 {p99:.0} us, p99.9 {p999:.0} us ({} calls)", times.len())
}
