//! Desks and server talk: enrolment, the list, requests and answers, and everything that a network does to them.

use usher_core::chain::RequestProof;
use usher_protocol::{
    error::ErrorCode,
    sync::{GrantTotal, SyncAnswer, SyncRequest},
};
use usher_replica::{SnapshotError, StoreError, SyncError};

use super::{Action, duties, revoked};
use crate::{
    chance::Chance,
    desk::wire,
    network::{Link, Parcel},
    oracle::broken,
    server::{Answer, Wire},
    world::{Outcome, World},
};

/// How many requests of one desk may be unanswered before it forgets the oldest.
const SENT_MAX: usize = 4;
/// How many requests are kept for being replayed.
const OLD_MAX: usize = 24;

pub(super) const TABLE: &[Action] = &[
    Action { name: "sync", weight: 260, run: ask },
    Action { name: "replay an old request", weight: 6, run: replay },
    Action { name: "cut a link", weight: 14, run: cut },
    Action { name: "slow a link", weight: 8, run: slow },
    Action { name: "mend a link", weight: 24, run: mend },
];

/// A desk does the next thing that it needs the server for.
fn ask(world: &mut World, chance: &mut Chance) -> Outcome {
    let d = world.any(chance);
    if !world.seats[d].desk.is_up() {
        return Ok(());
    }
    if world.seats[d].desk.who.is_none() {
        return enrol(world, d, chance);
    }
    match world.seats[d].desk.files().and_then(|files| files.needs_snapshot()) {
        Ok(true) => return fetch_list(world, d, chance),
        Ok(false) => {}
        Err(error) => return world.failed(d, "asking for the feed", &error),
    }
    let sent = match world.seats[d].desk.request(world.now_ms) {
        Ok(sent) => sent,
        Err(error) => return world.failed(d, "making a request", &error),
    };
    let (ask, wire) = (world.asks, wire(&sent));
    leaves(world, &wire);
    world.asks += 1;
    if chance.one_in(3) {
        keep_old(world, d, &wire, chance);
    }
    let sents = &mut world.seats[d].desk.sent;
    sents.insert(ask, sent);
    while sents.len() > SENT_MAX {
        sents.pop_first();
    }
    world.net.send(&Parcel::Request { desk: d, ask, wire }, world.now_ms, chance);
    Ok(())
}

fn keep_old(world: &mut World, d: usize, wire: &Wire, chance: &mut Chance) {
    if world.old.len() == OLD_MAX {
        let at = usize::try_from(chance.below(OLD_MAX as u64)).unwrap_or(0);
        world.old.remove(at);
    }
    world.old.push((d, wire.clone()));
}

/// A request of any age arrives once more; nobody waits for its answer.
fn replay(world: &mut World, chance: &mut Chance) -> Outcome {
    if world.old.is_empty() || !world.server.is_up() {
        return Ok(());
    }
    let at = usize::try_from(chance.below(world.old.len() as u64)).unwrap_or(0);
    let (d, wire) = world.old[at].clone();
    come_again(world, d, &wire)
}

/// A request that a desk made once arrives once more.
pub(super) fn come_again(world: &mut World, d: usize, wire: &Wire) -> Outcome {
    world.report.fault("network: an old request came again");
    if revoked::is(world, d) {
        world.report.fault("malice: a revoked desk's request came again");
    }
    let answer = heard(world, wire)?;
    world.note(format_args!("  an old request of desk {d} comes again: {}", answer.is_some()));
    Ok(())
}

fn cut(world: &mut World, chance: &mut Chance) -> Outcome {
    let d = world.any(chance);
    let (up, down) = chance.pick(&[(false, false), (false, true), (true, false)]).unwrap_or((false, false));
    world.report.fault(match (up, down) {
        (true, _) => "network: answers cut off",
        (_, true) => "network: requests cut off",
        _ => "network: cut off",
    });
    world.net.links[d] = Link { up, down, ..world.net.links[d] };
    Ok(())
}

fn slow(world: &mut World, chance: &mut Chance) -> Outcome {
    let d = world.any(chance);
    world.report.fault("network: slow and lossy");
    world.net.links[d].slow_ms = chance.between(5_000, 120_000);
    world.net.links[d].lossy = 4;
    Ok(())
}

fn mend(world: &mut World, chance: &mut Chance) -> Outcome {
    let d = world.any(chance);
    world.net.links[d] = Link::GOOD;
    Ok(())
}

