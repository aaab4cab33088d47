//! Somebody who has no right to it changes messages and files.

use usher_protocol::sync::{GrantTotal, SyncAnswer};
use usher_replica::SyncError;

use super::{Action, sync::heard};
use crate::{
    chance::Chance,
    desk::{Desk, FOLDER, wire},
    oracle::broken,
    world::{Outcome, World},
};

pub(super) const TABLE: &[Action] = &[
    Action { name: "forge an answer", weight: 4, run: forge_answer },
    Action { name: "forge a request", weight: 4, run: forge_request },
    Action { name: "change a byte of an entry", weight: 3, run: change_entry },
];

/// A desk whose next request is an ordinary one.
fn asking(world: &World, chance: &mut Chance) -> Option<usize> {
    let d = world.running(chance)?;
    let listed = matches!(world.seats[d].desk.files().and_then(|files| files.needs_snapshot()), Ok(false));
    listed.then_some(d)
}

/// Between server and desk more rights are written into an answer, or its signature is changed: nobody believes it.
fn forge_answer(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = asking(world, chance) else { return Ok(()) };
    let now_ms = world.now_ms;
    let sent = match world.seats[d].desk.request(now_ms) {
        Ok(sent) => sent,
        Err(error) => return world.failed(d, "making a request", &error),
    };
    let Some(Ok(mut reply)) = heard(world, &wire(&sent))? else { return Ok(()) };
    if chance.one_in(2) {
        let Ok(mut answer) = serde_json::from_slice::<SyncAnswer>(&reply.body) else {
            return broken("an answer cannot be read");
        };
        let Some(session) = chance.pick(&world.sessions) else { return Ok(()) };
        answer.grants.push(GrantTotal { session, total: 1_000 });
        reply.body = serde_json::to_vec(&answer).unwrap_or_default();
        world.report.fault("malice: a forged grant");
    } else {
        let at = usize::try_from(chance.below(64)).unwrap_or(0);
        reply.signed.signature.0[at] ^= 1;
        world.report.fault("malice: a forged signature");
    }
    match world.seats[d].desk.apply(&sent, &reply, now_ms) {
        Err(SyncError::Unsigned) => Ok(()),
        Ok(applied) if applied.stale => Ok(()),
        Ok(applied) => broken(format!("desk {d} believed a forged answer: {applied:?}")),
        Err(SyncError::Store(error)) => world.failed(d, "applying an answer", &error),
    }
}

/// A request is changed on its way, or signed with a key that was never enrolled: the server takes nothing of it.
fn forge_request(world: &mut World, chance: &mut Chance) -> Outcome {
    let (Some(d), true) = (asking(world, chance), world.server.is_up()) else { return Ok(()) };
    let mut sent = match world.seats[d].desk.request(world.now_ms) {
        Ok(sent) => wire(&sent),
        Err(error) => return world.failed(d, "making a request", &error),
    };
    let at = usize::try_from(chance.below(sent.body.len() as u64)).unwrap_or(0);
    sent.body[at] ^= 1 << chance.below(8);
    world.report.fault("malice: a forged request");
    let heard = world.server.sync(&sent, world.now_ms);
    world.watch()?;
    match heard {
        Ok(Err(_)) => Ok(()),
        Ok(Ok(_)) => broken("the server took a request that was changed on its way"),
        Err(error) => world.server_failed("a sync", &error),
    }
}

/// P7: on a copy of a desk's disk one bit of a stored entry is changed. Whoever reads the log there is told, or reads what was written.
fn change_entry(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = world.running(chance) else { return Ok(()) };
    let Ok(log) = world.seats[d].desk.disk.aside(|| world.seats[d].desk.log()) else { return Ok(()) };
    let at = usize::try_from(chance.below(log.len() as u64)).unwrap_or(0);
    let Some(one) = log.get(at) else { return Ok(()) };
    let bytes = one.entry.to_bytes();
    let mut copy = Desk::new(d, world.seats[d].desk.disk.copy());
    // Ending it in order moves everything into the database's own file.
    if copy.start().is_err() {
        return broken(format!("a copy of desk {d} does not start"));
    }
    copy.stop();
    let name = format!("{FOLDER}/log.db");
    let file = copy.disk.bytes(&name).unwrap_or_default();
    // Pages keep old bytes in their free room: every place is changed. An entry that is spread over pages is left out.
    let places: Vec<_> = file
        .windows(bytes.len())
        .enumerate()
        .filter(|(_, part)| *part == bytes)
        .map(|(at, _)| at as u64)
        .collect();
    if places.is_empty() {
        return Ok(());
    }
    let (offset, mask) = (chance.below(bytes.len() as u64), 1 << chance.below(8));
    for from in places {
        copy.disk.flip(&name, from + offset, mask);
    }
    world.report.fault("malice: a stored entry was changed");
    if copy.start().is_err() || copy.who.is_none() {
        return Ok(());
    }
    match copy.carry(world.now_ms) {
        Err(_) => Ok(()),
        Ok(_) => {
            broken(format!("P7: entry {} of desk {d} was changed on its disk, and nobody noticed", at + 1))
        }
    }
}
