//! `sync`: one idempotent call up and down, in one transaction that is committed before it answers.

use usher_core::{
    chain::RequestProof,
    entry::{Entry, Head},
    ids::{Identity, PersonId},
};
use usher_protocol::{
    enrol::Role,
    error::ErrorCode,
    limits::{
        ENTRIES_PER_REQUEST_MAX, GRANT_MAX, GRANTS_PER_REQUEST_MAX, HELD_PER_REQUEST_MAX,
        PROFILES_PER_REQUEST_MAX, PROTOCOL, PROTOCOL_OLDEST, RELAYED_PER_REQUEST_MAX, SERVED_MAX,
        SUCCESSIONS_MAX, WANTS_PER_REQUEST_MAX,
    },
    sync::{SyncAnswer, SyncRequest},
};

use super::{Authority, OwnLog, accepting::bring_in, awaiting::waiting, ingest::Intake, logs, profiles};
use crate::{
    Fresh, Result,
    store::{Contact, LogRow, Look, StationRow, Store, Txn},
};

/// How many characters of initials are kept for the board.
const INITIALS_CHARS_MAX: usize = 8;

/// The verified proof that a request came with ([`usher_protocol::proof`]), and its bytes: they are kept as evidence of the
/// log's end.
#[derive(Clone, Copy, Debug)]
pub struct Proven<'a> {
    /// What the proof says.
    pub proof: &'a RequestProof,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The station's signature under them.
    pub signature: &'a [u8; 64],
}

/// What became of a page that was carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// How many entries were not held before.
    pub entries: u64,
    /// They are kept as disputed: the desk's credential was revoked.
    pub disputed: bool,
}

/// What became of a request's entries.
struct Taken {
    /// Under which identity the end of the asking log is kept.
    at: Identity,
    /// Whether the request was made at or behind the end that we hold.
    current: bool,
    /// Whether something was taken that may change what others may have.
    grew: bool,
    /// Whose profiles were dealt with.
    profiles: Vec<PersonId>,
}

impl<S: Store> Authority<S> {
    /// Takes a desk's entries, gives rights, and answers with the feed after its cursor. The caller has verified the proof with
    /// the key of [`Self::credential`]; a revoked desk's request is handed in all the same, so that its facts are kept.
    ///
    /// A refusal is the inner `Err`; what the request brought before the refusal is kept.
    ///
    /// # Errors
    /// The store's own: nothing was kept, and the desk asks again.
    pub fn sync(
        &self,
        proven: Proven<'_>,
        request: &SyncRequest,
        fresh: Fresh<'_>,
    ) -> Result<Result<SyncAnswer, ErrorCode>> {
        let now_ms = fresh.now_ms;
        if let Some(code) = self.unanswerable(proven.proof, request) {
            return Ok(Err(code));
        }
        self.look_at_term(request, fresh)?;
        let done = self.write(|txn| {
            let station = match desk(txn.station(proven.proof.station)?) {
                Ok(station) => station,
                Err(code) => return Ok(Err(code)),
            };
            let waited = waiting(txn, &self.own())?;
            let taken = self.take(txn, proven, request, station.record.revoked, now_ms)?;
            if station.record.revoked {
                self.go_on_after(txn, &waited, now_ms)?;
                // What a supervisor had accepted before the server was put back counts again.
                if taken.grew {
                    self.tend(txn, now_ms)?;
                    self.commit_feed(txn, now_ms)?;
                }
                return Ok(Err(ErrorCode::Revoked));
            }
            // A request from before what we hold is a repetition: it says nothing about the desk as it is now.
            let of_now = taken.current;
            let mut reported = false;
            if of_now {
                put_contact(txn, proven.proof, request, now_ms)?;
                reported = self.learn(txn, proven.proof, request, now_ms)?;
            }
            self.go_on_after(txn, &waited, now_ms)?;
            if of_now {
                self.give(txn, proven.proof.identity(), request, now_ms)?;
            }
            if taken.grew || reported {
                self.tend(txn, now_ms)?;
                self.commit_feed(txn, now_ms)?;
            }
            let answer = self.answer(txn, proven.proof, request, taken.at, now_ms)?;
            Ok(Ok(SyncAnswer { profiles: Some(taken.profiles), ..answer }))
        })?;
        match done {
            Ok(_) => self.write_down(proven.proof.identity())?,
            // Not its log: whoever stole the credential could invent as many as it likes, and each would be awaited after a restore.
            Err(ErrorCode::Revoked) => self.mark_feed()?,
            Err(_) => {}
        }
        Ok(done)
    }

    /// Writes down outside the database what was committed, before it is answered.
    fn write_down(&self, i: Identity) -> Result<()> {
        self.roster.keep_log(i)?;
        self.mark_feed()
    }

    /// Takes a page of a desk's log that came by another road than the network. It says nothing about the desk as it is now and is
    /// not answered. Taking it again changes nothing. Where it shows that the database was put back, a new term begins, to which a service
    /// beside this comes with its next request.
    ///
    /// # Errors
    /// The store's own: nothing was taken then.
    pub fn take_carried(
        &self,
        proven: Proven<'_>,
        request: &SyncRequest,
        fresh: Fresh<'_>,
    ) -> Result<Carried> {
        let now_ms = fresh.now_ms;
        self.look_at_term(request, fresh)?;
        let done = self.write(|txn| {
            let disputed = txn.station(proven.proof.station)?.is_some_and(|row| row.record.revoked);
            let before = held_entries(txn, proven.proof.identity())?;
            let waited = waiting(txn, &self.own())?;
            self.take(txn, proven, request, disputed, now_ms)?;
            self.go_on_after(txn, &waited, now_ms)?;
            self.tend(txn, now_ms)?;
            self.commit_feed(txn, now_ms)?;
            Ok(Carried { entries: held_entries(txn, proven.proof.identity())? - before, disputed })
        })?;
        self.write_down(proven.proof.identity())?;
        Ok(done)
    }

