//! The world of one seed: computers, network, people, time; and the steps that it takes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    sync::OnceLock,
};

use usher_core::ids::{EntryKey, Identity, SessionId};
use usher_disk::{Choices, Disk};
use uuid::Uuid;

use crate::{
    actions,
    chance::Chance,
    clock::START_MS,
    desk::{Card, Desk},
    event::Event,
    network::Network,
    oracle::{Broken, Oracle, Said, broken},
    report::Report,
    server::{Server, Wire},
    trace::Trace,
};

/// What an action gives.
pub type Outcome = Result<(), Broken>;

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// How many steps.
    pub steps: u64,
    /// Steps that are left out.
    pub without: BTreeSet<u64>,
    /// Whether the desks' disks lie about syncing: the mistake that the oracle must notice.
    pub disks_lie: bool,
}

impl Plan {
    /// A whole run of one seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let steps = 700 + Chance::part(seed, 1 << 40).below(400);
        Self { seed, steps, without: BTreeSet::new(), disks_lie: false }
    }
}

/// What a desk's volunteer remembers of a guest.
#[derive(Clone, Copy, Debug)]
pub struct Guest {
    /// The card.
    pub card: Card,
    /// The check-in, once let in.
    pub let_in: Option<EntryKey>,
    /// The entry that took it back.
    pub undone: Option<EntryKey>,
}

/// A desk, and what the simulation knows about it.
#[derive(Debug)]
pub struct Seat {
    /// The desk.
    pub desk: Desk,
    /// The guests it remembers: gone with the process.
    pub guests: Vec<Guest>,
    /// The log that it writes, also while it is down; none before it is enrolled.
    pub log: Option<Identity>,
    /// How often its disk had struck when the app was started.
    pub struck_before: u64,
    /// What happens when its disk halts: a power cut, or the end of the process.
    pub halts_with_cut: bool,
}

/// Everything.
#[derive(Debug)]
pub struct World {
    /// The true time, milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// The event as planned.
    pub event: Event,
    /// The sessions' ids.
    pub sessions: Vec<SessionId>,
    /// The desks.
    pub seats: Vec<Seat>,
    /// The server.
    pub server: Server,
    /// How often the server's disk had struck when it was started.
    pub server_struck_before: u64,
    /// The network.
    pub net: Network,
    /// Requests that may come again much later.
    pub old: Vec<(usize, Wire)>,
    /// The oracle.
    pub oracle: Oracle,
    /// The trace.
    pub trace: Trace,
    /// The report.
    pub report: Report,
    /// The number of the next request.
    pub asks: u64,
    /// Which verdicts were decided to which entry.
    pub decided: BTreeMap<Uuid, EntryKey>,
}

/// A disk with an empty desk on it: making its tables anew for each desk would be most of the work.
fn blank_desk() -> Disk {
    static BLANK: OnceLock<Disk> = OnceLock::new();
    let blank = BLANK.get_or_init(|| {
        let mut desk = Desk::new(0, Disk::new(0));
        // Where this fails, every desk makes its own tables.
        let _made = desk.start();
        desk.stop();
        desk.disk
    });
    blank.copy()
}

fn blank_server() -> Disk {
    static BLANK: OnceLock<Disk> = OnceLock::new();
    let blank = BLANK.get_or_init(|| {
        let mut server = Server::on(Disk::new(0), 0);
        // It has no event, and says so; the tables stay.
        let _made = server.start();
        server.disk
    });
    blank.copy()
}

impl World {
    /// The world before the first step.
    ///
    /// # Errors
    /// It could not be set up, on sound disks.
    pub fn new(seed: u64, trace: bool) -> Result<Self, Broken> {
        let chance = &mut Chance::part(seed, 1 << 41);
        let event = Event::random(chance);
        let desks = usize::try_from(chance.between(2, 8)).unwrap_or(2);
        let mut server = Server::on(blank_server(), chance.bits());
        server
            .make(&event, START_MS)
            .or_else(|error| broken(format!("the event cannot be made: {error}")))?;
        let sessions = server.authority().and_then(|authority| authority.sessions());
        let sessions = sessions.or_else(|error| broken(format!("no sessions: {error}")))?;
        let seat = |number| Seat {
            desk: Desk::new(number, blank_desk()),
            guests: Vec::new(),
            log: None,
            struck_before: 0,
            halts_with_cut: false,
        };
        let mut world = Self {
            now_ms: START_MS,
            event,
            sessions: sessions.iter().map(|session| session.rules.id).collect(),
            seats: (0..desks).map(seat).collect(),
            server,
            server_struck_before: 0,
            net: Network::new(desks),
            old: Vec::new(),
            oracle: Oracle::default(),
            trace: Trace::new(trace),
            report: Report { seeds: 1, ..Report::default() },
            asks: 0,
            decided: BTreeMap::new(),
        };
        world.watch()?;
        Ok(world)
    }

    /// One step: time passes, messages arrive, something happens, and halted machines end.
    ///
    /// # Errors
    /// A broken invariant.
    pub fn step(&mut self, number: u64, seed: u64) -> Outcome {
        let chance = &mut Chance::part(seed, number);
        self.now_ms += chance.between(50, 6_000);
        actions::deliver(self, chance)?;
        let action = actions::choose(chance);
        self.note(format_args!("{number} {} {}", self.now_ms - START_MS, action.name));
        self.report.action(action.name);
        (action.run)(self, chance)?;
        self.end_halted(chance);
        self.watch()?;
        if number.is_multiple_of(16) { self.check_worst() } else { Ok(()) }
    }

