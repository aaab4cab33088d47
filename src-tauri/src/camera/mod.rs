//! The camera beside the window: one thread takes pictures, one reads codes, one makes the window's preview. None of them waits
//! for another or for the window; the newest picture replaces one that was not looked at.

mod controls;
#[cfg(feature = "camera")]
mod devices;
mod door;
mod hints;
mod latest;
mod preview;
mod pump;
mod read;
mod source;
mod telling;
mod used;

use std::sync::Arc;

use tauri::AppHandle;
use usher_station::Desk;

pub(crate) use preview::{ChannelViewer, Viewers};

use crate::{args::Args, outbox::Outbox, rooms::Machine};

/// Starts the camera that was asked for; it runs until what this gives back is dropped.
pub(crate) fn start(
    args: &Args,
    desk: &Desk<Machine>,
    outbox: &Outbox,
    viewers: &Arc<Viewers>,
    app: AppHandle,
) -> pump::Camera {
    let door = Arc::new(door::Door::new(desk.clone(), outbox.desk(), app));
    match source::chosen(args) {
        source::Chosen::Source(cameras) => pump::start(cameras, door, Arc::clone(viewers)),
        source::Chosen::Nothing(state) => pump::without(state, &*door),
    }
}
