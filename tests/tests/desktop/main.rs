//! The real desktop app, driven through WebDriver under Xvfb against the real server: what a person sees, presses and is told.
//!
//! Nothing is built here: the programs are taken from `USHER_APP`, `USHER_SERVER`, `USHER_TAURI_DRIVER`, else from beside this test,
//! else from the PATH. Screenshots and logs are kept under `artefacts/desktop`. Unix only, as WebKitWebDriver is.

#![cfg(unix)]

mod apart;
mod badges;
mod closing;
mod connect;
mod deciding;
mod door;
mod driver;
mod figures;
mod full_disk;
mod languages;
mod learning;
mod main_job;
mod memory;
mod other_desk;
mod process;
mod records;
mod restart;
mod restored;
mod safety;
mod scene;
mod server;
mod several;
mod trouble;
mod verdicts;
mod window;
mod words;

use tokio::sync::{Mutex, MutexGuard};

/// Each test plays with an app, a server and a display of its own; two at once would only be slow on two cores.
async fn alone() -> MutexGuard<'static, ()> {
    static STAGE: Mutex<()> = Mutex::const_new(());
    STAGE.lock().await
}

/// Says which step begins, so that a failure is found in the output.
fn step(name: &str) {
    println!("step: {name}");
}
