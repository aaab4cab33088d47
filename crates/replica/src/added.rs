//! Searching the people whom this desk added and whom no list that it has names yet: few, so each is looked at.

use std::collections::BTreeSet;

use usher_core::ids::PersonId;

use crate::{Side, StoreError, fold::folded, judge, profiles};

/// What the search knows of this desk's own walk-ins.
#[derive(Debug, Default)]
pub(crate) struct Added {
    /// Whose words begin with the words of the text, by name.
    pub(crate) found: Vec<PersonId>,
    /// Whom the list may still name, and who were erased here.
    pub(crate) erased: BTreeSet<PersonId>,
}

impl Added {
    /// Those that fit `text`.
    pub(crate) fn of(side: &Side, text: &str) -> Result<Self, StoreError> {
        let (wanted, mut found, mut erased) = (words(text), Vec::new(), BTreeSet::new());
        for record in profiles::all(&side.log)? {
            if record.profile.erased {
                erased.insert(record.person);
            } else if fits(&wanted, &record.profile) && !judge::is_listed(&side.lists, record.person)? {
                found.push((record.profile.name.text, record.person));
            }
        }
        found.sort();
        Ok(Self { found: found.into_iter().map(|(_, person)| person).collect(), erased })
    }
}

fn fits(wanted: &[String], profile: &usher_protocol::profile::Profile) -> bool {
    let theirs = words(&format!("{} {}", profile.name.text, profile.email.text));
    !wanted.is_empty() && wanted.iter().all(|word| theirs.iter().any(|one| one.starts_with(word.as_str())))
}

fn words(text: &str) -> Vec<String> {
    folded(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
