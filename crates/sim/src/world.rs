//! The world of one seed: computers, network, people, time; and the steps that it takes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    sync::OnceLock,
};

use usher_core::{
    entry::{Basis, Body},
    ids::{EntryKey, Identity, PersonId, Seq, SessionId, StationId},
};
use usher_disk::Disk;
use usher_protocol::decide::Decision;
use uuid::Uuid;

use crate::{
    actions,
    chance::Chance,
    clock::START_MS,
    desk::Desk,
    event::Event,
    hazard::Hazard,
    network::Network,
    oracle::{Broken, Oracle, Said, broken},
    report::Report,
    seat::Seat,
    server::{Server, Wire},
    trace::Trace,
};

/// What an action gives.
pub type Outcome = Result<(), Broken>;

/// Everything.
#[derive(Debug)]
pub struct World {
    /// The true time, milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// The event as planned.
    pub event: Event,
    /// The sessions' ids.
    pub sessions: Vec<SessionId>,
    /// The sessions whose guests come and go without being counted out.
    pub come_and_go: BTreeSet<SessionId>,
    /// Where that was changed while the doors were open: each desk goes by its own list.
    pub come_and_go_changed: BTreeSet<SessionId>,
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
    /// Everybody whom a desk ever added.
    pub walk_ins: Vec<PersonId>,
    /// How often the server was put back.
    pub put_back: u64,
    /// How often somebody set about replacing the server's key.
    pub rotations: u64,
    /// Every station that the server ever enrolled.
    pub enrolled: BTreeSet<StationId>,
    /// Copies of the server's disk.
    pub backups: Vec<actions::Backup>,
    /// Carry files.
    pub sticks: Vec<Vec<u8>>,
    /// Logs of which a desk lost what stood behind this number.
    pub lost: Vec<(Identity, Seq)>,
    /// What may happen beyond what every seed meets.
    pub hazards: BTreeSet<Hazard>,
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
        let _made = server.start(START_MS);
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
        let seat = |number| Seat::new(Desk::new(number, blank_desk()));
        let mut world = Self {
            now_ms: START_MS,
            event,
            sessions: sessions.iter().map(|session| session.rules.id).collect(),
            come_and_go: BTreeSet::new(),
            come_and_go_changed: BTreeSet::new(),
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
            walk_ins: Vec::new(),
            put_back: 0,
            rotations: 0,
            enrolled: BTreeSet::new(),
            backups: Vec::new(),
            sticks: Vec::new(),
            lost: Vec::new(),
            hazards: BTreeSet::new(),
        };
        world.let_come_and_go(chance)?;
        world.watch()?;
        Ok(world)
    }

    /// At some sessions nobody is counted out: set before the doors open, as it is to be (decision 0013).
    fn let_come_and_go(&mut self, chance: &mut Chance) -> Outcome {
        self.come_and_go = self.sessions.iter().copied().filter(|_| chance.one_in(4)).collect();
        self.set_come_and_go()
    }

    /// Tells the server where guests come and go.
    ///
    /// # Errors
    /// It refuses.
    pub fn set_come_and_go(&mut self) -> Outcome {
        for session in self.come_and_go.iter().copied() {
            let decision = Decision::ReEntry { session, allowed: true };
            let set =
                self.server.authority().and_then(|it| it.decide(&decision, actions::SUPERVISOR, START_MS));
            if !matches!(set, Ok(Ok(()))) {
                return broken(format!("guests of {session} cannot be let come and go: {set:?}"));
            }
        }
        Ok(())
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
        if seat.torn {
            self.report.sometimes("an operation of a desk failed on half a checkpoint of its lists");
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

    /// What a desk wrote, as it answered; read at once, for its life may end before anybody looks at the whole log.
    ///
    /// # Errors
    /// The key is taken.
    pub fn answered(&mut self, d: usize, key: EntryKey, said: Said) -> Outcome {
        self.note(format_args!("  desk {d}: {} is {said:?}", key.seq));
        self.oracle.answered(key, said)?;
        if let Some(one) = self.seats[d].desk.entry(key) {
            self.oracle.read(&one.entry);
            if matches!(&one.entry.body, Body::CheckIn(check_in) if check_in.basis == Basis::Held) {
                self.report.sometimes("let in on a held seat");
            }
        }
        Ok(())
    }

    /// What a desk may have written beside something of which it said that it could not.
    pub fn may_have_said(&mut self, d: usize, said: Option<Said>) {
        if let (Some(who), Some(said)) = (&self.seats[d].desk.who, said) {
            self.oracle.failed(who.identity, said);
        }
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
}
