//! The real app under WebDriver: tauri-driver over WebKitWebDriver, one session each.

use std::{net::TcpListener, path::PathBuf, process::Command};

use fantoccini::{Client, ClientBuilder, wd::WindowHandle};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::{
    process::{Running, program},
    scene::Scene,
    trouble::{Context, Done, until},
    window::Window,
};

/// How the app is started.
pub(crate) struct Start<'a> {
    /// `desk`, `supervisor` or `both`.
    pub(crate) windows: &'a str,
    /// The folder of the desk's files.
    pub(crate) data: PathBuf,
}

/// A running app.
pub(crate) struct App {
    client: Client,
    artefacts: PathBuf,
    driver: Running,
}

impl App {
    /// Starts it and waits for its windows.
    pub(crate) async fn start(scene: &Scene, start: &Start<'_>) -> Done<Self> {
        let app = program(
            "USHER_APP",
            "usher",
            "Build it (cargo build -p usher-desktop, after ui/dist was built)",
        )?;
        let (ports, driver) = driver(scene)?;
        let pictures = scene.pictures();
        let args = [
            "--data",
            &start.data.to_string_lossy(),
            "--window",
            start.windows,
            "--pictures",
            &pictures.to_string_lossy(),
            "--picture-ms",
            "300",
        ]
        .map(str::to_owned);
        let options = json!({ "application": app, "args": args });
        let wanted = serde_json::from_value(json!({ "tauri:options": options })).doing("capabilities")?;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wanted);
        // tauri-driver listens before the driver behind it does.
        for port in ports {
            until("tauri-driver and WebKitWebDriver listen", async || {
                Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok())
            })
            .await?;
        }
        let url = format!("http://127.0.0.1:{}", ports[0]);
        let client = builder.connect(&url).await.doing("starting the app under WebDriver")?;
        Ok(Self { client, artefacts: scene.artefacts.clone(), driver })
    }

    /// Turns to a window: from now on all looks and keys are for it.
    pub(crate) async fn window(&self, page: &str) -> Done<Window> {
        let address = format!("/{page}/");
        until(&format!("the {page} window is there"), async || {
            for handle in self.handles().await? {
                self.client.switch_to_window(handle).await.doing("turning to a window")?;
                let url = self.client.current_url().await.doing("a window's address")?;
                if url.path().starts_with(&address) {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await?;
        Ok(Window::new(self.client.clone(), self.artefacts.clone()))
    }

    async fn handles(&self) -> Done<Vec<WindowHandle>> {
        self.client.windows().await.doing("the windows")
    }

    /// The folders under `/proc` of the app's own processes and its pages', but for the driver's.
    pub(crate) fn processes(&self) -> Done<Vec<PathBuf>> {
        const OURS: [&str; 3] = ["usher", "WebKitWebProces", "WebKitNetworkPr"];
        let mut found = Vec::new();
        for process in std::fs::read_dir("/proc").doing("the processes")?.flatten() {
            let stat = std::fs::read_to_string(process.path().join("stat")).unwrap_or_default();
            let Some((name, rest)) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(") ")) else {
                continue;
            };
            let group = rest.split(' ').nth(2).and_then(|group| group.parse().ok());
            if group == Some(self.driver.group()) && OURS.contains(&name) {
                found.push(process.path());
            }
        }
        Ok(found)
    }

    /// Ends session and app, without asking the app.
    pub(crate) async fn end(self) -> Done {
        self.client.close().await.doing("ending the session")
    }
}

/// tauri-driver on two free ports: its own, and that of the driver behind it.
fn driver(scene: &Scene) -> Done<([u16; 2], Running)> {
    let how = "Install it (cargo install tauri-driver --version 2.1.0 --locked)";
    let driver = program("USHER_TAURI_DRIVER", "tauri-driver", how)?;
    let native = program(
        "USHER_WEBKIT_DRIVER",
        "WebKitWebDriver",
        "Install it (Debian: apt-get install webkit2gtk-driver)",
    )?;
    let (port, native_port) = (free_port()?, free_port()?);
    let (home, run) = (scene.path("home"), scene.path("run"));
    for folder in [&home, &run] {
        std::fs::create_dir_all(folder).doing("a folder for the app")?;
        std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
            .doing("a folder for the app")?;
    }
    let mut command = Command::new(driver);
    command
        .args(["--port", &port.to_string(), "--native-port", &native_port.to_string(), "--native-driver"])
        .arg(native);
    command.env("DISPLAY", &scene.display).env("HOME", home).env("XDG_RUNTIME_DIR", run);
    command.env_remove("WAYLAND_DISPLAY").env_remove("XDG_DATA_HOME");
    Ok(([port, native_port], Running::start("app", &mut command, &scene.artefacts, None)?))
}

fn free_port() -> Done<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).doing("a free port")?;
    listener.local_addr().map(|address| address.port()).doing("a free port")
}
