//! The folder of pictures as a camera: order, change while playing, broken pictures, an end, and the words when it cannot.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::made::{bytes_as_picture, png};
use usher_scan::source::files::{AtEnd, Files, Pace};
use usher_scan::{Arrival, Budget, Frame, FrameSource, Reader, SourceError};

const LONG: Duration = Duration::from_secs(30);
const AT_ONCE: Pace = Pace { picture_ms: 0, frame_ms: 1, gap_ms: 0, at_end: AtEnd::Stop };

fn put(folder: &Path, name: &str, payload: &str) {
    fs::write(folder.join(name), png(&bytes_as_picture(payload.as_bytes(), 6))).unwrap();
}

fn text(frame: &Frame) -> String {
    Reader::new().read(frame, Budget::from_ms(30_000)).codes[0].shown()
}

/// What the next call gives, in a word.
fn next(source: &mut Files) -> String {
    match source.next_frame(LONG) {
        Ok(Arrival::Frame(frame)) => text(&frame),
        Ok(Arrival::Skipped { picture, reason }) => {
            assert!(!reason.is_empty());
            format!("skipped {}", picture.file_name().unwrap().to_string_lossy())
        }
        Ok(Arrival::Nothing) => "nothing".to_owned(),
        Ok(Arrival::Ended) => "ended".to_owned(),
        Err(error) => error.code().to_owned(),
    }
}

#[test]
fn pictures_come_in_the_order_of_their_names_and_broken_ones_are_named() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "b.png", "second");
    put(folder.path(), "a.PNG", "first");
    put(folder.path(), ".c.png", "half written");
    fs::write(folder.path().join("c.jpg"), b"\xff\xd8\xff broken").unwrap();
    fs::write(folder.path().join("notes.txt"), b"no picture").unwrap();
    let mut source = Files::new(folder.path(), AT_ONCE);
    let said: Vec<String> = (0..5).map(|_| next(&mut source)).collect();
    assert_eq!(said, ["first", "second", "skipped c.jpg", "ended", "ended"]);
}

#[test]
fn every_frame_has_the_size_of_a_camera() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.png", "small");
    let Ok(Arrival::Frame(frame)) = Files::new(folder.path(), AT_ONCE).next_frame(LONG) else {
        panic!("no frame")
    };
    assert_eq!((frame.width(), frame.height()), (1280, 720));
}

#[test]
fn it_begins_anew_and_sees_pictures_that_came_and_went() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.png", "A");
    put(folder.path(), "b.png", "B");
    let mut source = Files::new(folder.path(), Pace { at_end: AtEnd::Loop, ..AT_ONCE });
    assert_eq!([next(&mut source), next(&mut source), next(&mut source)], ["A", "B", "A"]);
    fs::remove_file(folder.path().join("b.png")).unwrap();
    put(folder.path(), "c.png", "C");
    assert_eq!([next(&mut source), next(&mut source)], ["C", "A"]);
}

#[test]
fn with_an_end_a_picture_put_in_later_is_still_shown() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.png", "A");
    let mut source = Files::new(folder.path(), AT_ONCE);
    assert_eq!([next(&mut source), next(&mut source)], ["A", "ended"]);
    put(folder.path(), "b.png", "B");
    assert_eq!([next(&mut source), next(&mut source)], ["B", "ended"]);
}

#[test]
fn a_missing_or_empty_folder_is_said_in_words_and_tried_again() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("pictures");
    let mut source = Files::new(&folder, AT_ONCE);
    let missing = source.next_frame(LONG).unwrap_err();
    assert!(
        matches!(missing, SourceError::Folder { .. })
            && missing.to_string().contains("check that it is there")
    );
    fs::create_dir(&folder).unwrap();
    assert_eq!(next(&mut source), "folder-empty");
    put(&folder, "a.png", "A");
    assert_eq!(next(&mut source), "A");
}

#[test]
fn a_folder_of_broken_pictures_does_not_spin() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.png"), b"broken").unwrap();
    let mut source = Files::new(folder.path(), Pace { at_end: AtEnd::Loop, ..AT_ONCE });
    assert_eq!(
        [next(&mut source), next(&mut source), next(&mut source)],
        ["skipped a.png", "nothing", "skipped a.png"]
    );
}

#[test]
fn a_picture_is_held_in_view_and_a_short_wait_comes_back_empty_handed() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.png", "A");
    put(folder.path(), "b.png", "B");
    let pace = Pace { picture_ms: 3_600_000, frame_ms: 1, gap_ms: 0, at_end: AtEnd::Loop };
    let mut source = Files::new(folder.path(), pace);
    assert_eq!([next(&mut source), next(&mut source), next(&mut source)], ["A", "A", "A"]);
    let pace = Pace { frame_ms: 3_600_000, ..pace };
    let mut source = Files::new(folder.path(), pace);
    assert_eq!(next(&mut source), "A");
    assert!(matches!(source.next_frame(Duration::from_millis(1)), Ok(Arrival::Nothing)));
}