    /// Adds a line to the trace.
    pub fn note(&mut self, what: std::fmt::Arguments<'_>) {
        self.trace.line(what);
    }

    /// A running, enrolled desk; none: there is none.
    pub fn running(&self, chance: &mut Chance) -> Option<usize> {
        let running: Vec<_> = (0..self.seats.len()).filter(|d| self.seats[*d].desk.who.is_some()).collect();
        chance.pick(&running)
    }

    /// Any desk.
    pub fn any(&self, chance: &mut Chance) -> usize {
        usize::try_from(chance.below(self.seats.len() as u64)).unwrap_or(0)
    }

    /// A desk's operation failed: that is right only when its disk did.
    ///
    /// # Errors
    /// Its disk is sound.
    pub fn failed(&mut self, d: usize, what: &str, error: &dyn Display) -> Outcome {
        self.note(format_args!("  desk {d}: {what} failed: {error}"));
        let seat = &self.seats[d];
        if seat.desk.disk.struck() > seat.struck_before || seat.desk.disk.is_halted() {
            self.report.sometimes("an operation of a desk failed");
            return Ok(());
        }
        broken(format!("desk {d}: {what} failed on a sound disk: {error}"))
    }

    /// As [`Self::failed`], for the server.
    ///
    /// # Errors
    /// Its disk is sound.
    pub fn server_failed(&mut self, what: &str, error: &dyn Display) -> Outcome {
        self.note(format_args!("  server: {what} failed: {error}"));
        let disk = &self.server.disk;
        if !self.server.is_up() || disk.struck() > self.server_struck_before || disk.is_halted() {
            self.report.sometimes("an operation of the server failed");
            return Ok(());
        }
        broken(format!("server: {what} failed on a sound disk: {error}"))
    }

    /// Starts a desk and compares its log with what it answered.
    ///
    /// # Errors
    /// A broken invariant.
    pub fn start(&mut self, d: usize) -> Outcome {
        self.seats[d].struck_before = self.seats[d].desk.disk.struck();
        if let Err(error) = self.seats[d].desk.start() {
            self.seats[d].desk.stop();
            return self.failed(d, "starting", &error);
        }
        if self.seats[d].desk.serves.is_none() {
            self.seats[d].desk.serves = self.sessions.get(d % self.sessions.len()).copied();
        }
        if self.seats[d].desk.who.is_some() {
            match self.seats[d].desk.goes_on() {
                Ok(true) => {}
                Ok(false) => return broken(format!("desk {d} takes itself for a copy")),
                Err(error) => return self.failed(d, "reading the mark", &error),
            }
        }
        self.compare(d)
    }

    /// Compares a desk's log with what it answered.
    ///
    /// # Errors
    /// A broken invariant.
    pub fn compare(&mut self, d: usize) -> Outcome {
        let desk = &self.seats[d].desk;
        let lives = match desk.disk.aside(|| desk.lives()) {
            Ok(lives) => lives,
            Err(error) => return self.failed(d, "reading the log", &error),
        };
        if let Some(who) = &self.seats[d].desk.who {
            self.seats[d].log = Some(who.identity);
        }
        let names: Vec<_> = lives.iter().map(|(i, _)| *i).collect();
        self.oracle.compare_lives(&names)?;
        lives.iter().try_for_each(|(i, log)| self.oracle.compare(*i, log))
    }

    /// What a desk wrote, as it answered.
    ///
    /// # Errors
    /// The key is taken.
    pub fn answered(&mut self, d: usize, key: EntryKey, said: Said) -> Outcome {
        self.note(format_args!("  desk {d}: {} is {said:?}", key.seq));
        self.oracle.answered(key, said)
    }

    /// What a desk said that it could not write.
    ///
    /// # Errors
    /// Its disk is sound.
    pub fn doubtful(&mut self, d: usize, said: Said, error: &dyn Display) -> Outcome {
        if let Some(who) = &self.seats[d].desk.who {
            self.oracle.failed(who.identity, said);
        }
        self.failed(d, "writing", error)
    }

    /// Ends a desk's process, or its power.
    pub fn end(&mut self, d: usize, cut: bool, chance: &mut Chance) {
        let (now_ms, seat) = (self.now_ms, &mut self.seats[d]);
        seat.guests.clear();
        if cut {
            seat.desk.power_cut(&mut Choices::seeded(chance.bits()), now_ms, chance.wide());
        } else {
            seat.desk.kill();
        }
        self.note(format_args!("  desk {d} ends, {}", if cut { "power cut" } else { "killed" }));
    }

    /// Ends the server's process, or its power.
    pub fn end_server(&mut self, cut: bool, chance: &mut Chance) {
        if cut {
            self.server.power_cut(&mut Choices::seeded(chance.bits()));
        } else {
            self.server.kill();
        }
        self.note(format_args!("  the server ends, {}", if cut { "power cut" } else { "killed" }));
    }

    fn end_halted(&mut self, chance: &mut Chance) {
        for d in 0..self.seats.len() {
            if self.seats[d].desk.disk.is_halted() {
                self.report.sometimes("a desk ended in the middle of an I/O");
                self.end(d, self.seats[d].halts_with_cut, chance);
            }
        }
        if self.server.disk.is_halted() {
            self.report.sometimes("the server ended in the middle of an I/O");
            let cut = chance.one_in(2);
            self.end_server(cut, chance);
        }
    }
}
