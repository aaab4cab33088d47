//! Puts the app together: folder, log, rooms, windows, camera, and the loops that run beside them.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tauri::{App, AppHandle, Emitter, Manager, async_runtime};

use crate::{
    args::Args,
    camera, closing, commands, log_file,
    outbox::{News, Outbox, deliver},
    rooms::Rooms,
    windows,
};

/// Why there is no app, in words with the remedy.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// The folder of the desk's files.
    #[error("the folder {} cannot be used: {why}. Give another with --data, or make this one writable", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// No window could be opened.
    #[error(
        "no window can be opened: {0}. Usher needs a graphical session (on Linux: X11 or Wayland, and WebKitGTK 4.1)"
    )]
    Window(#[from] tauri::Error),
}

/// Runs the app until its last window is closed.
///
/// # Errors
/// It could not start; see [`StartError`].
pub(crate) fn run(args: &Args) -> Result<(), StartError> {
    let app = commands::handled(tauri::Builder::default())
        .on_window_event(closing::hear)
        .build(windows::context())?;
    let folder = folder(&app, args)?;
    log_file::start(&folder);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), window = ?args.window, "usher starts");
    open(&app, args, &folder)?;
    app.run(|_, _| {});
    Ok(())
}

/// The given folder, or this user's own; made where it is missing, for its owner alone.
fn folder(app: &App, args: &Args) -> Result<PathBuf, StartError> {
    let folder = args.data.clone().map_or_else(|| app.path().app_data_dir(), Ok)?;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder).map_err(|why| StartError::Folder { folder: folder.clone(), why })?;
    Ok(folder)
}

fn open(app: &App, args: &Args, folder: &Path) -> Result<(), StartError> {
    let outbox = Outbox::new();
    show_each(app.handle(), "desk-view", windows::DESK, outbox.desk());
    show_each(app.handle(), "supervisor-view", windows::SUPERVISOR, outbox.supervisor());
    let rooms = Rooms::open(folder, args.window, &outbox);
    if let Some(desk) = rooms.desk() {
        app.manage(async_runtime::block_on(async { desk.run() }));
        app.manage(camera::start(args, desk, &outbox, &rooms.viewers, app.handle().clone()));
    }
    if let Some(supervisor) = rooms.supervisor().cloned() {
        async_runtime::spawn(supervisor.run());
    }
    app.manage(rooms);
    windows::open(app, args.window, folder)?;
    Ok(())
}

/// Sends each newest view to its own window.
fn show_each<V>(app: &AppHandle, event: &'static str, label: &'static str, news: News<V>)
where
    V: Clone + Serialize + Send + Sync + 'static,
{
    let app = app.clone();
    async_runtime::spawn(deliver::<V>(news, move |view| {
        if let Err(error) = app.emit_to(label, event, view) {
            tracing::warn!(%error, event, "a view could not be shown");
        }
    }));
}