    fn unanswerable(&self, proof: &RequestProof, request: &SyncRequest) -> Option<ErrorCode> {
        let relayed = request.relayed.iter().map(|part| part.entries.len()).sum::<usize>();
        let too_much = request.entries.len() > ENTRIES_PER_REQUEST_MAX
            || request.wants.len() > WANTS_PER_REQUEST_MAX
            || request.grants.len() > GRANTS_PER_REQUEST_MAX
            || request.grants.iter().any(|grant| grant.total > GRANT_MAX)
            || relayed > RELAYED_PER_REQUEST_MAX
            || request.profiles.len() > PROFILES_PER_REQUEST_MAX
            || request.holds.iter().map(|held| held.people.len()).sum::<usize>() > HELD_PER_REQUEST_MAX
            || request.successions.len() > SUCCESSIONS_MAX;
        let own = self.own();
        protocol(request.protocol).or_else(|| {
            if proof.event != own.event || proof.station == own.i.station {
                Some(ErrorCode::Unauthorised)
            } else {
                too_much.then_some(ErrorCode::TooLarge)
            }
        })
    }

    fn take(
        &self,
        txn: &mut dyn Txn,
        proven: Proven<'_>,
        request: &SyncRequest,
        disputed: bool,
        now_ms: i64,
    ) -> Result<Taken> {
        let (own, i, claimed) = (self.own(), proven.proof.identity(), proven.proof.head);
        enter_log(txn, &own, proven.proof, request, disputed)?;
        let intake = Intake { own: &own, i, now_ms, disputed };
        let end = txn.feed_end()?;
        let point = point_before(request).unwrap_or(claimed);
        let mut at = intake.take(txn, point, &request.entries)?;
        let names = self.profiles_of(request);
        let dealt = if disputed {
            bring_in(txn, own.i.station, i.station)?;
            profiles::take_disputed(txn, i.station, &names)?;
            Vec::new()
        } else {
            profiles::take(txn, &names)?
        };
        match logs::holding(txn, i, claimed)? {
            Some(held) => at = held,
            // The head that is claimed contradicts what we hold: evidence. What follows it, if anything, was taken.
            None if claimed.seq <= txn.log(at)?.map_or(0, |log| log.head.seq) => {
                intake.set_aside(txn, claimed.seq, proven.bytes)?;
            }
            None => {}
        }
        let covered = intake.heed(txn, at, proven)?;
        let current = claimed.seq >= txn.log(at)?.map_or(0, |log| log.head.seq);
        Ok(Taken { at, current, grew: covered || txn.feed_end()? > end, profiles: dealt })
    }
}

/// A log that was never heard of. It was opened without us, so it has no rights, unless it says that it has, or speaks of an earlier
/// term, in which it may have got some since: then it is awaited until it has given back everything. Not where the credential was
/// revoked: whoever stole it could hold everybody up.
fn enter_log(
    txn: &mut dyn Txn,
    own: &OwnLog,
    proof: &RequestProof,
    request: &SyncRequest,
    disputed: bool,
) -> Result<()> {
    let i = proof.identity();
    if txn.log(i)?.is_some() {
        return Ok(());
    }
    let says_so = proof.term < own.term || request.grants.iter().any(|grant| grant.total > 0);
    let has_rights = says_so && !disputed;
    txn.put_log(i, &LogRow::empty(if has_rights { 0 } else { own.term }))
}

/// How many entries of a log and its branches are held.
fn held_entries(look: &dyn Look, i: Identity) -> Result<u64> {
    let own = look.log(i)?.map_or(0, |log| log.head.seq);
    let of_branch = |(_, log): &(Identity, LogRow)| {
        log.branch.as_ref().map_or(0, |branch| (log.head.seq + 1).saturating_sub(branch.fork.from))
    };
    Ok(own + look.branches(i)?.iter().map(of_branch).sum::<u64>())
}

/// Which entry the request's first one follows.
fn point_before(request: &SyncRequest) -> Option<Head> {
    let readable = request.entries.iter().find_map(|bytes| Entry::from_bytes(&bytes.0).ok())?;
    Some(Head { seq: readable.seq.checked_sub(1)?, hash: readable.prev_hash })
}

/// The refusal of a protocol that we do not speak.
pub(super) fn protocol(version: u32) -> Option<ErrorCode> {
    match version {
        PROTOCOL_OLDEST..=PROTOCOL => None,
        _ if version < PROTOCOL_OLDEST => Some(ErrorCode::ClientTooOld),
        _ => Some(ErrorCode::ServerTooOld),
    }
}

fn desk(row: Option<StationRow>) -> Result<StationRow, ErrorCode> {
    let row = row.ok_or(ErrorCode::Unauthorised)?;
    if row.role == Role::Desk { Ok(row) } else { Err(ErrorCode::WrongRole) }
}

fn put_contact(txn: &mut dyn Txn, proof: &RequestProof, request: &SyncRequest, now_ms: i64) -> Result<()> {
    let status = &request.status;
    let contact = Contact {
        epoch: proof.epoch,
        at_ms: now_ms,
        skew_ms: now_ms.saturating_sub(status.wall_ms),
        waiting: status.waiting.min(i64::MAX as u64),
        session: status.session,
        also: status.also.iter().copied().take(SERVED_MAX).collect(),
        initials: status.initials.chars().take(INITIALS_CHARS_MAX).collect(),
        asks: status.asks,
    };
    txn.put_contact(proof.station, &contact)
}
