//! The end of a run: everything is healed, everybody talks, and then all that must hold is looked at.

use std::collections::BTreeMap;

use usher_core::{
    chain::follow,
    entry::{Entry, Head},
    ids::{EntryKey, Identity},
};
use usher_protocol::sync::Change;

use crate::{
    actions,
    chance::Chance,
    oracle::{Broken, broken},
    world::{Outcome, World},
};

mod incidents;
mod names;
mod numbers;

/// How many round trips a desk may need in the end (P6): a few hundred entries are one page.
const ROUNDS_MAX: u64 = 12;
/// How many turns over all desks may bring news: where little is free, a right a turn goes from a desk that has more than its share to
/// one that asks, and the shares change as recent check-ins grow old (seed 702085: 27).
const TURNS_MAX: u64 = 60;

type Entries = BTreeMap<EntryKey, Vec<u8>>;

/// Heals the world and lets everybody talk until nobody has more to say.
///
/// # Errors
/// A broken invariant.
pub fn converge(world: &mut World, chance: &mut Chance) -> Outcome {
    world.net.heal();
    world.server.disk.heal();
    if world.server.is_up() {
        world.end_server(chance.one_in(2), chance);
    }
    if let Err(error) = world.server.start(world.now_ms) {
        return broken(format!("the server does not start in the end: {error}"));
    }
    for d in 0..world.seats.len() {
        world.seats[d].desk.disk.heal();
        world.seats[d].desk.protocol = None;
        let failed = world.seats[d].desk.disk.struck() > world.seats[d].struck_before;
        if world.seats[d].desk.is_up() && (failed || chance.one_in(3)) {
            world.end(d, chance.one_in(2), chance);
        }
        if !world.seats[d].desk.is_up() {
            world.start(d)?;
        }
        if !world.seats[d].desk.is_up() {
            return broken(format!("desk {d} does not start in the end"));
        }
    }
    settle(world, chance)?;
    // Logs that will never report: nobody writes them any more.
    if actions::settle_the_lost(world)? { settle(world, chance) } else { Ok(()) }
}

/// What revoked desks sent is accepted after all; whether there was anything.
///
/// # Errors
/// A broken invariant.
pub fn accept(world: &mut World, chance: &mut Chance) -> Result<bool, Broken> {
    let any = actions::accept_all(world)?;
    if any {
        settle(world, chance)?;
    }
    Ok(any)
}

/// Everybody talks until a whole turn brings nothing new: what the last desk sends has to reach the first one, and rights that are
/// asked for are entries too.
fn settle(world: &mut World, chance: &mut Chance) -> Outcome {
    for _ in 0..TURNS_MAX {
        let before = feed_end(world)?;
        for d in 0..world.seats.len() {
            drain(world, d, chance)?;
        }
        if feed_end(world)? == before {
            return Ok(());
        }
    }
    broken(format!("P6: there is still news after {TURNS_MAX} turns"))
}

fn feed_end(world: &World) -> Result<u64, Broken> {
    let end = world.server.authority().and_then(|authority| authority.feed_end());
    end.map(|cursor| cursor.position).or_else(|error| broken(format!("no feed in the end: {error}")))
}

/// P6: one desk talks until it has nothing more to say.
fn drain(world: &mut World, d: usize, chance: &mut Chance) -> Outcome {
    if actions::is_revoked(world, d) {
        actions::strand(world, d)?;
    }
    for _ in 0..ROUNDS_MAX {
        world.now_ms += 1_000;
        if world.seats[d].desk.who.is_none() {
            actions::enrol(world, d, chance)?;
        }
        let needs = world.seats[d].desk.files().and_then(|files| files.needs_snapshot());
        match needs {
            Ok(_) if actions::is_revoked(world, d) => {
                return actions::apply_all(world, d, chance).and_then(|_| absorb(world, d)).map(drop);
            }
            Ok(true) => actions::fetch_list(world, d, chance)?,
            Ok(false) => {
                if actions::apply_all(world, d, chance)? {
                    continue;
                }
                match world.seats[d].desk.files().and_then(|files| files.wants_snapshot()) {
                    Ok(true) => actions::fetch_list(world, d, chance)?,
                    Ok(false) if absorb(world, d)? => return Ok(()),
                    Ok(false) => {}
                    Err(error) => return broken(format!("desk {d} cannot say what it wants: {error}")),
                }
            }
            Err(error) => return broken(format!("desk {d} cannot say what it needs: {error}")),
        }
    }
    broken(format!("P6: desk {d} is not done after {ROUNDS_MAX} round trips"))
}

/// Whether all is absorbed; not so where the desk finds out that it needs other lists.
fn absorb(world: &mut World, d: usize) -> Result<bool, Broken> {
    loop {
        match world.seats[d].desk.absorb() {
            Ok(0) => return Ok(true),
            Ok(_) => {}
            // It is given no other list.
            Err(_) if world.seats[d].torn && actions::is_revoked(world, d) => return Ok(true),
            Err(_) if actions::is_torn(world, d) => return Ok(false),
            Err(error) => return broken(format!("desk {d} cannot absorb in the end: {error}")),
        }
    }
}

/// Everything that must hold once everybody has heard everything; what revoked desks sent and nobody accepted is left out.
///
/// # Errors
/// What does not.
pub fn check(world: &mut World) -> Outcome {
    check_but(world, true)
}

