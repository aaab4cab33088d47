//! What a desk and its supervisor say to each other, in both real windows: a message, an urgent one, a call for help, a place for one
//! guest.

use fantoccini::key::Key;

use crate::{
    alone,
    door::{chip, connect, connect_board, serve},
    driver::{App, Start},
    scene::Scene,
    server::{Server, at},
    step,
    trouble::{Done, demand},
    window::{Card, Window},
};

const ADA: (&str, &str) = ("Ada Lindqvist", "TICKET-1001");
const PHONE: &str = "+351 210 000 000";

async fn server(scene: &Scene) -> Done<Server> {
    let sessions = format!("name,start,end,capacity\nOpening,{},{},1\n", at(-1), at(180));
    let guests = "name,code,sessions\nAda Lindqvist,TICKET-1001,Opening\nBao Nguyen,TICKET-1002,Opening\n";
    let mut server = Server::prepare(scene, &sessions, guests)?;
    server.call(&["event", "set", "--help-phone", PHONE])?;
    server.serve().await?;
    Ok(server)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_and_its_supervisor_talk_in_their_windows() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("words")?;
    let server = server(&scene).await?;
    let app = App::start(&scene, &Start { windows: "both", data: scene.path("desk") }).await?;
    let desk = app.window("desk").await?;
    connect(&desk, &server, "Desk 1").await?;
    serve(&desk, "Opening").await?;
    chip(&desk, "places", "1").await?;
    connect_board(&app.window("supervisor").await?, &server).await?;
    a_message(&app).await?;
    an_urgent_one(&app).await?;
    a_call(&app).await?;
    a_place(&app).await?;
    let inside = server.inside("Opening")?;
    demand(inside == 2, || format!("the server has {inside} inside"))?;
    app.end().await
}

/// Clicks as a person does who saw what came: a new card or message takes nothing for a moment.
async fn unhurried(desk: &Window, testid: &str) -> Done {
    desk.see(testid).await?;
    desk.leave_the_scanner().await?;
    desk.click(testid).await
}

/// Writes to all desks.
async fn write(app: &App, urgency: &str, words: &str) -> Done {
    let board = app.window("supervisor").await?;
    if !board.shows("[data-testid=\"messages-panel\"]").await {
        board.click("messages").await?;
    }
    board.click("message-all").await?;
    board.click(&format!("urgent-{urgency}")).await?;
    board.type_into("decide-words", words).await?;
    board.screenshot(&format!("write-{urgency}")).await?;
    board.click("decide-go").await?;
    board.read("told", "The message was sent.").await?;
    board.click("told-hush").await
}

async fn a_message(app: &App) -> Done {
    step("a message stands in the strip until Got it; the board says how many desks read it");
    write(app, "ordinary", "Coffee at 11 in the yard.").await?;
    app.window("supervisor").await?.read("messages-panel", "Read at 0 of 1 desks").await?;
    let desk = app.window("desk").await?;
    desk.read("strip", "Coffee at 11 in the yard.").await?;
    desk.screenshot("01-message").await?;
    unhurried(&desk, "strip-got-it").await?;
    let board = app.window("supervisor").await?;
    board.read("messages-panel", "Read at 1 of 1 desks").await?;
    board.screenshot("02-read").await
}

async fn an_urgent_one(app: &App) -> Done {
    step("an urgent message covers the stage; a ticket waits behind it, unjudged");
    write(app, "urgent", "Stop letting in!").await?;
    let desk = app.window("desk").await?;
    desk.see_css("[data-testid=\"message-panel\"][data-urgent=\"true\"]").await?;
    desk.wedge(ADA.1).await?;
    desk.read("strip", "Ticket waiting: Ada Lindqvist").await?;
    desk.read("message-words", "Stop letting in!").await?;
    chip(&desk, "room", "0 of 1").await?;
    desk.screenshot("03-urgent").await?;
    unhurried(&desk, "message-got-it").await?;
    desk.card(&Card::come_in(ADA.0)).await.map(drop)
}

async fn a_call(app: &App) -> Done {
    step("F1 says whom to telephone and calls; the supervisor's answer reaches the desk");
    let desk = app.window("desk").await?;
    desk.press(Key::F1.into()).await?;
    desk.read("help-phone", PHONE).await?;
    unhurried(&desk, "help-call").await?;
    desk.read("help-line", "A supervisor was told").await?;
    desk.screenshot("04-called").await?;
    let board = app.window("supervisor").await?;
    board.click_text("[data-testid^=\"desk-\"][data-testid$=\"-come\"]", "On my way").await?;
    board.read("told", "Desk 1 is told that you are coming.").await?;
    board.click("told-hush").await?;
    let desk = app.window("desk").await?;
    desk.read("help-line", "Control is coming.").await?;
    desk.screenshot("05-coming").await?;
    unhurried(&desk, "help-end").await?;
    desk.see("help-call").await?;
    desk.press(Key::Escape.into()).await
}

async fn a_place(app: &App) -> Done {
    step("a place for one guest of a full room: asked for at the desk, given on the board");
    let desk = app.window("desk").await?;
    desk.wedge("TICKET-1002").await?;
    let full =
        Card { verdict: "session_full", outcome: "open", class: "S", title: "Room full", name: "Bao Nguyen" };
    desk.card(&full).await?;
    desk.press(Key::F1.into()).await?;
    unhurried(&desk, "help-place").await?;
    desk.read("card-line", "supervisor").await?;
    let board = app.window("supervisor").await?;
    board.click_text("[data-testid^=\"desk-\"][data-testid$=\"-give\"]", "Give a place").await?;
    board.read("decision", "A place at Opening for Desk 1?").await?;
    board.screenshot("06-place").await?;
    board.click("decide-go").await?;
    board.read("told", "Desk 1 has one more place.").await?;
    let desk = app.window("desk").await?;
    desk.card(&Card::asks("Bao Nguyen")).await?;
    desk.press_until(' ', &Card::come_in("Bao Nguyen")).await?;
    desk.screenshot("07-in").await?;
    chip(&desk, "room", "2 of 2").await?;
    chip(&desk, "waiting", "0").await
}
