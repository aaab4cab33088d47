//! The canonical workload of a desk, as operations that can be run one by one from a copy of the disk before them.

use usher_authority::Error;
use usher_core::{
    entry::{Body, DeclineReason},
    ids::EntryKey,
};
use usher_disk::Disk;
use usher_protocol::sync::SyncRequest;
use usher_replica::{Act, CheckedOut, Decided, Outgoing, StoreError};
use usher_sim::{
    chance::Chance,
    clock::START_MS,
    desk::{Desk, carried, wire},
    event::{Event, code},
    server::{Reply, Server},
};
use uuid::Uuid;

pub(crate) const CAPACITY: u32 = 12;
pub(crate) const PEOPLE: i64 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Start,
    Enrol,
    Snapshot,
    Request,
    Apply,
    LetIn(i64),
    Undo(i64),
    TurnAway(i64),
    Leave(i64),
    Absorb,
    Rebuild,
    SaveLog,
    Restart,
}

/// The workload: admits `guests` people, undoes two of them (before and after the handover), turns one away, lets one more in and out,
/// takes two lists, syncs, counts anew, saves its log and starts again. With `more` everything happens once more at other states of the
/// files.
pub(crate) fn canonical(guests: i64, more: bool) -> Vec<Op> {
    let mut ops = vec![Op::Start, Op::Enrol, Op::Snapshot, Op::Request, Op::Apply];
    ops.extend((0..guests).map(Op::LetIn));
    ops.extend([Op::Undo(0), Op::TurnAway(guests), Op::Request, Op::Apply, Op::Undo(1)]);
    ops.extend([Op::LetIn(guests + 1), Op::Leave(guests + 1)]);
    ops.extend([Op::Absorb, Op::Snapshot, Op::Rebuild, Op::SaveLog, Op::Restart]);
    if more {
        ops.extend([
            Op::LetIn(guests + 2),
            Op::Restart,
            Op::LetIn(guests + 3),
            Op::Leave(guests + 2),
            Op::Request,
        ]);
    }
    ops
}

/// A desk and the server that it talks to; the server's disk is sound.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) desk: Desk,
    pub(crate) server: Server,
    outgoing: Option<Outgoing>,
    answer: Option<Reply>,
    let_in: Vec<(i64, EntryKey)>,
    pub(crate) now_ms: i64,
}

/// What went wrong in an operation.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) String);

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        panic!("the server's disk is sound: {error}");
    }
}

fn failed(error: impl std::fmt::Display) -> Failed {
    Failed(error.to_string())
}

impl Stage {
    pub(crate) fn new() -> Self {
        let event = Event::small(CAPACITY, PEOPLE);
        let server = Server::create(Disk::new(2), &event, 3, START_MS).unwrap();
        let desk = Desk::new(0, Disk::new(1));
        Self { desk, server, outgoing: None, answer: None, let_in: Vec::new(), now_ms: START_MS }
    }

    /// The same stage on copies of the disks, with nothing running.
    pub(crate) fn copy(&self) -> Self {
        let mut desk = Desk::new(0, self.desk.disk.copy());
        (desk.serves, desk.clock) = (self.desk.serves, self.desk.clock);
        // Started when it is asked something.
        let server = Server::on(self.server.disk.copy(), 4);
        Self {
            desk,
            server,
            outgoing: self.outgoing.clone(),
            answer: self.answer.clone(),
            let_in: self.let_in.clone(),
            now_ms: self.now_ms,
        }
    }

    /// Runs one operation; again with `again`, after it failed.
    pub(crate) fn run(&mut self, op: Op, again: bool) -> Result<(), Failed> {
        self.now_ms += 1_000;
        if matches!(op, Op::Enrol | Op::Snapshot | Op::Apply) && !self.server.is_up() {
            self.server.start(START_MS)?;
        }
        match op {
            Op::Start => Ok(self.desk.start()?),
            Op::Enrol => self.enrol(),
            Op::Snapshot => self.snapshot(),
            Op::Request => {
                self.outgoing = Some(self.desk.request(self.now_ms)?);
                Ok(())
            }
            // What half an answer did is asked for anew.
            Op::Apply if again => self.run(Op::Request, false).and_then(|()| self.apply(true)),
            Op::Apply => self.apply(false),
            Op::LetIn(guest) => self.let_in(guest),
            Op::Undo(guest) => self.undo(guest),
            Op::TurnAway(guest) => self.turn_away(guest),
            Op::Leave(guest) => self.leave(guest),
            Op::Rebuild => Ok(self.desk.files()?.rebuild(self.desk.who()?)?),
            Op::SaveLog => self.save_log(),
            Op::Absorb => self.desk.absorb().map(drop).map_err(failed),
            Op::Restart => {
                self.desk.stop();
                Ok(self.desk.start()?)
            }
        }
    }

    fn enrol(&mut self) -> Result<(), Failed> {
        if self.desk.who.is_some() {
            return Ok(());
        }
        let code = self.server.invite("Desk 0", self.now_ms)?;
        let (key, request) = self.desk.enrol_request(&code, &mut Chance::new(9));
        let answer = self.server.enrol(&request, self.now_ms)?.unwrap();
        Ok(self.desk.enrol(key, &request, &answer, self.now_ms)?)
    }

