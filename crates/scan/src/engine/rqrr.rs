//! rqrr: the last to look, since it is slow, and on some pictures very slow; it reads a few that nobody else reads.

use image::GrayImage;
use rqrr::PreparedImage;

use super::Found;
use crate::code::{Place, Point};

pub(crate) fn read(grey: &GrayImage) -> Found {
    let width = grey.width() as usize;
    let luma = grey.as_raw();
    let mut prepared =
        PreparedImage::prepare_from_greyscale(width, grey.height() as usize, |x, y| luma[y * width + x]);
    let mut found = Found::default();
    for grid in prepared.detect_grids() {
        let place = Place { corners: grid.bounds.map(|p| Point::new(p.x as f32, p.y as f32)) };
        let mut bytes = Vec::new();
        match grid.decode_to(&mut bytes) {
            Ok(_) => found.add(bytes, place),
            Err(_) => found.unread = Some(place),
        }
    }
    found
}
