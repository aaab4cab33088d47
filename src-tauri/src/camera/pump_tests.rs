//! The camera's threads over a folder of pictures, with a counter and a viewer that write down what they are given.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use image::{GrayImage, imageops};
use qrcode::QrCode;
use usher_protocol::window::{CameraControl, CameraControlKind, CameraSettings, CameraValue, CameraView};
use usher_scan::source::{
    Control, ControlKind, Wish,
    files::{Files, Pace},
};

use super::*;
use crate::camera::{preview::Viewer, telling::Wants};

/// Longer than anything here may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

struct Notes {
    wants: Mutex<Wants>,
    set: Mutex<CameraSettings>,
    taken: mpsc::Sender<(String, Wants)>,
    told: mpsc::Sender<CameraView>,
}

impl Counter for Notes {
    fn wants(&self) -> Wants {
        *self.wants.lock().unwrap()
    }

    fn settings(&self) -> CameraSettings {
        self.set.lock().unwrap().clone()
    }

    fn take(&self, text: String, wants: Wants) {
        self.taken.send((text, wants)).unwrap();
    }

    fn tell(&self, camera: CameraView) {
        self.told.send(camera).unwrap();
    }
}

/// A camera over a folder, and what is heard from it.
struct Scene {
    camera: Camera,
    notes: Arc<Notes>,
    taken: mpsc::Receiver<(String, Wants)>,
    told: mpsc::Receiver<CameraView>,
    viewers: Arc<Viewers>,
}

/// Each folder is a camera of its name, with a lamp.
struct Folders(Vec<PathBuf>);

struct Folder(Files, String, Vec<Wish>);

impl FrameSource for Folder {
    fn next_frame(&mut self, timeout: Duration) -> Result<Arrival, SourceError> {
        self.0.next_frame(timeout)
    }

    fn name(&self) -> String {
        self.1.clone()
    }

    fn controls(&self) -> Vec<Control> {
        let value = self.2.first().map_or(0, |(_, value)| *value);
        vec![Control { kind: ControlKind::Light, min: 0, max: 1, step: 1, value, default: 0, active: true }]
    }

    fn wish(&mut self, wishes: &[Wish]) {
        self.2 = wishes.to_vec();
    }
}

fn named(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

impl Cameras for Folders {
    fn names(&mut self) -> Vec<String> {
        if self.0.len() > 1 { self.0.iter().map(|one| named(one)).collect() } else { Vec::new() }
    }

    fn camera(&mut self, name: Option<&str>) -> Box<dyn FrameSource> {
        let folder = self.0.iter().find(|one| name.is_none_or(|name| named(one) == name)).unwrap();
        let pace = Pace { picture_ms: 400, frame_ms: 20, ..Pace::default() };
        let files = Files::new(folder.clone(), pace);
        let name = if self.0.len() > 1 { named(folder) } else { files.name() };
        Box::new(Folder(files, name, Vec::new()))
    }
}

fn scene(folder: &Path, wants: Wants) -> Scene {
    scene_of(vec![folder.to_owned()], wants)
}

fn scene_of(folders: Vec<PathBuf>, wants: Wants) -> Scene {
    let (take, taken) = mpsc::channel();
    let (tell, told) = mpsc::channel();
    let notes = Arc::new(Notes { wants: Mutex::new(wants), set: Mutex::default(), taken: take, told: tell });
    let viewers = Arc::<Viewers>::default();
    let counter: Arc<dyn Counter> = Arc::clone(&notes) as _;
    Scene {
        camera: start(Box::new(Folders(folders)), counter, Arc::clone(&viewers)),
        notes,
        taken,
        told,
        viewers,
    }
}

impl Scene {
    fn next_code(&self) -> (String, Wants) {
        self.taken.recv_timeout(DEADLINE).expect("a code is read")
    }

    fn until_state(&self, state: CameraState) -> CameraView {
        self.until(|view| view.state == state)
    }

    fn until(&self, wanted: impl Fn(&CameraView) -> bool) -> CameraView {
        let end = clock::now() + DEADLINE;
        loop {
            let left = end.saturating_duration_since(clock::now());
            let view = self.told.recv_timeout(left).expect("the camera does what is waited for");
            if wanted(&view) {
                return view;
            }
        }
    }
}

/// A picture of a code in the middle of white paper, put into the folder at one stroke.
fn put(folder: &Path, name: &str, text: &str) {
    let code = QrCode::new(text).unwrap().render::<image::Luma<u8>>().module_dimensions(8, 8).build();
    let mut paper = GrayImage::from_pixel(1280, 720, image::Luma([255]));
    let x = (1280 - code.width()) / 2;
    let y = (720 - code.height()) / 2;
    imageops::overlay(&mut paper, &code, x.into(), y.into());
    let hidden = folder.join(format!(".{name}"));
    paper.save_with_format(&hidden, image::ImageFormat::Png).unwrap();
    std::fs::rename(hidden, folder.join(name)).unwrap();
}

#[test]
fn each_ticket_is_scanned_once_while_it_is_in_view() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.png", "TICKET-A");
    let scene = scene(folder.path(), Wants::Tickets);
    assert_eq!(scene.next_code(), ("TICKET-A".into(), Wants::Tickets));
    // The same picture loops meanwhile; another one is the next scan.
    put(folder.path(), "b.png", "TICKET-B");
    assert_eq!(scene.next_code().0, "TICKET-B");
    assert!(scene.until_state(CameraState::Running).name.contains(&*folder.path().to_string_lossy()));
}