    fn snapshot(&mut self) -> Result<(), Failed> {
        let bytes = self.server.snapshot()?;
        self.desk.take_snapshot(&bytes, self.now_ms).map_err(failed)?;
        self.desk.serves = self.desk.files()?.sessions()?.first().map(|session| session.rules.id);
        Ok(())
    }

    fn apply(&mut self, anew: bool) -> Result<(), Failed> {
        let sent = self.outgoing.clone().unwrap();
        if anew || self.answer.is_none() {
            self.answer = Some(self.server.sync(&wire(&sent), self.now_ms)?.unwrap());
        }
        let answer = self.answer.clone().unwrap();
        self.desk.apply(&sent, &answer, self.now_ms).map_err(failed)?;
        self.answer = None;
        Ok(())
    }

    fn let_in(&mut self, guest: i64) -> Result<(), Failed> {
        let verdict = 0x1000 + guest.cast_unsigned() as u128;
        let (card, _) =
            self.desk.scan(&code(guest), verdict, self.now_ms)?.ok_or_else(|| failed("no session"))?;
        match self.desk.let_in(&card, Act::LetIn, self.now_ms)? {
            Decided::LetIn(key) => self.let_in.push((guest, key)),
            other => return Err(Failed(format!("guest {guest} was not let in: {other:?}"))),
        }
        Ok(())
    }

    fn undo(&mut self, guest: i64) -> Result<(), Failed> {
        let (_, key) = *self.let_in.iter().find(|(of, _)| *of == guest).unwrap();
        self.desk.undo(Uuid::from_u128(0x1000 + guest.cast_unsigned() as u128), key, self.now_ms)?;
        Ok(())
    }

    fn turn_away(&mut self, guest: i64) -> Result<(), Failed> {
        let verdict = 0x1000 + guest.cast_unsigned() as u128;
        let (card, _) =
            self.desk.scan(&code(guest), verdict, self.now_ms)?.ok_or_else(|| failed("no session"))?;
        self.desk.turn_away(&card, DeclineReason::TurnedAway, self.now_ms)?;
        Ok(())
    }

    fn leave(&mut self, guest: i64) -> Result<(), Failed> {
        let verdict = 0x2000 + guest.cast_unsigned() as u128;
        let (card, _) =
            self.desk.scan(&code(guest), verdict, self.now_ms)?.ok_or_else(|| failed("no session"))?;
        match self.desk.check_out(&card, self.now_ms)? {
            CheckedOut::Out(_) => Ok(()),
            other => Err(Failed(format!("guest {guest} was not counted out: {other:?}"))),
        }
    }

    /// What is saved has every entry of the log.
    fn save_log(&self) -> Result<(), Failed> {
        let (file, entries) = (self.desk.carry(self.now_ms)?, self.desk.log()?.len());
        let pages = carried(&file).into_iter();
        let bodies =
            pages.map(|(page, _)| serde_json::from_slice::<SyncRequest>(&page.body.0).map_err(failed));
        let saved = bodies.map(|body| body.map(|body| body.entries.len())).sum::<Result<usize, _>>()?;
        if saved == entries {
            Ok(())
        } else {
            Err(Failed(format!("{saved} of {entries} entries were saved")))
        }
    }

    /// What the desk's log says, after checking that it is a chain; none before enrolment.
    pub(crate) fn bodies(&self) -> Result<Vec<Body>, Failed> {
        let Some(who) = &self.desk.who else { return Ok(Vec::new()) };
        let mut head = usher_core::entry::Head::EMPTY;
        let mut bodies = Vec::new();
        for one in self.desk.log()? {
            let bytes = one.entry.to_bytes();
            head = usher_core::chain::follow(who.event, who.identity, head, &one.entry, &bytes)
                .map_err(failed)?;
            assert_eq!(head.hash, one.hash, "an entry's bytes are canonical");
            bodies.push(one.entry.body);
        }
        Ok(bodies)
    }

    /// The rights that the desk believes to have, which must be what its log says.
    pub(crate) fn check_rights(&self, bodies: &[Body]) -> Result<u64, Failed> {
        let (Some(who), Some(session)) = (&self.desk.who, self.desk.serves) else { return Ok(0) };
        let rights = self.desk.files()?.known(who, session)?.rights;
        let spent = bodies.iter().filter(|body| matches!(body, Body::CheckIn(_))).count() as u64;
        let back =
            bodies.iter().filter(|body| matches!(body, Body::Undo(undo) if undo.refund)).count() as u64;
        if (rights.admitted, rights.refunded) != (spent, back) || !rights.holds() {
            return Err(Failed(format!(
                "I1: the log says ({spent}, {back}), the rights something other: {rights:?}"
            )));
        }
        Ok(rights.granted)
    }

    /// Whether the guest list can be asked, and knows the first guest or nobody.
    pub(crate) fn list_works(&self) -> Result<bool, Failed> {
        let Some(who) = &self.desk.who else { return Ok(true) };
        let files = self.desk.files()?;
        let (people, complete, _) = files.list_state()?;
        let ticket = files.look_up(who, &[code(0)])?;
        let known = matches!(ticket, usher_replica::Ticket::Person { .. });
        if known != (people > 0) {
            return Err(Failed(format!(
                "a list of {people} that does not know the first is neither whole nor empty, other: {known}"
            )));
        }
        Ok(complete == (people == PEOPLE as u64) || people == PEOPLE as u64)
    }
}
