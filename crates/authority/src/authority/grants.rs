//! Giving rights and asking them back: the size of a grant is [`Room::grant_size`](usher_core::capacity::Room::grant_size), computed in the same
//! transaction in which the Grant entry is written (DESIGN section 5, I3).

use std::collections::BTreeMap;

use usher_core::{
    capacity::Rights,
    entry::{Body, Grant, Recall},
    ids::{Identity, SessionId},
};
use usher_protocol::{
    limits::WANT_MAX,
    sync::{GrantTotal, SyncRequest, Want},
};

use super::{Authority, OwnLog, awaiting::awaited};
use crate::{
    Result,
    derive::{rights_at, room},
    store::{Look, SessionRow, Store, Txn},
};

/// How lately a desk must have been heard to share in the size of grants, in milliseconds: 10 minutes.
const LATELY_MS: i64 = 600_000;
/// Over which time a desk's rate is taken, in milliseconds: 5 minutes.
const RECENT_MS: i64 = 300_000;

impl<S: Store> Authority<S> {
    /// Answers the wants of the log `i`. A log that we hold nothing of, or that takes no further rights, is given nothing, and
    /// neither is any while a log is awaited.
    pub(super) fn give(
        &self,
        txn: &mut dyn Txn,
        i: Identity,
        request: &SyncRequest,
        now_ms: i64,
    ) -> Result<()> {
        let open = txn.log(i)?.is_some_and(|log| !log.fenced && !log.closed);
        if request.wants.is_empty() || !open || txn.evidence_count(i)? > 0 {
            return Ok(());
        }
        let own = self.own();
        for want in &request.wants {
            if awaited(txn, &own, want.session)?.is_empty() {
                give_one(txn, &own, i, *want, known_total(request, want.session), now_ms)?;
            }
        }
        Ok(())
    }

    /// A log awaited since a restore says what it was granted in a term that the database has forgotten: a fact that the server
    /// signed once, stated again.
    pub(super) fn learn_grants(
        &self,
        txn: &mut dyn Txn,
        i: Identity,
        request: &SyncRequest,
        now_ms: i64,
    ) -> Result<()> {
        let own = self.own();
        for GrantTotal { session, total } in &request.grants {
            if *total > rights_at(txn, *session, i)?.granted {
                let grant = Grant { session: *session, to: i, total: *total, term: own.term };
                own.append(txn, Body::Grant(grant), now_ms)?;
            }
        }
        Ok(())
    }
}

fn give_one(txn: &mut dyn Txn, own: &OwnLog, i: Identity, want: Want, known: u64, now_ms: i64) -> Result<()> {
    let Some(session) = txn.session(want.session)? else { return Ok(()) };
    let rules = &session.record.rules;
    let rights = rights_at(txn, want.session, i)?;
    let granted = rights.granted;
    // What was given in an answer that got lost is on its way: it counts against the want.
    let mut missing = want.rights.min(WANT_MAX).saturating_sub(granted.saturating_sub(known));
    let weights = Weights::of(txn, want.session, i, now_ms)?;
    let room = room(txn, want.session, rules.capacity)?;
    if rights.recalled > 0 {
        // What it was asked to give back is for others: beyond its share it would only be asked again, for ever.
        let free = room.grantable().and_then(|places| u64::try_from(places).ok()).unwrap_or(0);
        let share = weights.share(i, in_all(&holders(txn, want.session)?) + free);
        missing = missing.min(share.saturating_sub(rights.available()));
    }
    let size = room.grant_size(missing, weights.own, weights.all, rules.hand_out_all);
    if size > 0 {
        let grant = Grant { session: want.session, to: i, total: granted + size, term: own.term };
        own.append(txn, Body::Grant(grant), now_ms)?;
    }
    if size < missing
        && room.capacity.is_some()
        && room.grantable().is_some_and(|places| places <= size as i64)
    {
        recall_surplus(txn, own, want.session, i, &weights, now_ms)?;
    }
    Ok(())
}

/// Whether one place of a session that has `capacity` of them can be given to a log.
pub(super) fn has_free(
    look: &dyn Look,
    own: &OwnLog,
    session: SessionId,
    capacity: Option<u32>,
    to: Identity,
) -> Result<bool> {
    let free = room(look, session, capacity)?.grantable().is_some_and(|places| places > 0);
    let open = look.log(to)?.is_some_and(|log| !log.fenced && !log.closed);
    Ok(free && open && look.evidence_count(to)? == 0 && awaited(look, own, session)?.is_empty())
}

