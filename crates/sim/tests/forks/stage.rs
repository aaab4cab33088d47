//! A server, a desk that is copied, one that is not, and what happens to them.

use usher_core::{
    entry::{Body, Note, NoteKind},
    ids::{Epoch, SessionId},
};
use usher_disk::Disk;
use usher_replica::{Act, Applied, NewLife};
use usher_sim::{
    chance::Chance,
    clock::START_MS,
    desk::{Desk, wire},
    event::{Event, code},
    server::Server,
};
use uuid::Uuid;

const CAPACITY: u32 = 40;
const PEOPLE: i64 = 30;
/// How many computers there are at most.
const DESKS_MAX: usize = 6;
/// How many round trips each computer may need in the end.
const ROUNDS: u64 = 40;

pub(crate) struct Stage {
    pub(crate) desks: Vec<Desk>,
    pub(crate) server: Server,
    pub(crate) session: SessionId,
    now_ms: i64,
}

impl Stage {
    pub(crate) fn new(seed: u64) -> Self {
        let event = Event::small(CAPACITY, PEOPLE);
        let mut server = Server::create(Disk::new(seed), &event, seed, START_MS).unwrap();
        let session = server.authority().unwrap().sessions().unwrap()[0].rules.id;
        let chance = &mut Chance::part(seed, 1 << 40);
        let desks = (0..2).map(|number| enrolled(number, &mut server, session, chance)).collect();
        Self { desks, server, session, now_ms: START_MS }
    }

    pub(crate) fn step(&mut self, chance: &mut Chance) {
        self.now_ms += chance.between(50, 4_000);
        let d = usize::try_from(chance.below(self.desks.len() as u64)).unwrap();
        match chance.below(60) {
            0..=32 => self.let_in(d, chance),
            33..=38 => self.undo(d, chance),
            39..=44 => self.check_out(d, chance),
            45..=53 => drop(self.sync(d, chance, true)),
            54..=56 => drop(self.desks[d].absorb().unwrap()),
            // The newest copy is copied more often: a course that left another one is the rarest.
            _ => self.copy(if chance.one_in(2) { d } else { self.desks.len() - 1 }),
        }
    }

    fn let_in(&mut self, d: usize, chance: &mut Chance) {
        let code = code(chance.between(0, PEOPLE - 1));
        let Some((card, judged)) = self.desks[d].scan(&code, chance.wide(), self.now_ms).unwrap() else {
            return;
        };
        // Somebody who is in already comes in once more now and then: two people on one ticket.
        let act =
            if judged.judgement.verdict.decline_reason().is_none() { Act::LetIn } else { Act::LetInAnyway };
        if act == Act::LetIn || chance.one_in(3) {
            self.desks[d].let_in(&card, act, self.now_ms).unwrap();
        }
    }

    /// Takes back one of the check-ins of the life that is written, whatever course of it wrote that.
    fn undo(&mut self, d: usize, chance: &mut Chance) {
        let log = self.desks[d].log().unwrap();
        let ins: Vec<_> = log.iter().filter(|one| matches!(one.entry.body, Body::CheckIn(_))).collect();
        if let Some(one) = chance.pick(&ins) {
            let verdict = Uuid::from_u128(chance.wide());
            self.desks[d].undo(verdict, one.entry.key(), self.now_ms).unwrap();
        }
    }

    fn check_out(&mut self, d: usize, chance: &mut Chance) {
        let code = code(chance.between(0, PEOPLE - 1));
        let found = self.desks[d].scan(&code, chance.wide(), self.now_ms).unwrap();
        if let Some((card, _)) = found {
            self.desks[d].check_out(&card, self.now_ms).unwrap();
        }
    }

    /// The same computer once more: it believes that it is the first one, and goes on in the same epoch.
    fn copy(&mut self, d: usize) {
        if d == 1 || self.desks.len() == DESKS_MAX {
            return;
        }
        let first = &self.desks[d];
        let mut second = Desk::new(first.number, first.disk.copy());
        (second.clock, second.serves) = (first.clock, first.serves);
        second.start().unwrap();
        assert!(second.goes_on().unwrap());
        self.desks.push(second);
    }

    /// One round trip, whose answer may be lost; whether there is more to say.
    fn sync(&mut self, d: usize, chance: &mut Chance, lossy: bool) -> bool {
        let desk = &mut self.desks[d];
        if desk.files().unwrap().needs_snapshot().unwrap() {
            desk.take_snapshot(&self.server.snapshot().unwrap(), self.now_ms).unwrap();
            return true;
        }
        let sent = desk.request(self.now_ms).unwrap();
        let reply = self.server.sync(&wire(&sent), self.now_ms).unwrap().unwrap();
        if lossy && chance.one_in(4) {
            return true;
        }
        let applied = desk.apply(&sent, &reply, self.now_ms).unwrap();
        self.after(d, applied, chance) || self.renew(d)
    }

    /// The list is fetched anew where that is due; whether it was.
    fn renew(&mut self, d: usize) -> bool {
        let due = self.desks[d].files().unwrap().wants_snapshot().unwrap();
        if due {
            self.desks[d].take_snapshot(&self.server.snapshot().unwrap(), self.now_ms).unwrap();
        }
        due
    }

    fn after(&mut self, d: usize, applied: Applied, chance: &mut Chance) -> bool {
        let desk = &mut self.desks[d];
        if applied.fenced {
            desk.begin_life(NewLife::Fenced, Epoch(chance.bits().max(1)), self.now_ms).unwrap();
        }
        let wrote = applied.fenced || desk.do_duties(self.now_ms).unwrap() > 0;
        wrote || applied.more
    }

    /// Everybody talks until nobody has more to say, and all that was written is absorbed. Each computer writes something more before: a
    /// copy that never wrote anything of its own is no course, and nobody can tell it from a late message of the other.
    pub(crate) fn converge(&mut self) {
        let chance = &mut Chance::new(7);
        for (n, desk) in self.desks.iter().enumerate() {
            let note = Note { kind: NoteKind::HelpAsked, value: Some(n as i64), of: None, shift: None };
            let (files, who) = (desk.files().unwrap(), desk.who().unwrap());
            files.note(who, Body::Note(note), desk.stamp(self.now_ms)).unwrap();
        }
        for _ in 0..3 {
            for d in 0..self.desks.len() {
                let mut rounds = 0;
                while self.sync(d, chance, false) {
                    rounds += 1;
                    assert!(rounds < ROUNDS, "computer {d} has always more to say");
                }
            }
        }
        for desk in &self.desks {
            while desk.absorb().unwrap() > 0 {}
        }
    }
}

fn enrolled(number: usize, server: &mut Server, session: SessionId, chance: &mut Chance) -> Desk {
    let mut desk = Desk::new(number, Disk::new(number as u64));
    desk.start().unwrap();
    let code = server.invite(&format!("Desk {number}"), START_MS).unwrap();
    let (key, request) = desk.enrol_request(&code, chance);
    let answer = server.enrol(&request, START_MS).unwrap().unwrap();
    desk.enrol(key, &request, &answer, START_MS).unwrap();
    desk.serves = Some(session);
    desk
}
