//! The ways that several tests go: connecting, choosing a session, letting somebody in, reading the figures; the supervisor's board.

use fantoccini::key::Key;

use crate::{
    driver::{App, Start},
    scene::Scene,
    server::Server,
    trouble::{Context, Done, until},
    window::{Card, Window},
};

/// Connects a desk by address and one-time code, typed.
pub(crate) async fn connect(desk: &Window, server: &Server, name: &str) -> Done {
    desk.see("connect").await?;
    desk.type_into("connect-address", &server.address()).await?;
    desk.type_into("connect-code", &server.code("desk", name)?.code).await?;
    desk.click("connect-go").await?;
    desk.see("start").await.map(drop)
}

/// Starts the app with a new desk that serves this session.
pub(crate) async fn at_door(scene: &Scene, server: &Server, session: &str) -> Done<(App, Window)> {
    let app = App::start(scene, &Start { windows: "desk", data: scene.path("desk") }).await?;
    let desk = app.window("desk").await?;
    connect(&desk, server, "Desk 1").await?;
    serve(&desk, session).await?;
    Ok((app, desk))
}

/// Connects the supervisor's window and waits for its rooms.
pub(crate) async fn connect_board(board: &Window, server: &Server) -> Done {
    board.type_into("connect-address", &server.address()).await?;
    board.type_into("connect-code", &server.code("supervisor", "Control")?.code).await?;
    board.click("connect-go").await?;
    board.see_css("[data-testid^=\"board-room-\"]").await.map(drop)
}

/// Opens the settings.
pub(crate) async fn settings(desk: &Window) -> Done {
    desk.press(Key::F12.into()).await?;
    desk.click("menu-settings").await?;
    desk.see("settings-panel").await.map(drop)
}

/// Serves *Opening* under these initials.
pub(crate) async fn start_session(desk: &Window, initials: &str) -> Done {
    desk.type_into("start-initials", initials).await?;
    serve(desk, "Opening").await
}

/// Serves the session of this title, under no initials.
pub(crate) async fn serve(desk: &Window, session: &str) -> Done {
    desk.click_text("[data-testid^=\"session-\"]", session).await?;
    desk.click("start-go").await?;
    desk.read("header-session", session).await.map(drop)
}

/// A ticket read by a scanner becomes green on a fast door.
pub(crate) async fn let_in_by_scanner(desk: &Window, guest: (&str, &str)) -> Done {
    desk.wedge(guest.1).await?;
    desk.card(&Card::come_in(guest.0)).await.map(drop)
}

/// Waits until a chip's figure is this.
pub(crate) async fn chip(desk: &Window, id: &str, figure: &str) -> Done {
    let css = format!("[data-testid=\"chip-{id}\"] b");
    until(&format!("chip {id} shows {figure}"), async || {
        let shown = desk.see_css(&css).await?.text().await.doing("a chip")?;
        if shown.trim() == figure { Ok(Some(())) } else { Err(format!("it shows \"{shown}\"")) }
    })
    .await
}

/// Waits until the line to the server is as expected.
pub(crate) async fn link(desk: &Window, offline: bool) -> Done {
    desk.see_css(&format!("[data-testid=\"chip-link\"][data-offline=\"{offline}\"]")).await.map(drop)
}
