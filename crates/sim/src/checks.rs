//! The end of a run: everything is healed, everybody talks, and then all that must hold is looked at.

use std::collections::{BTreeMap, BTreeSet};

use usher_authority::Found;
use usher_core::{
    chain::follow,
    entry::{Entry, Head},
    ids::{EntryKey, Identity, SessionId},
    incident::IncidentKind,
};
use usher_protocol::{records::SessionRecord, sync::Change};

use crate::{
    actions,
    chance::Chance,
    desk::Desk,
    oracle::{Broken, broken},
    world::{Outcome, World},
};

/// How many round trips a desk may need in the end (P6): a few hundred entries are one page.
const ROUNDS_MAX: u64 = 12;
/// How many turns over all desks may bring news.
const TURNS_MAX: u64 = 20;

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
    if let Err(error) = world.server.start() {
        return broken(format!("the server does not start in the end: {error}"));
    }
    for d in 0..world.seats.len() {
        world.seats[d].desk.disk.heal();
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
    settle(world, chance)
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
    for _ in 0..ROUNDS_MAX {
        world.now_ms += 1_000;
        if world.seats[d].desk.who.is_none() {
            actions::enrol(world, d, chance)?;
        }
        let needs = world.seats[d].desk.files().and_then(|files| files.needs_snapshot());
        match needs {
            Ok(true) => actions::fetch_list(world, d, chance)?,
            Ok(false) => {
                if !actions::apply_all(world, d, chance)? {
                    return absorb(world, d);
                }
            }
            Err(error) => return broken(format!("desk {d} cannot say what it needs: {error}")),
        }
    }
    broken(format!("P6: desk {d} is not done after {ROUNDS_MAX} round trips"))
}

fn absorb(world: &World, d: usize) -> Outcome {
    loop {
        match world.seats[d].desk.absorb() {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) => return broken(format!("desk {d} cannot absorb in the end: {error}")),
        }
    }
}

