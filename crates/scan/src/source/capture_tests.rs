//! A device that does what it is told, and the watchdog over it.

use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;

const LONG: Duration = Duration::from_secs(30);

enum Act {
    Frame(u8),
    Unusable,
    Fail(SourceError),
    Panic,
}

/// What becomes of an attempt to open the device.
type Opening = Result<Receiver<Act>, SourceError>;

/// Each opening takes the next script; the device hangs when its script has no line for it yet.
#[derive(Clone)]
struct Scripted {
    openings: Arc<Mutex<Receiver<Opening>>>,
    heard: Sender<Vec<Wish>>,
}

struct Script {
    acts: Receiver<Act>,
    heard: Sender<Vec<Wish>>,
}

impl Device for Scripted {
    type Stream = Script;

    fn open(&self) -> Result<Self::Stream, SourceError> {
        let acts = self.openings.lock().unwrap().recv().unwrap()?;
        Ok(Script { acts, heard: self.heard.clone() })
    }

    fn grab(stream: &mut Self::Stream) -> Result<Option<Frame>, SourceError> {
        match stream.acts.recv() {
            Ok(Act::Frame(grey)) => Ok(Frame::from_luma(1, 1, vec![grey]).ok()),
            Ok(Act::Unusable) => Ok(None),
            Ok(Act::Fail(error)) => Err(error),
            Ok(Act::Panic) => panic!("made to panic"),
            Err(_) => Err(gone()),
        }
    }

    /// Its controls stand as they were last wished; the test hears each wish.
    fn heed(stream: &mut Self::Stream, wishes: &[Wish], _: &mut Vec<ControlKind>) -> Vec<Control> {
        let _ = stream.heard.send(wishes.to_vec());
        let control = |&(kind, value): &Wish| Control {
            kind,
            min: 0,
            max: 9,
            step: 1,
            value,
            default: 0,
            active: true,
        };
        wishes.iter().map(control).collect()
    }
}

fn gone() -> SourceError {
    SourceError::Unplugged { detail: "test".to_owned() }
}

fn scripted() -> (Capture<Scripted>, Sender<Opening>) {
    let (capture, openings, _) = wished();
    (capture, openings)
}

fn wished() -> (Capture<Scripted>, Sender<Opening>, Receiver<Vec<Wish>>) {
    let ((openings, device), (heard, wishes)) = (channel(), channel());
    (Capture::new(Scripted { openings: Arc::new(Mutex::new(device)), heard }), openings, wishes)
}

/// The grey of the next frame or the error, however often there is nothing yet.
fn next(capture: &mut Capture<Scripted>) -> Result<u8, SourceError> {
    loop {
        match capture.next_frame(LONG)? {
            Arrival::Frame(frame) => return Ok(frame.grey().as_raw()[0]),
            Arrival::Nothing => {}
            other => panic!("a camera gave {other:?}"),
        }
    }
}

#[test]
fn frames_come_through_and_unusable_ones_are_passed_over() {
    let (mut capture, openings) = scripted();
    let (acts, script) = channel();
    openings.send(Ok(script)).unwrap();
    for act in [Act::Unusable, Act::Frame(7)] {
        acts.send(act).unwrap();
    }
    assert_eq!(next(&mut capture), Ok(7));
}

#[test]
fn a_silent_camera_is_reported_and_heard_again_when_it_sends() {
    let (mut capture, openings) = scripted();
    capture.silent_after = Duration::ZERO;
    let (acts, script) = channel();
    openings.send(Ok(script)).unwrap();
    let silent = capture.next_frame(Duration::from_millis(1)).unwrap_err();
    assert_eq!(silent.code(), "camera-silent");
    acts.send(Act::Frame(9)).unwrap();
    assert_eq!(next(&mut capture), Ok(9));
}

#[test]
fn a_camera_that_is_slow_is_not_yet_silent() {
    let (mut capture, _openings) = scripted();
    assert!(matches!(capture.next_frame(Duration::from_millis(1)), Ok(Arrival::Nothing)));
}

#[test]
fn an_unplugged_camera_is_said_and_opened_again() {
    let (mut capture, openings) = scripted();
    let (acts, script) = channel();
    openings.send(Ok(script)).unwrap();
    acts.send(Act::Fail(gone())).unwrap();
    assert_eq!(next(&mut capture), Err(gone()));
    let absent = SourceError::NoCamera { detail: "test".to_owned() };
    openings.send(Err(absent.clone())).unwrap();
    assert_eq!(next(&mut capture), Err(absent));
    let (acts, script) = channel();
    openings.send(Ok(script)).unwrap();
    acts.send(Act::Frame(3)).unwrap();
    assert_eq!(next(&mut capture), Ok(3));
}

#[test]
fn a_panic_in_the_driver_is_an_error_in_words() {
    let (mut capture, openings) = scripted();
    let (acts, script) = channel();
    openings.send(Ok(script)).unwrap();
    acts.send(Act::Panic).unwrap();
    assert_eq!(next(&mut capture).unwrap_err().code(), "camera-broken");
}

#[test]
fn only_the_newest_frame_waits() {
    let (mut capture, openings) = scripted();
    let (acts, script) = channel();
    openings.send(Ok(script)).unwrap();
    (1..=200).for_each(|grey| acts.send(Act::Frame(grey)).unwrap());
    let mut seen = vec![next(&mut capture).unwrap()];
    while seen.last() != Some(&200) {
        seen.push(next(&mut capture).unwrap());
    }
    assert!(seen.is_sorted() && seen.len() <= 200);
}

#[test]
fn wishes_are_heeded_at_the_opening_at_once_and_after_the_plug_was_put_back() {
    let (mut capture, openings, heard) = wished();
    let (acts, script) = channel();
    openings.send(Ok(script)).unwrap();
    let (dim, bright) = ([(ControlKind::Brightness, 1)], [(ControlKind::Brightness, 8)]);
    capture.wish(&dim);
    assert_eq!(capture.controls(), [], "it is not open yet");
    acts.send(Act::Frame(1)).unwrap();
    assert_eq!(next(&mut capture), Ok(1));
    assert_eq!((heard.recv().unwrap(), capture.controls()[0].value), (dim.to_vec(), 1));
    capture.wish(&bright);
    acts.send(Act::Frame(2)).unwrap();
    assert_eq!((next(&mut capture), heard.recv().unwrap()), (Ok(2), bright.to_vec()));
    acts.send(Act::Fail(gone())).unwrap();
    assert_eq!(next(&mut capture), Err(gone()));
    assert_eq!(capture.controls(), []);
    let (acts, script) = channel();
    openings.send(Ok(script)).unwrap();
    acts.send(Act::Frame(3)).unwrap();
    assert_eq!((next(&mut capture), heard.recv().unwrap()), (Ok(3), bright.to_vec()));
}

#[test]
fn the_same_wish_again_is_not_set_again() {
    let (mut capture, openings, heard) = wished();
    let (acts, script) = channel();
    openings.send(Ok(script)).unwrap();
    capture.wish(&[(ControlKind::Light, 1)]);
    for grey in [1, 2] {
        acts.send(Act::Frame(grey)).unwrap();
        assert_eq!(next(&mut capture), Ok(grey));
        capture.wish(&[(ControlKind::Light, 1)]);
    }
    drop(acts);
    assert_eq!(next(&mut capture), Err(gone()));
    assert_eq!(heard.try_iter().count(), 1);
}
