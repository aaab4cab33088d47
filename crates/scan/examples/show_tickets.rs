//! Writes pictures of a ticket into a loopback device (`v4l2loopback`), which then is a camera that sees it: under a slant, on a lit
//! table, with noise. For the virtual machine of `scripts/nightly camera`.
//!
//! `show_tickets DEVICE WIDTHxHEIGHT YUYV|MJPG TEXT`; runs until it is ended.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::{error::Error, io::Write, process::ExitCode, thread, time::Duration};

use image::{GrayImage, Luma, codecs::jpeg::JpegEncoder};
use imageproc::geometric_transformations::{Border, Interpolation, rotate_about_center};
use qrcode::QrCode;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use v4l::{Device, Format, FourCC, video::Output};

const FRAME: Duration = Duration::from_millis(100);
/// How far the ticket is turned, in radians: some twelve degrees.
const SLANT: f32 = 0.2;
const TABLE: u8 = 110;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let shown = match &args[..] {
        [device, size, format, text] => show(device, size, format, text),
        _ => Err("give DEVICE WIDTHxHEIGHT YUYV|MJPG TEXT".into()),
    };
    shown.map_or_else(
        |error| {
            println!("STOPPED: {error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn show(device: &str, size: &str, format: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let (width, height) = size.split_once('x').ok_or("the size is no WIDTHxHEIGHT")?;
    let (width, height) = (width.parse()?, height.parse()?);
    let mut device = Device::with_path(device)?;
    let fourcc = FourCC::new(format.as_bytes().try_into()?);
    let set = device.set_format(&Format::new(width, height, fourcc))?;
    if (set.width, set.height, set.fourcc) != (width, height, fourcc) {
        return Err(format!("the device keeps {}x{} {}", set.width, set.height, set.fourcc).into());
    }
    let picture = picture(text, width, height)?;
    let mut noise = SmallRng::seed_from_u64(1);
    for frame in 0_u64.. {
        let noisy = GrayImage::from_fn(width, height, |x, y| {
            Luma([picture.get_pixel(x, y).0[0].saturating_add(noise.random_range(0..16))])
        });
        device.write_all(&if format == "MJPG" { jpeg(&noisy)? } else { yuyv(&noisy) })?;
        if frame == 0 {
            // Only from here on the device is a camera.
            println!("showing {text}");
        }
        thread::sleep(FRAME);
    }
    Ok(())
}

/// The code on white paper, as large as fits, turned.
fn picture(text: &str, width: u32, height: u32) -> Result<GrayImage, Box<dyn Error>> {
    let code = QrCode::new(text)?;
    let module = (height * 3 / 5 / (code.width() as u32 + 8)).max(1);
    let mut drawn = code.render::<Luma<u8>>();
    drawn.module_dimensions(module, module).light_color(Luma([215])).dark_color(Luma([35]));
    let paper = drawn.build();
    let mut table = GrayImage::from_pixel(width, height, Luma([TABLE]));
    let (x, y) = ((width - paper.width()) / 2, (height - paper.height()) / 2);
    image::imageops::overlay(&mut table, &paper, x.into(), y.into());
    Ok(rotate_about_center(&table, SLANT, Interpolation::Bilinear, Border::Constant(Luma([TABLE]))))
}

fn yuyv(grey: &GrayImage) -> Vec<u8> {
    grey.as_raw().iter().flat_map(|luma| [*luma, 128]).collect()
}

/// As cameras send it: in colour, with half the colour across.
fn jpeg(grey: &GrayImage) -> Result<Vec<u8>, image::ImageError> {
    let mut bytes = Vec::new();
    let colour = image::DynamicImage::ImageLuma8(grey.clone()).to_rgb8();
    JpegEncoder::new_with_quality(&mut bytes, 80).encode_image(&colour)?;
    Ok(bytes)
}
