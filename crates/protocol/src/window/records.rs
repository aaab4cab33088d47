//! The desk's own records: saving them into a file, and checking the counts against them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where *Save unsent log* can write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavePlaces {
    /// Entries waiting to be sent.
    pub waiting: u64,
    /// The places, the best first; never empty.
    pub places: Vec<SavePlace>,
}

/// A folder that a file can be saved in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavePlace {
    /// The folder's path: what `save_log` takes.
    pub path: String,
    /// What it is.
    pub kind: SavePlaceKind,
}

/// What a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SavePlaceKind {
    /// A stick or card that can be carried away.
    Stick,
    /// The user's documents.
    Documents,
    /// The user's downloads.
    Downloads,
    /// The user's home.
    Home,
    /// Beside the desk's own files.
    Desk,
}

/// A log that was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedLog {
    /// The file.
    pub path: String,
    /// Entries in it: the desk's whole log.
    pub entries: u64,
    /// Of these, entries that the server has not acknowledged.
    pub waiting: u64,
}

/// The counts on the screen against the entries that they were made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordsView {
    /// Entries that were read.
    pub entries: u64,
    /// What is of a kind that only a later version of Usher knows: kept, and in no count.
    pub unread: u64,
    /// Sessions whose counts differ from the entries; empty: all agree.
    pub differences: Vec<RecordDifference>,
}

/// A session whose counts differ from its entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordDifference {
    /// The session's title; its id where the title is not known.
    pub session: String,
    /// What the screen shows.
    pub shown: Counted,
    /// What the entries say.
    pub counted: Counted,
}

/// A session's counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Counted {
    /// Distinct people inside.
    pub inside: u64,
    /// Seats taken.
    pub occupied: u64,
    /// Double admissions that nobody settled.
    pub unsettled: u64,
    /// Check-ins without a right.
    pub over_grant: u64,
}
