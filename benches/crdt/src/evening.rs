//! The check-ins that everybody gets: a conference day at ten desks, the same in every run.

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use usher_core::{
    clock::Hlc,
    entry::{Basis, Body, CheckIn, ENTRY_VERSION, Entry, Found, Head, Subject, Unknown},
    ids::{BootId, EventId, Identity, PersonId, SessionId, ShiftId},
};
use uuid::Uuid;

/// Desks.
pub const DESKS: usize = 10;
/// Guests: each goes to five of the sessions.
pub const PEOPLE: usize = 20_000;
/// Check-ins.
pub const CHECK_INS: usize = 100_000;
/// Two sessions at a time.
pub const SESSIONS: usize = 12;
/// How many check-ins go on the wire at once: a request's most.
pub const PAGE: usize = 500;
/// When the day begins, in milliseconds since 1970 UTC.
pub const START_MS: i64 = 1_800_000_000_000;

const HOUR_MS: i64 = 3_600_000;
/// One of so many tickets is read at a second desk, before the first desk's check-in has come there.
const ONCE_MORE_IN: u32 = 200;

/// Somebody was let in.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// At which desk.
    pub desk: usize,
    /// Number of the session.
    pub session: usize,
    /// Number of the guest.
    pub person: usize,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// The ids that the server gave.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    /// Of the sessions.
    pub sessions: Vec<SessionId>,
    /// Of the guests.
    pub people: Vec<PersonId>,
}

/// People inside and seats taken, by session.
pub type Counts = BTreeMap<Uuid, (u64, u64)>;

/// The day in the order in which it happened: half an hour of arrivals before each of six slots.
#[must_use]
pub fn arrivals() -> Vec<Arrival> {
    let mut chance = StdRng::seed_from_u64(19);
    let mut all: Vec<Arrival> = (0..SESSIONS / 2).flat_map(|slot| slot_arrivals(slot, &mut chance)).collect();
    all.truncate(CHECK_INS);
    all
}

fn slot_arrivals(slot: usize, chance: &mut StdRng) -> Vec<Arrival> {
    let mut people: Vec<usize> = (0..PEOPLE).collect();
    people.shuffle(chance);
    people.truncate(CHECK_INS / (SESSIONS / 2) + 1);
    let begins_ms = START_MS + slot as i64 * HOUR_MS;
    let mut all = Vec::new();
    for (n, person) in people.into_iter().enumerate() {
        let room = person % 2;
        let at_ms = begins_ms + n as i64 * 100;
        let desk = room * DESKS / 2 + chance.random_range(0..DESKS / 2);
        let arrival = Arrival { desk, session: slot * 2 + room, person, at_ms };
        all.push(arrival);
        if chance.random_ratio(1, ONCE_MORE_IN) {
            all.push(Arrival {
                desk: room * DESKS / 2 + (desk + 1) % (DESKS / 2),
                at_ms: at_ms + 1,
                ..arrival
            });
        }
    }
    all.truncate(CHECK_INS / (SESSIONS / 2) + 1);
    all
}

/// The arrivals of one desk at a time, in the order in which they go on the wire.
#[must_use]
pub fn pages(arrivals: &[Arrival]) -> Vec<Vec<Arrival>> {
    let (mut open, mut pages) = (vec![Vec::new(); DESKS], Vec::new());
    for arrival in arrivals {
        open[arrival.desk].push(*arrival);
        if open[arrival.desk].len() == PAGE {
            pages.push(std::mem::take(&mut open[arrival.desk]));
        }
    }
    pages.extend(open.into_iter().filter(|page| !page.is_empty()));
    pages
}

/// What must come out, counted plainly.
#[must_use]
pub fn counts(arrivals: &[Arrival], ids: &Ids) -> Counts {
    let mut seen = BTreeSet::new();
    let mut counts = Counts::new();
    for arrival in arrivals {
        let count = counts.entry(ids.sessions[arrival.session].0).or_default();
        count.0 += u64::from(seen.insert((arrival.session, arrival.person)));
        count.1 += 1;
    }
    counts
}

impl Arrival {
    /// The entry's body.
    #[must_use]
    pub fn body(&self, ids: &Ids) -> CheckIn {
        CheckIn {
            session: ids.sessions[self.session],
            subject: Subject::Person(ids.people[self.person]),
            basis: Basis::Unlimited,
            found: Found::Camera,
            registered: true,
            late: false,
            rev: 1,
            shift: ShiftId(Uuid::from_u128(self.desk as u128 + 0xabcd_0000_0000_0000_0000_0000_0000)),
            override_by: None,
            override_reason: None,
        }
    }

    /// The entry that a desk writes.
    #[must_use]
    pub fn entry(&self, event: EventId, i: Identity, head: Head, body: Body) -> Entry {
        Entry {
            v: ENTRY_VERSION,
            event,
            station: i.station,
            epoch: i.epoch,
            seq: head.seq + 1,
            prev_hash: head.hash,
            hlc: Hlc::from_ms(self.at_ms),
            wall_ms: self.at_ms,
            mono_ms: self.at_ms.unsigned_abs() - START_MS.unsigned_abs(),
            boot_id: BootId(Uuid::from_u128(0xb007 + self.desk as u128)),
            body,
        }
    }

    /// The facts for a library that has its own ids and its own history: the entry's body and the time, without the chain, the writer
    /// and the clocks.
    #[must_use]
    pub fn facts(&self, event: EventId, i: Identity, ids: &Ids) -> Vec<u8> {
        let with = |body| self.entry(event, i, Head::EMPTY, body).to_bytes();
        let number = Body::CheckIn(self.body(ids)).number();
        let envelope = with(Body::Unknown(Unknown { number, fields: Vec::new() })).len();
        let fields = with(Body::CheckIn(self.body(ids))).split_off(envelope);
        [fields, self.at_ms.to_be_bytes().to_vec()].concat()
    }
}

/// The session and the guest of [`Arrival::facts`], where the body's fixed form has them.
#[must_use]
pub fn who(facts: &[u8]) -> Option<(Uuid, Uuid)> {
    let id = |at: usize| Uuid::from_slice(facts.get(at..at + 16)?).ok();
    Some((id(3)?, id(23)?))
}
