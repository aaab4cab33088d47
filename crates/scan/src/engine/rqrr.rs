//! rqrr: the last to look, and only at the part of the picture where a suspect stands: on whole pictures it is slow, on some very slow.

use image::GrayImage;
use rqrr::PreparedImage;

use super::Found;
use crate::ink::{enlargement, part};
use crate::suspect::Suspect;

/// Parts with a longer side are left alone, in pixels.
const SIDE_MAX: u32 = 420;

pub(crate) fn read(grey: &GrayImage, suspects: &[Suspect]) -> Found {
    let mut found = Found::default();
    let Some(suspect) = suspects.first() else { return found };
    let (part, _) = part(grey, suspect, enlargement(suspect).unwrap_or(1));
    if part.width().max(part.height()) > SIDE_MAX {
        return found;
    }
    let (width, luma) = (part.width() as usize, part.as_raw());
    let mut prepared =
        PreparedImage::prepare_from_greyscale(width, part.height() as usize, |x, y| luma[y * width + x]);
    for grid in prepared.detect_grids() {
        let mut bytes = Vec::new();
        match grid.decode_to(&mut bytes) {
            Ok(_) => found.add(bytes, suspect.place(), false),
            Err(_) => found.unread = Some(suspect.place()),
        }
    }
    found
}
