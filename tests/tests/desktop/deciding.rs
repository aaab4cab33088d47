//! A supervisor decides in the window: settles a lost desk, sets places and takes it back, pauses a door, resolves a double
//! admission.

use fantoccini::key::Key;

use crate::{
    alone,
    door::connect_board,
    driver::{App, Start},
    other_desk::OtherDesk,
    scene::Scene,
    server::{CAPACITY, OPENING, Server},
    step,
    trouble::{Done, demand, until},
    window::Window,
};

/// The supervisor's window, connected.
pub(crate) async fn office(scene: &Scene, server: &Server) -> Done<(App, Window)> {
    let app = App::start(scene, &Start { windows: "supervisor", data: scene.path("office") }).await?;
    let board = app.window("supervisor").await?;
    connect_board(&board, server).await?;
    Ok((app, board))
}

/// Opens the room that *Opening* is in; its session's id.
pub(crate) async fn manage_opening(board: &Window) -> Done<String> {
    let script = "return [...document.querySelectorAll('[data-testid^=\"board-room-\"]')].find((room) => room.innerText.includes('Opening'))?.dataset.testid.slice('board-room-'.length) ?? null";
    let id = until("the board shows Opening", async || {
        Ok(board.script(script).await?.as_str().map(str::to_owned))
    })
    .await?;
    board.click(&format!("manage-{id}")).await?;
    board.see("room-panel").await?;
    Ok(id)
}

async fn is_disabled(board: &Window, testid: &str) -> Done<bool> {
    Ok(board.shows(&format!("[data-testid=\"{testid}\"]:disabled")).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_settles_a_lost_desk_in_the_window() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("settling")?;
    let mut server = Server::open(&scene).await?;
    let lost = OtherDesk::open(&scene, &server, "Desk 9").await?;
    step("a desk lets somebody in unseen, and is lost");
    server.stop().await?;
    lost.let_in(OPENING[0].1).await?;
    drop(lost);
    server.serve().await?;
    let (app, board) = office(&scene, &server).await?;
    manage_opening(&board).await?;
    board.read("room-panel", "Desk 9").await?;
    board.screenshot("01-room").await?;
    step("the confirmation says the risk and wants the desk's name");
    board.click_text("[data-testid^=\"settle-\"]", "Settle").await?;
    board.read("decision", "Settle Desk 9 for Main hall").await?;
    board.click("spent-none").await?;
    board.read("decide-risk", "If Desk 9 let in more than 0").await?;
    board.click("decide-spent-more").await?;
    board.click("reason-counted").await?;
    demand(is_disabled(&board, "decide-go").await?, || "it can be settled without the name".to_owned())?;
    board.type_into("decide-name", "desk 9").await?;
    board.screenshot("02-settle").await?;
    step("its places are free, but for the one that was used");
    board.click("decide-go").await?;
    board.read("told", "Desk 9 is settled for Main hall.").await?;
    board.read("tile-manage.tile_worst", "1").await?;
    board.read("room-panel", "No desk holds places.").await?;
    board.screenshot("03-settled").await?;
    board.press(Key::Escape.into()).await?;
    board.see_css("[data-testid^=\"board-room-\"][data-outstanding=\"0\"][data-worst=\"1\"]").await?;
    app.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_sets_places_and_takes_it_back_and_pauses_a_door() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("places")?;
    let mut server = Server::open(&scene).await?;
    let (app, board) = office(&scene, &server).await?;
    manage_opening(&board).await?;
    step("55 places");
    board.click("ask-capacity").await?;
    board.fill("decide-capacity", "55").await?;
    board.read("change-manage.tile_places", "55").await?;
    board.screenshot("01-capacity").await?;
    board.click("decide-go").await?;
    board.read("told", "Places of Main hall: 55.").await?;
    board.read("tile-manage.tile_inside_of", "55").await?;
    step("and back");
    board.click("told-undo").await?;
    board.read("told", "Taken back.").await?;
    board.read("tile-manage.tile_inside_of", &CAPACITY.to_string()).await?;
    board.click("told-hush").await?;
    step("the door is paused; Escape leaves a confirmation without deciding");
    board.click("door-paused").await?;
    board.read("decide-risk", "A desk without a network").await?;
    board.press(Key::Escape.into()).await?;
    board.see("room-panel").await?;
    board.see_css("[data-testid=\"door-scheduled\"].on").await?;
    board.click("door-paused").await?;
    board.click("decide-go").await?;
    board.see_css("[data-testid=\"door-paused\"].on").await?;
    board.read("told", "Main hall is paused.").await?;
    board.click("told-hush").await?;
    step("all places are handed out, and the way back is offered");
    board.read("unusable", "unusable if the network fails now").await?;
    board.click("ask-hand-out").await?;
    board.read("decide-risk", "Without a network").await?;
    board.click("decide-go").await?;
    board.read("ask-hand-out", "Keep some back").await?;
    step("without the server nothing can be decided, and the window says so");
    server.stop().await?;
    board.see_css("[data-testid=\"supervisor\"][data-stale=\"true\"]").await?;
    board.read("room-panel", "Nothing can be decided until the server answers.").await?;
    demand(is_disabled(&board, "ask-capacity").await?, || "places can be set without a server".to_owned())?;
    board.screenshot("02-offline").await?;
    app.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_resolves_a_double_admission_in_the_window() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("double")?;
    let mut server = Server::open(&scene).await?;
    let one = OtherDesk::open(&scene, &server, "Desk 1").await?;
    let two = OtherDesk::open(&scene, &server, "Desk 2").await?;
    step("the same ticket at two desks, both offline");
    server.stop().await?;
    one.let_in(OPENING[0].1).await?;
    two.let_in(OPENING[0].1).await?;
    server.serve().await?;
    one.sent().await?;
    two.sent().await?;
    let (app, board) = office(&scene, &server).await?;
    board.see_css("[data-testid=\"to-settle\"][data-count=\"1\"]").await?;
    board.click("settle-show").await?;
    board.see_css("[data-testid=\"evidence\"][data-kind=\"double_admission\"]").await?;
    board.screenshot("01-evidence").await?;
    step("it was one person: the second seat is free");
    board.click("choice-one-person").await?;
    board.read("decision", OPENING[0].0).await?;
    board.read("change-manage.tile_taken", "1").await?;
    board.read("decide-risk", "If two people did come in").await?;
    board.screenshot("02-one-person").await?;
    board.click("decide-go").await?;
    board.read("told", "one person, one seat").await?;
    board.see_css("[data-testid=\"to-settle\"][data-count=\"0\"]").await?;
    board.see_css("[data-testid^=\"board-room-\"][data-inside=\"1\"]").await?;
    board.screenshot("03-settled").await?;
    app.end().await
}
