//! A volunteer saves the unsent log from the menu, the server takes the file in, and the counts are checked.

use fantoccini::key::Key;

use crate::{
    alone,
    door::{chip, connect, let_in_by_scanner, link, start_session},
    driver::{App, Start},
    scene::Scene,
    server::{OPENING, Server},
    step,
    trouble::{Done, demand},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_unsent_log_is_saved_from_the_menu_and_taken_in_by_the_server() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("saving")?;
    let mut server = Server::open(&scene).await?;
    let app = App::start(&scene, &Start { windows: "desk", data: scene.path("desk") }).await?;
    let desk = app.window("desk").await?;
    connect(&desk, &server, "Desk 1").await?;
    start_session(&desk, "").await?;
    let_in_by_scanner(&desk, OPENING[0]).await?;
    chip(&desk, "waiting", "0").await?;
    step("offline, two guests wait to be sent");
    server.stop().await?;
    link(&desk, true).await?;
    let_in_by_scanner(&desk, OPENING[1]).await?;
    let_in_by_scanner(&desk, OPENING[2]).await?;
    chip(&desk, "waiting", "2").await?;
    step("the menu offers places, and says where and how much was saved");
    desk.press(Key::F12.into()).await?;
    desk.screenshot("01-menu").await?;
    desk.click("menu-save").await?;
    desk.read("save-waiting", "2 waiting to send").await?;
    desk.see_css("[data-testid=\"place-0\"][data-kind=\"home\"]").await?;
    desk.screenshot("02-places").await?;
    desk.leave_the_scanner().await?;
    desk.press(Key::Enter.into()).await?;
    let path = desk.read("saved-path", "desk-1.usherlog").await?;
    desk.read("save-panel", "usher-server carry import desk-1.usherlog").await?;
    desk.screenshot("03-saved").await?;
    let home = scene.path("home");
    demand(home.join("desk-1.usherlog").is_file(), || format!("{path} is not in {}", home.display()))?;
    demand(server.inside("Opening")? == 1, || "the server knew more than was sent".to_owned())?;
    server.take_in(path.trim())?;
    demand(server.inside("Opening")? == 3, || "the file did not bring all guests".to_owned())?;
    step("a scan while the panel is open closes it and counts");
    let_in_by_scanner(&desk, OPENING[3]).await?;
    step("the counts agree with the records");
    desk.press(Key::F12.into()).await?;
    desk.click("menu-check").await?;
    desk.see_css("[data-testid=\"check-panel\"][data-state=\"agrees\"]").await?;
    desk.read("check-result", "agree with all").await?;
    desk.screenshot("04-check").await?;
    app.end().await
}
