//! The command line. Every option can also be given in the environment, for launchers that pass no arguments.

use std::{path::PathBuf, str::FromStr};

use clap::{Parser, ValueEnum};

/// Usher's windows: the desk at the door, and the supervisor's board.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "usher",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  usher
  usher --window both
  usher --data /srv/usher/desk-2 --pictures tickets --picture-ms 3000"
)]
pub(crate) struct Args {
    /// The folder that keeps this desk's log and guest list; one desk, one folder.
    /// Without it: this user's folder for application data.
    #[arg(long, value_name = "DIR", env = "USHER_DATA_DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Which window to open.
    #[arg(long, value_enum, default_value_t = Shown::Desk, env = "USHER_WINDOW")]
    pub(crate) window: Shown,
    /// Play the pictures of this folder as if they came from a camera.
    #[arg(long, value_name = "DIR", env = "USHER_PICTURES")]
    pub(crate) pictures: Option<PathBuf>,
    /// How long each picture is in view, in milliseconds, 100 to 600,000.
    #[arg(long, value_name = "MS", default_value_t = 1_500, env = "USHER_PICTURE_MS",
        value_parser = clap::value_parser!(u64).range(100..=600_000))]
    pub(crate) picture_ms: u64,
    /// The number of the camera, or `none`. Without it: the first one.
    #[arg(long, value_name = "INDEX", env = "USHER_CAMERA")]
    pub(crate) camera: Option<CameraChoice>,
}

/// Which windows are opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shown {
    /// The desk.
    Desk,
    /// The supervisor's board.
    Supervisor,
    /// Both, side by side.
    Both,
}

impl Shown {
    pub(crate) const fn desk(self) -> bool {
        matches!(self, Self::Desk | Self::Both)
    }

    pub(crate) const fn supervisor(self) -> bool {
        matches!(self, Self::Supervisor | Self::Both)
    }
}

/// Which camera is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CameraChoice {
    /// The one with this number.
    Index(u32),
    /// None.
    None,
}

impl FromStr for CameraChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "none" => Ok(Self::None),
            number => number
                .parse()
                .map(Self::Index)
                .map_err(|_| "give the number of a camera, for example 0, or `none`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_read() {
        let args = Args::parse_from(["usher", "--window", "both", "--pictures", "p", "--camera", "2"]);
        assert!(args.window.desk() && args.window.supervisor());
        assert_eq!(args.camera, Some(CameraChoice::Index(2)));
        assert_eq!(Args::parse_from(["usher", "--camera", "none"]).camera, Some(CameraChoice::None));
        assert!(!Shown::Desk.supervisor() && !Shown::Supervisor.desk());
        assert!(Args::try_parse_from(["usher", "--camera", "front"]).is_err());
        assert!(Args::try_parse_from(["usher", "--picture-ms", "5"]).is_err());
    }
}