/// Everything that must hold once everybody has heard everything.
///
/// # Errors
/// What does not.
pub fn check(world: &mut World) -> Outcome {
    let logs = (0..world.seats.len()).map(|d| own_log(world, d)).collect::<Result<Vec<_>, _>>()?;
    let held = server_entries(world)?;
    world.watch()?;
    every_entry_is_everywhere(world, &logs, &held)?;
    tables(world)?;
    for session in world.sessions.clone() {
        numbers(world, session)?;
        world.oracle.check_places(session)?;
    }
    fresh_list(world)?;
    incidents(world)?;
    world.check_worst()?;
    world.oracle.check_refunds()?;
    world.oracle.check_holds()?;
    world.oracle.check_decisions()?;
    world.oracle.check_spending()?;
    (0..world.seats.len()).try_for_each(|d| rights_have_arrived(world, d))?;
    world.report.entries = logs.iter().map(|log| log.len() as u64).sum();
    Ok(())
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
            if !one.acknowledged {
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
    for (d, own) in logs.iter().enumerate() {
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

/// A desk has all the rights that it was granted, and they are what its log says.
fn rights_have_arrived(world: &mut World, d: usize) -> Outcome {
    world.check_account(d)?;
    let desk = &world.seats[d].desk;
    let (Ok(files), Ok(who)) = (desk.files(), desk.who()) else { return broken("a desk is down in the end") };
    for session in &world.sessions {
        let known = files.known(who, *session).or_else(|error| broken(format!("desk {d}: {error}")))?;
        let due = world.oracle.granted(who.identity, *session);
        if known.rights.granted != due {
            return broken(format!("desk {d} knows of {} rights, {due} were granted", known.rights.granted));
        }
    }
    Ok(())
}

/// P2: the server's tables are what its entries say.
fn tables(world: &World) -> Outcome {
    match world.server.authority().and_then(|authority| authority.check()) {
        Ok(differences) if differences.is_empty() => Ok(()),
        other => broken(format!("P2: {other:?}")),
    }
}

/// P2: server, every desk, and a desk that was made anew count what the oracle counts.
fn numbers(world: &mut World, session: SessionId) -> Outcome {
    let due = world.oracle.counts(session);
    let board = world.server.authority().and_then(|authority| authority.board(world.now_ms));
    let board = board.or_else(|error| broken(format!("no board in the end: {error}")))?;
    let row = board.sessions.iter().find(|row| row.id == session.to_string());
    if row.map(|row| (row.occupied, row.inside)) != Some(due) {
        return broken(format!("P2: the board of {session} says {row:?}, the oracle {due:?}"));
    }
    if due.0 > due.1 {
        world.report.sometimes("somebody was let in twice");
    }
    for (d, seat) in world.seats.iter().enumerate() {
        let (Ok(files), Ok(who)) = (seat.desk.files(), seat.desk.who()) else { continue };
        match files.known(who, session) {
            Ok(known) if (known.tally.occupied, known.tally.inside) == due => {}
            other => return broken(format!("P2: desk {d} says {other:?} of {session}, the oracle {due:?}")),
        }
    }
    Ok(())
}

/// A list that is taken from the beginning gives the same numbers as one that grew.
fn fresh_list(world: &World) -> Outcome {
    let Ok(bytes) = world.server.snapshot() else { return broken("no snapshot in the end") };
    let mut fresh = Desk::new(0, world.seats[0].desk.disk.copy());
    let Ok(()) = fresh.start() else { return broken("a copied desk does not start") };
    let taken = fresh.take_snapshot(&bytes, world.now_ms);
    let (Ok(()), Ok(files), Ok(who)) = (taken, fresh.files(), fresh.who()) else {
        return broken("a copied desk takes no snapshot");
    };
    for session in &world.sessions {
        let due = world.oracle.counts(*session);
        match files.known(who, *session) {
            Ok(known) if (known.tally.occupied, known.tally.inside) == due => {}
            other => {
                return broken(format!("P2: a fresh list says {other:?} of {session}, the oracle {due:?}"));
            }
        }
    }
    Ok(())
}

/// P4: each double admission and each overshoot once, and nothing invented.
fn incidents(world: &mut World) -> Outcome {
    let authority = world.server.authority();
    let found = authority.and_then(|authority| Ok((authority.incidents()?, authority.sessions()?)));
    let (found, sessions) = found.or_else(|error| broken(format!("no incidents in the end: {error}")))?;
    let ids: BTreeSet<_> = found.iter().map(|one| one.incident.id).collect();
    if ids.len() != found.len() {
        return broken("P4: an incident stands twice");
    }
    for session in &sessions {
        incidents_of(world, session, &found)?;
    }
    match found.iter().find(|one| one.incident.kind == IncidentKind::BrokenChain) {
        Some(one) => broken(format!("P4: no log was forked, and the server says {one:?}")),
        None => Ok(()),
    }
}

fn incidents_of(world: &mut World, session: &SessionRecord, found: &[Found]) -> Outcome {
    let id = session.rules.id;
    let of =
        |kind| found.iter().filter(move |one| one.incident.kind == kind && one.incident.session == Some(id));
    let due: Vec<_> = world.oracle.doubles(id).into_iter().map(Vec::from).collect();
    let mut seen: Vec<_> =
        of(IncidentKind::DoubleAdmission).map(|one| one.incident.entries.clone()).collect();
    seen.sort();
    if due != seen {
        return broken(format!("P4: the doubles of {id} are {due:?}, the server says {seen:?}"));
    }
    let (occupied, _) = world.oracle.counts(id);
    let over = session.rules.capacity.and_then(|places| occupied.checked_sub(u64::from(places)));
    let due: Vec<_> = over.filter(|over| *over > 0).map(Some).into_iter().collect();
    let seen: Vec<_> = of(IncidentKind::OverCapacity).map(|one| one.over_by).collect();
    if due != seen {
        return broken(format!("P4: {id} is over by {due:?}, the server says {seen:?}"));
    }
    if !due.is_empty() {
        world.report.sometimes("over capacity");
    }
    let unknown = of(IncidentKind::UnknownAdmitted).flat_map(|one| one.incident.entries.iter().copied());
    world.oracle.check_unknown(id, unknown.collect())
}
