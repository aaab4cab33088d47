//! The server's database is backed up, lost, and put back to an older state (DESIGN section 5, *Restored server*).

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    entry::SettleReason,
    ids::{Epoch, Identity, StationId},
};
use usher_disk::Disk;
use usher_protocol::{board::BoardLog, decide::Decision};

use super::{Action, office::SUPERVISOR};
use crate::{
    chance::Chance,
    hazard::Hazard,
    oracle::{Broken, broken},
    server::ROSTER,
    world::{Outcome, World},
};

/// How many backups are kept.
const BACKUPS_MAX: usize = 3;

pub(super) const TABLE: &[Action] = &[
    Action { name: "back the server up", weight: 7, run: back_up },
    Action { name: "put the server back", weight: 8, run: put_back },
    Action { name: "lose the server's database", weight: 8, run: lose_database },
    Action { name: "put the server back behind its back", weight: 18, run: put_back_unnoticed },
];

/// A copy of the server's disk, and what was true when it was made.
#[derive(Debug)]
pub struct Backup {
    disk: Disk,
    enrolled: BTreeSet<StationId>,
    used: bool,
    /// How often the key had been replaced.
    rotations: u64,
    told: BTreeMap<Identity, BTreeSet<u64>>,
}

/// Every desk that the server has enrolled, also where its own disk failed at keeping that: it may be there all the same.
fn stations(world: &World) -> BTreeSet<StationId> {
    let known = world.seats.iter().filter_map(|seat| seat.log.map(|log| log.station));
    let board = world.server.authority().and_then(|authority| {
        let disk = world.server.disk.clone();
        disk.aside(|| authority.board(world.now_ms))
    });
    let enrolled = board.into_iter().flat_map(|board| board.stations);
    known.chain(enrolled.filter_map(|station| station.id.parse().ok().map(StationId))).collect()
}

fn back_up(world: &mut World, chance: &mut Chance) -> Outcome {
    let wanted = [Hazard::Restore, Hazard::HiddenRestore].iter().any(|hazard| world.hazards.contains(hazard));
    if !wanted || !world.server.is_up() || world.server.disk.is_halted() {
        return Ok(());
    }
    if world.backups.len() == BACKUPS_MAX {
        let at = usize::try_from(chance.below(BACKUPS_MAX as u64)).unwrap_or(0);
        world.backups.remove(at);
    }
    let disk = world.server.disk.copy();
    let (enrolled, rotations, told) = (stations(world), world.rotations, world.oracle.told());
    world.backups.push(Backup { disk, enrolled, used: false, rotations, told });
    Ok(())
}

/// The database is lost and put back; the roster file beside it is as it was.
fn put_back(world: &mut World, chance: &mut Chance) -> Outcome {
    if !world.hazards.contains(&Hazard::Restore) || world.backups.is_empty() {
        return Ok(());
    }
    let at = usize::try_from(chance.below(world.backups.len() as u64)).unwrap_or(0);
    if world.server.is_up() {
        world.end_server(false, chance);
    }
    let roster = world.server.disk.bytes(ROSTER).unwrap_or_default();
    let disk = world.backups[at].disk.copy();
    disk.put(ROSTER, &roster);
    world.report.fault("server: put back to a backup");
    go_on(world, at, disk)?;
    say_so(world)
}

/// The database is lost, and there is no backup: the event comes back from the roster, the organiser's tables are imported again.
fn lose_database(world: &mut World, chance: &mut Chance) -> Outcome {
    if !world.hazards.contains(&Hazard::Restore) || world.backups.is_empty() {
        return Ok(());
    }
    if world.server.is_up() {
        world.end_server(false, chance);
    }
    let disk = Disk::new(chance.bits());
    disk.put(ROSTER, &world.server.disk.bytes(ROSTER).unwrap_or_default());
    world.report.fault("server: database lost");
    world.note(format_args!("  the server's database is lost, the roster is there"));
    swap(world, disk, &BTreeMap::new());
    let (event, now_ms) = (world.event.clone(), world.now_ms);
    match world.server.restore(&event, now_ms) {
        Ok(()) => world.set_come_and_go().and_then(|()| world.watch()),
        Err(error) => broken(format!("an event does not come back from its roster: {error}")),
    }
}

/// Whoever puts a backup back says so to the server: its roster is marked now and then only, and need not tell.
fn say_so(world: &mut World) -> Outcome {
    let now_ms = world.now_ms;
    let said = world.server.with(now_ms, |authority, fresh| authority.begin_term(None, fresh));
    match said {
        Ok(_) => world.watch(),
        Err(error) => {
            world.oracle.behind_its_back();
            world.server_failed("beginning a term", &error)
        }
    }
}

