//! What is remarkable about an entry. Acceptance is total: a remark never keeps an entry out of its log (DESIGN section 4).

use usher_core::{
    clock::HLC_AHEAD_MS_MAX,
    entry::{Basis, Body, Entry, Subject},
    ids::{PersonId, SessionId},
    session::Phase,
};

use crate::{Result, store::Look};

/// The kind, or its form, is not known here.
pub const UNKNOWN_KIND: u32 = 1;
/// A kind that only the server writes, in a desk's log: without effect.
pub const NOT_A_DESKS: u32 = 2;
/// It names a session that is not configured here.
pub const UNKNOWN_SESSION: u32 = 4;
/// It names a person whom no list has.
pub const UNKNOWN_PERSON: u32 = 8;
/// Somebody was let in without a right.
pub const OVER_GRANT: u32 = 16;
/// Somebody was let in when the session was not open by its schedule and state as known here.
pub const NOT_OPEN: u32 = 32;
/// Its logical time is ahead of the server's clock by more than is adopted.
pub const CLOCK_AHEAD: u32 = 64;
/// First received after its desk's credential was revoked: kept, but as if unreceived.
pub const DISPUTED: u32 = 128;

/// It stands in the second branch of a log that was continued twice.
pub const BRANCH: u32 = 256;

/// It came back from a desk after the server had been put back to an older backup.
pub const GIVEN_BACK: u32 = 512;

/// The number from which on kinds are the server's.
const SERVER_KINDS: u32 = 32;

/// The remarks on a desk's entry that was received at `now_ms`.
pub(crate) fn on(look: &dyn Look, entry: &Entry, now_ms: i64) -> Result<u32> {
    let number = entry.body.number();
    let mut remarks = 0;
    let mut mark = |bit, when| remarks |= if when { bit } else { 0 };
    mark(UNKNOWN_KIND, matches!(entry.body, Body::Unknown(_)));
    mark(NOT_A_DESKS, number >= SERVER_KINDS && !matches!(entry.body, Body::Unknown(_)));
    mark(CLOCK_AHEAD, entry.hlc.ms() > now_ms.saturating_add(HLC_AHEAD_MS_MAX));
    if let Some((session, person)) = names(&entry.body) {
        let row = look.session(session)?;
        mark(UNKNOWN_SESSION, row.is_none());
        mark(
            UNKNOWN_PERSON,
            person.map(|id| look.person(id)).transpose()?.is_some_and(|found| found.is_none()),
        );
        if let Body::CheckIn(check_in) = &entry.body {
            mark(OVER_GRANT, check_in.basis == Basis::OverGrant);
            let shut = |phase| phase != Phase::Open;
            mark(NOT_OPEN, row.is_some_and(|row| shut(row.record.rules.phase(entry.hlc.ms()))));
        }
    }
    Ok(remarks)
}

fn names(body: &Body) -> Option<(SessionId, Option<PersonId>)> {
    let person = |subject: &Subject| match subject {
        Subject::Person(id) => Some(*id),
        Subject::Code(_) => None,
    };
    match body {
        Body::CheckIn(c) => Some((c.session, person(&c.subject))),
        Body::Decline(d) => Some((d.session, person(&d.subject))),
        Body::Exit(e) => Some((e.session, Some(e.person))),
        Body::Return(r) => Some((r.session, None)),
        _ => None,
    }
}