/// Enrols a desk, under a new code each time.
pub(crate) fn enrol(world: &mut World, d: usize, chance: &mut Chance) -> Outcome {
    let link = world.net.links[d];
    if !world.server.is_up() || !link.up || !link.down {
        return Ok(());
    }
    let code = match world.server.invite(&format!("Desk {d}"), world.now_ms) {
        Ok(code) => code,
        Err(error) => return world.server_failed("making a code", &error),
    };
    let (key, request) = world.seats[d].desk.enrol_request(&code, chance);
    let answer = match world.server.enrol(&request, world.now_ms) {
        Ok(Ok(answer)) => answer,
        Ok(Err(code)) => return broken(format!("desk {d} was not enrolled: {code:?}")),
        Err(error) => return world.server_failed("enrolling", &error),
    };
    world.enrolled.insert(answer.station);
    let now_ms = world.now_ms;
    let done = world.seats[d].desk.enrol(key, &request, &answer, now_ms);
    // Where its disk failed, the mark of a log that it had before, or was to have, may be there (seed 641088).
    world.seats[d].moved = world.seats[d].desk.disk.struck() != world.seats[d].struck_before;
    if let Err(error) = done {
        return world.failed(d, "keeping the enrolment", &error);
    }
    world.note(format_args!("  desk {d} is enrolled"));
    world.compare(d)
}

/// Fetches the whole list; now and then the connection ends half way.
pub(crate) fn fetch_list(world: &mut World, d: usize, chance: &mut Chance) -> Outcome {
    let link = world.net.links[d];
    // A revoked desk is not given the list.
    if !world.server.is_up() || !link.up || !link.down || revoked::is(world, d) {
        return Ok(());
    }
    let bytes = match world.server.snapshot() {
        Ok(bytes) => bytes,
        Err(error) => return world.server_failed("a snapshot", &error),
    };
    let half = chance.one_in(6);
    let end = if half { usize::try_from(chance.below(bytes.len() as u64)).unwrap_or(0) } else { bytes.len() };
    match (world.seats[d].desk.take_snapshot(&bytes[..end], world.now_ms), half) {
        (Ok(()), false) => {
            world.seats[d].torn = false;
            Ok(())
        }
        (Ok(()), true) => broken("half a snapshot was taken for a whole one"),
        (Err(SnapshotError::NotWhole | SnapshotError::Line(_)), true) => {
            world.report.fault("network: half a snapshot");
            Ok(())
        }
        (Err(error), _) => world.failed(d, "taking a snapshot", &error),
    }
}

/// Everything that has arrived by now.
pub(crate) fn deliver(world: &mut World, chance: &mut Chance) -> Outcome {
    while let Some(parcel) = world.net.next(world.now_ms) {
        match parcel {
            Parcel::Request { desk, ask, wire } => {
                let Some(answer) = heard(world, &wire)? else { continue };
                let now_ms = world.now_ms;
                world.net.send(&Parcel::Answer { desk, ask, answer }, now_ms, chance);
            }
            Parcel::Answer { desk, ask, answer } => apply(world, desk, ask, &answer, chance)?,
        }
    }
    Ok(())
}

/// What a request says of its log has left the desk.
fn leaves(world: &mut World, wire: &Wire) {
    if let Ok(presented) = wire.proof.read() {
        world.oracle.left(presented.proof.identity(), presented.proof.handed);
    }
}

