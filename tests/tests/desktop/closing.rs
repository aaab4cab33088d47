//! Closing the window during a session asks, naming what waits; a desk that serves nothing closes at once.

use x11rb::{
    connection::Connection,
    protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, Window as WindowId},
    rust_connection::RustConnection,
};

use crate::{
    alone,
    door::{chip, connect, let_in_by_scanner, link, start_session},
    driver::{App, Start},
    scene::Scene,
    server::{OPENING, Server},
    step,
    trouble::{Context, Done, until},
};

#[tokio::test(flavor = "multi_thread")]
async fn closing_during_a_session_asks_and_names_what_waits() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("closing")?;
    let mut server = Server::open(&scene).await?;
    let app = App::start(&scene, &Start { windows: "desk", data: scene.path("desk") }).await?;
    let desk = app.window("desk").await?;
    let screen = Screen::open(&scene.display)?;
    connect(&desk, &server, "Desk 1").await?;
    start_session(&desk, "").await?;
    step("the title bar's close asks, and the desk goes on");
    screen.close("Usher")?;
    desk.see("closing-panel").await?;
    desk.click("closing-keep").await?;
    server.stop().await?;
    link(&desk, true).await?;
    let_in_by_scanner(&desk, OPENING[0]).await?;
    chip(&desk, "waiting", "1").await?;
    step("with something unsent it says how much");
    screen.close("Usher")?;
    desk.read("closing-waiting", "1").await?;
    desk.screenshot("01-closing").await?;
    step("and closes when it is told to");
    // The window goes with the click, and the driver may miss its answer.
    let _ = desk.see("closing-close").await?.click().await;
    until("the window is gone", async || Ok((!screen.shows("Usher")?).then_some(()))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_serves_nothing_closes_at_once() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("closing-idle")?;
    let app = App::start(&scene, &Start { windows: "desk", data: scene.path("desk") }).await?;
    app.window("desk").await?.see("connect").await?;
    let screen = Screen::open(&scene.display)?;
    screen.close("Usher")?;
    until("the window is gone", async || Ok((!screen.shows("Usher")?).then_some(()))).await
}

/// The display, as a window manager has it.
struct Screen {
    connection: RustConnection,
    root: WindowId,
}

impl Screen {
    fn open(display: &str) -> Done<Self> {
        let (connection, number) = RustConnection::connect(Some(display)).doing("the display")?;
        let root = connection.setup().roots[number].root;
        Ok(Self { connection, root })
    }

    /// Asks the window with this title to close, as the cross in its title bar does.
    fn close(&self, title: &str) -> Done {
        let window = self.find(title)?.ok_or_else(|| format!("no window is called {title}"))?;
        let atom = |name: &str| -> Done<u32> {
            let asked = self.connection.intern_atom(false, name.as_bytes()).doing(name)?;
            Ok(asked.reply().doing(name)?.atom)
        };
        let message = ClientMessageEvent::new(
            32,
            window,
            atom("WM_PROTOCOLS")?,
            [atom("WM_DELETE_WINDOW")?, 0, 0, 0, 0],
        );
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, message)
            .doing("a message to the window")?;
        self.connection.flush().doing("a message to the window")
    }

    fn shows(&self, title: &str) -> Done<bool> {
        self.find(title).map(|found| found.is_some())
    }

    /// The window on show with this title. A window may go while it is looked at.
    fn find(&self, title: &str) -> Done<Option<WindowId>> {
        let tree =
            self.connection.query_tree(self.root).doing("the windows")?.reply().doing("the windows")?;
        Ok(tree.children.into_iter().find(|window| self.title(*window).as_deref() == Some(title.as_bytes())))
    }

    fn title(&self, window: WindowId) -> Option<Vec<u8>> {
        let property =
            self.connection.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64).ok()?;
        let attributes = self.connection.get_window_attributes(window).ok()?.reply().ok()?;
        let shown = attributes.map_state == x11rb::protocol::xproto::MapState::VIEWABLE;
        shown.then(|| property.reply().ok().map(|reply| reply.value)).flatten()
    }
}
