//! Processor time: the machine is shared, and the clock on the wall would measure the others.

use rustix::time::{ClockId, clock_gettime};

/// Measures the processor time of this process, in all its threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cpu;

impl Cpu {
    /// The processor time that `work` takes, in microseconds.
    pub fn of(&mut self, work: impl FnOnce()) -> f64 {
        let before = now_us();
        work();
        now_us() - before
    }
}

fn now_us() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}
