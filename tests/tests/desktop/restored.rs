//! The server's database was lost or put back: the window names the desk that is awaited, and settles it when it is lost as well; where
//! its list of desks is gone too, the window says so and settles those that nobody knows.

use fantoccini::key::Key;

use crate::{
    alone,
    deciding::{manage_opening, office},
    other_desk::OtherDesk,
    scene::Scene,
    server::{OPENING, Server},
    step,
    trouble::Done,
    window::Window,
};

/// Who is awaited, and what the window says while they are settled with one seat.
struct Awaited {
    named: &'static str,
    asks: &'static str,
    risk: &'static str,
    reason: &'static str,
    name: &'static str,
    told: &'static str,
}

impl Awaited {
    async fn settle(&self, board: &Window) -> Done {
        board.screenshot("01-board").await?;
        manage_opening(board).await?;
        board.read("room-awaited", self.named).await?;
        board.screenshot("02-awaited").await?;
        board.click_text("[data-awaited=\"true\"] [data-testid^=\"settle-\"]", "Settle").await?;
        board.read("decision", self.asks).await?;
        board.click("decide-spent-more").await?;
        board.read("decide-risk", self.risk).await?;
        board.click(self.reason).await?;
        board.type_into("decide-name", self.name).await?;
        board.screenshot("03-settle").await?;
        board.click("decide-go").await?;
        board.read("told", self.told).await?;
        board.press(Key::Escape.into()).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_server_says_which_desk_it_awaits_and_a_lost_one_is_settled() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("restored")?;
    let mut server = Server::open(&scene).await?;
    let stays = OtherDesk::open(&scene, &server, "Desk 1").await?;
    let lost = OtherDesk::open(&scene, &server, "Desk 9").await?;
    lost.let_in(OPENING[0].1).await?;
    lost.sent().await?;
    drop(lost);
    step("the database is lost, and made anew from the roster and the files");
    server.stop().await?;
    stays.let_in(OPENING[1].1).await?;
    server.restore(&scene)?;
    server.serve().await?;
    stays.sent().await?;
    let (app, board) = office(&scene, &server).await?;
    step("nobody knows what the lost desk may still use: it is settled by what it let in");
    let desk_9 = Awaited {
        named: "Desk 9",
        asks: "Settle Desk 9 for Main hall",
        risk: "Desk 9",
        reason: "reason-lost",
        name: "Desk 9",
        told: "Desk 9 is settled for Main hall.",
    };
    desk_9.settle(&board).await?;
    step("places are given again");
    let another = OtherDesk::open(&scene, &server, "Desk 2").await?;
    another.let_in(OPENING[2].1).await?;
    another.sent().await?;
    board.screenshot("04-goes-on").await?;
    app.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_its_list_of_desks_awaits_those_that_nobody_knows() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("unknown-desks")?;
    let mut server = Server::open(&scene).await?;
    let stays = OtherDesk::open(&scene, &server, "Desk 1").await?;
    stays.sent().await?;
    server.stop().await?;
    server.back_up()?;
    step("a desk is added after the backup, lets somebody in, and is lost with the server's list of desks");
    server.serve().await?;
    let lost = OtherDesk::open(&scene, &server, "Desk 9").await?;
    lost.let_in(OPENING[0].1).await?;
    lost.sent().await?;
    drop(lost);
    server.stop().await?;
    server.put_back_alone()?;
    server.serve().await?;
    let (app, board) = office(&scene, &server).await?;
    step("they are settled by a name that says what they are");
    let unknown = Awaited {
        named: "desks that it does not know",
        asks: "The server's list of desks is gone",
        risk: "nobody can say how many",
        reason: "reason-counted",
        name: "Desks that this server does not know",
        told: "Unknown desks are settled for Main hall.",
    };
    unknown.settle(&board).await?;
    step("places are given again, and what was said to be taken counts");
    stays.let_in(OPENING[1].1).await?;
    stays.sent().await?;
    board.see_css("[data-testid^=\"board-room-\"][data-inside=\"1\"]").await?;
    board.screenshot("04-goes-on").await?;
    app.end().await
}
