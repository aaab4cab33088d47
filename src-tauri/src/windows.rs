//! The two windows, and the configuration that is built in.

use std::path::Path;

use tauri::{Context, Manager, Runtime, WebviewUrl, WebviewWindowBuilder};

use crate::args::Shown;

/// The desk window's label.
pub(crate) const DESK: &str = "desk";
/// The supervisor window's label.
pub(crate) const SUPERVISOR: &str = "supervisor";

/// What `tauri.conf.json`, the capability files and `ui/dist` say.
pub(crate) fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// Opens the windows. What their pages keep (language, volume) stays in `folder` too.
///
/// # Errors
/// The system could not open a window.
pub(crate) fn open<R: Runtime>(app: &impl Manager<R>, shown: Shown, folder: &Path) -> tauri::Result<()> {
    if shown.desk() {
        window(app, DESK, "Usher", folder)?;
    }
    if shown.supervisor() {
        window(app, SUPERVISOR, "Usher supervisor", folder)?;
    }
    Ok(())
}

fn window<R: Runtime>(app: &impl Manager<R>, label: &str, title: &str, folder: &Path) -> tauri::Result<()> {
    let page = WebviewUrl::App(format!("{label}/index.html").into());
    WebviewWindowBuilder::new(app, label, page)
        .title(title)
        .inner_size(1280.0, 800.0)
        .min_inner_size(800.0, 600.0)
        .data_directory(folder.join("window"))
        .on_navigation(own_page)
        .build()?;
    Ok(())
}

/// The pages lead nowhere else: `tauri://localhost`, on Windows `http://tauri.localhost`.
fn own_page(url: &tauri::Url) -> bool {
    matches!(
        (url.scheme(), url.host_str()),
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_stays_on_its_own_pages() {
        let own = |url: &str| own_page(&url.parse().unwrap());
        assert!(own("tauri://localhost/desk/index.html") && own("http://tauri.localhost/desk/index.html"));
        assert!(!own("https://example.org/") && !own("file:///etc/passwd") && !own("tauri://elsewhere/"));
        assert!(!own("http://localhost/"));
    }
}
