//! Enrolment and credentials: a one-time code becomes a station with its own key.
//!
//! Codes are kept as digests under the event's secret. The same code with the same key gets the same answer, because the first
//! answer may have been lost. Wrong codes are counted over all clients: eight letters hold 40 bits, so guessing is hopeless at
//! [`WRONG_TRIES_MAX`] a minute; while the limit is reached, right codes wait as well.

use std::{collections::VecDeque, sync::PoisonError};

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use ed25519_dalek::VerifyingKey;
use usher_core::{
    chain::{digest_code, verify_enrolment},
    ids::{ActorId, CodeDigest, Epoch, Identity, StationId, Term},
    ticket::letters,
};
use usher_protocol::{
    enrol::{EnrolAnswer, EnrolRequest, Role, normalise_code},
    error::{ErrorCode, SERVICE},
    limits::NAME_CHARS_MAX,
    records::StationRecord,
};

use super::{Authority, setup::event_row, sync::protocol};
use crate::{
    Credential, EnrolmentCode, Error, Fresh, Result,
    store::{CodeRow, LogRow, Look, StationRow, Store, Txn},
};

/// How many wrong codes are taken in a minute, over all clients.
pub const WRONG_TRIES_MAX: usize = 10;
const TRIES_SPAN_MS: i64 = 60_000;
const CODE_LETTERS: usize = 8;

/// The times of the last wrong tries, at most [`WRONG_TRIES_MAX`].
#[derive(Default)]
pub(super) struct WrongTries(VecDeque<i64>);

impl WrongTries {
    fn too_many(&mut self, now_ms: i64) -> bool {
        self.0.retain(|at| (now_ms.saturating_sub(TRIES_SPAN_MS)..=now_ms).contains(at));
        self.0.len() >= WRONG_TRIES_MAX
    }

    fn note(&mut self, now_ms: i64) {
        self.0.push_back(now_ms);
        self.0.truncate(WRONG_TRIES_MAX);
    }
}

/// A request whose key and signature were checked.
struct Applicant {
    key: VerifyingKey,
    digest: CodeDigest,
}

impl<S: Store> Authority<S> {
    /// Makes a one-time code, good for `ttl_ms` milliseconds, for a desk or supervisor called `name`.
    ///
    /// # Errors
    /// The store's own.
    pub fn make_enrolment_code(
        &self,
        role: Role,
        name: &str,
        ttl_ms: i64,
        fresh: Fresh<'_>,
    ) -> Result<EnrolmentCode> {
        let code = letters((fresh.random)(), CODE_LETTERS);
        let expires_ms = fresh.now_ms.saturating_add(ttl_ms);
        let name = name.trim().chars().take(NAME_CHARS_MAX).collect();
        let row = CodeRow { role, name, expires_ms, used_by: None };
        self.write(|txn| txn.put_enrol_code(digest_code(&self.secret, &code), &row))?;
        let (left, right) = code.split_at(CODE_LETTERS / 2);
        Ok(EnrolmentCode { code: format!("{left}-{right}"), expires_ms })
    }

    /// Enrols the key of a request. A refusal is the inner `Err`.
    ///
    /// # Errors
    /// The store's own.
    pub fn enrol(
        &self,
        request: &EnrolRequest,
        mut fresh: Fresh<'_>,
    ) -> Result<Result<EnrolAnswer, ErrorCode>> {
        if self.tries.lock().unwrap_or_else(PoisonError::into_inner).too_many(fresh.now_ms) {
            return Ok(Err(ErrorCode::TooManyTries));
        }
        let applicant = match self.applicant(request) {
            Ok(applicant) => applicant,
            Err(code) => return Ok(Err(code)),
        };
        let done = self.write(|txn| self.admit(txn, request, &applicant, &mut fresh))?;
        if let Ok(answer) = &done {
            self.enter_roster(answer.station, request.epoch)?;
        }
        if matches!(done, Err(ErrorCode::CodeUnknown)) {
            self.tries.lock().unwrap_or_else(PoisonError::into_inner).note(fresh.now_ms);
        }
        Ok(done)
    }

