//! What catches a volunteer's mistakes, and what a supervisor may do, in the real window: taking back from the list, whole orders,
//! walk-ins, checking out, practice, a PIN at a refusal, the lock, self-service.

use fantoccini::key::Key;

use crate::{
    alone,
    door::{at_door, chip, let_in_by_scanner},
    scene::Scene,
    server::{Server, at},
    step,
    trouble::{Done, demand, until},
    window::{Card, Window},
};

const PIN: &str = "2580";
const ADA: (&str, &str) = ("Ada Lindqvist", "TICKET-1001");

fn guests() -> String {
    let family = |name: &str, n: usize| format!("{name} Haddad,FAMILY-{n:04},Opening,ORDER-7\n");
    let row = |(name, code): (&str, &str)| format!("{name},{code},Opening,\n");
    [
        "name,code,sessions,order\n".to_owned(),
        row(ADA),
        row(("Bao Nguyen", "TICKET-1002")),
        row(("Elif Yilmaz", "TICKET-1003")),
        family("Farid", 1),
        family("Layla", 2),
        family("Omar", 3),
    ]
    .concat()
}

async fn server(scene: &Scene, capacity: u32) -> Done<Server> {
    let sessions = format!("name,start,end,capacity\nOpening,{},{},{capacity}\n", at(-1), at(180));
    let mut server = Server::prepare(scene, &sessions, &guests())?;
    server.call(&["pins", "add", "--name", "Maria", "--pin", PIN])?;
    server.serve().await?;
    Ok(server)
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_taken_back_and_groups_and_walk_ins_go_in() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("safety")?;
    let server = server(&scene, 40).await?;
    let (app, desk) = at_door(&scene, &server, "Opening").await?;
    step("a let-in that is no longer on the stage is taken back from the list, with a reason");
    let_in_by_scanner(&desk, ADA).await?;
    let_in_by_scanner(&desk, ("Bao Nguyen", "TICKET-1002")).await?;
    desk.press(Key::F12.into()).await?;
    desk.click("menu-done").await?;
    desk.click("undo-row-1").await?;
    desk.screenshot("01-why").await?;
    desk.click("undo-why-wrong_person").await?;
    let back = Card { outcome: "taken_back", class: "R", title: "Taken back", ..Card::come_in(ADA.0) };
    desk.card(&back).await?;
    chip(&desk, "room", "1 of 40").await?;
    step("a whole order goes in with F7 and Space");
    desk.wedge("FAMILY-0001").await?;
    desk.card(&Card::come_in("Farid Haddad")).await?;
    until("F7 opens the order", async || {
        desk.press(Key::F7.into()).await?;
        Ok(desk.shows("[data-testid=\"order-panel\"]").await.then_some(()))
    })
    .await?;
    desk.read("order-panel", "Layla Haddad").await?;
    desk.screenshot("02-order").await?;
    until("the family is let in", async || {
        desk.press(' ').await?;
        Ok((!desk.shows("[data-testid=\"order-panel\"]").await).then_some(()))
    })
    .await?;
    chip(&desk, "room", "4 of 40").await?;
    step("a walk-in: F6, a name, Ctrl+Enter; a ticket that is read meanwhile waits and opens behind it");
    desk.press(Key::F6.into()).await?;
    desk.type_into("walk-in-first", "Zoe").await?;
    desk.wedge("TICKET-1003").await?;
    desk.read("strip", "Elif Yilmaz").await?;
    desk.type_into("walk-in-last", "Quist").await?;
    desk.screenshot("03-walk-in").await?;
    desk.click("walk-in-go").await?;
    desk.read("card-name", "Zoe Quist").await?;
    desk.press(Key::Escape.into()).await?;
    desk.card(&Card::come_in("Elif Yilmaz")).await?;
    chip(&desk, "room", "6 of 40").await?;
    leaving(&desk).await?;
    practising(&desk).await?;
    let inside = server.inside("Opening")?;
    demand(inside == 5, || format!("the server has {inside} inside"))?;
    app.end().await
}

async fn leaving(desk: &Window) -> Done {
    step("Ctrl+E: the same scan checks out");
    desk.click("in-out").await?;
    desk.wedge("TICKET-1002").await?;
    desk.see_css("[data-testid=\"card\"][data-outcome=\"checked_out\"][data-class=\"O\"]").await?;
    desk.screenshot("04-out").await?;
    desk.click("in-out").await?;
    chip(desk, "room", "5 of 40").await?;
    chip(desk, "waiting", "0").await
}

