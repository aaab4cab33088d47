//! Searching the guest list by name, e-mail, organisation or order, while typing.

use rusqlite::params;
use usher_core::{
    entry::{Basis, Subject},
    ids::PersonId,
    verdict::Verdict,
};
use usher_protocol::{limits::FIND_ROWS_MAX, window::FindStatus};

use crate::{Asked, Guest, Identified, Replica, Side, StoreError, Ticket, here, judge, row};

/// A guest that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The guest.
    pub guest: Guest,
    /// How the guest stands at the session.
    pub status: FindStatus,
    /// On which right they would be let in now, were they asked for as a clean Registered; none: they would not be.
    pub basis: Option<Basis>,
}

/// The longest text that is searched for, in characters.
const TEXT_CHARS_MAX: usize = 100;

impl Replica {
    /// Guests whose words begin with the words of `text`, best first; at most [`FIND_ROWS_MAX`]. A text of fewer than two
    /// characters finds nobody.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn find(&self, who: &Identified, text: &str, asked_at: &Asked) -> Result<Vec<Found>, StoreError> {
        let Some(query) = query(text) else { return Ok(Vec::new()) };
        let side = self.door();
        let mut read = side.lists.prepare_cached(
            "SELECT p.id FROM person_text t JOIN person p ON p.nr = t.rowid WHERE person_text MATCH ?1
             ORDER BY rank, p.name, p.nr LIMIT ?2",
        )?;
        let ids = read.query_map(params![query, FIND_ROWS_MAX as i64], |row| row.get::<_, Vec<u8>>(0))?;
        let ids = ids.collect::<Result<Vec<_>, _>>()?;
        let found = |id: &Vec<u8>| found(&side, who, PersonId(row::uuid(id)?), asked_at);
        ids.iter().map(found).filter_map(Result::transpose).collect()
    }
}

pub(crate) fn found(
    side: &Side,
    who: &Identified,
    id: PersonId,
    asked_at: &Asked,
) -> Result<Option<Found>, StoreError> {
    let asked = Asked { ticket: Ticket::Person { id, revoked: false }, ..*asked_at };
    let Some(judged) = judge::judge_on(side, who, &asked)? else { return Ok(None) };
    let inside = here::inside(side, who, asked.session, Subject::Person(id))?;
    let Some(guest) = judged.guest else { return Ok(None) };
    let status = if !inside.is_empty() {
        FindStatus::In
    } else if judged.registered {
        FindStatus::Booked
    } else if guest.cancelled || judged.judgement.verdict == Verdict::Cancelled {
        FindStatus::Cancelled
    } else {
        FindStatus::NotBooked
    };
    let clean = judged.judgement.verdict == Verdict::Registered;
    Ok(Some(Found { guest, status, basis: judged.judgement.basis.filter(|_| clean) }))
}

/// The words of `text` as a full-text query of prefixes: every one must begin a word of the guest. Quoted, so that nothing that
/// is typed can be an operator.
fn query(text: &str) -> Option<String> {
    let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
    if text.trim().chars().count() < 2 {
        return None;
    }
    let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let quoted = words.iter().map(|word| format!("\"{word}\"*"));
    (!words.is_empty()).then(|| quoted.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_never_an_operator() {
        assert_eq!(query("ana góm").as_deref(), Some("\"ana\"* \"góm\"*"));
        assert_eq!(query("NEAR(\" OR *").as_deref(), Some("\"NEAR\"* \"OR\"*"));
        assert_eq!(query("o'brien@x").as_deref(), Some("\"o\"* \"brien\"* \"x\"*"));
        assert_eq!(query("a"), None);
        assert_eq!(query("--"), None);
    }
}
