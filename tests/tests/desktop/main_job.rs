//! The main job: from a one-time code to a green card, without the server, and back to counts that agree.

use fantoccini::key::Key;

use crate::{
    alone,
    door::{chip, connect, connect_board, let_in_by_scanner, link, settings, start_session},
    driver::{App, Start},
    scene::Scene,
    server::{CAPACITY, OPENING, Server, WORKSHOP},
    step,
    trouble::{Done, demand, until},
    window::{Card, Window},
};

const SPACE: char = ' ';

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_from_a_code_to_counts_that_agree() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("main-job")?;
    let mut server = Server::open(&scene).await?;
    let app = App::start(&scene, &Start { windows: "both", data: scene.path("desk") }).await?;
    let desk = app.window("desk").await?;
    step("connect with address and code, typed");
    desk.see("connect").await?;
    desk.screenshot("01-connect").await?;
    connect(&desk, &server, "Desk 1").await?;
    desk.screenshot("02-start").await?;
    start_session(&desk, "AL").await?;
    desk.screenshot("03-idle").await?;
    by_camera(&scene, &desk).await?;
    asked_first(&desk).await?;
    by_keys(&desk).await?;
    by_name(&desk).await?;
    without_server(&scene, &desk, &mut server).await?;
    counts_agree(&app, &server).await?;
    app.end().await
}

async fn by_camera(scene: &Scene, desk: &Window) -> Done {
    step("a picture of a ticket becomes green");
    scene.hold_up(OPENING[0].1)?;
    desk.card(&Card::come_in(OPENING[0].0)).await?;
    desk.read("card-session", "Opening").await?;
    desk.see_css("[data-testid=\"camera\"][data-state=\"running\"] canvas.shown").await?;
    desk.screenshot("04-green").await?;
    step("a guest who is not booked here is amber, and F2 lets them in anyway");
    scene.hold_up(WORKSHOP.1)?;
    let asks = Card {
        verdict: "not_registered",
        outcome: "open",
        class: "A",
        title: "Not booked here",
        name: WORKSHOP.0,
    };
    desk.card(&asks).await?;
    desk.screenshot("05-not-booked").await?;
    desk.press(SPACE).await?;
    desk.card(&asks).await?;
    let anyway = Card { outcome: "let_in", class: "G", title: "Come in", ..asks };
    desk.press_until(Key::F2.into(), &anyway).await?;
    step("an unknown code is red");
    scene.hold_up("NOBODY-HAS-THIS-TICKET")?;
    let unknown =
        Card { verdict: "unknown_ticket", outcome: "open", class: "S", title: "Unknown ticket", name: "" };
    desk.card(&unknown).await?;
    desk.screenshot("06-unknown").await?;
    scene.take_away()
}

async fn asked_first(desk: &Window) -> Done {
    step("ask first: hollow until Space");
    settings(desk).await?;
    desk.click("door-ask_first").await?;
    desk.press(Key::Escape.into()).await?;
    desk.wedge(OPENING[1].1).await?;
    desk.card(&Card::asks(OPENING[1].0)).await?;
    desk.screenshot("07-asks").await?;
    desk.press_until(SPACE, &Card::come_in(OPENING[1].0)).await?;
    settings(desk).await?;
    desk.click("door-fast_door").await?;
    desk.press(Key::Escape.into()).await
}

async fn by_keys(desk: &Window) -> Done {
    step("a scanner's keys; undo takes the let-in back");
    let_in_by_scanner(desk, OPENING[2]).await?;
    chip(desk, "room", &format!("4 of {CAPACITY}")).await?;
    let back = Card { outcome: "taken_back", class: "R", title: "Taken back", ..Card::come_in(OPENING[2].0) };
    desk.press_until(Key::F9.into(), &back).await?;
    desk.screenshot("08-taken-back").await?;
    chip(desk, "room", &format!("3 of {CAPACITY}")).await?;
    step("the same ticket again: already in, grey");
    // A ticket stays green for ten seconds after its own green; the guest comes back later.
    let grey =
        Card { verdict: "already_in", outcome: "open", class: "N", title: "Already in", name: OPENING[0].0 };
    until("the ticket reads already in", async || {
        desk.wedge(OPENING[0].1).await?;
        Ok(desk.shows("[data-verdict=\"already_in\"]").await.then_some(()))
    })
    .await?;
    desk.card(&grey).await?;
    desk.screenshot("09-already-in").await
}

async fn by_name(desk: &Window) -> Done {
    step("search by name opens the card, and lets nobody in by itself");
    desk.type_anywhere("farid").await?;
    desk.read("find-row-0", OPENING[5].0).await?;
    desk.screenshot("10-find").await?;
    desk.press(Key::Enter.into()).await?;
    desk.card(&Card::asks(OPENING[5].0)).await?;
    desk.press_until(SPACE, &Card::come_in(OPENING[5].0)).await?;
    chip(desk, "room", &format!("4 of {CAPACITY}")).await?;
    chip(desk, "waiting", "0").await
}

async fn without_server(scene: &Scene, desk: &Window, server: &mut Server) -> Done {
    step("the server stops: the desk says so and goes on");
    server.stop().await?;
    link(desk, true).await?;
    desk.read("chip-link", "Offline").await?;
    scene.hold_up(OPENING[3].1)?;
    desk.card(&Card::come_in(OPENING[3].0)).await?;
    chip(desk, "waiting", "1").await?;
    desk.screenshot("11-offline").await?;
    step("the server returns: what waited is sent");
    server.serve().await?;
    link(desk, false).await?;
    chip(desk, "waiting", "0").await?;
    chip(desk, "room", &format!("5 of {CAPACITY}")).await?;
    desk.screenshot("12-back-online").await?;
    let inside = server.inside("Opening")?;
    demand(inside == 5, || format!("the server's export has {inside} inside, the desk 5"))
}

async fn counts_agree(app: &App, server: &Server) -> Done {
    step("the supervisor's window connects and shows the same count");
    let board = app.window("supervisor").await?;
    board.screenshot("13-supervisor-connect").await?;
    connect_board(&board, server).await?;
    board.see_css("[data-testid^=\"board-room-\"][data-inside=\"5\"]").await?;
    board.see_css("[data-testid^=\"board-desk-\"][data-waiting=\"0\"]").await?;
    board.screenshot("14-board").await?;
    step("another let-in reaches the board by itself");
    let desk = app.window("desk").await?;
    let_in_by_scanner(&desk, OPENING[4]).await?;
    let board = app.window("supervisor").await?;
    board.see_css("[data-testid^=\"board-room-\"][data-inside=\"6\"]").await?;
    until("the server's export has six", async || Ok((server.inside("Opening")? == 6).then_some(()))).await
}
