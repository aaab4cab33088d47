//! Parts of other logs that a desk gives back after a restore (DESIGN section 5): believed by the proof of their own writer, and
//! taken as if that one had sent them.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::VerifyingKey;
use usher_core::{
    chain::{AnswerProof, RequestProof, follow, hash_entry, verify_request},
    clock::Hlc,
    entry::{Body, Entry, Head, StateSet},
    ids::{Identity, SessionId, Term},
};
use usher_protocol::sync::{EntryBytes, Relayed};

use super::{
    OwnLog, Proven, accepting::bring_in, enrol::credential, ingest::Intake, logs, sessions::ORGANISER,
};
use crate::{
    Result,
    derive::apply,
    remark,
    store::{EntryRow, LogRow, Look, Txn},
};

/// Takes what is proven of `parts`; the rest is passed over, and will be asked for again.
pub(super) fn take(txn: &mut dyn Txn, own: &OwnLog, parts: &[Relayed], now_ms: i64) -> Result<()> {
    for part in parts {
        let Some(point) = point_before(part) else { continue };
        if part.log.station == own.i.station {
            if let Some(proof) = own.genuine(&part.proof).filter(|proof| proof.own == part.log) {
                let upto = proven_part(own, part, point, proof.head);
                take_own(txn, own, &proof, &part.entries[..upto], now_ms)?;
            }
        } else {
            take_desks(txn, own, part, point, now_ms)?;
        }
    }
    Ok(())
}

/// What another desk holds of a desk's log, as if that desk had sent it with the request that proves it.
fn take_desks(txn: &mut dyn Txn, own: &OwnLog, part: &Relayed, point: Head, now_ms: i64) -> Result<()> {
    let (Some(station), Some(signature)) = (txn.station(part.log.station)?, part.proof.signature()) else {
        return Ok(());
    };
    let disputed = station.record.revoked;
    let Some(proof) = desk_proof(&credential(station)?.key, own, part, &signature) else { return Ok(()) };
    let upto = proven_part(own, part, point, proof.head);
    if upto == 0 {
        return Ok(());
    }
    let intake = Intake { own, i: part.log, now_ms, disputed };
    intake.take(txn, point, &part.entries[..upto])?;
    if disputed {
        bring_in(txn, own.i.station, part.log.station)?;
    }
    // Where entries before the part are missing nothing of it is here yet, and its proof says nothing about what is. But there is such
    // a log, and it may hold rights.
    let Some(at) = logs::holding(txn, part.log, proof.head)? else {
        let unknown = !disputed && txn.log(part.log)?.is_none();
        return if unknown { txn.put_log(part.log, &LogRow::empty(0)) } else { Ok(()) };
    };
    let proven = Proven { proof: &proof, bytes: &part.proof.proof.0, signature: &signature };
    intake.heed(txn, at, proven).map(drop)
}

/// The request by which the log's desk signed its end.
fn desk_proof(
    key: &VerifyingKey,
    own: &OwnLog,
    part: &Relayed,
    signature: &[u8; 64],
) -> Option<RequestProof> {
    let proof = RequestProof::from_bytes(&part.proof.proof.0).ok()?;
    let good = verify_request(key, &part.proof.proof.0, signature);
    (good && proof.event == own.event && proof.identity() == part.log).then_some(proof)
}

/// Which entry the part follows.
fn point_before(part: &Relayed) -> Option<Head> {
    let first = Entry::from_bytes(&part.entries.first()?.0).ok()?;
    Some(Head { seq: first.seq.checked_sub(1)?, hash: first.prev_hash })
}

/// How many of the entries form a chain from `point` that leads to the proven end: all up to it, or none. A page that ends before
/// the proven end is continued by the next one, and believed once that has come: the chain binds it.
fn proven_part(own: &OwnLog, part: &Relayed, point: Head, end: Head) -> usize {
    let mut head = point;
    for (index, EntryBytes(bytes)) in part.entries.iter().enumerate() {
        let Ok(entry) = Entry::from_bytes(bytes) else { return 0 };
        let Ok(next) = follow(own.event, part.log, head, &entry, bytes) else { return 0 };
        head = next;
        if head == end {
            return index + 1;
        }
    }
    0
}

