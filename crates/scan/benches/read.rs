//! How long a picture of a ticket takes to become text, on one core. Prints the machine with the figure.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "../../../tests/src/pictures.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "the bench borrows the pictures of the tests and needs only some of them"
)]
mod pictures;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use pictures::{Difficulty, TicketPicture};
use usher_scan::{Budget, Frame, Reader};

const TICKETS: u64 = 50;

fn frames() -> Vec<Frame> {
    let ticket =
        |seed| TicketPicture { code: format!("USHER-{seed:06}"), seed, difficulty: Difficulty::Door };
    (0..TICKETS).map(|seed| Frame::from_grey(ticket(seed).render().unwrap()).unwrap()).collect()
}

/// Processor, cores and system, so that the figure is never quoted without them.
fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|l| l.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown", |(_, m)| m);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}

fn picture_to_text(criterion: &mut Criterion) {
    println!("machine: {}", machine());
    let frames = frames();
    let mut reader = Reader::new();
    let mut next = 0;
    criterion.bench_function("1280x720 ticket to text", |bench| {
        bench.iter_batched(
            || {
                next = (next + 1) % frames.len();
                // A copy of the pixels: a frame keeps its half-size copy, which a camera's next frame would not have yet.
                Frame::from_grey(frames[next].grey().clone()).unwrap()
            },
            |frame| black_box(reader.read(&frame, Budget::DESK)),
            BatchSize::LargeInput,
        );
    });
    // On a machine that does other things as well, this is the figure to compare.
    criterion.bench_function("1280x720 ticket to text, processor time", |bench| {
        bench.iter_custom(|rounds| {
            let looks = (0..rounds as usize).map(|i| {
                let frame = Frame::from_grey(frames[i % frames.len()].grey().clone()).unwrap();
                reader.read(&frame, Budget::DESK).cpu
            });
            looks.sum()
        });
    });
    let jpegs: Vec<Vec<u8>> = frames.iter().map(|f| f.preview_jpeg(1280).unwrap()).collect();
    criterion.bench_function("1280x720 JPEG file to text", |bench| {
        bench.iter(|| {
            next = (next + 1) % jpegs.len();
            black_box(reader.read(&Frame::from_picture(&jpegs[next]).unwrap(), Budget::DESK))
        });
    });
    let blank = Frame::from_luma(1280, 720, vec![128; 1280 * 720]).unwrap();
    criterion.bench_function("1280x720 without a code", |bench| {
        bench.iter(|| black_box(reader.read(&blank, Budget::DESK)))
    });
}

criterion_group!(benches, picture_to_text);
criterion_main!(benches);