/// Gives a log one place more.
pub(super) fn give_a_place(
    txn: &mut dyn Txn,
    own: &OwnLog,
    session: SessionId,
    to: Identity,
    now_ms: i64,
) -> Result<()> {
    let total = rights_at(txn, session, to)?.granted + 1;
    own.append(txn, Body::Grant(Grant { session, to, total, term: own.term }), now_ms)
}

/// How the places are shared: by the desks' recent check-ins at the session, equally while there are none.
struct Weights {
    by_log: BTreeMap<Identity, u64>,
    own: u64,
    all: u64,
}

impl Weights {
    /// The weights of the logs that lately synced while serving the session, and of the one that asks, which just did. Whoever asks,
    /// they are the same, or two desks would take the last place from each other for ever.
    fn of(look: &dyn Look, session: SessionId, asking: Identity, now_ms: i64) -> Result<Self> {
        let mut by_log = BTreeMap::from([(asking, 0)]);
        for (station, contact) in look.contacts()? {
            if contact.at_ms >= now_ms.saturating_sub(LATELY_MS) && contact.serves(session) {
                by_log.insert(Identity { station, epoch: contact.epoch }, 0);
            }
        }
        for (i, recent) in &mut by_log {
            *recent = look.received_since(i.station, now_ms.saturating_sub(RECENT_MS))? + 1;
        }
        let own = by_log.get(&asking).copied().unwrap_or(1);
        Ok(Self { own, all: by_log.values().sum(), by_log })
    }

    fn weight(&self, i: Identity) -> u64 {
        self.by_log.get(&i).copied().unwrap_or(0)
    }

    /// Which part of so many rights is the log's. A desk that serves the session has at least one, or two desks would hand the last
    /// place to and fro.
    fn share(&self, i: Identity, rights: u64) -> u64 {
        (rights * self.weight(i)).div_ceil(self.all.max(1))
    }
}

/// Asks desks for rights beyond their share, because another one has none and no place is left to grant: the idle one first.
fn recall_surplus(
    txn: &mut dyn Txn,
    own: &OwnLog,
    session: SessionId,
    asking: Identity,
    weights: &Weights,
    now_ms: i64,
) -> Result<()> {
    let rights = holders(txn, session)?;
    let in_all = in_all(&rights);
    for (i, rights) in rights.iter().filter(|(i, _)| *i != asking && weights.weight(*i) <= weights.own) {
        // Half of the surplus: rates change.
        let surplus = rights.available().saturating_sub(weights.share(*i, in_all)).div_ceil(2);
        recall(txn, own, session, (*i, *rights), surplus, now_ms)?;
    }
    Ok(())
}

/// Asks back what a session has given out beyond its capacity, most from whoever has most.
pub(super) fn recall_excess(txn: &mut dyn Txn, own: &OwnLog, row: &SessionRow, now_ms: i64) -> Result<()> {
    let session = row.record.rules.id;
    let Some(places) =
        room(txn, session, row.record.rules.capacity)?.grantable().filter(|places| *places < 0)
    else {
        return Ok(());
    };
    let mut missing = places.unsigned_abs();
    let mut holders = holders(txn, session)?;
    holders.sort_by_key(|(i, rights)| (std::cmp::Reverse(rights.available()), *i));
    for (i, rights) in holders {
        let part = rights.available().min(missing);
        missing -= part;
        recall(txn, own, session, (i, rights), part, now_ms)?;
    }
    Ok(())
}

/// The logs whose rights are still counted, with some left.
fn holders(look: &dyn Look, session: SessionId) -> Result<Vec<(Identity, Rights)>> {
    let settled = look.settled(session)?;
    let mut rights = look.rights(session)?;
    rights.retain(|(i, rights)| rights.available() > 0 && settled.iter().all(|row| row.i != *i));
    Ok(rights)
}

fn in_all(rights: &[(Identity, Rights)]) -> u64 {
    rights.iter().map(|(_, rights)| rights.available()).sum()
}

/// Asks a log for `part` of its rights, unless as much was asked for already.
fn recall(
    txn: &mut dyn Txn,
    own: &OwnLog,
    session: SessionId,
    (from, rights): (Identity, Rights),
    part: u64,
    now_ms: i64,
) -> Result<()> {
    let total = rights.parted() + part;
    if part == 0 || rights.recalled >= total {
        return Ok(());
    }
    own.append(txn, Body::Recall(Recall { session, from, total, term: own.term }), now_ms)
}

fn known_total(request: &SyncRequest, session: SessionId) -> u64 {
    request.grants.iter().filter(|grant| grant.session == session).map(|grant| grant.total).max().unwrap_or(0)
}
