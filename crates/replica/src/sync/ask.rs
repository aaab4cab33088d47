//! What is sent next: handover first, then a page of the log.

use std::sync::atomic::Ordering;

use rusqlite::{Connection, TransactionBehavior, params};
use usher_core::{
    chain::{RequestProof, sha256},
    entry::Head,
    ids::{Identity, PersonId, Seq, Term},
};
use usher_protocol::{
    limits::{ENTRIES_PER_REQUEST_MAX, PROTOCOL},
    proof::ProofHeaders,
    sync::{Cursor, EntryBytes, GrantTotal, StationStatus, SyncRequest},
};

use super::{Asking, Outgoing, cursor, term};
use crate::{
    Identified, Replica, StoreError, duties, give_back, holds, life::Life, log, profiles::Unsent, rights,
    row, server_key,
};

impl Replica {
    /// The next sync request. Commits the handover first. An earlier life that the server does not hold to its end goes first.
    ///
    /// # Errors
    /// A fault of the files; nothing may be sent then.
    pub fn next_request(&self, who: &Identified, asking: Asking) -> Result<Outgoing, StoreError> {
        self.make_request(who, asking).inspect_err(|error| self.blame_lists(error))
    }

    fn make_request(&self, who: &Identified, asking: Asking) -> Result<Outgoing, StoreError> {
        let mut side = self.sync();
        let side = &mut *side;
        let turn = self.turn();
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let life = hand_over(&tx, who)?;
        let current = life.i == who.identity;
        let (entries, head) = page(&tx, &life, life.acknowledged)?;
        let (grants, receipt, term) = (grants(&tx)?, give_back::receipt(&tx)?, term(&tx)?);
        let unsent = if current { self.unsent_profiles(&tx)? } else { Vec::new() };
        let doubted = self.doubted.load(Ordering::Relaxed);
        let successions = if doubted { server_key::chain(&tx)? } else { Vec::new() };
        let end = log::head(&tx, who.identity.epoch)?.0;
        tx.commit()?;
        if current {
            self.note_handover(who, life.handed, end);
        }
        drop(turn);
        let cursor = cursor(&side.lists)?;
        let given = if current { self.profiles_to_give_back(&side.lists)? } else { Vec::new() };
        let gives_logs = current && given.is_empty();
        let part = if gives_logs { self.giving().next(&side.lists, who.identity.station)? } else { None };
        let mut said_all = part.as_ref().is_some_and(|part| part.last);
        let mut holds =
            if said_all { holds::of_earlier_terms(&side.lists, life.since, term)? } else { Vec::new() };
        if !holds.is_empty() && part.as_ref().is_some_and(|part| !part.relayed.is_empty()) {
            // By themselves, in the request after this one: both together could be too much.
            (holds, said_all) = (Vec::new(), false);
        }
        let relayed = part.as_ref().map_or_else(Vec::new, |part| part.relayed.clone());
        self.giving().unanswered = !relayed.is_empty() || !holds.is_empty() || !given.is_empty();
        let wants = if current {
            duties::wants(&side.log, &side.lists, who, &asking.serving, asking.now_ms)?
        } else {
            Vec::new()
        };
        // Names are small, and logs may fill a request.
        let unsent =
            if relayed.is_empty() && holds.is_empty() && given.is_empty() { unsent } else { Vec::new() };
        let (profiles_upto, versions) = (given.last().map(|one| one.person), versions(&unsent));
        let profiles = given.into_iter().chain(unsent.into_iter().map(|one| one.record)).collect();
        let request = SyncRequest {
            protocol: asking.protocol.unwrap_or(PROTOCOL),
            entries,
            cursor,
            grants: if current { grants } else { Vec::new() },
            wants,
            status: StationStatus { waiting: life.handed.saturating_sub(head.seq), ..asking.status },
            receipt,
            list: give_back::list_word(&side.lists)?,
            relayed,
            all_given_back: Some(said_all),
            holds,
            successions,
            profiles,
            sealed_profiles: None,
        };
        let mut out = seal(who, life.i, term, life.handed, head, &request, cursor)?;
        (out.profiles, out.profiles_upto) = (versions, profiles_upto);
        out.list = request.list;
        out.said_all = said_all;
        out.put_off = part.as_ref().is_some_and(|part| part.put_off);
        out.offered = part.map(|part| part.ends).unwrap_or_default();
        Ok(out)
    }
}