/// The server hears a request; none: it has no answer.
pub(super) fn heard(world: &mut World, wire: &Wire) -> Result<Option<Answer>, crate::oracle::Broken> {
    if !world.server.is_up() {
        return Ok(None);
    }
    leaves(world, wire);
    let answer = world.server.sync(wire, world.now_ms);
    world.watch()?;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            if let Ok(presented) = wire.proof.read() {
                world.oracle.may_have_taken(&presented.proof);
            }
            return world.server_failed("a sync", &error).map(|()| None);
        }
    };
    if revoked::is_told(world, wire, &answer)? {
        return Ok(Some(answer));
    }
    let Ok(reply) = &answer else {
        return broken(format!("the server refused an honest request: {answer:?}"));
    };
    let Ok(read) = serde_json::from_slice::<SyncAnswer>(&reply.body) else {
        return broken("an answer cannot be read");
    };
    if let Ok(presented) = wire.proof.read() {
        world.oracle.took(&presented.proof);
    }
    let request = serde_json::from_slice::<SyncRequest>(&wire.body).unwrap_or_default();
    let entries = request.entries.len();
    for part in &request.relayed {
        world.note(format_args!(
            "  given back: {} entries of {} {}",
            part.entries.len(),
            part.log.station,
            part.log.epoch
        ));
    }
    let totals = |of: &[GrantTotal]| of.iter().map(|total| total.total).collect::<Vec<_>>();
    let (granted, asked_back) = (totals(&read.grants), totals(&read.recalls));
    let proof = wire.proof.signed().and_then(|signed| RequestProof::from_bytes(&signed.proof.0).ok());
    let of = proof.map_or_else(String::new, |proof| format!("{} {}", proof.station, proof.epoch));
    world.note(format_args!(
        "  server to {of}: term {}, {entries} entries, acknowledged {}, granted {granted:?}, asked back {asked_back:?}",
        read.term,
        read.acknowledged.seq
    ));
    Ok(Some(answer))
}

fn apply(world: &mut World, d: usize, ask: u64, answer: &Answer, chance: &mut Chance) -> Outcome {
    let Some(sent) = world.seats[d].desk.sent.get(&ask).cloned() else {
        world.report.sometimes("an answer that nobody waits for");
        return Ok(());
    };
    let reply = match answer {
        Ok(reply) => reply,
        Err(ErrorCode::Revoked) => {
            world.report.sometimes("a revoked desk was told so");
            return Ok(());
        }
        Err(_) => return broken(format!("desk {d} was refused: {answer:?}")),
    };
    let now_ms = world.now_ms;
    match world.seats[d].desk.apply(&sent, reply, now_ms) {
        Ok(applied) => {
            world.note(format_args!("  desk {d} applied {} changes", applied.changes));
            if applied.stale {
                world.report.sometimes("an answer was left aside");
            }
            let more = duties::after(world, d, applied, chance)?;
            if more { Ok(()) } else { renew(world, d, chance) }
        }
        Err(SyncError::Store(error)) => world.failed(d, "applying an answer", &error),
        Err(error) => broken(format!("desk {d}: {error}")),
    }
}

/// The list is fetched anew where that is due, once there is nothing more to say.
fn renew(world: &mut World, d: usize, chance: &mut Chance) -> Outcome {
    match world.seats[d].desk.files().and_then(|files| files.wants_snapshot()) {
        Ok(true) => {
            world.report.sometimes("a list was to be fetched anew");
            fetch_list(world, d, chance)
        }
        // A desk whose disk halted while it did its duties is down.
        Ok(false) | Err(StoreError::NotEnrolled) => Ok(()),
        Err(error) => world.failed(d, "asking for the list", &error),
    }
}

/// One whole round trip without a network between; whether there is more to do.
///
/// # Errors
/// A broken invariant, or a failure on sound disks.
pub(crate) fn apply_all(
    world: &mut World,
    d: usize,
    chance: &mut Chance,
) -> Result<bool, crate::oracle::Broken> {
    let now_ms = world.now_ms;
    let sent = match world.seats[d].desk.request(now_ms) {
        Ok(sent) => sent,
        Err(_) if is_torn(world, d) => return Ok(true),
        Err(error) => return broken(format!("desk {d} cannot make a request in the end: {error}")),
    };
    let reply = match heard(world, &wire(&sent))? {
        Some(Ok(reply)) => reply,
        Some(Err(ErrorCode::Revoked)) => return Ok(false),
        _ => return broken("the server does not answer in the end"),
    };
    match world.seats[d].desk.apply(&sent, &reply, now_ms) {
        Ok(applied) => duties::after(world, d, applied, chance),
        Err(_) if is_torn(world, d) => Ok(true),
        Err(error) => broken(format!("desk {d} cannot apply an answer in the end: {error}")),
    }
}

/// Half a checkpoint of its lists keeps a desk from going on, and it says that it needs others.
pub(crate) fn is_torn(world: &mut World, d: usize) -> bool {
    let needs = world.seats[d].desk.files().and_then(|files| files.needs_snapshot());
    let torn = world.seats[d].torn && matches!(needs, Ok(true));
    if torn {
        world.report.sometimes("a desk could not sync with half a checkpoint of its lists");
    }
    torn
}
