//! The desk as the camera's threads see it.

use serde::Serialize;
use serde_json::json;
use tauri::{AppHandle, Emitter, async_runtime};
use usher_protocol::{
    commands::{ConnectDesk, Handles, dispatch_desk},
    setup::Setup,
    window::{Attended, CameraSettings, CameraView, DeskPhase, DeskView},
};
use usher_station::Desk;

use super::telling::{Counter, Wants};
use crate::{outbox::News, rooms::Machine, windows};

/// The event that tells the page how connecting by a code in view went.
const CONNECTED: &str = "desk-connect";

/// The event that tells the page that a code in view could not be judged.
const SCAN_FAILED: &str = "desk-scan-failed";

/// A desk, its newest view, and the way to its page.
pub(super) struct Door {
    desk: Desk<Machine>,
    news: News<DeskView>,
    app: AppHandle,
}

impl Door {
    pub(super) const fn new(desk: Desk<Machine>, news: News<DeskView>, app: AppHandle) -> Self {
        Self { desk, news, app }
    }

    fn scan(&self, text: &str) {
        let args = json!({ "readings": [text], "found": "camera" });
        if let Err(error) = async_runtime::block_on(dispatch_desk(&self.desk, "scan", args)) {
            tracing::warn!(%error, "a scan could not be judged");
            self.tell_page(SCAN_FAILED, error);
        }
    }

    /// Only a whole setup string connects: any other code on this screen is passed over.
    fn connect(&self, text: String) {
        if Setup::from_text(&text).is_none() {
            return;
        }
        let connect = ConnectDesk { address: String::new(), code: text };
        let Ok(outcome) = async_runtime::block_on(self.desk.handle(connect)) else { return };
        self.tell_page(CONNECTED, outcome);
    }

    fn tell_page(&self, event: &str, what: impl Serialize + Clone) {
        if let Err(error) = self.app.emit_to(windows::DESK, event, what) {
            tracing::warn!(%error, event, "the page could not be told");
        }
    }
}

impl Counter for Door {
    fn wants(&self) -> Wants {
        let news = self.news.borrow();
        let Some(view) = news.as_ref() else { return Wants::Nothing };
        if view.attended == Attended::Nobody {
            return Wants::Nothing;
        }
        match view.phase {
            DeskPhase::Connect => Wants::Setup,
            DeskPhase::Door if view.ready.is_some() => Wants::Check,
            DeskPhase::Door if view.practice.is_some() => Wants::Practice,
            DeskPhase::Door => Wants::Tickets,
            _ => Wants::Nothing,
        }
    }

    fn settings(&self) -> CameraSettings {
        self.desk.camera_settings()
    }

    fn take(&self, text: String, wants: Wants) {
        match wants {
            Wants::Check | Wants::Practice | Wants::Tickets => self.scan(&text),
            Wants::Setup => self.connect(text),
            Wants::Nothing => {}
        }
    }

    fn tell(&self, camera: CameraView) {
        self.desk.set_camera(camera);
    }
}