/// Which change of each profile this is.
fn versions(unsent: &[Unsent]) -> Vec<(PersonId, i64)> {
    unsent.iter().map(|one| (one.record.person, one.version)).collect()
}

pub(crate) fn seal<T: serde::Serialize>(
    who: &Identified,
    life: Identity,
    term: Term,
    handed: Seq,
    head: Head,
    request: &T,
    cursor: Cursor,
) -> Result<Outgoing, StoreError> {
    let body = serde_json::to_vec(request).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let proof = RequestProof {
        event: who.event,
        station: life.station,
        epoch: life.epoch,
        head,
        handed,
        term,
        body: sha256(&body),
    };
    Ok(Outgoing {
        proof: ProofHeaders::sign(&proof, &who.key),
        body,
        cursor,
        life,
        list: None,
        offered: Vec::new(),
        profiles: Vec::new(),
        profiles_upto: None,
        said_all: false,
        put_off: false,
    })
}

/// Commits `handed` to the end of the log, once all that was handed before is acknowledged: pages hand over as a whole. Gives the
/// life that is to be sent: the first that the server does not hold to its end, or the one that is written.
fn hand_over(log: &Connection, who: &Identified) -> Result<Life, StoreError> {
    let mut chosen = None;
    for life in Life::all(log, who.identity.station)? {
        let next = next_unsent(log, &life)?;
        if life.i == who.identity || next.is_some() {
            chosen = Some((life, next));
            break;
        }
    }
    let Some((mut life, next)) = chosen else { return Err(StoreError::NotEnrolled) };
    let end = log::head(log, life.i.epoch)?.0.seq;
    if next.is_none_or(|next| next > life.handed) && life.handed != end {
        life.handed = end;
        let sql = "UPDATE life SET handed = ?2 WHERE epoch = ?1";
        log.prepare_cached(sql)?.execute(params![row::bits(life.i.epoch.0), row::bits(end)])?;
    }
    Ok(life)
}

/// The first entry of a life that the server does not hold and that can be sent.
fn next_unsent(log: &Connection, life: &Life) -> Result<Option<Seq>, StoreError> {
    let next = log::intact_after(log, life.i.epoch, life.acknowledged.seq, 1)?;
    Ok(next.first().map(|one| one.entry.seq))
}

/// The next page of a life's entries behind `from`, none behind what was handed over; and the end that the server holds once it has
/// taken them. A lost entry leaves an empty place, by which the server knows that nobody can fill the gap.
pub(crate) fn page(log: &Connection, life: &Life, from: Head) -> Result<(Vec<EntryBytes>, Head), StoreError> {
    let (mut sent, mut head) = (Vec::new(), from);
    let next = log::intact_after(log, life.i.epoch, from.seq, ENTRIES_PER_REQUEST_MAX)?;
    for one in next.into_iter().filter(|one| one.entry.seq <= life.handed) {
        if one.entry.seq != head.seq + 1 {
            sent.push(EntryBytes(Vec::new()));
        }
        if sent.len() == ENTRIES_PER_REQUEST_MAX {
            break;
        }
        head = one.head();
        sent.push(EntryBytes(one.bytes));
    }
    sent.truncate(ENTRIES_PER_REQUEST_MAX);
    Ok((sent, head))
}

/// Whether the server does not hold some life to its end.
pub(super) fn unsent_lives(log: &Connection, who: &Identified) -> Result<bool, StoreError> {
    for life in Life::all(log, who.identity.station)? {
        if next_unsent(log, &life)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn grants(log: &Connection) -> Result<Vec<GrantTotal>, StoreError> {
    let all = rights::all(log)?.into_iter().filter(|(_, rights)| rights.granted > 0);
    Ok(all.map(|(session, rights)| GrantTotal { session, total: rights.granted }).collect())
}