/// The server's own earlier entries: they go back into the log that they stand in, and count. `proof`: what the server signed of that log
/// in its term.
fn take_own(
    txn: &mut dyn Txn,
    own: &OwnLog,
    proof: &AnswerProof,
    entries: &[EntryBytes],
    now_ms: i64,
) -> Result<()> {
    let log = proof.own;
    let mut row = txn.log(log)?.unwrap_or(LogRow::empty(proof.term));
    let (mut sessions, mut accepted) = (BTreeMap::new(), BTreeSet::new());
    for EntryBytes(bytes) in entries {
        let Ok(entry) = Entry::from_bytes(bytes) else { break };
        let Ok(next) = follow(own.event, log, row.head, &entry, bytes) else { continue };
        let (hash, remarks) = (hash_entry(bytes), remark::GIVEN_BACK);
        let kept = EntryRow {
            key: entry.key(),
            hash,
            bytes: bytes.clone(),
            received_ms: now_ms,
            remarks,
            signature: None,
        };
        txn.put_entry(&kept, true)?;
        apply(txn, &entry, now_ms, own.i.station)?;
        row = LogRow { head: next, ..txn.log(log)?.unwrap_or(row) };
        txn.put_log(log, &row)?;
        note_settings(&entry, proof.term, &mut sessions);
        if let Body::Accept(accept) = &entry.body {
            accepted.insert(accept.i.station);
        }
    }
    accepted.into_iter().try_for_each(|station| bring_in(txn, own.i.station, station))?;
    leave_what_is_newer(txn, own, &mut sessions)?;
    restore_settings(txn, sessions)
}

/// When the server said something: its clock may have been put back between two terms.
type When = (Term, Hlc);

/// The last capacity and state that the entries set, by session, each with when that was.
type Settings = BTreeMap<SessionId, (Option<(When, Option<u32>)>, Option<(When, StateSet)>)>;

fn note_settings(entry: &Entry, term: Term, sessions: &mut Settings) {
    let when = (term, entry.hlc);
    match &entry.body {
        Body::CapacitySet(set) => sessions.entry(set.session).or_default().0 = Some((when, set.capacity)),
        Body::SessionState(set) => sessions.entry(set.session).or_default().1 = Some((when, set.state)),
        _ => {}
    }
}

/// What was set later stays, in this term or in another that is here again already: terms come back in any order.
fn leave_what_is_newer(txn: &dyn Txn, own: &OwnLog, sessions: &mut Settings) -> Result<()> {
    let logs = if sessions.is_empty() { Vec::new() } else { txn.logs()? };
    for (log, row) in logs.into_iter().filter(|(log, _)| log.station == own.i.station) {
        let (anew, mut added) = (begins_anew(txn, log)?, BTreeSet::new());
        for seq in 1..=row.head.seq {
            if let Some(held) = txn.entry(log.key(seq))?
                && let Ok(entry) = Entry::from_bytes(&held.bytes)
                && !(anew && adds(&entry, &mut added))
            {
                leave_if_newer(&entry, row.reported, sessions);
            }
        }
    }
    Ok(())
}

/// Whether the log is that of a database made anew, which follows no earlier one.
fn begins_anew(look: &dyn Look, log: Identity) -> Result<bool> {
    let first = look.entry(log.key(1))?.and_then(|held| Entry::from_bytes(&held.bytes).ok());
    let open = first.map(|entry| entry.body);
    Ok(matches!(open, Some(Body::OpenEpoch(open)) if open.follows.is_none_or(|before| before.seq == 0)))
}

/// Whether the entry came with a session that an import added to a database made anew: where one was lost, the organiser's tables are
/// imported again, and decide nothing.
fn adds(entry: &Entry, added: &mut BTreeSet<SessionId>) -> bool {
    matches!(&entry.body, Body::CapacitySet(set) if added.insert(set.session) && set.actor == ORGANISER)
}

fn leave_if_newer(held: &Entry, term: Term, sessions: &mut Settings) {
    let newer = |when: When| (term, held.hlc) > when;
    match &held.body {
        Body::CapacitySet(set) => {
            if let Some((known, _)) = sessions.get_mut(&set.session) {
                known.take_if(|(when, _)| newer(*when));
            }
        }
        Body::SessionState(set) => {
            if let Some((_, known)) = sessions.get_mut(&set.session) {
                known.take_if(|(when, _)| newer(*when));
            }
        }
        _ => {}
    }
}

fn restore_settings(txn: &mut dyn Txn, sessions: Settings) -> Result<()> {
    for (id, (capacity, state)) in sessions {
        let Some(before) = txn.session(id)? else { continue };
        let mut after = before.clone();
        after.record.rules.capacity = capacity.map_or(before.record.rules.capacity, |(_, places)| places);
        after.record.rules.set = state.map_or(before.record.rules.set, |(_, state)| state);
        if after != before {
            after.record.rules.rev += 1;
            txn.put_session(&after)?;
        }
    }
    Ok(())
}
