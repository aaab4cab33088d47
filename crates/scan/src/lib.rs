//! Pixels in, ticket text out.
//!
//! [`Frame`]s come from a [`FrameSource`] (a folder of pictures, or a camera with the feature `camera`), a [`Reader`] finds the
//! QR codes in a picture, a [`Watch`] in those of a camera, and [`Sighting`] decides when a code in view counts as one scan. Nothing here knows what a ticket is.

mod bits;
mod cascade;
mod clock;
mod code;
mod colour;
mod engine;
mod fixed;
mod frame;
mod guess;
mod ink;
mod lane;
mod later;
mod level;
mod local;
mod net;
mod picture;
mod preview;
mod reading;
mod region;
mod sighting;
pub mod source;
mod stage;
mod suspect;
mod threshold;
pub mod tsv;
mod votes;
mod watch;

pub use cascade::Reader;
pub use code::{Code, Place, Point};
pub use frame::{Frame, FrameError, SIDE_MAX};
pub use picture::{FILE_BYTES_MAX, PIXELS_MAX, PictureError};
pub use preview::PreviewError;
pub use reading::{Budget, Mishap, Reading};
pub use sighting::{Event, GONE_MS, SETTLE_MS, Sighting, UNREAD_MS};
pub use source::{Arrival, FrameSource, SourceError};
pub use stage::Stage;
pub use watch::Watch;
