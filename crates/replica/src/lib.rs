//! A station's memory: two SQLite files, the reserve-before-write transaction, and the sync machine without its wire.
//!
//! `log.db` holds what only this desk knows (own entries, rights, what was handed over) and is written with
//! `synchronous=FULL`; `replica.db` holds what the server told and can be rebuilt. Deciding writes only the first and reads
//! both; applying the feed writes the second, so that a large page never holds the lock that a guest waits for (DESIGN
//! section 4). No HTTP, no clock, no randomness here: readings, ids and answers come in.

mod absorb;
mod added;
mod carry;
mod decide;
mod disk;
mod duties;
mod error;
mod find;
mod fold;
mod give_back;
mod groups;
mod here;
mod holds;
mod identity;
mod judge;
mod known_profiles;
mod leave;
mod life;
mod lists;
mod log;
mod look_up;
mod mark;
mod mend;
mod mend_lists;
mod messages;
mod near;
mod open;
mod order;
mod people;
mod profiles;
mod rebuild;
mod rights;
mod row;
mod schema;
mod search;
mod server_key;
mod settings;
mod snapshot;
mod sums;
mod sync;
mod totals;
mod undo;
mod walk_in;
mod write_ahead;

pub use decide::{Act, Decided, Decision};
pub use disk::{Disk, FolderLock, RealDisk};
pub use duties::PLACES_TARGET;
pub use error::StoreError;
pub use find::{Finding, Found};
pub use identity::{Enrolled, Identified};
pub use judge::{Asked, Guest, Judged, Ticket};
pub use leave::CheckedOut;
pub use life::NewLife;
pub use log::{Logged, Stamp};
pub use messages::Heard;
pub use open::{Replica, Side};
pub use order::{Member, ORDER_GUESTS_MAX, Together};
pub use rebuild::{Checked, Difference};
pub use snapshot::{Loading, SnapshotError};
pub use sync::{Applied, Asking, Backoff, Outgoing, Receipt, SyncError};
pub use totals::Known;
pub use undo::{Fate, entry_id};
pub use walk_in::{NewGuest, WalkedIn};
