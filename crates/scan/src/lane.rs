//! A thread that readers run on, so that one that hangs or panics costs a deadline and not the desk.
//!
//! A thread cannot be stopped from outside: work past its deadline is left alone with its thread, and the lane goes on with another one.
//! A stage that was left alone is not begun again before it has come back, and a lane leaves at most [`LEFT_MAX`] threads behind.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::clock::{self, ThreadClock};
use crate::stage::Stage;

/// The ports of C readers fill regions by recursion, which wants more than a thread's usual 2 MiB.
const STACK_BYTES: usize = 16 * 1024 * 1024;
/// With so many threads left alone a lane begins nothing: each may keep a core busy.
const LEFT_MAX: usize = 2;

/// A piece of work for a lane; it gives its result back by value.
type Work<T> = Box<dyn FnOnce() -> T + Send>;

/// What came of a piece of work.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome<T> {
    /// It finished within the deadline, having used this much processor time.
    Done(T, Duration),
    /// It panicked; the lane goes on.
    Panicked(Duration),
    /// It did not finish in time and was left alone.
    Late,
    /// It was not begun: the same stage, or too many others, are still left alone, or no thread could be had.
    Stuck,
}

struct Answer<T> {
    result: Option<T>,
    cpu: Duration,
}

struct Worker<T> {
    work: SyncSender<Work<T>>,
    answers: Receiver<Answer<T>>,
    thread: JoinHandle<()>,
    clock: Arc<OnceLock<ThreadClock>>,
}

/// A thread with work that was left alone. Its late answer is thrown away: it is about a frame that is long gone.
struct Left {
    stage: Stage,
    thread: JoinHandle<()>,
}

/// A lane; its thread starts with the first piece of work.
pub(crate) struct Lane<T> {
    name: &'static str,
    worker: Option<Worker<T>>,
    /// The stage whose work was given and has no answer yet.
    begun: Option<Stage>,
    /// What the worker had used when its work was given.
    used: Duration,
    left: Vec<Left>,
}

impl<T: Send + 'static> Lane<T> {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, worker: None, begun: None, used: Duration::ZERO, left: Vec::new() }
    }

    /// Runs a stage's work on the lane's thread and waits for it at most `patience`.
    pub(crate) fn run(
        &mut self,
        stage: Stage,
        patience: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Outcome<T> {
        if !self.give(stage, work) {
            return Outcome::Stuck;
        }
        self.answer(patience).unwrap_or_else(|| {
            self.leave();
            Outcome::Late
        })
    }

    /// Has the lane's thread begin a stage's work; false where it cannot be begun, or other work has no answer yet.
    pub(crate) fn give(&mut self, stage: Stage, work: impl FnOnce() -> T + Send + 'static) -> bool {
        self.left.retain(|left| !left.thread.is_finished());
        let hangs = self.left.len() >= LEFT_MAX || self.left.iter().any(|left| left.stage == stage);
        if self.begun.is_some() || hangs {
            return false;
        }
        if self.worker.is_none() {
            self.worker = Worker::start(self.name);
        }
        self.used = self.worker.as_ref().and_then(Worker::used).unwrap_or_default();
        let begun = self.worker.as_ref().is_some_and(|worker| worker.work.try_send(Box::new(work)).is_ok());
        if begun {
            self.begun = Some(stage);
        } else {
            self.worker = None;
        }
        begun
    }

    /// What came of the work that was given, where that is known within `patience`.
    pub(crate) fn answer(&mut self, patience: Duration) -> Option<Outcome<T>> {
        self.begun?;
        let outcome = match self.worker.as_ref()?.answers.recv_timeout(patience) {
            Ok(Answer { result: Some(result), cpu }) => Outcome::Done(result, cpu),
            Ok(Answer { result: None, cpu }) => Outcome::Panicked(cpu),
            Err(RecvTimeoutError::Timeout) => return None,
            Err(RecvTimeoutError::Disconnected) => {
                self.worker = None;
                Outcome::Stuck
            }
        };
        self.begun = None;
        Some(outcome)
    }

    /// Processor time that the work which was given has used so far; none where the system does not say.
    pub(crate) fn spent(&self) -> Option<Duration> {
        self.begun?;
        self.worker.as_ref()?.used().map(|used| used.saturating_sub(self.used))
    }

    /// Nobody waits any more for the work that was given.
    pub(crate) fn leave(&mut self) {
        if let Some(stage) = self.begun.take()
            && let Some(worker) = self.worker.take()
        {
            self.left.push(Left { stage, thread: worker.thread });
        }
    }
}

