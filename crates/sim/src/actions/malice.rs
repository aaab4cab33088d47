//! Somebody who has no right to it changes messages and files.

use usher_protocol::sync::{GrantTotal, SyncAnswer};
use usher_replica::{StoreError, SyncError};

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
    Action { name: "change a byte of an entry", weight: 3, run: change_log },
    Action { name: "change a byte of the lists", weight: 2, run: change_lists },
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

/// P7: on a copy of a desk's disk one bit of the log's file is changed, of a stored entry or anywhere. When it is opened the file is
/// refused, or the log does not go on, or what it reads is what was written, but for an entry of an earlier life that is left out.
fn change_log(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = world.running(chance) else { return Ok(()) };
    let mut copy = Desk::new(d, world.seats[d].desk.disk.copy());
    // Ending it in order moves everything into the database's own file.
    if copy.start().is_err() {
        return broken(format!("a copy of desk {d} does not start"));
    }
    let Ok(before) = copy.lives() else { return Ok(()) };
    copy.stop();
    let name = format!("{FOLDER}/log.db");
    let file = copy.disk.bytes(&name).unwrap_or_default();
    let entries: Vec<_> = before.iter().flat_map(|(_, log)| log).map(|one| one.entry.to_bytes()).collect();
    let Some(places) = pick_places(&file, &entries, chance) else { return Ok(()) };
    let mask = 1 << chance.below(8);
    for at in places {
        copy.disk.flip(&name, at, mask);
    }
    world.report.fault("malice: a stored byte was changed");
    if copy.start().is_err() || copy.who.is_none() || !copy.goes_on().unwrap_or(false) {
        return Ok(());
    }
    let Ok(after) = copy.lives() else { return Ok(()) };
    let reads_as_written = after.iter().all(|(i, log)| {
        let was = before.iter().find(|(of, _)| of == i).map_or(&[][..], |(_, log)| log);
        let current = copy.who.as_ref().is_some_and(|who| who.identity == *i);
        log.iter().all(|one| was.contains(one)) && (!current || log.len() == was.len())
    });
    if reads_as_written {
        Ok(())
    } else {
        broken(format!("P7: the log of desk {d} was changed on its disk, and nobody noticed"))
    }
}

/// Where to change a byte: anywhere, or in one entry wherever it stands, since pages keep old bytes in their free room. An entry that
/// is spread over pages is left out.
fn pick_places(file: &[u8], entries: &[Vec<u8>], chance: &mut Chance) -> Option<Vec<u64>> {
    if chance.one_in(2) {
        return Some(vec![chance.below(file.len().max(1) as u64)]);
    }
    let at = usize::try_from(chance.below(entries.len().max(1) as u64)).ok()?;
    let bytes = entries.get(at)?;
    let offset = chance.below(bytes.len() as u64);
    let found = file.windows(bytes.len()).enumerate().filter(|(_, part)| part == bytes);
    let places: Vec<_> = found.map(|(at, _)| at as u64 + offset).collect();
    if places.is_empty() { None } else { Some(places) }
}

/// P7: on a copy of a desk's disk one bit of the lists' file is changed. When it is opened the lists are fetched anew, or every row of
/// them reads as before.
fn change_lists(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = world.running(chance) else { return Ok(()) };
    let mut copy = Desk::new(d, world.seats[d].desk.disk.copy());
    if copy.start().is_err() {
        return broken(format!("a copy of desk {d} does not start"));
    }
    match looked_through(&copy) {
        Ok(true) => {}
        Ok(false) => return Ok(()),
        Err(error) => return broken(format!("the lists of a copy of desk {d}: {error}")),
    }
    let before = copy.list_rows().ok();
    if let Err(error) = copy.fold_lists() {
        return broken(format!("the lists of a copy of desk {d} stay in their write-ahead log: {error}"));
    }
    copy.stop();
    let name = format!("{FOLDER}/replica.db");
    let file = copy.disk.bytes(&name).unwrap_or_default();
    // Most of a small list's pages is room that was never used.
    let from = usize::try_from(chance.below(file.len().max(1) as u64)).unwrap_or(0);
    let Some(at) = (from..file.len()).find(|at| file[*at] != 0) else { return Ok(()) };
    copy.disk.flip(&name, at as u64, 1 << chance.below(8));
    world.report.fault("malice: a stored byte of the lists was changed");
    if copy.start().is_err() || !looked_through(&copy).unwrap_or(false) {
        world.report.sometimes("a changed byte of the lists was noticed");
        return Ok(());
    }
    if copy.list_rows().ok() == before {
        Ok(())
    } else {
        broken(format!("P7: the lists of desk {d} were changed on its disk, and nobody noticed"))
    }
}

/// Whether the lists are whole, and not to be fetched anew.
fn looked_through(desk: &Desk) -> Result<bool, StoreError> {
    let files = desk.files()?;
    Ok(files.look_lists_through()? && !files.needs_snapshot()? && !files.wants_snapshot()?)
}