    fn applicant(&self, request: &EnrolRequest) -> Result<Applicant, ErrorCode> {
        if let Some(code) = protocol(request.protocol) {
            return Err(code);
        }
        let bytes =
            |text: &str| HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| ErrorCode::BadRequest);
        let key = bytes(&request.public_key)?.try_into().map_err(|_| ErrorCode::BadRequest)?;
        let signature = bytes(&request.signature)?.try_into().map_err(|_| ErrorCode::BadRequest)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| ErrorCode::BadRequest)?;
        let code = normalise_code(&request.code);
        if !verify_enrolment(&key, &code, &signature) {
            return Err(ErrorCode::Unauthorised);
        }
        Ok(Applicant { key, digest: digest_code(&self.secret, &code) })
    }

    fn admit(
        &self,
        txn: &mut dyn Txn,
        request: &EnrolRequest,
        applicant: &Applicant,
        fresh: &mut Fresh<'_>,
    ) -> Result<Result<EnrolAnswer, ErrorCode>> {
        let Some(code) = txn.enrol_code(applicant.digest)? else { return Ok(Err(ErrorCode::CodeUnknown)) };
        if code.role != request.role {
            return Ok(Err(ErrorCode::WrongRole));
        }
        let station = match code.used_by {
            Some(id) => match enrolled_before(txn, id, &applicant.key)? {
                Ok(row) => row,
                Err(code) => return Ok(Err(code)),
            },
            None if fresh.now_ms >= code.expires_ms => return Ok(Err(ErrorCode::CodeExpired)),
            None => enrol_new(txn, request, applicant, code, self.own().term, fresh)?,
        };
        self.enrol_answer(txn, station, fresh.now_ms).map(Ok)
    }

    /// Writes a station down outside the database, before its first answer.
    fn enter_roster(&self, station: StationId, epoch: Epoch) -> Result<()> {
        let Some(row) = self.store.read(|look| look.station(station))? else { return Ok(()) };
        self.roster.keep_station(&row)?;
        if row.role == Role::Desk { self.roster.keep_log(Identity { station, epoch }) } else { Ok(()) }
    }

    fn enrol_answer(&self, look: &dyn Look, row: StationRow, now_ms: i64) -> Result<EnrolAnswer> {
        let event_secret = match row.role {
            Role::Desk => HEXLOWER.encode(&*self.secret),
            Role::Supervisor => String::new(),
        };
        Ok(EnrolAnswer {
            service: SERVICE.into(),
            station: row.record.id,
            name: row.record.name,
            role: row.role,
            actor: row.actor,
            event: event_row(look)?.record,
            event_secret,
            term: self.own().term,
            server_ms: now_ms,
        })
    }

    /// One desk or supervisor; none: unknown.
    ///
    /// # Errors
    /// The store's own.
    pub fn credential(&self, station: StationId) -> Result<Option<Credential>> {
        self.store.read(|look| look.station(station)?.map(credential).transpose())
    }

    /// Every desk and supervisor, by name.
    ///
    /// # Errors
    /// The store's own.
    pub fn credentials(&self) -> Result<Vec<Credential>> {
        self.store.read(|look| look.stations()?.into_iter().map(credential).collect())
    }

    /// Revokes a desk's or supervisor's credential; false: unknown. It takes effect at the next contact. What a desk sends
    /// afterwards is kept as disputed, outside the feed and the counts, and its rights stay in the worst case.
    ///
    /// # Errors
    /// The store's own.
    pub fn revoke(&self, station: StationId) -> Result<bool> {
        let revoked = self.write(|txn| {
            let Some(mut row) = txn.station(station)? else { return Ok(None) };
            if !row.record.revoked {
                row.record.revoked = true;
                txn.put_station(&row)?;
            }
            Ok(Some(row))
        })?;
        // A database put back to a backup must not trust it again.
        revoked.as_ref().map_or(Ok(()), |row| self.roster.keep_station(row))?;
        Ok(revoked.is_some())
    }
}

fn enrolled_before(
    look: &dyn Look,
    id: StationId,
    key: &VerifyingKey,
) -> Result<Result<StationRow, ErrorCode>> {
    let row = look.station(id)?;
    let row =
        row.ok_or_else(|| Error::Damaged("an enrolment code names a station that is missing".into()))?;
    Ok(match row.record.public_key == HEXLOWER.encode(key.as_bytes()) {
        false => Err(ErrorCode::CodeUsed),
        true if row.record.revoked => Err(ErrorCode::Revoked),
        true => Ok(row),
    })
}

fn enrol_new(
    txn: &mut dyn Txn,
    request: &EnrolRequest,
    applicant: &Applicant,
    code: CodeRow,
    term: Term,
    fresh: &mut Fresh<'_>,
) -> Result<StationRow> {
    let id = StationId(fresh.uuid());
    let actor = (code.role == Role::Supervisor).then(|| ActorId(fresh.uuid()));
    let public_key = HEXLOWER.encode(applicant.key.as_bytes());
    let record = StationRecord { id, name: code.name.clone(), public_key, revoked: false };
    let row = StationRow { record, role: code.role, actor, machine: request.machine };
    txn.put_station(&row)?;
    if code.role == Role::Desk {
        let i = Identity { station: id, epoch: request.epoch };
        txn.put_log(i, &LogRow::empty(term))?;
    }
    txn.put_enrol_code(applicant.digest, &CodeRow { used_by: Some(id), ..code })?;
    Ok(row)
}

pub(super) fn credential(row: StationRow) -> Result<Credential> {
    let damaged = || Error::Damaged(format!("the key of {} cannot be read", row.record.id));
    let bytes = HEXLOWER.decode(row.record.public_key.as_bytes()).map_err(|_| damaged())?;
    let bytes = bytes.try_into().map_err(|_| damaged())?;
    let key = VerifyingKey::from_bytes(&bytes).map_err(|_| damaged())?;
    Ok(Credential {
        station: row.record.id,
        name: row.record.name,
        role: row.role,
        key,
        actor: row.actor,
        revoked: row.record.revoked,
    })
}
