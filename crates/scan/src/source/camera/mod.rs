//! A camera, by nokhwa. Behind the feature `camera`, because it wants libclang and the kernel's headers to build.
//!
//! Torch, exposure and mirroring are left to the window's settings and come with them.

mod words;

use std::time::Duration;

use nokhwa::pixel_format::RgbFormat;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution,
};

use super::capture::{Capture, Device};
use super::{Arrival, FrameSource, SourceError};
use crate::frame::Frame;
use words::{Phase, in_words};

/// What is asked of a camera, best first. Full size as JPEG runs at full speed on any bus; raw pictures cost less to decode and
/// come slower. Other formats nokhwa offers either fail to open or to decode.
const WISHES: [(FrameFormat, u32, u32); 6] = [
    (FrameFormat::MJPEG, 1280, 720),
    (FrameFormat::YUYV, 1280, 720),
    (FrameFormat::RAWRGB, 1280, 720),
    (FrameFormat::YUYV, 640, 480),
    (FrameFormat::MJPEG, 640, 480),
    (FrameFormat::RAWRGB, 640, 480),
];
const FRAMES_PER_SECOND: u32 = 30;
/// So many frames in a row that cannot be decoded are a broken camera, not a broken frame.
const UNUSABLE_MAX: u32 = 60;

/// A camera that the system knows of. It need not be free, nor able to capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraDevice {
    /// Its number, for [`Camera::new`].
    pub index: u32,
    /// Its name, for people.
    pub name: String,
}

/// The cameras that the system knows of, in the order of their numbers; may be none.
///
/// # Errors
/// The system cannot be asked.
pub fn devices() -> Result<Vec<CameraDevice>, SourceError> {
    let known = nokhwa::query(ApiBackend::Auto).map_err(|e| in_words(Phase::Open, &e.to_string()))?;
    let mut devices: Vec<CameraDevice> = known
        .into_iter()
        .filter_map(|c| Some(CameraDevice { index: c.index().as_index().ok()?, name: c.human_name() }))
        .collect();
    devices.sort_by_key(|d| d.index);
    Ok(devices)
}

/// Frames from a camera. It is opened when the first frame is asked for, and again after it was unplugged and put back.
pub struct Camera {
    name: String,
    capture: Capture<Number>,
}

impl Camera {
    /// The camera of this number; `name` is what it is called to people.
    #[must_use]
    pub fn new(index: u32, name: impl Into<String>) -> Self {
        Self { name: name.into(), capture: Capture::new(Number(index)) }
    }
}

impl FrameSource for Camera {
    fn next_frame(&mut self, timeout: Duration) -> Result<Arrival, SourceError> {
        self.capture.next_frame(timeout)
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

#[derive(Clone, Copy)]
struct Number(u32);

struct Stream {
    camera: nokhwa::Camera,
    unusable: u32,
}

impl Device for Number {
    type Stream = Stream;

    fn open(&self) -> Result<Stream, SourceError> {
        let mut last = String::new();
        for wish in wishes() {
            match asked(self.0, wish) {
                Ok(mut camera) => {
                    camera.open_stream().map_err(|e| in_words(Phase::Open, &e.to_string()))?;
                    return Ok(Stream { camera, unusable: 0 });
                }
                Err(error) => last = error.to_string(),
            }
            let cause = in_words(Phase::Open, &last);
            if !matches!(cause, SourceError::Format { .. } | SourceError::Broken { .. }) {
                return Err(cause);
            }
        }
        Err(SourceError::Format { detail: last })
    }

    fn grab(stream: &mut Stream) -> Result<Option<Frame>, SourceError> {
        let buffer = stream.camera.frame().map_err(|e| in_words(Phase::Run, &e.to_string()))?;
        let frame = buffer.decode_image::<RgbFormat>().map_err(|e| e.to_string());
        let frame = frame.and_then(|picture| {
            let (width, height) = picture.dimensions();
            Frame::from_rgb(width, height, picture.into_raw()).map_err(|e| e.to_string())
        });
        match frame {
            Ok(frame) => {
                stream.unusable = 0;
                Ok(Some(frame))
            }
            Err(detail) if stream.unusable >= UNUSABLE_MAX => Err(SourceError::Broken { detail }),
            Err(_) => {
                stream.unusable += 1;
                Ok(None)
            }
        }
    }
}

/// The wishes, and at last whatever the camera offers first.
fn wishes() -> impl Iterator<Item = RequestedFormatType> {
    let exact = |(format, width, height)| {
        RequestedFormatType::Closest(CameraFormat::new(
            Resolution::new(width, height),
            format,
            FRAMES_PER_SECOND,
        ))
    };
    WISHES.into_iter().map(exact).chain([RequestedFormatType::None])
}

fn asked(index: u32, wish: RequestedFormatType) -> Result<nokhwa::Camera, nokhwa::NokhwaError> {
    let formats = [FrameFormat::MJPEG, FrameFormat::YUYV, FrameFormat::RAWRGB];
    nokhwa::Camera::new(CameraIndex::Index(index), RequestedFormat::with_formats(wish, &formats))
}
