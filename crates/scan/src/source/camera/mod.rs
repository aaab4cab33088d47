//! A camera, by nokhwa. Behind the feature `camera`, because it wants libclang and the kernel's headers to build.

mod known;
#[cfg(target_os = "linux")]
mod panel;
mod words;

use std::time::Duration;

use nokhwa::pixel_format::RgbFormat;
use nokhwa::utils::{
    CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution,
};

use super::capture::{Capture, Device};
use super::control::{Control, ControlKind, Wish};
#[cfg(target_os = "linux")]
use super::heed::{controls, heed};
use super::{Arrival, FrameSource, SourceError};
use crate::frame::{Frame, SIDE_MAX};
pub use known::{CameraDevice, Known};
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

    fn controls(&self) -> Vec<Control> {
        self.capture.controls()
    }

    fn wish(&mut self, wishes: &[Wish]) {
        self.capture.wish(wishes);
    }
}

#[derive(Clone, Copy)]
struct Number(u32);

struct Stream {
    camera: nokhwa::Camera,
    unusable: u32,
    #[cfg(target_os = "linux")]
    panel: Option<panel::Controls>,
}

impl Stream {
    fn opened(mut camera: nokhwa::Camera, number: u32) -> Result<Self, SourceError> {
        camera.open_stream().map_err(|e| in_words(Phase::Open, &e.to_string()))?;
        Ok(Self {
            camera,
            unusable: 0,
            #[cfg(target_os = "linux")]
            panel: panel::Controls::of(number),
        })
    }
}

impl Device for Number {
    type Stream = Stream;

    fn open(&self) -> Result<Stream, SourceError> {
        let mut last = String::new();
        for wish in wishes() {
            match asked(self.0, wish) {
                Ok(camera) => return Stream::opened(camera, self.0),
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
        let frame = framed(&buffer);
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

    #[cfg(target_os = "linux")]
    fn heed(stream: &mut Stream, wishes: &[Wish], touched: &mut Vec<ControlKind>) -> Vec<Control> {
        let Some(panel) = &mut stream.panel else { return Vec::new() };
        heed(panel, wishes, touched);
        controls(panel)
    }

    #[cfg(not(target_os = "linux"))]
    fn heed(_: &mut Stream, _: &[Wish], _: &mut Vec<ControlKind>) -> Vec<Control> {
        Vec::new()
    }
}

/// The frame in a camera's bytes. Readers want the brightness, which a YUYV frame holds as it is; other formats are decoded whole.
///
/// # Errors
/// What is wrong with the bytes, in words.
pub fn framed(buffer: &nokhwa::Buffer) -> Result<Frame, String> {
    let size = buffer.resolution();
    let fits = size.width().max(size.height()) <= SIDE_MAX && size.width().is_multiple_of(2);
    // A larger picture is made smaller on the other way in.
    if fits && buffer.source_frame_format() == FrameFormat::YUYV {
        return Frame::from_yuyv(size.width(), size.height(), buffer.buffer().to_vec())
            .map_err(|e| e.to_string());
    }
    let picture = buffer.decode_image::<RgbFormat>().map_err(|e| e.to_string())?;
    let (width, height) = picture.dimensions();
    Frame::from_rgb(width, height, picture.into_raw()).map_err(|e| e.to_string())
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
