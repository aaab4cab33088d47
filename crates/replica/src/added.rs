//! Searching the people whom this desk added and whom no list that it has names yet: they come first, and nobody who was erased here.

use std::collections::BTreeSet;

use rusqlite::Connection;
use usher_core::ids::PersonId;
use usher_protocol::profile::{Profile, ProfileRecord};

use crate::{Guest, StoreError, fold::folded, judge, profiles, search};

/// What the search knows of this desk's own walk-ins.
#[derive(Debug, Default)]
pub(crate) struct Added {
    /// Whose words begin with the words of the text, by name.
    pub(crate) found: Vec<Guest>,
    /// Whom the list may still name, and who were erased here.
    pub(crate) erased: BTreeSet<PersonId>,
}

impl Added {
    /// Those of `own` that fit `text` and are not on the list.
    pub(crate) fn of(lists: &Connection, own: Vec<ProfileRecord>, text: &str) -> Result<Self, StoreError> {
        let (wanted, mut all) = (search::words(text), Self::default());
        for record in own {
            if record.profile.erased {
                all.erased.insert(record.person);
            } else if fits(&wanted, &record.profile) && !judge::is_listed(lists, record.person)? {
                all.found.push(profiles::guest(record.person, &record.profile));
            }
        }
        all.found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }
}

fn fits(wanted: &[String], profile: &Profile) -> bool {
    let theirs = folded(&format!("{} {}", profile.name.text, profile.email.text));
    let begins = |word: &String| theirs.split(' ').any(|one| one.starts_with(word.as_str()));
    !wanted.is_empty() && wanted.iter().all(begins)
}