/// As [`check`], once what revoked desks sent was accepted: nothing is left out.
///
/// # Errors
/// What does not hold.
pub fn check_whole(world: &mut World) -> Outcome {
    check_but(world, false)
}

fn check_but(world: &mut World, disputed: bool) -> Outcome {
    let mut logs = (0..world.seats.len()).map(|d| own_log(world, d)).collect::<Result<Vec<_>, _>>()?;
    world.watch()?;
    // Who was let in is in, also where the entry is lost or nobody accepts it.
    for session in world.sessions.clone() {
        world.oracle.check_places(session)?;
    }
    for (i, end) in std::mem::take(&mut world.lost) {
        world.oracle.forget_lost(i, end);
    }
    world.oracle.check_refunds()?;
    world.oracle.check_holds()?;
    world.oracle.check_spending()?;
    (0..world.seats.len()).try_for_each(|d| world.check_account(d))?;
    world.report.entries = logs.iter().map(|log| log.len() as u64).sum();
    if !disputed {
        return as_known(world, &logs);
    }
    let left_out = world.oracle.leave_out_disputed();
    if !left_out.is_empty() {
        world.report.sometimes("what a revoked desk sent does not count");
    }
    logs.iter_mut().for_each(|log| log.retain(|key, _| !left_out.contains(*key)));
    as_known(world, &logs)?;
    world.oracle.bring_in(left_out);
    Ok(())
}

/// The same numbers everywhere, and nothing missing of what counts.
fn as_known(world: &mut World, logs: &[Entries]) -> Outcome {
    let held = server_entries(world)?;
    every_entry_is_everywhere(world, logs, &held)?;
    numbers::tables(world)?;
    for session in world.sessions.clone() {
        numbers::counted(world, session)?;
    }
    numbers::fresh_list(world)?;
    names::everywhere(world)?;
    incidents::all(world)?;
    world.check_worst()?;
    world.oracle.check_decisions()?;
    world.oracle.check_revoked()?;
    world.oracle.check_exits()?;
    exits_were_bound(world);
    (0..world.seats.len()).try_for_each(|d| numbers::rights_have_arrived(world, d))
}

fn exits_were_bound(world: &mut World) {
    let (own, others) = world.oracle.bound();
    for (count, what) in
        [(own, "an exit ended its own desk's check-in"), (others, "an exit ended another desk's check-in")]
    {
        if count > 0 {
            world.report.sometimes(what);
        }
    }
}

/// P1: a desk's log is a chain, and holds what was answered.
fn own_log(world: &mut World, d: usize) -> Result<Entries, Broken> {
    world.compare(d)?;
    let (Ok(lives), Ok(who)) = (world.seats[d].desk.lives(), world.seats[d].desk.who()) else {
        return broken(format!("the log of desk {d} cannot be read in the end"));
    };
    let mut entries = Entries::new();
    for (i, log) in &lives {
        let mut head = Head::EMPTY;
        for one in log {
            let bytes = one.entry.to_bytes();
            head = follow(who.event, *i, head, &one.entry, &bytes)
                .or_else(|why| broken(format!("P1: the log of desk {d}: {why}")))?;
            // A revoked desk is answered nothing else.
            if !one.acknowledged && !actions::is_revoked(world, d) {
                return broken(format!("P6: desk {d} still waits for {}", one.entry.seq));
            }
            entries.insert(one.entry.key(), bytes);
        }
    }
    Ok(entries)
}

/// Every entry that the server gives out, each log a chain.
fn server_entries(world: &World) -> Result<Entries, Broken> {
    let stream =
        world.server.snapshot().or_else(|error| broken(format!("no snapshot in the end: {error}")))?;
    let lines: Vec<_> = stream.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let (mut entries, mut heads) = (Entries::new(), BTreeMap::<Identity, Head>::new());
    for line in &lines[1..lines.len().max(2) - 1] {
        let Ok(Change::Entry(bytes)) = serde_json::from_slice::<Change>(line) else { continue };
        let Ok(entry) = Entry::from_bytes(&bytes.0) else {
            return broken("the server holds what is no entry");
        };
        let head = heads.entry(entry.identity()).or_insert(Head::EMPTY);
        *head = follow(entry.event, entry.identity(), *head, &entry, &bytes.0)
            .or_else(|why| broken(format!("P1: the server's log of {:?}: {why}", entry.identity())))?;
        entries.insert(entry.key(), bytes.0);
    }
    Ok(entries)
}

/// P1: byte for byte, at the server and at every desk.
fn every_entry_is_everywhere(world: &World, logs: &[Entries], held: &Entries) -> Outcome {
    for (key, bytes) in logs.iter().flatten() {
        if held.get(key) != Some(bytes) {
            return broken(format!("P1: the server does not hold {key:?} as it was written"));
        }
    }
    for (d, own) in logs.iter().enumerate().filter(|(d, _)| !actions::is_revoked(world, *d)) {
        let Ok(files) = world.seats[d].desk.files() else { return broken("a desk is down in the end") };
        for (key, bytes) in held.iter().filter(|(key, _)| !own.contains_key(key)) {
            match files.others_entry(*key) {
                Ok(Some(found)) if found == *bytes => {}
                other => return broken(format!("P1: desk {d} has {other:?} for {key:?}")),
            }
        }
    }
    Ok(())
}
