//! Searching the people whom this desk added and whom no list that it has names yet: few, so each is looked at.

use std::collections::BTreeSet;

use usher_core::ids::PersonId;
use usher_protocol::profile::Profile;

use crate::{Guest, Side, StoreError, fold::folded, judge, profiles};

/// The fewest characters that are searched for.
const TEXT_CHARS_MIN: usize = 2;

/// What the search knows of this desk's own walk-ins.
#[derive(Debug, Default)]
pub(crate) struct Added {
    /// Whose words begin with the words of the text, by name.
    pub(crate) found: Vec<Guest>,
    /// Whom the list may still name, and who were erased here.
    pub(crate) erased: BTreeSet<PersonId>,
}

impl Added {
    /// Those that fit `text`.
    pub(crate) fn of(side: &Side, text: &str) -> Result<Self, StoreError> {
        let mut all = Self::default();
        let wanted = if text.trim().chars().count() < TEXT_CHARS_MIN { String::new() } else { folded(text) };
        for record in profiles::all(&side.log)? {
            if record.profile.erased {
                all.erased.insert(record.person);
            } else if fits(&wanted, &record.profile) && !judge::is_listed(&side.lists, record.person)? {
                all.found.push(profiles::guest(record.person, &record.profile));
            }
        }
        all.found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }
}

fn fits(wanted: &str, profile: &Profile) -> bool {
    let theirs = folded(&format!("{} {}", profile.name.text, profile.email.text));
    let begins = |word: &str| theirs.split(' ').any(|one| one.starts_with(word));
    !wanted.is_empty() && wanted.split(' ').all(begins)
}
