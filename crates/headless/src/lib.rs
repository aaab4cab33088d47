//! A desk without a window: JSON lines in and out, over the same handlers as the desktop app.
//!
//! Each line `{"id":1,"call":"scan","args":{…}}` is answered by one line `{"id":1,"ok":…}` or `{"id":1,"error":…}`. The calls are
//! the desk window's commands and, beside them:
//!
//! | call | args | answer |
//! |---|---|---|
//! | `picture` | `path` | what was read in a JPEG or PNG file and the card that scanning it gave; `unread` where nothing was read |
//! | `sync` | `deadline_ms` | whether everything was sent and the list is current within that time |
//! | `export` | `path` | writes the desk's own log as CSV |
//! | `quit` | – | ends |
//!
//! A bad line is answered by an error line and the rest goes on; the end of the input ends the desk. No camera and no sound here.

mod ask;
mod door;
mod lines;
mod log_csv;
mod pictures;

pub use door::{Door, Options};
pub use lines::LINE_BYTES_MAX;
