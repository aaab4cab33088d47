//! Says what a camera shows: its device, each change of its state, each ticket read once while in view. To try a camera, or the
//! virtual one of a test machine, without a window.
//!
//! `cargo run -p usher-scan --features camera --example watch_camera -- [INDEX] [SECONDS]`

#![expect(clippy::disallowed_methods, reason = "a program of its own reads the clock")]
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::time::{Duration, Instant};

use usher_scan::{
    Arrival, Budget, Event, FrameSource, Reader, Sighting,
    source::camera::{Camera, devices},
};

fn main() {
    let number =
        |at: usize, or: u32| std::env::args().nth(at).and_then(|text| text.parse().ok()).unwrap_or(or);
    let (index, seconds) = (number(1, 0), number(2, 10));
    println!("devices {:?}", devices());
    watch(&mut Camera::new(index, "camera"), Duration::from_secs(seconds.into()));
}

fn watch(camera: &mut Camera, length: Duration) {
    let (mut reader, mut sighting) = (Reader::new(), Sighting::default());
    let (began, mut frames, mut state) = (Instant::now(), 0, String::new());
    while began.elapsed() < length {
        let now = match camera.next_frame(Duration::from_millis(250)) {
            Ok(Arrival::Frame(frame)) => {
                frames += 1;
                let reading = reader.read(&frame, Budget::from_ms(5_000));
                let at_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
                if let Some(Event::Code(code)) = sighting.see(&reading, at_ms) {
                    println!("ticket {}", code.shown());
                }
                "running".to_owned()
            }
            Ok(_) => continue,
            Err(error) => format!("{}: {error}", error.code()),
        };
        if now != state {
            println!("{} ms: {now}", began.elapsed().as_millis());
            state = now;
        }
    }
    println!("frames {frames}");
}
