//! Says what a camera shows: each change of its state, its controls, each ticket once while in view. The desk's camera without its
//! window, to try a camera by hand and for the virtual ones of `scripts/nightly camera`.
//!
//! `cargo run -p usher-scan --features camera --example watch_camera -- --help`

#![expect(clippy::disallowed_methods, reason = "a program of its own reads the clock")]
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

mod args;

use std::time::{Duration, Instant};

use args::Args;
use clap::Parser;
use usher_scan::{
    Arrival, Budget, Event, Frame, FrameSource, Sighting, SourceError, Watch,
    source::{
        Choice,
        camera::{Camera, Known},
        choose,
    },
};

fn main() {
    let args = Args::parse();
    let mut watching = Watching::new(args);
    while !watching.over() {
        watching.step();
    }
    println!("frames {}", watching.frames);
}

struct Watching {
    args: Args,
    known: Known,
    camera: Camera,
    watch: Watch,
    sighting: Sighting,
    began: Instant,
    frames: u64,
    said: Vec<String>,
    failed: bool,
    over: bool,
}

impl Watching {
    fn new(args: Args) -> Self {
        let mut known = Known::default();
        let camera = opened(&mut known, &args);
        Self {
            args,
            known,
            camera,
            watch: Watch::new(),
            sighting: Sighting::default(),
            began: Instant::now(),
            frames: 0,
            said: Vec::new(),
            failed: false,
            over: false,
        }
    }

    fn over(&self) -> bool {
        self.over || self.began.elapsed() >= Duration::from_secs(self.args.seconds)
    }

    fn step(&mut self) {
        match self.camera.next_frame(Duration::from_millis(250)) {
            Ok(Arrival::Frame(frame)) => self.see(&frame),
            Ok(_) => {}
            Err(error) => self.fail(&error),
        }
    }

    fn see(&mut self, frame: &Frame) {
        self.frames += 1;
        self.say("state", format!("running {}x{}", frame.width(), frame.height()));
        for control in self.camera.controls() {
            let name = args::name(control.kind);
            let text = format!("control {name} {} of {}..{}", control.value, control.min, control.max);
            self.say(name, text);
        }
        self.read(frame);
        self.over |= self.failed && self.args.until_again;
        if self.args.frames.is_some_and(|wanted| self.frames >= wanted) {
            self.enough(frame);
        }
    }

    fn read(&mut self, frame: &Frame) {
        let at_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let reading = self.watch.read(frame, Budget::from_ms(self.args.budget_ms), at_ms);
        if let Some(Event::Code(code)) = self.sighting.see(&reading, at_ms) {
            println!("ticket {}", code.shown());
            self.over |= self.args.until.as_ref().is_some_and(|wanted| *wanted == code.shown());
        }
    }

    /// The last of the wanted frames: how bright it is; then the controls are put back, if that is wanted.
    fn enough(&mut self, frame: &Frame) {
        let sum: u64 = frame.grey().as_raw().iter().map(|luma| u64::from(*luma)).sum();
        println!("luma {}", sum / frame.grey().len() as u64);
        self.over = !self.args.then_reset;
        if std::mem::take(&mut self.args.then_reset) {
            self.camera.wish(&[]);
            self.args.frames = Some(self.frames + 3);
        }
    }

    fn fail(&mut self, error: &SourceError) {
        self.failed = true;
        self.say("state", format!("{}: {error}", error.code()));
        if matches!(error, SourceError::NoCamera { .. }) {
            self.camera = opened(&mut self.known, &self.args);
        }
    }

    /// Says what changed since it was last said of this.
    fn say(&mut self, of: &str, text: String) {
        let line = format!("{of}\t{text}");
        if self.said.contains(&line) {
            return;
        }
        println!("{text}");
        self.said.retain(|one| one.split('\t').next() != Some(of));
        self.said.push(line);
    }
}

/// The camera that the desk would use.
fn opened(known: &mut Known, args: &Args) -> Camera {
    let devices = known.look().unwrap_or_default();
    let names: Vec<String> = devices.iter().map(|device| device.name.clone()).collect();
    println!("cameras {} {names:?}", names.len());
    let Choice { name, missing } = choose(&names, args.camera.as_deref(), "");
    if let (true, Some(chosen)) = (missing, &args.camera) {
        println!("no camera {chosen}");
    }
    let name = name.unwrap_or_default();
    let index = devices.iter().find(|device| device.name == name).map_or(0, |device| device.index);
    println!("camera {name}");
    let mut camera = Camera::new(index, name);
    camera.wish(&args.set);
    camera
}
