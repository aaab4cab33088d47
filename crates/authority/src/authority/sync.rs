//! `sync`: one idempotent call up and down, in one transaction that is committed before it answers.

use usher_core::{chain::RequestProof, entry::Head, ids::Identity};
use usher_protocol::{
    enrol::Role,
    error::{ErrorCode, SERVICE},
    limits::{
        CHANGES_PER_ANSWER_MAX, ENTRIES_PER_REQUEST_MAX, PROTOCOL, PROTOCOL_OLDEST, WANTS_PER_REQUEST_MAX,
    },
    sync::{Cursor, GrantTotal, Positioned, SyncAnswer, SyncRequest},
};

use super::{
    Authority,
    ingest::{Intake, Taken, held_hash, settle_log},
};
use crate::{
    Result, derive,
    store::{Contact, LogRow, Look, StationRow, Store, Txn},
};

/// About how many bytes of changes one answer carries, well below [`usher_protocol::limits::ANSWER_BYTES_MAX`].
const PAGE_BYTES_MAX: usize = 6 * 1024 * 1024;
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

/// One page of the feed.
struct Page {
    changes: Vec<Positioned>,
    position: u64,
    more: bool,
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
        now_ms: i64,
    ) -> Result<Result<SyncAnswer, ErrorCode>> {
        if let Some(code) = self.unanswerable(proven.proof, request) {
            return Ok(Err(code));
        }
        self.store.write(|txn| {
            let station = match desk(txn.station(proven.proof.station)?) {
                Ok(station) => station,
                Err(code) => return Ok(Err(code)),
            };
            let taken = self.take(txn, proven, request, station.record.revoked, now_ms)?;
            if station.record.revoked {
                return Ok(Err(ErrorCode::Revoked));
            }
            // A request from before what we hold is a repetition: it says nothing about the desk as it is now.
            let of_now = proven.proof.head.seq >= taken.head.seq;
            if of_now {
                put_contact(txn, proven.proof, request, now_ms)?;
            }
            if taken.broken {
                return Ok(Err(ErrorCode::ChainBroken));
            }
            let i = proven.proof.identity();
            if of_now {
                self.give(txn, i, request, now_ms)?;
            }
            self.answer(txn, i, request, taken.head, now_ms).map(Ok)
        })
    }

    fn unanswerable(&self, proof: &RequestProof, request: &SyncRequest) -> Option<ErrorCode> {
        let too_much =
            request.entries.len() > ENTRIES_PER_REQUEST_MAX || request.wants.len() > WANTS_PER_REQUEST_MAX;
        protocol(request.protocol).or_else(|| {
            if proof.event != self.own.event || proof.station == self.own.i.station {
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
        let i = proven.proof.identity();
        let intake = Intake { own: &self.own, i, now_ms, disputed };
        let mut taken = intake.take(txn, &request.entries)?;
        let claimed = proven.proof.head;
        if (1..=taken.head.seq).contains(&claimed.seq) && held_hash(txn, i.key(claimed.seq))? != claimed.hash
        {
            intake.set_aside(txn, claimed.seq, proven.bytes)?;
            taken.broken = true;
        }
        let known = txn.log(i)?;
        if known.is_none() && taken.head == Head::EMPTY {
            return Ok(taken);
        }
        let before = known.unwrap_or(LogRow::EMPTY);
        // A disputed or contradicted statement frees no seat.
        let handed = if disputed || taken.broken { 0 } else { proven.proof.handed };
        let proof = (claimed == taken.head).then_some((proven.bytes, proven.signature));
        let after = settle_log(before.clone(), taken.head, handed, proof);
        if after != before {
            txn.put_log(i, &after)?;
        }
        if after.handed > before.handed {
            derive::cover(txn, i, after.handed)?;
        }
        Ok(taken)
    }

    fn answer(
        &self,
        look: &dyn Look,
        i: Identity,
        request: &SyncRequest,
        acknowledged: Head,
        now_ms: i64,
    ) -> Result<SyncAnswer> {
        let page = self.page(look, i, request.cursor)?;
        let grants = if page.more { Vec::new() } else { grant_totals(look, i)? };
        Ok(SyncAnswer {
            service: SERVICE.into(),
            term: self.own.term,
            acknowledged,
            changes: page.changes,
            cursor: Cursor { term: self.own.term, position: page.position },
            more: page.more,
            grants,
            server_ms: now_ms,
            oldest: PROTOCOL_OLDEST,
        })
    }

    /// The feed after the cursor, within bounds. A cursor of another term, or one beyond the end, reads from the beginning.
    fn page(&self, look: &dyn Look, i: Identity, cursor: Cursor) -> Result<Page> {
        let end = look.feed_end()?;
        let ours = cursor.term == self.own.term && cursor.position <= end;
        let mut page = Page { changes: Vec::new(), position: end, more: false };
        let mut bytes = 0;
        look.feed(if ours { cursor.position } else { 0 }, Some(i), &mut |row| {
            bytes += row.bytes;
            page.more = page.changes.len() == CHANGES_PER_ANSWER_MAX
                || (bytes > PAGE_BYTES_MAX && !page.changes.is_empty());
            if !page.more {
                page.changes.push(Positioned { position: row.position, change: row.change });
            }
            Ok(!page.more)
        })?;
        if let (true, Some(last)) = (page.more, page.changes.last()) {
            page.position = last.position;
        }
        Ok(page)
    }
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
        initials: status.initials.chars().take(INITIALS_CHARS_MAX).collect(),
    };
    txn.put_contact(proof.station, &contact)
}

fn grant_totals(look: &dyn Look, i: Identity) -> Result<Vec<GrantTotal>> {
    let granted = look.rights_of(i)?.into_iter().filter(|(_, rights)| rights.granted > 0);
    Ok(granted.map(|(session, rights)| GrantTotal { session, total: rights.granted }).collect())
}
