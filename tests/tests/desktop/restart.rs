//! A desk that is restarted goes on where it was, and a second copy of it is told so.

use std::time::Instant;

use crate::{
    alone,
    door::{chip, connect, let_in_by_scanner, start_session},
    driver::{App, Start},
    scene::Scene,
    server::{CAPACITY, OPENING, Server},
    step,
    trouble::{Done, demand, now},
    window::Card,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_desk_goes_on_without_asking_and_a_second_copy_is_told() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("restart")?;
    let server = Server::open(&scene).await?;
    let start = Start { windows: "desk", data: scene.path("desk") };
    let app = App::start(&scene, &start).await?;
    let desk = app.window("desk").await?;
    connect(&desk, &server, "Desk 1").await?;
    start_session(&desk, "GO").await?;
    let_in_by_scanner(&desk, OPENING[0]).await?;
    step("a second copy on the same folder says so and scans nothing");
    let second = App::start(&scene, &start).await?;
    let copy = second.window("desk").await?;
    let words = copy.read("open-elsewhere", "Usher").await?;
    demand(words.len() > 20, || format!("the second copy says only \"{words}\""))?;
    copy.screenshot("01-second-copy").await?;
    second.end().await?;
    chip(&desk, "room", &format!("1 of {CAPACITY}")).await?;
    step("the app is killed and started again: same session, person and mode, no question");
    app.end().await?;
    scene.hold_up(OPENING[1].1)?;
    let began = now();
    let app = App::start(&scene, &start).await?;
    let desk = app.window("desk").await?;
    desk.see("find").await?;
    figure("the scan field is there", began);
    desk.card(&Card::come_in(OPENING[1].0)).await?;
    figure("a guest is let in by the camera", began);
    desk.read("header-session", "Opening").await?;
    let header = desk.script("return document.querySelector('header').innerText").await?.to_string();
    demand(header.contains("GO"), || format!("the initials are gone: {header}"))?;
    chip(&desk, "room", &format!("2 of {CAPACITY}")).await?;
    chip(&desk, "waiting", "0").await?;
    desk.screenshot("02-after-restart").await?;
    app.end().await
}

/// Printed, not asserted; what WebDriver needs to start the app is in it.
fn figure(what: &str, began: Instant) {
    println!("figure: {what} {} ms after the start", began.elapsed().as_millis());
}
