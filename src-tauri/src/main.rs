//! `usher`: the desk and supervisor windows, the camera's threads, and nothing else. What a desk does is in `usher-station`.

// A window, not a console, on Windows.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod app;
mod args;
mod camera;
mod clock;
mod closing;
mod commands;
mod log_file;
mod outbox;
mod rooms;
mod windows;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match app::run(&args::Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("usher: {error}");
            ExitCode::FAILURE
        }
    }
}
