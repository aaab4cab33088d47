//! The thread that takes pictures: it hands each to reader and preview, says what the camera does, and tries again by itself.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use usher_protocol::window::CameraState;
use usher_scan::{Arrival, Frame, FrameSource, GONE_MS, SourceError};

use super::{
    controls,
    latest::Latest,
    preview::{self, Viewers},
    read::{self, Shot},
    source::{Cameras, state_of},
    telling::{Counter, Telling, still},
    used::Used,
};
use crate::clock;

/// How long a frame is waited for before the thread looks whether it should end.
const PATIENCE: Duration = Duration::from_millis(250);
/// Pauses between tries after an error: twice as long each time, within these.
const PAUSE_MIN: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// A running camera. Its threads end after this is dropped.
#[derive(Debug)]
pub(crate) struct Camera {
    _stop: Option<Sender<()>>,
}

/// No camera at all.
pub(super) fn without(state: CameraState, counter: &dyn Counter) -> Camera {
    counter.tell(still(state));
    Camera { _stop: None }
}

/// Starts the three threads.
pub(super) fn start(cameras: Box<dyn Cameras>, counter: Arc<dyn Counter>, viewers: Arc<Viewers>) -> Camera {
    let telling = Arc::new(Telling::new(Arc::clone(&counter)));
    let (shots, pictures) = (Arc::new(Latest::new()), Arc::new(Latest::new()));
    let (stop, stopped) = channel();
    let reading = {
        let (shots, telling, counter) = (Arc::clone(&shots), Arc::clone(&telling), Arc::clone(&counter));
        move || read::run(&shots, &*counter, &telling)
    };
    let showing = {
        let pictures = Arc::clone(&pictures);
        move || preview::run(&pictures, &viewers)
    };
    let taking = move || {
        let since = clock::now();
        Taking { shots, pictures, telling, counter, stopped, since, stretch: 0, lost: None }.run(cameras);
    };
    let started = spawn("usher-read", reading)
        .and_then(|()| spawn("usher-preview", showing))
        .and_then(|()| spawn("usher-camera", taking));
    if let Err(error) = started {
        tracing::error!(%error, "the camera's threads could not be started");
    }
    Camera { _stop: Some(stop) }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    thread::Builder::new().name(name.to_owned()).spawn(work).map(drop)
}

struct Taking {
    shots: Arc<Latest<Shot>>,
    pictures: Arc<Latest<Frame>>,
    telling: Arc<Telling>,
    counter: Arc<dyn Counter>,
    stopped: Receiver<()>,
    since: Instant,
    stretch: u64,
    /// Since when no picture has come, because of an error.
    lost: Option<Instant>,
}

impl Taking {
    fn run(mut self, cameras: Box<dyn Cameras>) {
        let mut used = Used::new(cameras);
        let mut pause = PAUSE_MIN;
        let mut wait = Duration::ZERO;
        while self.go_on(wait) {
            if used.turn_to(&self.counter.settings(), clock::now()) {
                pause = PAUSE_MIN;
            }
            self.telling.choice(&used.names, used.missing);
            match used.source.next_frame(PATIENCE) {
                Ok(arrival) => {
                    wait = Duration::ZERO;
                    if self.arrived(arrival, &*used.source) {
                        pause = PAUSE_MIN;
                    }
                }
                Err(error) => {
                    self.failed(&error, &*used.source);
                    if matches!(error, SourceError::NoCamera { .. } | SourceError::Unplugged { .. }) {
                        used.look_at_once();
                    }
                    wait = pause;
                    pause = (pause * 2).min(longest(&error));
                }
            }
        }
        self.shots.end();
        self.pictures.end();
    }

    /// Waits, and says whether to go on.
    fn go_on(&self, wait: Duration) -> bool {
        self.stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout)
    }

    /// Whether a picture came.
    fn arrived(&mut self, arrival: Arrival, source: &dyn FrameSource) -> bool {
        match arrival {
            Arrival::Frame(frame) => {
                self.shown(frame, source);
                return true;
            }
            Arrival::Skipped { reason, .. } => tracing::warn!(reason, "a picture was passed over"),
            Arrival::Nothing | Arrival::Ended => {}
        }
        false
    }

    fn shown(&mut self, frame: Frame, source: &dyn FrameSource) {
        let now = clock::now();
        let away = self.lost.take().map(|lost| now.saturating_duration_since(lost));
        if away.is_some_and(|away| away >= Duration::from_millis(GONE_MS)) {
            self.stretch += 1;
        }
        let at_ms = now.saturating_duration_since(self.since).as_millis() as u64;
        self.telling.state(CameraState::Running, &source.name());
        self.telling.controls(controls::shown(source.controls()));
        self.pictures.put(frame.clone());
        self.shots.put(Shot { frame, stretch: self.stretch, at_ms });
    }

    fn failed(&mut self, error: &SourceError, source: &dyn FrameSource) {
        if self.lost.is_none() {
            tracing::warn!(code = error.code(), %error, "no pictures");
            self.lost = Some(clock::now());
        }
        self.telling.state(state_of(error), &source.name());
    }
}

/// A folder that gets its first picture is looked at as often as it can be; a device is given time.
fn longest(error: &SourceError) -> Duration {
    if matches!(error, SourceError::NoPictures { .. }) { PAUSE_MIN } else { PAUSE_MAX }
}

#[cfg(test)]
#[path = "pump_tests.rs"]
mod tests;
