//! A thread that readers run on, so that one that hangs or panics costs a deadline and not the desk.
//!
//! A thread cannot be stopped from outside: a reader past its deadline is left alone and its lane takes no new work until it
//! has come back. There is at most one thread to a lane, so what can be left behind is bounded by the number of lanes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use crate::clock;

/// The ports of C readers fill regions by recursion, which wants more than a thread's usual 2 MiB.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// A piece of work for a lane; it gives its result back by value.
type Work<T> = Box<dyn FnOnce() -> T + Send>;

/// What came of a piece of work.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome<T> {
    /// It finished within the deadline, having used this much processor time.
    Done(T, Duration),
    /// It panicked; the lane goes on.
    Panicked(Duration),
    /// It did not finish in time. The lane is stuck until it does.
    Late,
    /// The lane is still stuck with earlier work, or no thread could be had.
    Stuck,
}

struct Answer<T> {
    result: Option<T>,
    cpu: Duration,
}

struct Worker<T> {
    work: SyncSender<Work<T>>,
    answers: Receiver<Answer<T>>,
    /// The last piece of work was given up on and has not come back.
    owing: bool,
}

/// A lane; its thread starts with the first piece of work.
pub(crate) struct Lane<T> {
    name: &'static str,
    worker: Option<Worker<T>>,
}

impl<T: Send + 'static> Lane<T> {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, worker: None }
    }

    /// Runs `work` on the lane's thread and waits for it at most `patience`.
    pub(crate) fn run(
        &mut self,
        patience: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Outcome<T> {
        let Some(worker) = self.idle_worker() else { return Outcome::Stuck };
        if worker.work.try_send(Box::new(work)).is_err() {
            self.worker = None;
            return Outcome::Stuck;
        }
        match worker.answers.recv_timeout(patience) {
            Ok(Answer { result: Some(result), cpu }) => Outcome::Done(result, cpu),
            Ok(Answer { result: None, cpu }) => Outcome::Panicked(cpu),
            Err(RecvTimeoutError::Timeout) => {
                worker.owing = true;
                Outcome::Late
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.worker = None;
                Outcome::Stuck
            }
        }
    }

    /// The worker, if it owes nothing. A late answer is thrown away: it is about a frame that is long gone.
    fn idle_worker(&mut self) -> Option<&mut Worker<T>> {
        if self.worker.is_none() {
            self.worker = Worker::start(self.name);
        }
        let worker = self.worker.as_mut()?;
        if worker.owing {
            match worker.answers.try_recv() {
                Ok(_) => worker.owing = false,
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return None,
            }
        }
        Some(worker)
    }
}

impl<T: Send + 'static> Worker<T> {
    fn start(name: &str) -> Option<Self> {
        let (work, inbox) = sync_channel::<Work<T>>(1);
        let (outbox, answers) = sync_channel(1);
        let serve = move || {
            for work in inbox {
                let before = clock::thread_cpu();
                let result = catch_unwind(AssertUnwindSafe(work)).ok();
                let cpu = clock::thread_cpu().saturating_sub(before);
                if outbox.send(Answer { result, cpu }).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().name(name.to_owned()).stack_size(STACK_BYTES).spawn(serve).ok()?;
        Some(Self { work, answers, owing: false })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn done(outcome: Outcome<u32>) -> Option<u32> {
        match outcome {
            Outcome::Done(value, _) => Some(value),
            _ => None,
        }
    }

    #[test]
    fn a_panic_is_caught_and_the_lane_goes_on() {
        let mut lane = Lane::new("test-panic");
        let outcome = lane.run(LONG, || if std::hint::black_box(true) { panic!("made to panic") } else { 1 });
        assert!(matches!(outcome, Outcome::Panicked(_)));
        assert_eq!(done(lane.run(LONG, || 2)), Some(2));
    }

    #[test]
    fn a_hanging_reader_is_left_alone_until_it_returns_and_its_late_answer_is_dropped() {
        let (release, held) = channel::<()>();
        let mut lane = Lane::new("test-hang");
        let late = lane.run(Duration::from_millis(1), move || {
            let _ = held.recv();
            1
        });
        assert_eq!(late, Outcome::Late);
        assert_eq!(lane.run(LONG, || 2), Outcome::Stuck);
        release.send(()).unwrap();
        let back = std::iter::repeat_with(|| lane.run(LONG, || 3)).find(|o| *o != Outcome::Stuck).unwrap();
        assert_eq!(done(back), Some(3));
    }
}
