//! Where a test plays: a temporary folder, a display of its own, a log of everything, and pictures of tickets as the camera.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use image::{GrayImage, Luma, imageops};
use qrcode::QrCode;
use usher_tests::pictures::{Difficulty, TicketPicture};

use crate::{
    process::{Running, program},
    trouble::{Context, Done},
};

/// The seed of the pictures' accidents.
const SEED: u64 = 20_261_121;

/// A test's place. Everything in it ends and goes with it, but the artefacts.
pub(crate) struct Scene {
    /// The number of the display, as in `:7`.
    pub(crate) display: String,
    /// Screenshots and logs, kept.
    pub(crate) artefacts: PathBuf,
    folder: tempfile::TempDir,
    _display: Running,
}

impl Scene {
    /// Sets the scene.
    pub(crate) fn set(name: &str) -> Done<Self> {
        let artefacts = artefacts()?.join(name);
        let _ = std::fs::remove_dir_all(&artefacts);
        std::fs::create_dir_all(&artefacts).doing("the folder for screenshots")?;
        let folder = tempfile::tempdir().doing("a temporary folder")?;
        let (display, running) = display(&artefacts)?;
        let scene = Self { display, artefacts, folder, _display: running };
        std::fs::create_dir(scene.pictures()).doing("the folder of pictures")?;
        Ok(scene)
    }

    /// A path in the temporary folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder that plays the camera.
    pub(crate) fn pictures(&self) -> PathBuf {
        self.path("pictures")
    }

    /// Holds a ticket in front of the camera, in the place of any other.
    pub(crate) fn hold_up(&self, code: &str) -> Done {
        let seed = SEED + code.bytes().map(u64::from).sum::<u64>();
        let ticket = TicketPicture { code: code.to_owned(), seed, difficulty: Difficulty::Door };
        self.hold_up_picture(code, &ticket.render().doing("a picture of a ticket")?)
    }

    /// Holds any picture in front of the camera. It appears at one stroke.
    pub(crate) fn hold_up_picture(&self, name: &str, picture: &GrayImage) -> Done {
        let safe: String = name.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        let (hidden, shown) =
            (self.pictures().join(".next.png"), self.pictures().join(format!("{safe}.png")));
        picture.save_with_format(&hidden, image::ImageFormat::Png).doing("saving a picture")?;
        self.take_away()?;
        std::fs::rename(hidden, shown).doing("showing a picture")
    }

    /// Holds codes side by side in front of the camera, drawn as a screen shows them.
    pub(crate) fn hold_up_codes(&self, name: &str, texts: &[&str]) -> Done {
        let mut picture = GrayImage::from_pixel(1280, 720, Luma([255]));
        let place = 1280 / i64::try_from(texts.len()).doing("codes")?;
        for (text, n) in texts.iter().zip(0..) {
            let code = QrCode::new(text).doing("a QR code")?;
            let code = code.render::<Luma<u8>>().module_dimensions(8, 8).build();
            let middle = |whole: i64, part: u32| (whole - i64::from(part)).max(0) / 2;
            imageops::overlay(
                &mut picture,
                &code,
                n * place + middle(place, code.width()),
                middle(720, code.height()),
            );
        }
        self.hold_up_picture(name, &picture)
    }

    /// Nothing in front of the camera.
    pub(crate) fn take_away(&self) -> Done {
        for entry in std::fs::read_dir(self.pictures()).doing("the folder of pictures")?.flatten() {
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                std::fs::remove_file(entry.path()).doing("taking a picture away")?;
            }
        }
        Ok(())
    }
}

/// `artefacts/desktop` at the top of the project.
fn artefacts() -> Done<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    top.map(|top| top.join("artefacts/desktop")).ok_or_else(|| "the project has no top".to_owned())
}

/// An X server on a display that it finds itself.
fn display(logs: &Path) -> Done<(String, Running)> {
    let xvfb = program("USHER_XVFB", "Xvfb", "Install it (Debian: apt-get install xvfb)")?;
    let mut command = Command::new(xvfb);
    command.args(["-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"]);
    let mut running = Running::start("xvfb", &mut command, logs, Some(Stdio::piped()))?;
    let out = running.child().stdout.take().ok_or("Xvfb has no output")?;
    let mut number = String::new();
    BufReader::new(out).read_line(&mut number).doing("Xvfb's display")?;
    let number: u32 = number.trim().parse().doing("Xvfb found no display; see xvfb.log")?;
    Ok((format!(":{number}"), running))
}
