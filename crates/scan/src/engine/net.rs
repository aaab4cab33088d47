//! Our own reader: a net over each suspect that follows bent and crumpled codes; the decoder behind it is rxing's.

use std::time::Duration;

use image::GrayImage;
use rxing::common::BitMatrix;

use super::{Found, zxing};
use crate::clock;
use crate::fixed;
use crate::ink::{Ink, enlargement, part};
use crate::net::Net;
use crate::suspect::Suspect;

/// How many places a net is cast over, and how long, in processor time: what is hard to read must not hold the next frame up; and what
/// a place must show before it is believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    places: usize,
    cpu: Duration,
    /// Of a hundred timing modules so many must be right: on a plane, before a net is worth its time, and then in the net.
    timing_min: [usize; 2],
}

/// Where three patterns fit.
pub(crate) const SUSPECTS: Limits = Limits { places: 6, cpu: Duration::from_millis(8), timing_min: [0, 0] };
/// Where a third pattern is guessed: more places, of which most are none. Two patterns are half of what every code has, so that such a
/// place must have the timing rows too.
pub(crate) const GUESSES: Limits = Limits { places: 24, cpu: Duration::from_millis(5), timing_min: [60, 75] };

/// Versions of codes that are small enough for a net; larger ones are no tickets.
const VERSIONS: std::ops::RangeInclusive<i32> = 1..=14;

/// Reads the first suspect that can be read.
pub(crate) fn read(grey: &GrayImage, suspects: &[Suspect], limits: Limits) -> Found {
    let whole = Ink::of(grey);
    let start = clock::thread_cpu();
    let mut found = Found::default();
    for suspect in suspects.iter().take(limits.places) {
        if !found.codes.is_empty() || clock::thread_cpu().saturating_sub(start) > limits.cpu {
            break;
        }
        match enlargement(suspect) {
            None => cast(&whole, [suspect, suspect], limits, &mut found),
            Some(times) => {
                let (larger, within) = part(grey, suspect, times);
                cast(&Ink::of(&larger), [&within, suspect], limits, &mut found);
            }
        }
    }
    found
}

/// Casts nets of the sizes that the suspect may have; `standing` is the suspect in the frame.
fn cast(ink: &Ink<'_>, [suspect, standing]: [&Suspect; 2], limits: Limits, found: &mut Found) {
    let likeliest = ((suspect.modules() - 17.0) / 4.0).round().max(1.0) as i32;
    for version in [likeliest, likeliest + 1, likeliest - 1].into_iter().filter(|v| VERSIONS.contains(v)) {
        let Some(modules) = caught(ink, suspect, (17 + 4 * version) as usize, limits.timing_min) else {
            continue;
        };
        match zxing::decode(&modules) {
            Some(bytes) => return found.add(bytes, standing.place(), zxing::is_sure(&modules)),
            None => found.unread = found.unread.or(Some(standing.place())),
        }
    }
}

/// The modules of a code of `side` modules, where one stands.
fn caught(ink: &Ink<'_>, suspect: &Suspect, side: usize, [plane, net]: [usize; 2]) -> Option<BitMatrix> {
    if plane > 0 && Net::timing_on_a_plane(ink, suspect, side) < plane {
        return None;
    }
    let modules = Net::cast(ink, suspect, side)?;
    let timing = fixed::timing(side, |x, y| modules.get(x as u32, y as u32));
    (timing >= net).then_some(modules)
}
