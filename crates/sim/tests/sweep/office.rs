//! The server's disk fails at every I/O of what the server does: what it acknowledged survives, and asking again gives the same.

use std::collections::BTreeMap;

use ed25519_dalek::{SigningKey, VerifyingKey};
use usher_authority::{Authority, Proven, Roster, RosterLine, Rotation};
use usher_core::{
    chain::follow,
    entry::{Body, Entry, Head, SettleReason},
    ids::{ActorId, Identity, Seq, SessionId},
};
use usher_disk::{Disk, Io};
use usher_protocol::{
    decide::{Decision, Refused},
    enrol::EnrolRequest,
    succession::lead,
    sync::{Change, SyncAnswer, SyncRequest},
};
use usher_replica::Act;
use usher_sim::{
    chance::Chance,
    clock::START_MS,
    desk::{Desk, carried, wire},
    event::{Event, code},
    roster::RosterFile,
    server::{ROSTER, Reply, Server, Wire},
};
use uuid::Uuid;

use crate::{Blow, sound};

const FILE: &str = "/server/usher.db";

/// What the server is asked to do.
#[derive(Clone, Debug)]
enum Op {
    Make,
    Start,
    Enrol(EnrolRequest),
    Sync(Wire),
    SetCapacity(u32),
    /// Seats are held for registered guests from now on, or no longer.
    HoldSeats(bool),
    /// The organiser's list comes again, with as many guests.
    Import(i64),
    /// A desk's saved log.
    Carry(Vec<u8>),
    /// The desk of that log is lost.
    Settle(Identity),
    RotateKey,
    Snapshot,
}

/// All entries of all logs, by log.
type Logs = BTreeMap<Identity, Vec<Body>>;

struct Before {
    op: Op,
    disk: Disk,
    key: VerifyingKey,
    after: Logs,
    ios: Vec<Io>,
}

fn run(server: &mut Server, op: &Op) -> Result<Option<Reply>, String> {
    let words = |error: usher_authority::Error| error.to_string();
    match op {
        Op::Make => server.make(&Event::small(12, 6), START_MS).map_err(words)?,
        Op::Start => server.start(START_MS).map_err(words)?,
        Op::Enrol(request) => {
            drop(server.enrol(request, START_MS).map_err(words)?.map_err(|code| format!("{code:?}"))?)
        }
        Op::Sync(wire) => {
            return Ok(Some(
                server.sync(wire, START_MS).map_err(words)?.map_err(|code| format!("{code:?}"))?,
            ));
        }
        Op::SetCapacity(places) => {
            let session = first_session(server).map_err(words)?;
            decide(server, &Decision::Capacity { session, capacity: Some(*places) })?;
        }
        Op::HoldSeats(hold) => {
            let session = first_session(server).map_err(words)?;
            decide(server, &Decision::HoldSeats { session, hold: *hold })?;
        }
        Op::Import(guests) => {
            let people = Event::small(12, *guests).people;
            let done = server.with(START_MS, |it, fresh| it.import_participants(&people, fresh, &mut |_| {}));
            let report = done.map_err(words)?;
            if !report.problems.is_empty() {
                return Err(format!("{:?}", report.problems));
            }
        }
        Op::Carry(file) => carry(server, file)?,
        Op::Settle(log) => {
            let (session, reason) = (first_session(server).map_err(words)?, SettleReason::Lost);
            decide(server, &Decision::Settle { log: *log, session, spent: 3, reason })?;
        }
        Op::RotateKey => {
            let done = server.with(START_MS, |authority, fresh| authority.rotate_key(false, fresh));
            match done.map_err(words)? {
                Rotation::Done { .. } => {}
                other => return Err(format!("{other:?}")),
            }
        }
        Op::Snapshot => drop(server.snapshot().map_err(words)?),
    }
    Ok(None)
}

fn missing() -> usher_authority::Error {
    usher_authority::Error::Damaged("the session is missing".into())
}

