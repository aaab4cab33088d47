//! The small live picture in the window: at most twelve a second, none while the window is busy with the one before.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tauri::{
    Runtime, WebviewWindow,
    ipc::{Channel, InvokeResponseBody},
};
use usher_scan::Frame;

use super::latest::Latest;
use crate::clock;

/// Between two pictures at least so long goes by: twelve a second.
const GAP: Duration = Duration::from_millis(83);
/// Pixels across, at most; the panel is 376 wide, half as much again on large screens.
const WIDTH_MAX: u32 = 560;

/// Somebody who watches.
pub(crate) trait Viewer: Send + Sync {
    /// Whether the picture before was taken.
    fn ready(&self) -> bool;
    /// Shows a picture. False: nobody watches any more.
    fn show(&self, jpeg: Vec<u8>) -> bool;
}

/// Who watches the camera now; at most one.
#[derive(Default)]
pub(crate) struct Viewers(Mutex<Option<Arc<dyn Viewer>>>);

impl std::fmt::Debug for Viewers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Viewers")
    }
}

impl Viewers {
    /// This one watches from now on, in place of any other.
    pub(crate) fn watch(&self, viewer: Box<dyn Viewer>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::from(viewer));
    }

    fn now(&self) -> Option<Arc<dyn Viewer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn gone(&self, viewer: &Arc<dyn Viewer>) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        now.take_if(|one| Arc::ptr_eq(one, viewer));
    }
}

/// Shows pictures until no more come.
pub(super) fn run(pictures: &Latest<Frame>, viewers: &Viewers) {
    let mut last: Option<Instant> = None;
    while let Some(picture) = pictures.take() {
        let now = clock::now();
        if last.is_some_and(|last| now.saturating_duration_since(last) < GAP) {
            continue;
        }
        let Some(viewer) = viewers.now().filter(|viewer| viewer.ready()) else { continue };
        last = Some(now);
        let shown = picture.preview_jpeg(WIDTH_MAX).map(|jpeg| viewer.show(jpeg));
        match shown {
            Ok(true) => {}
            Ok(false) => viewers.gone(&viewer),
            Err(error) => tracing::warn!(%error, "no preview"),
        }
    }
}

/// A page behind a channel. A channel tells nothing back and queues without a bound, so each picture is followed by an empty
/// script: when the page has run that, the picture before it was handed over too.
pub(crate) struct ChannelViewer<R: Runtime> {
    window: WebviewWindow<R>,
    channel: Channel<InvokeResponseBody>,
    ready: Arc<AtomicBool>,
}

impl<R: Runtime> ChannelViewer<R> {
    pub(crate) fn new(window: WebviewWindow<R>, channel: Channel<InvokeResponseBody>) -> Self {
        Self { window, channel, ready: Arc::new(AtomicBool::new(true)) }
    }
}

impl<R: Runtime> Viewer for ChannelViewer<R> {
    fn ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    fn show(&self, jpeg: Vec<u8>) -> bool {
        self.ready.store(false, Ordering::Release);
        let ready = Arc::clone(&self.ready);
        let sent = self.channel.send(InvokeResponseBody::Raw(jpeg));
        let followed = self.window.eval_with_callback("0", move |_| ready.store(true, Ordering::Release));
        sent.is_ok() && followed.is_ok()
    }
}