async fn practising(desk: &Window) -> Done {
    step("practice: made-up tickets count nowhere, and a real one lets nobody in");
    desk.press(Key::F12.into()).await?;
    desk.click("menu-practice").await?;
    desk.see("practice-sign").await?;
    desk.wedge("PRACTICE-01").await?;
    desk.see_css("[data-testid=\"card\"][data-class=\"G\"]").await?;
    desk.wedge(ADA.1).await?;
    desk.see_css("[data-testid=\"card\"][data-verdict=\"practice_only\"][data-class=\"S\"]").await?;
    desk.screenshot("05-practice").await?;
    desk.click("practice-end").await?;
    chip(desk, "room", "5 of 40").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_lets_in_past_a_refusal_unlocks_the_desk_and_ends_self_service() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("pins")?;
    let server = server(&scene, 1).await?;
    let (app, desk) = at_door(&scene, &server, "Opening").await?;
    chip(&desk, "places", "1").await?;
    let_in_by_scanner(&desk, ADA).await?;
    step("the room is full: a wrong PIN lets nobody in, the right one does with F2");
    desk.wedge("TICKET-1002").await?;
    desk.card(&Card {
        verdict: "session_full",
        outcome: "open",
        class: "S",
        title: "Room full",
        name: "Bao Nguyen",
    })
    .await?;
    desk.press(Key::F4.into()).await?;
    desk.see("supervisor-panel").await?;
    desk.type_anywhere("1111").await?;
    desk.press(Key::F2.into()).await?;
    desk.read("pin-problem", "opens nothing").await?;
    desk.screenshot("01-wrong-pin").await?;
    until("the right PIN opens after the wait", async || {
        desk.type_anywhere(PIN).await?;
        desk.press(Key::F2.into()).await?;
        answered(&desk).await?;
        Ok(desk.shows("[data-testid=\"card\"][data-outcome=\"let_in\"]").await.then_some(()))
    })
    .await?;
    desk.read("card-by", "Maria").await?;
    desk.screenshot("02-by-maria").await?;
    locked(&scene, &desk).await?;
    self_service(&scene, &desk).await?;
    let table = server.call(&["export", "check-ins"])?;
    demand(table.lines().any(|line| line.contains("Bao Nguyen") && line.ends_with(",Maria,room")), || {
        table.clone()
    })?;
    app.end().await
}

/// Waits until the desk has answered a PIN: its field is empty again, or gone.
async fn answered(desk: &Window) -> Done {
    let typed = "return document.querySelector('[data-testid=\"pin\"]')?.value ?? ''";
    until("the PIN is answered", async || Ok((desk.script(typed).await? == "").then_some(()))).await
}

/// Types the PIN until it opens the desk.
async fn unlock(desk: &Window) -> Done {
    until("the PIN opens", async || {
        desk.see("pin").await?;
        desk.type_anywhere(PIN).await?;
        desk.click("unlock").await?;
        answered(desk).await?;
        desk.see_css("[data-testid=\"find\"], [data-testid=\"pin-problem\"]").await?;
        Ok(desk.shows("[data-testid=\"find\"]").await.then_some(()))
    })
    .await
}

async fn locked(scene: &Scene, desk: &Window) -> Done {
    step("locked: neither scanner nor camera reads, and nobody's name is there");
    desk.press(Key::F12.into()).await?;
    desk.click("menu-lock").await?;
    desk.see("locked").await?;
    desk.wedge("TICKET-1003").await?;
    scene.hold_up("TICKET-1003")?;
    desk.read("strip", "locked").await?;
    let words = desk.script("return document.body.innerText").await?.to_string();
    demand(!words.contains("Nguyen") && !words.contains("Yilmaz"), || words.clone())?;
    desk.screenshot("03-locked").await?;
    scene.take_away()?;
    unlock(desk).await?;
    chip(desk, "room", "2 of 1").await
}

async fn self_service(scene: &Scene, desk: &Window) -> Done {
    step("self-service: the camera answers the guest, and a PIN leads back");
    desk.press(Key::F12.into()).await?;
    desk.click("menu-kiosk").await?;
    desk.see_css("[data-testid=\"kiosk\"][data-look=\"idle\"]").await?;
    desk.screenshot("04-self-service").await?;
    scene.hold_up("TICKET-1003")?;
    desk.see_css("[data-testid=\"kiosk\"][data-look=\"ask\"]").await?;
    desk.read("kiosk-title", "Ask our team").await?;
    desk.screenshot("05-ask").await?;
    scene.take_away()?;
    desk.see_css("[data-testid=\"kiosk\"][data-look=\"idle\"]").await?;
    desk.click("kiosk-leave").await?;
    unlock(desk).await
}
