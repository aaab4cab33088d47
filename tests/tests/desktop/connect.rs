//! Connecting that cannot work is told in words that name the remedy; a setup code in front of the camera connects by itself.

use fantoccini::key::Key;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    alone,
    driver::{App, Start},
    scene::Scene,
    server::{Enrolment, Server},
    step,
    trouble::{Context, Done},
    window::Window,
};

#[tokio::test(flavor = "multi_thread")]
async fn connecting_says_what_is_wrong_and_a_setup_code_needs_no_typing() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("connect")?;
    let server = Server::open(&scene).await?;
    let app = App::start(&scene, &Start { windows: "desk", data: scene.path("desk") }).await?;
    let desk = app.window("desk").await?;
    desk.see("connect").await?;
    step("another service that answers HTML");
    let html = html_server().await?;
    refused(&desk, &html, "ABCD-1234", "not_usher").await?;
    desk.screenshot("01-not-usher").await?;
    step("a code for the other role");
    refused(&desk, &server.address(), &server.code("supervisor", "Control")?.code, "wrong_role").await?;
    step("nobody answers; no address; a code that is none");
    refused(&desk, &closed_port().await?, "ABCD-1234", "no_answer").await?;
    refused(&desk, "not an address", "ABCD-1234", "bad_address").await?;
    refused(&desk, &server.address(), "ABCD-1234", "code_unknown").await?;
    step("a code for the other role in front of the camera");
    show(&scene, "other-role", &server.code("supervisor", "Board")?)?;
    desk.see_css("[data-testid=\"connect-refused\"][data-why=\"wrong_role\"]").await?;
    step("the setup code in front of the camera connects");
    let setup = server.code("desk", "Desk 1")?;
    show(&scene, "setup", &setup)?;
    desk.see("start").await?;
    desk.read("start-desk", "Desk 1").await?;
    desk.screenshot("02-connected-by-camera").await?;
    app.end().await
}

async fn refused(desk: &Window, address: &str, code: &str, why: &str) -> Done {
    desk.fill("connect-address", address).await?;
    desk.fill("connect-code", code).await?;
    desk.press(Key::Enter.into()).await?;
    desk.see_css(&format!("[data-testid=\"connect-refused\"][data-why=\"{why}\"]")).await.map(drop)
}

/// The setup code as a terminal shows it.
fn show(scene: &Scene, name: &str, setup: &Enrolment) -> Done {
    scene.hold_up_codes(name, &[&setup.setup])
}

async fn closed_port() -> Done<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.doing("a free port")?;
    Ok(format!("http://{}", listener.local_addr().doing("a free port")?))
}

/// A web server that knows nothing of Usher; it ends with the test.
async fn html_server() -> Done<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.doing("a web server")?;
    let address = listener.local_addr().doing("a web server")?;
    tokio::spawn(async move {
        while let Ok((mut guest, _)) = listener.accept().await {
            let mut request = [0; 8192];
            let _ = guest.read(&mut request).await;
            let page = "<!doctype html><title>Welcome</title><p>It works!";
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                page.len()
            );
            let _ = guest.write_all([head.as_bytes(), page.as_bytes()].concat().as_slice()).await;
        }
    });
    Ok(format!("http://{address}"))
}
