//! Processor time of this process and of the server's: the machine may be shared, and the clock on the wall would measure the others.

use std::{fs, time::Instant};

use rustix::{
    param::clock_ticks_per_second,
    time::{ClockId, clock_gettime},
};

/// The machine and what else is running on it.
pub(crate) fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<_> = load.split(' ').take(3).collect();
    format!("{model}, {cores} cores, load {}", load.join(" "))
}

/// What a stretch of work took on the wall, here and in the server.
pub(crate) struct Cpu {
    server: u32,
    began: Instant,
    here_s: f64,
    there_s: f64,
}

impl Cpu {
    /// From now on, with the server's process.
    pub(crate) fn begin(server: u32) -> Self {
        Self { server, began: Instant::now(), here_s: here_s(), there_s: of_process_s(server) }
    }

    /// Seconds of the desk's processor time.
    fn desk_s(&self) -> f64 {
        here_s() - self.here_s
    }

    /// Seconds of the server's processor time.
    pub(crate) fn server_s(&self) -> f64 {
        of_process_s(self.server) - self.there_s
    }

    /// In words.
    pub(crate) fn spent(&self) -> String {
        format!(
            "{:.2} s; of processor: desk {:.2} s, server {:.2} s",
            self.began.elapsed().as_secs_f64(),
            self.desk_s(),
            self.server_s()
        )
    }

    /// Prints what it took for each of `count`, in microseconds.
    pub(crate) fn each(&self, what: &str, count: usize) {
        let us = |seconds: f64| seconds * 1e6 / count as f64;
        println!("  for {what}: server {:.0} us, desk {:.0} us", us(self.server_s()), us(self.desk_s()));
    }
}

/// Seconds of this process's processor time.
pub(crate) fn here_s() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Of another process, in steps of a clock tick (10 ms).
fn of_process_s(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields = stat.rsplit_once(')').unwrap().1;
    // User and system time, fields 14 and 15 of proc(5); the first one after the name is the third.
    let ticks: u64 =
        fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    ticks as f64 / clock_ticks_per_second() as f64
}
