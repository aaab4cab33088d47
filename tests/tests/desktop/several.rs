//! Several sessions at one desk, in the real window: the ticket chooses, or the volunteer does.

use crate::{
    alone,
    door::{chip, connect, link},
    driver::{App, Start},
    scene::Scene,
    server::{Server, at},
    step,
    trouble::{Done, demand, until},
    window::{Card, Window},
};

async fn server(scene: &Scene) -> Done<Server> {
    let session = |name: &str| format!("{name},{},{},40\n", at(-1), at(180));
    let sessions = ["name,start,end,capacity\n".to_owned(), session("Hall"), session("Studio")].concat();
    let guests = "name,code,sessions\nAda Lindqvist,TICKET-1001,Hall\nBao Nguyen,TICKET-1002,Studio\n\
        Chiara Rossi,TICKET-1003,Hall; Studio\nDmitri Volkov,TICKET-1004,Hall; Studio\n";
    let mut server = Server::prepare(scene, &sessions, guests)?;
    server.serve().await?;
    Ok(server)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_desk_serves_two_sessions_and_nobody_goes_in_where_nobody_chose() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("several")?;
    let mut server = server(&scene).await?;
    let app = App::start(&scene, &Start { windows: "desk", data: scene.path("desk") }).await?;
    let desk = app.window("desk").await?;
    connect(&desk, &server, "Desk 1").await?;
    step("Hall, and Studio beside it");
    desk.click_text("[data-testid^=\"session-\"]", "Hall").await?;
    desk.click_text("[data-testid^=\"also-\"][aria-label*=\"Studio\"]", "").await?;
    desk.screenshot("01-both").await?;
    desk.click("start-go").await?;
    desk.read("header-session", "Hall").await?;
    desk.read("header-also", "+1").await?;
    step("each ticket goes to its own session");
    let_in(&desk, "TICKET-1001", "Ada Lindqvist", "Hall").await?;
    let_in(&desk, "TICKET-1002", "Bao Nguyen", "Studio").await?;
    desk.screenshot("02-studio").await?;
    step("booked for both: Space lets nobody in, the volunteer chooses");
    chosen(&desk, "TICKET-1003", "Chiara Rossi", "Studio").await?;
    step("the same without the server");
    server.stop().await?;
    link(&desk, true).await?;
    chosen(&desk, "TICKET-1004", "Dmitri Volkov", "Hall").await?;
    server.serve().await?;
    chip(&desk, "waiting", "0").await?;
    for session in ["Hall", "Studio"] {
        let inside = server.inside(session)?;
        demand(inside == 2, || format!("the server has {inside} inside {session}"))?;
    }
    app.end().await
}

/// A ticket that is booked for one of them.
async fn let_in(desk: &Window, ticket: &str, name: &str, session: &str) -> Done {
    desk.wedge(ticket).await?;
    desk.card(&Card::come_in(name)).await?;
    desk.holds("card-which", session).await
}

/// A ticket that is booked for both.
async fn chosen(desk: &Window, ticket: &str, name: &str, session: &str) -> Done {
    desk.wedge(ticket).await?;
    desk.read("card-name", name).await?;
    desk.see_css("[data-testid=\"card\"].unchosen[data-outcome=\"open\"]").await?;
    desk.leave_the_scanner().await?;
    desk.press(' ').await?;
    desk.see_css("[data-testid=\"card\"].unchosen[data-outcome=\"open\"]").await?;
    desk.screenshot(&format!("choose-{ticket}")).await?;
    until("the session is chosen", async || {
        if !desk.shows("[data-testid=\"card\"].unchosen").await {
            return Ok(Some(()));
        }
        desk.click_text("[data-testid^=\"choose-\"]", session).await.map(|()| None)
    })
    .await?;
    desk.card(&Card::come_in(name)).await?;
    desk.holds("card-which", session).await
}
