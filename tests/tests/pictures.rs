//! The pictures that the other tests and the scripted door rely on: the same from the same seed, and readable.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use usher_scan::{Budget, Frame, Reader};
use usher_tests::pictures::{CODE_CHARS_MAX, Difficulty, TicketPicture};

const SEED: u64 = 20_260_801;

fn ticket(number: u64, difficulty: Difficulty) -> TicketPicture {
    TicketPicture {
        code: format!("USHER-{number:06}-{:08X}", number.wrapping_mul(2_654_435_761)),
        seed: SEED + number,
        difficulty,
    }
}

/// Which of the pictures are read, and that none of them is read wrongly.
fn unread(difficulty: Difficulty, count: u64) -> Vec<u64> {
    let mut reader = Reader::new();
    (0..count)
        .filter(|&number| {
            let ticket = ticket(number, difficulty);
            let frame = Frame::from_grey(ticket.render().unwrap()).unwrap();
            let reading = reader.read(&frame, Budget::from_ms(10_000));
            let wrong = reading.codes.iter().find(|c| c.text() != Some(&ticket.code));
            assert_eq!(wrong, None, "seed {} reads as something else", ticket.seed);
            reading.codes.is_empty()
        })
        .collect()
}

#[test]
fn pictures_as_at_a_door_are_read_nearly_always() {
    println!("seed {SEED}");
    let missed = unread(Difficulty::Door, 200);
    assert!(missed.len() <= 2, "seed {SEED}: of 200 pictures {} were not read: {missed:?}", missed.len());
}

#[test]
fn clean_pictures_are_always_read_and_hard_ones_are_hard() {
    println!("seed {SEED}");
    assert_eq!(unread(Difficulty::Clean, 30), [] as [u64; 0]);
    let missed = unread(Difficulty::Hard, 60).len();
    assert!((5..55).contains(&missed), "seed {SEED}: of 60 hard pictures {missed} were not read");
}

#[test]
fn the_same_seed_gives_the_same_picture_and_another_one_does_not() {
    let picture = ticket(1, Difficulty::Door);
    assert_eq!(picture.render(), picture.render());
    let other = TicketPicture { seed: picture.seed + 1, ..picture.clone() };
    assert_ne!(picture.render(), other.render());
}

#[test]
fn a_code_that_is_empty_or_too_long_is_refused_and_the_longest_is_readable() {
    let of = |chars| TicketPicture { code: "x".repeat(chars), seed: SEED, difficulty: Difficulty::Clean };
    assert!(of(0).render().is_err());
    assert!(of(CODE_CHARS_MAX + 1).render().unwrap_err().to_string().contains("300"));
    let frame = Frame::from_grey(of(CODE_CHARS_MAX).render().unwrap()).unwrap();
    let reading = Reader::new().read(&frame, Budget::from_ms(10_000));
    assert_eq!(reading.codes[0].text().map(str::len), Some(CODE_CHARS_MAX));
}
