//! A server put back to a backup, for the tests of what comes then: a roster that outlives it, and desks that knew it before.

use std::sync::{Arc, Mutex};

use usher_core::ids::SessionId;
use usher_protocol::sync::SyncAnswer;

use super::{NOW, World, sessions, sync, talk};
use crate::{
    Authority, Fresh, MemoryStore, NewEvent, Result, Roster, RosterLine,
    conformance::desk::{Desk, counter},
};

/// A roster that outlives its server.
#[derive(Clone, Default)]
pub(super) struct Kept(pub(super) Arc<Mutex<Vec<RosterLine>>>);

impl Roster for Kept {
    fn lines(&self) -> Result<Vec<RosterLine>> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn keep(&self, line: &RosterLine) -> Result<()> {
        self.0.lock().unwrap().push(line.clone());
        Ok(())
    }

    fn rewrite(&self, lines: &[RosterLine]) -> Result<()> {
        *self.0.lock().unwrap() = lines.to_vec();
        Ok(())
    }
}

pub(super) fn event(roster: &Kept, capacity: u32) -> (World, SessionId) {
    let event = NewEvent { name: "RustFest".into(), time_zone: "Europe/Madrid".into(), fast_door: true };
    let mut random = counter(1);
    let fresh = Fresh { now_ms: NOW, random: &mut random };
    let world =
        Authority::create_with(MemoryStore::default(), Box::new(roster.clone()), &event, fresh).unwrap();
    sessions(&world, &[talk("Talk", Some(capacity))]);
    let id = world.sessions().unwrap()[0].rules.id;
    (world, id)
}

/// Two desks that have synced, and a copy of what the server had then.
pub(super) struct Two {
    pub(super) world: World,
    pub(super) session: SessionId,
    pub(super) one: Desk,
    pub(super) two: Desk,
    pub(super) backup: MemoryStore,
    pub(super) roster: Kept,
    /// The roster as it was then.
    pub(super) lines: Kept,
}

pub(super) fn two_desks() -> Two {
    let roster = Kept::default();
    let (world, session) = event(&roster, 10);
    let (mut one, mut two) = (Desk::enrol(&world, 1, NOW).unwrap(), Desk::enrol(&world, 2, NOW).unwrap());
    sync(&world, &mut one, Vec::new(), NOW);
    sync(&world, &mut two, Vec::new(), NOW);
    let backup = world.store_for_tests().copy();
    let lines = Kept(Arc::new(Mutex::new(roster.lines().unwrap())));
    Two { world, session, one, two, backup, roster, lines }
}

pub(super) fn reopened(backup: MemoryStore, roster: &Kept) -> World {
    let mut random = counter(9);
    Authority::open_with(backup, Box::new(roster.clone()), Fresh { now_ms: NOW + 1, random: &mut random })
        .unwrap()
}

pub(super) fn begin_term(world: &World) {
    let mut random = counter(5);
    world.begin_term(None, Fresh { now_ms: NOW + 1, random: &mut random }).unwrap();
}

pub(super) fn grantable(world: &World) -> Option<i64> {
    world.board(NOW).unwrap().sessions[0].grantable
}

/// A sync in which the desk says that it has nothing to give back.
pub(super) fn report(world: &World, desk: &mut Desk, wants: Vec<usher_protocol::sync::Want>) -> SyncAnswer {
    let mut sent = desk.request(wants, 500, NOW);
    sent.body.all_given_back = Some(true);
    let answer = sent.to(world, NOW).unwrap().unwrap();
    desk.apply(&answer).unwrap();
    answer
}
