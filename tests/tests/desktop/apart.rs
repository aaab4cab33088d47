//! The windows are kept apart: neither reaches the other's commands, no page speaks HTTP, and no credential is in a page.

use serde_json::json;

use crate::{
    alone,
    driver::{App, Start},
    scene::Scene,
    step,
    trouble::{Done, demand},
    window::Window,
};

#[tokio::test(flavor = "multi_thread")]
async fn each_window_keeps_to_its_own_commands() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("apart")?;
    let app = App::start(&scene, &Start { windows: "both", data: scene.path("desk") }).await?;
    let look = json!({ "name": "look", "args": {} });
    let desk = app.window("desk").await?;
    desk.see("connect").await?;
    step("the desk window: its own command works, the supervisor's does not");
    demand(desk.invoke("desk", look.clone()).await?.is_ok(), || "the desk's own look was refused".into())?;
    refused(&desk, "supervise", look.clone()).await?;
    refused(&desk, "supervise", json!({ "name": "connect", "args": { "address": "x", "code": "y" } }))
        .await?;
    refused(&desk, "plugin:window|close", json!({ "label": "supervisor" })).await?;
    refused(&desk, "plugin:event|emit", json!({ "event": "supervisor-view", "payload": {} })).await?;
    refused(&desk, "plugin:webview|create_webview_window", json!({ "options": { "label": "x" } })).await?;
    no_http(&desk).await?;
    step("the supervisor window: the same the other way round");
    let board = app.window("supervisor").await?;
    board.see("connect").await?;
    demand(board.invoke("supervise", look.clone()).await?.is_ok(), || {
        "the supervisor's own look was refused".into()
    })?;
    for command in ["desk", "watch_camera", "close_desk"] {
        refused(&board, command, look.clone()).await?;
    }
    no_http(&board).await?;
    app.end().await
}

async fn refused(window: &Window, command: &str, args: serde_json::Value) -> Done {
    match window.invoke(command, args).await? {
        Err(words) => {
            demand(words.contains("not allowed"), || format!("{command} was refused oddly: {words}"))
        }
        Ok(value) => Err(format!("{command} was carried out: {value}")),
    }
}

/// The content security policy stops a page that wants to speak HTTP, before anything leaves.
async fn no_http(window: &Window) -> Done {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let script = format!(
        "const done = arguments[arguments.length - 1]; \
         document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective), {{ once: true }}); \
         fetch('http://127.0.0.1:{port}/').then(() => done('it went out'), () => undefined);"
    );
    let said = window.script_async(&script).await?;
    demand(said == "connect-src", || format!("fetch from a page: {said}"))
}