#[test]
fn nothing_is_scanned_until_it_is_wanted_and_then_what_is_in_view_counts() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.png", "TICKET-A");
    let scene = scene(folder.path(), Wants::Nothing);
    let viewer = Arc::new(Eyes::default());
    scene.viewers.watch(Box::new(Arc::clone(&viewer)));
    viewer.until(3);
    assert!(scene.taken.try_recv().is_err(), "pictures came, and none was scanned");
    *scene.notes.wants.lock().unwrap() = Wants::Setup;
    assert_eq!(scene.next_code(), ("TICKET-A".into(), Wants::Setup));
    *scene.notes.wants.lock().unwrap() = Wants::Tickets;
    assert_eq!(scene.next_code(), ("TICKET-A".into(), Wants::Tickets));
}

#[test]
fn a_source_that_fails_is_tried_again_by_itself() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("pictures");
    let scene = scene(&folder, Wants::Tickets);
    scene.until_state(CameraState::None);
    std::fs::create_dir(&folder).unwrap();
    scene.until_state(CameraState::Off);
    put(&folder, "a.png", "TICKET-A");
    scene.until_state(CameraState::Running);
    assert_eq!(scene.next_code().0, "TICKET-A");
}

#[test]
fn the_chosen_camera_is_read_and_set_as_the_desk_has_it() {
    let parent = tempfile::tempdir().unwrap();
    let folders: Vec<PathBuf> = ["left", "right"].map(|name| parent.path().join(name)).to_vec();
    for folder in &folders {
        std::fs::create_dir(folder).unwrap();
        put(folder, "a.png", &named(folder));
    }
    let scene = scene_of(folders, Wants::Tickets);
    assert_eq!(scene.next_code().0, "left");
    let light = CameraValue { camera: "right".into(), kind: CameraControlKind::Light, value: 1 };
    *scene.notes.set.lock().unwrap() =
        CameraSettings { device: Some("right".into()), values: vec![light], ..CameraSettings::default() };
    assert_eq!(scene.next_code().0, "right");
    let view = scene.until(|view| view.name == "right" && !view.controls.is_empty());
    let lamp =
        CameraControl { kind: CameraControlKind::Light, min: 0, max: 1, step: 1, value: 1, active: true };
    assert_eq!(
        (view.controls, view.devices, view.missing),
        (vec![lamp], vec!["left".into(), "right".into()], false)
    );
}

#[test]
fn two_codes_are_told_and_neither_is_guessed_at() {
    let folder = tempfile::tempdir().unwrap();
    let code =
        |text: &str| QrCode::new(text).unwrap().render::<image::Luma<u8>>().module_dimensions(8, 8).build();
    let mut paper = GrayImage::from_pixel(1280, 720, image::Luma([255]));
    imageops::overlay(&mut paper, &code("LEFT"), 150, 200);
    imageops::overlay(&mut paper, &code("RIGHT"), 800, 200);
    paper.save(folder.path().join("two.png")).unwrap();
    let scene = scene(folder.path(), Wants::Tickets);
    let end = clock::now() + DEADLINE;
    while !scene.told.recv_timeout(end.saturating_duration_since(clock::now())).expect("a hint").two_codes {}
    assert!(scene.taken.try_recv().is_err());
}

#[test]
fn the_threads_end_with_the_camera() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.png", "TICKET-A");
    let scene = scene(folder.path(), Wants::Tickets);
    scene.next_code();
    drop(scene.camera);
    drop(scene.notes);
    // Their ends of the channel go with the last thread.
    while scene.told.recv_timeout(DEADLINE) != Err(RecvTimeoutError::Disconnected) {}
}

/// A viewer that counts, and can look away.
#[derive(Default)]
struct Eyes {
    shown: Mutex<Vec<Instant>>,
    away: Mutex<bool>,
    news: std::sync::Condvar,
}

impl Viewer for Arc<Eyes> {
    fn ready(&self) -> bool {
        !*self.away.lock().unwrap()
    }

    fn show(&self, jpeg: Vec<u8>) -> bool {
        assert_eq!(jpeg[..2], [0xFF, 0xD8], "a JPEG begins so");
        self.shown.lock().unwrap().push(clock::now());
        self.news.notify_all();
        true
    }
}

impl Eyes {
    /// Waits until so many pictures were shown in all.
    fn until(&self, count: usize) -> Vec<Instant> {
        let shown = self.shown.lock().unwrap();
        let (shown, late) =
            self.news.wait_timeout_while(shown, DEADLINE, |shown| shown.len() < count).unwrap();
        assert!(!late.timed_out(), "only {} pictures of {count}", shown.len());
        shown.clone()
    }
}

#[test]
fn the_preview_is_bounded_and_skips_a_window_that_is_busy() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.png", "TICKET-A");
    let scene = scene(folder.path(), Wants::Nothing);
    let viewer = Arc::new(Eyes::default());
    scene.viewers.watch(Box::new(Arc::clone(&viewer)));
    // Fifty pictures a second come; twelve of them may go on. Half of the twelve's time leaves room for a busy machine.
    let times = viewer.until(8);
    assert!(times[7] - times[0] >= Duration::from_millis(7 * 83 / 2), "too many a second: {times:?}");
    *viewer.away.lock().unwrap() = true;
    let before = viewer.shown.lock().unwrap().len();
    *scene.notes.wants.lock().unwrap() = Wants::Tickets;
    scene.next_code();
    // One picture may have been on its way when the window looked away; the pictures after it were let go.
    assert!(viewer.shown.lock().unwrap().len() <= before + 1);
    *viewer.away.lock().unwrap() = false;
    viewer.until(before + 3);
}