/// As [`put_back`], but with the roster of the backup, or none: only what desks show tells that something was forgotten, and until
/// then the server may give what it gave before (DESIGN: *a restore behind the server's back*).
fn put_back_unnoticed(world: &mut World, chance: &mut Chance) -> Outcome {
    if !world.hazards.contains(&Hazard::HiddenRestore) || world.backups.is_empty() {
        return Ok(());
    }
    let at = usize::try_from(chance.below(world.backups.len() as u64)).unwrap_or(0);
    // A desk that was enrolled since would be unknown for good: nobody has it on a list. It has to be enrolled again by hand.
    // The server need not run now, and then cannot say whom it enrolled (seed 844682).
    let mut all = stations(world);
    all.extend(&world.enrolled);
    if !all.is_subset(&world.backups[at].enrolled) {
        world.report.sometimes("a backup without its roster lacks a desk");
        return Ok(());
    }
    // It is another server for the desks that know the new key, until the organiser gives it that: then it knows that it was put back.
    if world.backups[at].rotations < world.rotations {
        world.report.sometimes("a backup without its roster lacks the newest key");
        return Ok(());
    }
    if world.server.is_up() {
        world.end_server(false, chance);
    }
    let disk = world.backups[at].disk.copy();
    world.report.fault("server: put back behind its back");
    if !chance.one_in(4) {
        disk.take_away(ROSTER);
        world.report.fault("server: roster lost");
    }
    world.oracle.behind_its_back();
    go_on(world, at, disk)
}

fn go_on(world: &mut World, at: usize, disk: Disk) -> Outcome {
    if std::mem::replace(&mut world.backups[at].used, true) {
        world.report.fault("server: put back twice to one backup");
    }
    world.note(format_args!("  the server is put back to backup {at}"));
    let told = world.backups[at].told.clone();
    swap(world, disk, &told);
    match world.server.start(world.now_ms) {
        Ok(()) => world.watch(),
        Err(error) => world.server_failed("starting from a backup", &error),
    }
}

/// The server has another disk from now on, and was told of handovers only what stands there.
fn swap(world: &mut World, disk: Disk, told: &BTreeMap<Identity, BTreeSet<u64>>) {
    world.put_back += 1;
    world.oracle.was_told(told);
    let lost = std::mem::replace(&mut world.server.disk, disk);
    world.report.disk(&lost.counts());
    world.server_struck_before = 0;
}

/// Settles the logs that are awaited and that nobody writes any more: of desks whose enrolment failed half way. Whether there were any.
pub(crate) fn settle_the_lost(world: &mut World) -> Result<bool, Broken> {
    let board = world.server.authority().and_then(|authority| authority.board(world.now_ms));
    let board = board.or_else(|error| broken(format!("no board in the end: {error}")))?;
    let mut any = false;
    for row in board.sessions {
        let Some(session) = world.sessions.iter().copied().find(|id| id.to_string() == row.id) else {
            continue;
        };
        for log in row.logs.iter().filter(|log| log.awaited).filter_map(identity) {
            // A life that ended because its files were copied or put back is not closed, and reports no more.
            let writes = |who: &usher_replica::Identified| who.identity == log;
            let written = world.seats.iter().any(|seat| seat.desk.who.as_ref().is_some_and(writes));
            // What a revoked desk says ends no waiting (decision 0011).
            if written && !world.oracle.is_revoked(log.station) {
                return broken(format!("P6: {log:?} is awaited in the end, and its desk has said all"));
            }
            let settle = Decision::Settle { log, session, spent: 0, reason: SettleReason::Lost };
            let done = world
                .server
                .authority()
                .and_then(|authority| authority.decide(&settle, SUPERVISOR, world.now_ms));
            if !matches!(done, Ok(Ok(()))) {
                return broken(format!("a lost log cannot be settled: {done:?}"));
            }
            world.report.sometimes("an awaited log that nobody writes was settled");
            world.oracle.settle(session, log);
            world.watch()?;
            any = true;
        }
    }
    Ok(any)
}

fn identity(log: &BoardLog) -> Option<Identity> {
    let epoch = u64::from_str_radix(&log.epoch, 16).ok()?;
    Some(Identity { station: StationId(log.station.parse().ok()?), epoch: Epoch(epoch) })
}
