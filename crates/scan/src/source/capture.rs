//! A capturing device on a thread of its own, with a watchdog.
//!
//! A camera that stops sending blocks its reader for ever, so nobody but this thread waits for the camera. Only the newest frame
//! is kept. What a device is and how it is opened is said by [`Device`]; the tests use one that misbehaves on purpose.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::control::{Control, ControlKind, Wish};
use super::{Arrival, SourceError};
use crate::clock;
use crate::frame::Frame;

/// After so long without a frame a camera counts as silent.
const SILENT_AFTER: Duration = Duration::from_secs(3);
/// A device that failed is opened again after so long.
const OPEN_AGAIN_AFTER: Duration = Duration::from_millis(500);
/// Threads that hang in a driver cannot be ended. With so many alive no further device is opened.
const THREADS_MAX: usize = 4;

static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Something that can be opened and then gives frames.
pub(super) trait Device: Clone + Send + 'static {
    /// The opened device. It never leaves the thread that opened it.
    type Stream;

    /// Opens the device; may block.
    fn open(&self) -> Result<Self::Stream, SourceError>;

    /// Waits for the next frame, for ever if need be. `None`: one came that could not be used.
    fn grab(stream: &mut Self::Stream) -> Result<Option<Frame>, SourceError>;

    /// Sets what is wished, and what was wished before and is no more, as `touched` remembers; gives the controls as they stand then.
    fn heed(stream: &mut Self::Stream, wishes: &[Wish], touched: &mut Vec<ControlKind>) -> Vec<Control>;
}

/// A device that is kept running.
pub(super) struct Capture<D> {
    device: D,
    silent_after: Duration,
    running: Option<Arc<Desk>>,
    /// When the device was opened, or gave its last frame.
    heard: Instant,
    open_again_at: Instant,
    wishes: Vec<Wish>,
}

/// Where the capturing thread puts what it has.
#[derive(Default)]
struct Desk {
    slot: Mutex<Slot>,
    news: Condvar,
    stop: AtomicBool,
}

#[derive(Default)]
struct Slot {
    frame: Option<Frame>,
    end: Option<SourceError>,
    /// What is to be set and was not yet.
    wishes: Option<Vec<Wish>>,
    controls: Vec<Control>,
}

impl<D: Device> Capture<D> {
    pub(super) fn new(device: D) -> Self {
        let now = clock::now();
        Self {
            device,
            silent_after: SILENT_AFTER,
            running: None,
            heard: now,
            open_again_at: now,
            wishes: Vec::new(),
        }
    }

    /// What can be set, as the device last said; empty while it is not open.
    pub(super) fn controls(&self) -> Vec<Control> {
        self.running.as_ref().map(|desk| desk.slot().controls.clone()).unwrap_or_default()
    }

    /// From now on this is wished, of the opened device and whenever it is opened again.
    pub(super) fn wish(&mut self, wishes: &[Wish]) {
        if self.wishes == wishes {
            return;
        }
        self.wishes = wishes.to_vec();
        if let Some(desk) = &self.running {
            desk.slot().wishes = Some(self.wishes.clone());
        }
    }

    pub(super) fn next_frame(&mut self, timeout: Duration) -> Result<Arrival, SourceError> {
        let Some(desk) = self.running_desk(timeout)? else { return Ok(Arrival::Nothing) };
        let mut slot = wait_for_news(&desk, timeout);
        if let Some(frame) = slot.frame.take() {
            self.heard = clock::now();
            return Ok(Arrival::Frame(frame));
        }
        if let Some(error) = slot.end.take() {
            self.running = None;
            self.open_again_at = clock::now() + OPEN_AGAIN_AFTER;
            return Err(error);
        }
        let silence = clock::now().saturating_duration_since(self.heard);
        if silence >= self.silent_after {
            return Err(SourceError::Silent { seconds: silence.as_secs() });
        }
        Ok(Arrival::Nothing)
    }

    /// The desk of the running thread, started if it is time to. `None`: it is not yet, and the time to wait was waited.
    fn running_desk(&mut self, timeout: Duration) -> Result<Option<Arc<Desk>>, SourceError> {
        if let Some(desk) = &self.running {
            return Ok(Some(Arc::clone(desk)));
        }
        let early = self.open_again_at.saturating_duration_since(clock::now());
        if !early.is_zero() {
            thread::sleep(early.min(timeout));
            return Ok(None);
        }
        let desk = start(self.device.clone(), self.wishes.clone())
            .inspect_err(|_| self.open_again_at = clock::now() + OPEN_AGAIN_AFTER)?;
        self.heard = clock::now();
        self.running = Some(Arc::clone(&desk));
        Ok(Some(desk))
    }
}

impl<D> Drop for Capture<D> {
    fn drop(&mut self) {
        if let Some(desk) = &self.running {
            desk.stop.store(true, Ordering::Relaxed);
        }
    }
}

fn start<D: Device>(device: D, wishes: Vec<Wish>) -> Result<Arc<Desk>, SourceError> {
    if THREADS.fetch_add(1, Ordering::Relaxed) >= THREADS_MAX {
        THREADS.fetch_sub(1, Ordering::Relaxed);
        return Err(SourceError::Broken {
            detail: format!("{THREADS_MAX} cameras hang and cannot be let go"),
        });
    }
    let desk = Arc::new(Desk::default());
    desk.slot().wishes = Some(wishes);
    let behind = Arc::clone(&desk);
    let work = move || {
        let end = catch_unwind(AssertUnwindSafe(|| capture(&device, &behind)))
            .unwrap_or_else(|_| SourceError::Broken { detail: "its driver code panicked".to_owned() });
        THREADS.fetch_sub(1, Ordering::Relaxed);
        behind.put(|slot| slot.end = Some(end));
    };
    let spawned = thread::Builder::new().name("scan-camera".to_owned()).spawn(work);
    spawned.map(|_| desk).map_err(|e| {
        THREADS.fetch_sub(1, Ordering::Relaxed);
        SourceError::Broken { detail: e.to_string() }
    })
}

/// Runs until the device fails or nobody wants its frames any more. The device is closed when this returns.
fn capture<D: Device>(device: &D, desk: &Desk) -> SourceError {
    let mut stream = match device.open() {
        Ok(stream) => stream,
        Err(error) => return error,
    };
    let mut touched = Vec::new();
    while !desk.stop.load(Ordering::Relaxed) {
        let wishes = desk.slot().wishes.take();
        if let Some(wishes) = wishes {
            let controls = D::heed(&mut stream, &wishes, &mut touched);
            desk.put(|slot| slot.controls = controls);
        }
        match D::grab(&mut stream) {
            Ok(Some(frame)) => desk.put(|slot| slot.frame = Some(frame)),
            Ok(None) => {}
            Err(error) => return error,
        }
    }
    SourceError::Broken { detail: "it was let go".to_owned() }
}

impl Desk {
    fn put(&self, change: impl FnOnce(&mut Slot)) {
        change(&mut self.slot());
        self.news.notify_all();
    }

    /// A panic while the lock was held leaves a slot that is still whole: it is only ever replaced.
    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait_for_news(desk: &Desk, timeout: Duration) -> MutexGuard<'_, Slot> {
    let empty = |slot: &mut Slot| slot.frame.is_none() && slot.end.is_none();
    let waited = desk.news.wait_timeout_while(desk.slot(), timeout, empty);
    waited.unwrap_or_else(PoisonError::into_inner).0
}

#[cfg(test)]
#[path = "capture_tests.rs"]
mod tests;
