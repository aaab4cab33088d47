//! quircs, a port of quirc: reads codes that fill the picture and many that are bent or tilted.

use image::GrayImage;
use quircs::{Code, Quirc};

use super::Found;
use crate::code::{Place, Point};

pub(crate) fn read(grey: &GrayImage) -> Found {
    let mut quirc = Quirc::new();
    let mut found = Found::default();
    for code in quirc.identify(grey.width() as usize, grey.height() as usize, grey.as_raw()).flatten() {
        match code.decode() {
            Ok(data) => found.add(data.payload, place(&code), false),
            Err(_) => found.unread = Some(place(&code)),
        }
    }
    found
}

fn place(code: &Code) -> Place {
    Place { corners: code.corners.map(|p| Point::new(p.x as f32, p.y as f32)) }
}
