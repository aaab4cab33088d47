//! Somebody new at a new desk, in the real window: the first minute, the scanner's test, the camera's picture.

use fantoccini::key::Key;

use crate::{
    alone,
    door::{chip, connect, let_in_by_scanner, settings, start_session},
    driver::{App, Start},
    scene::Scene,
    server::{CAPACITY, OPENING, Server},
    step,
    trouble::{Done, demand, until},
    window::{Card, Window},
};

/// What the code on the screen of the *Scanner test* says (`ui/desk/model/scanner-test.ts`).
const TEST_CODE: &str = "USHER:TEST-YZ-47";

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_learns_in_a_minute_and_sets_the_desk_up() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("learning")?;
    let server = Server::open(&scene).await?;
    let app = App::start(&scene, &Start { windows: "desk", data: scene.path("desk") }).await?;
    let desk = app.window("desk").await?;
    connect(&desk, &server, "Desk 1").await?;
    start_session(&desk, "NW").await?;
    first_minute(&desk).await?;
    a_real_ticket_ends_it(&desk).await?;
    scanner(&desk).await?;
    camera(&scene, &desk).await?;
    demand(server.inside("Opening")? == 3, || "the server counts other than three".to_owned())?;
    app.end().await
}

/// Waits for a step of the first minute, and reads its line.
async fn coach(desk: &Window, at: &str, done: bool, line: &str) -> Done {
    desk.see_css(&format!("[data-testid=\"coach\"][data-step=\"{at}\"][data-done=\"{done}\"]")).await?;
    desk.read("coach-line", line).await?;
    desk.screenshot(&format!("lesson-{at}-{done}")).await
}

/// One key, once a new card would take it.
async fn then(desk: &Window, key: char) -> Done {
    desk.leave_the_scanner().await?;
    desk.press(key).await
}

async fn first_minute(desk: &Window) -> Done {
    step("the first minute is offered; Space begins it and goes on, F2 where it says so");
    desk.read("lesson-offer", "New here?").await?;
    desk.screenshot("01-offered").await?;
    desk.press(' ').await?;
    coach(desk, "welcome", true, "Green: welcome them.").await?;
    desk.see_css("[data-testid=\"card\"][data-class=\"G\"]").await?;
    then(desk, ' ').await?;
    coach(desk, "ask", true, "Grey: ask.").await?;
    then(desk, ' ').await?;
    coach(desk, "anyway", false, "F2 lets them in anyway").await?;
    step("Space never lets the exception in, here neither");
    then(desk, ' ').await?;
    coach(desk, "anyway", false, "Yellow: ask.").await?;
    then(desk, Key::F2.into()).await?;
    coach(desk, "anyway", true, "Well done.").await?;
    then(desk, ' ').await?;
    coach(desk, "help", true, "Nothing of it was kept.").await?;
    then(desk, ' ').await?;
    desk.see("idle").await?;
    chip(desk, "room", &format!("0 of {CAPACITY}")).await?;
    demand(!desk.shows("[data-testid=\"lesson-offer\"]").await, || "it is offered again".to_owned())
}

async fn a_real_ticket_ends_it(desk: &Window) -> Done {
    step("from the menu again: a real ticket ends it at once and is let in");
    desk.press(Key::F12.into()).await?;
    desk.click("menu-learn").await?;
    coach(desk, "welcome", true, "Green").await?;
    let_in_by_scanner(desk, OPENING[0]).await?;
    until("the lesson is over", async || Ok((!desk.shows("[data-testid=\"coach\"]").await).then_some(())))
        .await?;
    chip(desk, "room", &format!("1 of {CAPACITY}")).await
}

async fn scanner(desk: &Window) -> Done {
    step("three scans of the test code teach the desk what a scanner puts before each code");
    settings(desk).await?;
    desk.click("settings-scanner").await?;
    desk.see("scanner-panel").await?;
    for _ in 0..3 {
        desk.wedge(&format!("qq{TEST_CODE}")).await?;
    }
    desk.read("scanner-words", "ends with Enter").await?;
    desk.read("scanner-words", "It adds qq to each code").await?;
    desk.screenshot("02-scanner").await?;
    desk.press(Key::Escape.into()).await?;
    step("from now on that is taken off");
    desk.wedge(&format!("qq{}", OPENING[1].1)).await?;
    desk.card(&Card::come_in(OPENING[1].0)).await?;
    settings(desk).await?;
    desk.click("settings-scanner").await?;
    desk.click("scanner-forget").await?;
    desk.press(Key::Escape.into()).await
}

async fn camera(scene: &Scene, desk: &Window) -> Done {
    step("the camera's picture is mirrored at once, and read as before");
    settings(desk).await?;
    desk.see("camera-name").await?;
    desk.click("camera-mirror-mirrored").await?;
    desk.see_css("[data-testid=\"camera\"] canvas.mirrored").await?;
    desk.screenshot("03-camera").await?;
    scene.hold_up(OPENING[2].1)?;
    desk.card(&Card::come_in(OPENING[2].0)).await?;
    desk.screenshot("04-mirrored").await?;
    scene.take_away()?;
    chip(desk, "room", &format!("3 of {CAPACITY}")).await?;
    chip(desk, "waiting", "0").await
}
