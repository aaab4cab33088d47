//! The network between desks and server: loses, repeats, delays and overtakes; each way of each desk's link can be cut.

use std::collections::BTreeMap;

use crate::{
    chance::Chance,
    server::{Answer, Wire},
};

/// The most messages that are under way at a time; more are lost.
const PARCELS_MAX: usize = 200;

/// What travels.
#[derive(Clone, Debug)]
pub enum Parcel {
    /// A sync request, number `ask` of its desk.
    Request {
        /// The desk that asks.
        desk: usize,
        /// Which of its requests.
        ask: u64,
        /// The request.
        wire: Wire,
    },
    /// What the server said to it.
    Answer {
        /// The desk that asked.
        desk: usize,
        /// Which of its requests.
        ask: u64,
        /// The answer.
        answer: Answer,
    },
}

impl Parcel {
    /// Whose it is, and whether it goes up to the server.
    const fn way(&self) -> (usize, bool) {
        match self {
            Self::Request { desk, .. } => (*desk, true),
            Self::Answer { desk, .. } => (*desk, false),
        }
    }
}

/// One desk's way to the server and back.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Requests arrive.
    pub up: bool,
    /// Answers arrive.
    pub down: bool,
    /// The longest delay, in milliseconds.
    pub slow_ms: i64,
    /// One message in so many is lost, and as many come twice.
    pub lossy: u64,
}

impl Link {
    /// A good link.
    pub const GOOD: Self = Self { up: true, down: true, slow_ms: 200, lossy: 30 };
}

/// Everything that is under way.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Each desk's link.
    pub links: Vec<Link>,
    parcels: Vec<(i64, u64, Parcel)>,
    sent: u64,
    /// The newest message that arrived of each desk's, and for it.
    newest: BTreeMap<(usize, bool), u64>,
    /// Requests that were lost.
    pub requests_lost: u64,
    /// Answers that were lost: what they answer has been done.
    pub answers_lost: u64,
    /// Messages that came twice.
    pub doubled: u64,
    /// Messages that a later one came before.
    pub overtaken: u64,
}

impl Network {
    /// A network of good links.
    #[must_use]
    pub fn new(desks: usize) -> Self {
        Self { links: vec![Link::GOOD; desks], ..Self::default() }
    }

    /// Sends, as the link allows.
    pub fn send(&mut self, parcel: &Parcel, now_ms: i64, chance: &mut Chance) {
        let (desk, up) = parcel.way();
        let Some(link) = self.links.get(desk).copied() else { return };
        let open = if up { link.up } else { link.down };
        if !open || chance.one_in(link.lossy) {
            *(if up { &mut self.requests_lost } else { &mut self.answers_lost }) += 1;
            return;
        }
        let copies = if chance.one_in(link.lossy) { 2 } else { 1 };
        self.doubled += copies - 1;
        for _ in 0..copies {
            if self.parcels.len() < PARCELS_MAX {
                self.sent += 1;
                let due_ms = now_ms + chance.between(1, link.slow_ms.max(1));
                self.parcels.push((due_ms, self.sent, parcel.clone()));
            }
        }
    }

    /// The next message that has arrived by `now_ms`.
    pub fn next(&mut self, now_ms: i64) -> Option<Parcel> {
        let due = self.parcels.iter().enumerate().filter(|(_, (due_ms, ..))| *due_ms <= now_ms);
        let (at, _) = due.min_by_key(|(_, (due_ms, nr, _))| (*due_ms, *nr))?;
        let (_, nr, parcel) = self.parcels.swap_remove(at);
        let newest = self.newest.entry(parcel.way()).or_default();
        self.overtaken += u64::from(nr < *newest);
        *newest = nr.max(*newest);
        Some(parcel)
    }

    /// Everything under way is lost, and all links are good.
    pub fn heal(&mut self) {
        self.parcels.clear();
        self.links.fill(Link::GOOD);
    }
}