fn first_session(server: &Server) -> usher_authority::Result<SessionId> {
    Ok(server.authority()?.sessions()?.first().ok_or_else(missing)?.rules.id)
}

/// What was decided already is decided.
fn decide(server: &Server, decision: &Decision) -> Result<(), String> {
    let done = server.authority().and_then(|it| it.decide(decision, ActorId(Uuid::nil()), START_MS));
    match done.map_err(|error| error.to_string())? {
        Ok(()) | Err(Refused::Done) => Ok(()),
        Err(other) => Err(format!("{other:?}")),
    }
}

/// Takes a saved log in, page by page.
fn carry(server: &mut Server, file: &[u8]) -> Result<(), String> {
    for (page, proof) in carried(file) {
        let request: SyncRequest = serde_json::from_slice(&page.body.0).map_err(|error| error.to_string())?;
        let signature = page.signature.0.clone().try_into().map_err(|_| "no signature".to_owned())?;
        let proven = Proven { proof: &proof, bytes: &page.proof.0, signature: &signature };
        let taken = server.with(START_MS, |it, fresh| it.take_carried(proven, &request, fresh));
        taken.map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn acknowledged(reply: &Reply) -> Seq {
    serde_json::from_slice::<SyncAnswer>(&reply.body).unwrap().acknowledged.seq
}

/// Every entry that the server gives out, after checking that each log is a chain.
fn logs(server: &Server) -> Result<Logs, String> {
    let stream = server.snapshot().map_err(|error| error.to_string())?;
    let lines: Vec<_> = stream.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let changes = lines[1..lines.len() - 1].iter().map(|line| serde_json::from_slice::<Change>(line));
    let (mut heads, mut logs) = (BTreeMap::new(), Logs::new());
    for change in changes {
        let Change::Entry(bytes) = change.map_err(|error| error.to_string())? else { continue };
        let entry = Entry::from_bytes(&bytes.0).map_err(|error| error.to_string())?;
        let i = entry.identity();
        let head = heads.entry(i).or_insert(Head::EMPTY);
        *head = follow(entry.event, i, *head, &entry, &bytes.0).map_err(|why| format!("{i:?}: {why}"))?;
        logs.entry(i).or_default().push(entry.body);
    }
    Ok(logs)
}

/// The workload, each operation with the disk before it.
fn prepare(guests: i64) -> Vec<Before> {
    let mut server = Server::on(Disk::new(5), 6);
    let mut desk = Desk::new(0, Disk::new(7));
    let mut all = Vec::new();
    step(&mut server, Op::Make, &mut all);
    server.stop();
    step(&mut server, Op::Start, &mut all);
    desk.start().unwrap();
    let invited = server.invite("Desk 0", START_MS).unwrap();
    let (key, request) = desk.enrol_request(&invited, &mut Chance::new(8));
    step(&mut server, Op::Enrol(request.clone()), &mut all);
    let answer = server.enrol(&request, START_MS).unwrap().unwrap();
    desk.enrol(key, &request, &answer, START_MS).unwrap();
    desk.take_snapshot(&server.snapshot().unwrap(), START_MS).unwrap();
    desk.serves = desk.files().unwrap().sessions().unwrap().first().map(|session| session.rules.id);
    exchange(&mut server, &mut desk, &mut all);
    for guest in 0..guests {
        let (card, _) = desk.scan(&code(guest), guest as u128, START_MS).unwrap().unwrap();
        desk.let_in(&card, Act::LetIn, START_MS).unwrap();
    }
    let sent = exchange(&mut server, &mut desk, &mut all);
    step(&mut server, Op::SetCapacity(4), &mut all);
    step(&mut server, Op::Import(7), &mut all);
    step(&mut server, Op::HoldSeats(true), &mut all);
    step(&mut server, Op::HoldSeats(false), &mut all);
    let (card, _) = desk.scan(&code(guests), guests as u128, START_MS).unwrap().unwrap();
    desk.let_in(&card, Act::LetIn, START_MS).unwrap();
    step(&mut server, Op::Carry(desk.carry(START_MS).unwrap()), &mut all);
    step(&mut server, Op::RotateKey, &mut all);
    step(&mut server, Op::Sync(sent), &mut all);
    step(&mut server, Op::Settle(desk.who().unwrap().identity), &mut all);
    step(&mut server, Op::Snapshot, &mut all);
    all
}

fn exchange(server: &mut Server, desk: &mut Desk, all: &mut Vec<Before>) -> Wire {
    let sent = desk.request(START_MS).unwrap();
    let answer = step(server, Op::Sync(wire(&sent)), all).unwrap();
    desk.apply(&sent, &answer, START_MS).unwrap();
    wire(&sent)
}

fn step(server: &mut Server, op: Op, all: &mut Vec<Before>) -> Option<Reply> {
    let disk = server.disk.copy();
    let ios = ios(&disk, &op);
    let key = server.authority().map(Authority::server_key).unwrap_or_default();
    let answer = run(server, &op).unwrap();
    all.push(Before { op, disk, key, after: logs(server).unwrap(), ios });
    answer
}

fn begin(disk: &Disk, op: &Op) -> Server {
    let mut server = Server::on(disk.copy(), 6);
    if !matches!(op, Op::Make | Op::Start) {
        server.start(START_MS).unwrap();
    }
    server
}

fn ios(disk: &Disk, op: &Op) -> Vec<Io> {
    let mut server = begin(disk, op);
    server.disk.record();
    run(&mut server, op).unwrap();
    server.stop();
    server.disk.recorded()
}

impl Before {
    fn strike(&self, at: u64, blow: Blow) -> Result<(), String> {
        let mut server = begin(&self.disk, &self.op);
        server.disk.plan(blow.fault(at));
        let first = run(&mut server, &self.op);
        let ended = blow.end(&server.disk, at);
        server.disk.heal();
        if ended {
            server.stop();
            sound(&server.disk, FILE)?;
        }
        let acknowledged = first.as_ref().ok().and_then(Option::as_ref).map_or(0, acknowledged);
        self.restart(&mut server, ended)?;
        self.kept(&server, acknowledged)?;
        if first.is_err() {
            run(&mut server, &self.op).map_err(|why| format!("a second try failed: {why}"))?;
        }
        self.settled(&server)?;
        if !ended {
            server.stop();
            server.start(START_MS).map_err(|error| error.to_string())?;
            self.settled(&server)?;
        }
        Ok(())
    }

    fn restart(&self, server: &mut Server, ended: bool) -> Result<(), String> {
        match self.op {
            Op::Make if ended || !server.is_up() => {
                run(server, &Op::Make).map(drop).map_err(|why| format!("making it again: {why}"))
            }
            _ if ended || !server.is_up() => {
                server.start(START_MS).map_err(|error| format!("it does not start again: {error}"))
            }
            _ => Ok(()),
        }
    }

    /// What was acknowledged is there.
    fn kept(&self, server: &Server, acknowledged: Seq) -> Result<(), String> {
        let longest = logs(server)?.values().map(Vec::len).max().unwrap_or(0) as u64;
        if longest < acknowledged {
            Err(format!("{acknowledged} acknowledged, {longest} kept"))
        } else {
            Ok(())
        }
    }

    /// A desk that knows the key of before comes to the one that signs now, which is the only one in the roster; everything is signed as
    /// it is to be.
    fn keys_lead_on(&self, server: &Server) -> Result<(), String> {
        let words = |error: usher_authority::Error| error.to_string();
        let (authority, roster) =
            (server.authority().map_err(words)?, RosterFile::new(server.disk.clone(), ROSTER));
        let lines = roster.lines().map_err(words)?;
        let keys: Vec<_> = lines
            .iter()
            .filter_map(|line| match line {
                RosterLine::Event { key, .. } => Some(SigningKey::from_bytes(&key.0).verifying_key()),
                _ => None,
            })
            .collect();
        let chain: Vec<_> = lines
            .iter()
            .filter_map(|line| match line {
                RosterLine::Succession(signed) => Some(signed.clone()),
                _ => None,
            })
            .collect();
        if keys != [authority.server_key()] {
            return Err(format!("{} keys in the roster, or another one", keys.len()));
        }
        let last = lead(authority.event_id(), self.key, &chain).pop().map_or(self.key, |step| step.key);
        if matches!(self.op, Op::RotateKey) && last != authority.server_key() {
            return Err("the old key does not lead to the new one".into());
        }
        let found = authority.verify().map_err(words)?.findings;
        if found.is_empty() { Ok(()) } else { Err(format!("{found:?}")) }
    }

    /// The tables say what the entries say, and the entries are the ones that are due.
    fn settled(&self, server: &Server) -> Result<(), String> {
        let differences =
            server.authority().and_then(|authority| authority.check()).map_err(|error| error.to_string())?;
        if !differences.is_empty() {
            return Err(differences.join("; "));
        }
        let found = without_grants(logs(server)?)?;
        self.keys_lead_on(server)?;
        // Making an event again may draw other ids; what is said in the logs is the same.
        let due = without_grants(self.after.clone())?;
        let same = matches!(self.op, Op::Make) || found == due;
        if same { Ok(()) } else { Err(format!("the logs say {found:?}, not {due:?}")) }
    }
}

/// A request that is sent again is given more of what it wants; never more than there are places.
fn without_grants(logs: Logs) -> Result<Vec<Vec<Body>>, String> {
    let grants = logs
        .values()
        .flatten()
        .filter_map(|body| if let Body::Grant(grant) = body { Some(grant.total) } else { None });
    match grants.max() {
        Some(most) if most > 12 => Err(format!("{most} rights for 12 places")),
        _ => Ok(logs
            .into_values()
            .map(|log| log.into_iter().filter(|body| !matches!(body, Body::Grant(_))).collect())
            .collect()),
    }
}

fn sweep(guests: i64, cuts: u64) {
    let (mut blows, mut misread, mut wrong) = (0, 0, Vec::new());
    for before in prepare(guests) {
        for (at, io) in (0..).zip(&before.ios) {
            for blow in Blow::all(*io, at, cuts) {
                blows += 1;
                let word = format!("{:?}", before.op);
                let word = word.split('(').next().unwrap_or_default();
                let Err(why) = before.strike(at, blow) else { continue };
                if blow.misreads() && !why.contains("acknowledged") {
                    misread += 1;
                } else {
                    wrong.push(format!("{word}, {blow:?} at I/O {at} ({io:?}): {why}"));
                }
            }
        }
    }
    eprintln!("{blows} blows at the server, {misread} misread");
    assert!(misread * 20 < blows, "{misread} of {blows}");
    assert!(wrong.is_empty(), "{} wrong, first:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}

#[test]
fn every_io_of_the_server_may_fail() {
    sweep(3, 2);
}

#[test]
#[ignore = "nightly: several minutes unoptimised"]
fn every_io_of_the_server_may_fail_at_length() {
    sweep(8, 12);
}

/// Seed 672: a process is killed between writing and syncing, the next one finds what it wrote, and then the power is cut.
#[test]
fn nobody_is_told_what_a_power_cut_can_take_back() {
    let mut server = Server::on(Disk::new(5), 6);
    server.make(&Event::small(12, 6), START_MS).unwrap();
    let (disk, op) = (server.disk.copy(), Op::SetCapacity(4));
    for at in 0..ios(&disk, &op).len() as u64 {
        let mut server = begin(&disk, &op);
        server.disk.plan(Blow::Kill.fault(at));
        let _killed = run(&mut server, &op);
        server.kill();
        server.start(START_MS).unwrap();
        let told = logs(&server).unwrap();
        server.power_cut(&mut usher_disk::Choices::drop_all());
        server.start(START_MS).unwrap();
        assert_eq!(logs(&server).unwrap(), told, "killed at I/O {at}");
    }
}
