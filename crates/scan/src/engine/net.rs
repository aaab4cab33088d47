//! Our own reader: a net over each suspect that follows bent and crumpled codes; the decoder behind it is rxing's.

use std::time::Duration;

use image::GrayImage;

use super::{Found, zxing};
use crate::clock;
use crate::ink::{Ink, enlargement, part};
use crate::net::Net;
use crate::suspect::Suspect;

/// Suspects that a net is cast over, and how long, in processor time: what is hard to read must not hold the next frame up.
const SUSPECTS_MAX: usize = 6;
const CPU_MAX: Duration = Duration::from_millis(8);
/// Versions of codes that are small enough for a net; larger ones are no tickets.
const VERSIONS: std::ops::RangeInclusive<i32> = 1..=14;

/// Reads the first suspect that can be read.
pub(crate) fn read(grey: &GrayImage, suspects: &[Suspect]) -> Found {
    let whole = Ink::of(grey);
    let start = clock::thread_cpu();
    let mut found = Found::default();
    for suspect in suspects.iter().take(SUSPECTS_MAX) {
        if !found.codes.is_empty() || clock::thread_cpu().saturating_sub(start) > CPU_MAX {
            break;
        }
        match enlargement(suspect) {
            None => cast(&whole, suspect, suspect, &mut found),
            Some(times) => {
                let (larger, within) = part(grey, suspect, times);
                cast(&Ink::of(&larger), &within, suspect, &mut found);
            }
        }
    }
    found
}

/// Casts nets of the sizes that the suspect may have; `standing` is the suspect in the frame.
fn cast(ink: &Ink<'_>, suspect: &Suspect, standing: &Suspect, found: &mut Found) {
    let likeliest = ((suspect.modules() - 17.0) / 4.0).round().max(1.0) as i32;
    for version in [likeliest, likeliest + 1, likeliest - 1].into_iter().filter(|v| VERSIONS.contains(v)) {
        let Some(modules) = Net::cast(ink, suspect, (17 + 4 * version) as usize) else { continue };
        match zxing::decode(&modules) {
            Some(bytes) => return found.add(bytes, standing.place(), zxing::is_sure(&modules)),
            None => found.unread = found.unread.or(Some(standing.place())),
        }
    }
}
