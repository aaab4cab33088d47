//! Closing the desk window during a session asks first, naming what waits to be sent.

use tauri::{Emitter, Manager, Runtime, Window, WindowEvent};
use usher_protocol::{
    commands::{AskClosing, Handles},
    window::ClosingView,
};

use crate::{rooms::Rooms, windows};

/// The event that makes the desk's page ask.
const ASK: &str = "desk-closing";

/// Hears what happens to the windows. The answer comes from the desk's files, which the window's thread must not wait for: the
/// window stays until it is known, a moment later.
pub(crate) fn hear<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    let rooms = window.state::<Rooms>();
    let (windows::DESK, Some(desk), true) = (window.label(), rooms.desk().cloned(), rooms.page_spoke())
    else {
        return;
    };
    api.prevent_close();
    let window = window.clone();
    tauri::async_runtime::spawn(async move {
        let closing = desk.handle(AskClosing {}).await.ok();
        if let Err(error) = answer(&window, closing) {
            tracing::error!(%error, "the desk window could not be asked to close");
        }
    });
}

fn answer<R: Runtime>(window: &Window<R>, closing: Option<ClosingView>) -> tauri::Result<()> {
    match closing.filter(|closing| closing.serving || closing.waiting > 0) {
        Some(closing) => window.emit_to(windows::DESK, ASK, closing),
        None => window.destroy(),
    }
}