impl<T: Send + 'static> Worker<T> {
    fn start(name: &str) -> Option<Self> {
        let (work, inbox) = sync_channel::<Work<T>>(1);
        let (outbox, answers) = sync_channel(1);
        let clock = Arc::new(OnceLock::new());
        let told = Arc::clone(&clock);
        let serve = move || {
            let _ = told.set(ThreadClock::own());
            for work in inbox {
                let before = clock::thread_cpu();
                let result = catch_unwind(AssertUnwindSafe(work)).ok();
                let cpu = clock::thread_cpu().saturating_sub(before);
                if outbox.send(Answer { result, cpu }).is_err() {
                    return;
                }
            }
        };
        let builder = thread::Builder::new().name(name.to_owned()).stack_size(STACK_BYTES);
        Some(Self { work, answers, thread: builder.spawn(serve).ok()?, clock })
    }

    /// A thread that has not run yet has used nothing.
    fn used(&self) -> Option<Duration> {
        self.clock.get().map_or(Some(Duration::ZERO), ThreadClock::used)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn done(outcome: Outcome<u32>) -> Option<u32> {
        match outcome {
            Outcome::Done(value, _) => Some(value),
            _ => None,
        }
    }

    /// Has a stage hang until what this gives is told to let go.
    fn hang(lane: &mut Lane<u32>, stage: Stage) -> Sender<()> {
        let (release, held) = channel::<()>();
        let late = lane.run(stage, Duration::from_millis(1), move || {
            let _ = held.recv();
            1
        });
        assert_eq!(late, Outcome::Late);
        release
    }

    #[test]
    fn a_panic_is_caught_and_the_lane_goes_on() {
        let mut lane = Lane::new("test-panic");
        let work = || if std::hint::black_box(true) { panic!("made to panic") } else { 1 };
        assert!(matches!(lane.run(Stage::Half, LONG, work), Outcome::Panicked(_)));
        assert_eq!(done(lane.run(Stage::Half, LONG, || 2)), Some(2));
    }

    #[test]
    fn a_stage_that_hangs_is_left_alone_until_it_returns_and_the_others_go_on() {
        let mut lane = Lane::new("test-hang");
        let release = hang(&mut lane, Stage::Whole);
        assert_eq!(lane.run(Stage::Whole, LONG, || 2), Outcome::Stuck);
        assert_eq!(done(lane.run(Stage::Half, LONG, || 3)), Some(3), "the camera is not starved");
        release.send(()).unwrap();
        let again = || lane.run(Stage::Whole, LONG, || 4);
        let back = std::iter::repeat_with(again).find(|outcome| *outcome != Outcome::Stuck).unwrap();
        assert_eq!(done(back), Some(4), "its late answer is dropped");
    }

    #[test]
    fn no_more_threads_are_left_behind_than_the_bound() {
        let mut lane = Lane::new("test-bound");
        let held: Vec<_> = [Stage::Half, Stage::Whole].map(|stage| hang(&mut lane, stage)).into();
        assert_eq!(held.len(), LEFT_MAX);
        assert_eq!(lane.run(Stage::Third, LONG, || 2), Outcome::Stuck);
        drop(held);
        let third = || lane.run(Stage::Third, LONG, || 3);
        let back = std::iter::repeat_with(third).find(|outcome| *outcome != Outcome::Stuck).unwrap();
        assert_eq!(done(back), Some(3));
    }

    #[test]
    fn work_that_was_given_is_asked_for_later() {
        let mut lane = Lane::new("test-later");
        let (release, held) = channel::<()>();
        assert_eq!(lane.answer(LONG), None, "nothing was given");
        assert!(lane.give(Stage::Net, move || held.recv().map_or(0, |()| 1)));
        assert_eq!(lane.answer(Duration::ZERO), None);
        assert!(!lane.give(Stage::Quirc, || 2), "one at a time");
        release.send(()).unwrap();
        assert_eq!(lane.answer(LONG).and_then(done), Some(1));
        assert!(lane.give(Stage::Quirc, || 2));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn work_is_told_what_it_used_and_not_what_it_waited_for() {
        let mut lane = Lane::new("test-spent");
        assert_eq!(lane.spent(), None, "nothing was given");
        let (release, held) = channel::<()>();
        assert!(lane.give(Stage::Net, move || held.recv().map_or(0, |()| 1)));
        assert!(lane.answer(Duration::from_millis(50)).is_none());
        assert!(lane.spent().unwrap() < Duration::from_millis(25), "it slept");
        release.send(()).unwrap();
        assert_eq!(lane.answer(LONG).and_then(done), Some(1));
        let (release, held) = channel::<()>();
        let spin = move || {
            while held.try_recv().is_err() {
                std::hint::spin_loop();
            }
            2
        };
        assert!(lane.give(Stage::Net, spin));
        while lane.spent().unwrap() < Duration::from_millis(25) {
            assert!(lane.answer(Duration::from_millis(1)).is_none());
        }
        release.send(()).unwrap();
        assert_eq!(lane.answer(LONG).and_then(done), Some(2));
    }
}
