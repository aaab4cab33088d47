//! The desk's own records: saving the log into a file that can be carried, and checking the counts on the screen against the entries.

use std::path::{Path, PathBuf};

use usher_core::{fold::Tally, ids::SessionId};
use usher_protocol::{
    commands::{AskSavePlaces, CheckRecords, Handles, RebuildRecords, SaveLog},
    records::SessionRecord,
    window::{
        Counted, RecordDifference, RecordsView, SavePlace, SavePlaceKind, SavePlaces, SavedLog, StoreProblem,
        WindowError,
    },
};
use usher_replica::Difference;

use crate::{Desk, Host, desk::fault};

/// The folder beside the desk's files, for computers that offer no other.
const SAVED: &str = "saved";
/// How a saved log's name ends; `usher-server carry import` shows it in its example.
const ENDING: &str = "usherlog";
/// The most characters of a name that a file is called by; file systems allow 255 bytes.
const NAME_CHARS: usize = 50;
/// The most files of one name in one folder.
const SAVED_MAX: u32 = 999;

impl<H: Host> Desk<H> {
    fn save_places(&self) -> Vec<SavePlace> {
        let mut places = self.0.host.save_places();
        let own = self.0.folder.join(SAVED).to_string_lossy().into_owned();
        places.push(SavePlace { path: own, kind: SavePlaceKind::Desk });
        places
    }

    fn unsent(&self) -> Result<u64, WindowError> {
        let who = self.who()?;
        self.files()?.waiting(who.identity).map_err(|error| fault(&error))
    }

    /// Only a place that was offered is written to: the page cannot name any other.
    pub(crate) fn chosen_place(&self, place: &str) -> Result<PathBuf, WindowError> {
        let place = self.save_places().into_iter().find(|one| one.path == place);
        let place = place.ok_or(WindowError::NotPossible)?;
        let folder = PathBuf::from(&place.path);
        if place.kind == SavePlaceKind::Desk {
            std::fs::create_dir_all(&folder).map_err(|error| fault(&error.into()))?;
        }
        Ok(folder)
    }

    fn save_in(&self, place: &str) -> Result<SavedLog, WindowError> {
        let folder = self.chosen_place(place)?;
        let file = free_name(&folder, &self.who()?.name, ENDING)
            .ok_or(WindowError::Store { problem: StoreProblem::Other })?;
        let entries = self.save_log(&file)?;
        Ok(SavedLog { path: file.to_string_lossy().into_owned(), entries, waiting: self.unsent()? })
    }

    fn check_records(&self) -> Result<RecordsView, WindowError> {
        let (who, files) = (self.who()?, self.files()?);
        let checked = files.check(&who).map_err(|error| fault(&error))?;
        let sessions = files.sessions().map_err(|error| fault(&error))?;
        for one in &checked.differences {
            tracing::warn!(session = %one.session, table = ?one.table, entries = ?one.entries, "a count differs");
        }
        let differences = checked.differences.iter().map(|one| difference(one, &sessions)).collect();
        Ok(RecordsView { entries: checked.entries, unread: checked.unread, differences })
    }

    fn rebuild_records(&self) -> Result<RecordsView, WindowError> {
        let who = self.who()?;
        self.files()?.rebuild(&who).map_err(|error| fault(&error))?;
        tracing::info!("the counts were made anew from the entries");
        self.check_records()
    }
}

fn difference(one: &Difference, sessions: &[SessionRecord]) -> RecordDifference {
    let name = |id: SessionId| sessions.iter().find(|session| session.rules.id == id);
    RecordDifference {
        session: name(one.session).map_or_else(|| one.session.to_string(), |session| session.name.clone()),
        shown: counted(one.table),
        counted: counted(one.entries),
    }
}

const fn counted(tally: Tally) -> Counted {
    let Tally { inside, occupied, unsettled, over_grant } = tally;
    Counted { inside, occupied, unsettled, over_grant }
}

/// A file's name in `folder` that is not taken: `desk-3.usherlog`, `desk-3-2.usherlog`, …
pub(crate) fn free_name(folder: &Path, what: &str, ending: &str) -> Option<PathBuf> {
    let plain: String =
        what.chars().take(NAME_CHARS).map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let plain = plain.trim_matches('-').to_lowercase();
    let plain = if plain.is_empty() { "desk" } else { &plain };
    let names = (1..=SAVED_MAX).map(|number| match number {
        1 => format!("{plain}.{ending}"),
        _ => format!("{plain}-{number}.{ending}"),
    });
    names.map(|name| folder.join(name)).find(|path| !path.exists())
}

impl<H: Host> Handles<AskSavePlaces> for Desk<H> {
    async fn handle(&self, _: AskSavePlaces) -> Result<SavePlaces, WindowError> {
        let look = |desk: &Self| Ok(SavePlaces { waiting: desk.unsent()?, places: desk.save_places() });
        self.look_only(look).await
    }
}

impl<H: Host> Handles<SaveLog> for Desk<H> {
    async fn handle(&self, args: SaveLog) -> Result<SavedLog, WindowError> {
        self.look_only(move |desk| desk.save_in(&args.place)).await
    }
}

impl<H: Host> Handles<CheckRecords> for Desk<H> {
    async fn handle(&self, _: CheckRecords) -> Result<RecordsView, WindowError> {
        self.look_only(Self::check_records).await
    }
}

impl<H: Host> Handles<RebuildRecords> for Desk<H> {
    async fn handle(&self, _: RebuildRecords) -> Result<RecordsView, WindowError> {
        let done = self.look_only(Self::rebuild_records).await;
        self.push();
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_log_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let name = |desk| free_name(folder.path(), desk, ENDING).unwrap().file_name().unwrap().to_owned();
        assert_eq!(
            (name("Desk 3"), name("صالة ١"), name("../..")),
            ("desk-3.usherlog".into(), "صالة-١.usherlog".into(), "desk.usherlog".into())
        );
        std::fs::write(folder.path().join("desk-3.usherlog"), b"").unwrap();
        assert_eq!(name("Desk 3"), "desk-3-2.usherlog");
    }
}
