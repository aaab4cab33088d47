//! The search's figures at 100,000 made-up guests: from the keystroke's text to the rows, and what a scan feels of it.
//!
//! `cargo bench -p usher-replica --bench find` prints them with the machine. Percentiles of single calls, as in `benches/door.rs`: what is
//! promised is a tail. Processor time stands beside the clock's, which on a busy machine says more of the others. Nothing here passes or
//! fails.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up ends loudly")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod large;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

use usher_core::{chain::digest_code, ids::*, verdict::Validity};
use usher_protocol::{records::*, sync::*};
use usher_replica::*;
use uuid::Uuid;

use large::*;

const TYPED: usize = 150;
const SCANS: usize = 5_000;

fn main() {
    println!("machine: {}", machine());
    let folder = tempfile::tempdir().unwrap();
    let (replica, who) = desk(folder.path());
    let people: Vec<_> = (0..PEOPLE).map(guest).collect();
    load(&replica, people.iter().cloned().map(Change::Person));
    let began = Instant::now();
    replica.find(&who, "qqqqq", HALL).unwrap();
    println!("the first search of all, which reads the words: {:.0} ms", began.elapsed().as_secs_f64() * 1e3);
    let mut chance = Chance(7);
    let mut chosen = || &people[chance.below(PEOPLE as u64) as usize];
    let some: Vec<_> = (0..TYPED).map(|_| chosen()).collect();
    let all = |text: fn(&PersonRecord) -> String| some.iter().map(|one| text(one)).collect::<Vec<_>>();
    keystrokes(&replica, &who, "first and last name", &all(|one| one.name.clone()));
    keystrokes(&replica, &who, "last name, two letters swapped", &all(mistyped));
    keystrokes(&replica, &who, "e-mail", &all(|one| one.email.clone()));
    keystrokes(&replica, &who, "organisation", &all(|one| one.organisation.clone()));
    keystrokes(&replica, &who, "order", &all(|one| one.order.clone()));
    beside_scans(&replica, &who, &all(mistyped));
}

/// Types each text letter by letter, from the second on.
fn keystrokes(replica: &Replica, who: &Identified, what: &str, texts: &[String]) {
    let (mut times, mut busy, mut last_found) = (Vec::new(), Vec::new(), 0);
    for text in texts {
        let ends = text.char_indices().map(|(end, _)| end).chain([text.len()]).skip(2);
        let mut rows = 0;
        for end in ends {
            let (began, cpu) = (Instant::now(), processor_us());
            let found = replica.find(who, &text[..end], HALL).unwrap();
            times.push(began.elapsed().as_secs_f64() * 1e6);
            busy.push(processor_us() - cpu);
            rows = found.guests.len();
        }
        last_found += usize::from(rows > 0);
    }
    println!("{what}: {}; somebody found at the end of {last_found} of {}", spread(&times), texts.len());
    println!("  of processor: {}", spread(&busy));
}

/// Scans, quiet and while somebody types without a pause.
fn beside_scans(replica: &Replica, who: &Identified, texts: &[String]) {
    let scans = |n: u128| -> Vec<f64> {
        let one = |at: u128| {
            let began = Instant::now();
            let ticket = replica.look_up(who, &[code((n + at * 7_919) % PEOPLE)]).unwrap();
            replica.judge(who, &Asked { ticket, session: HALL, now_ms: NOW_MS }).unwrap();
            began.elapsed().as_secs_f64() * 1e6
        };
        (0..SCANS as u128).map(one).collect()
    };
    println!("verdict, quiet: {}", spread(&scans(1)));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for text in texts.iter().cycle().take_while(|_| !done.load(Ordering::Relaxed)) {
                replica.find(who, text, HALL).unwrap();
            }
        });
        println!("verdict, while somebody searches without a pause: {}", spread(&scans(2)));
        done.store(true, Ordering::Relaxed);
    });
}

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// Small numbers often, large ones seldom, as names are.
    fn seldom(&mut self, end: u64) -> u64 {
        let bound = self.below(end) + 1;
        self.below(bound)
    }
}

/// A made-up name, always the same for its number.
fn name(number: u64, kind: u64) -> String {
    const SYLLABLES: [&str; 28] = [
        "ka", "mo", "ri", "ná", "lo", "ti", "be", "şu", "an", "er", "øn", "el", "ma", "ja", "vi", "ro", "pe",
        "li", "do", "ga", "ha", "wi", "zu", "ne", "ğı", "łu", "sö", "ße",
    ];
    let mut chance = Chance(number * 31 + kind);
    chance.below(7);
    let word: String = (0..2 + chance.below(3)).map(|_| SYLLABLES[chance.below(28) as usize]).collect();
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn guest(n: u128) -> PersonRecord {
    let mut chance = Chance(n as u64);
    chance.below(9);
    let [first, last, firm] =
        [(4_000, 1), (40_000, 2), (3_000, 3)].map(|(end, kind)| name(chance.seldom(end), kind));
    let number = if chance.below(3) == 0 { chance.below(100).to_string() } else { String::new() };
    let domain = ["gmail.com", "example.org", "firma.example"][chance.below(3) as usize];
    PersonRecord {
        id: PersonId(Uuid::from_u128(0x1000_0000 + n)),
        email: format!("{first}.{last}{number}@{domain}").to_lowercase(),
        name: format!("{first} {last}"),
        organisation: format!("{firm} {} GmbH", name(chance.seldom(3_000), 4)),
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

/// The last name with its third and fourth letter swapped.
fn mistyped(one: &PersonRecord) -> String {
    let mut letters: Vec<char> = one.name.split(' ').next_back().unwrap_or_default().chars().collect();
    if letters.len() > 3 {
        letters.swap(2, 3);
    }
    letters.into_iter().collect()
}

fn spread(times: &[f64]) -> String {
    let [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1.0].map(|at| percentile(times, at) / 1e3);
    let calls = times.len();
    format!("p50 {p50:.2} ms, p95 {p95:.2} ms, p99 {p99:.2} ms, the longest {most:.1} ms ({calls} calls)")
}
