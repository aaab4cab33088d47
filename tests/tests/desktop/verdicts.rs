//! Each verdict in the real window, from a scan: what stands there, and that nobody is let in by a refusal (UX section 2).
//! Not here: *Not saved* (full_disk), a paused door (deciding), practice and checking out (safety).

use fantoccini::key::Key;

use crate::{
    alone,
    door::{at_door, chip, link, serve},
    scene::Scene,
    server::{Server, at},
    step,
    trouble::{Done, demand, until},
    window::{Card, Window},
};

/// How many tickets *Wide* has for the desk that runs out of places: more than a desk aims to have.
const MANY: usize = 60;

fn sessions() -> String {
    let row = |name: &str, from: i64, to: i64, rest: &str| format!("{name},{},{},{rest}\n", at(from), at(to));
    [
        "name,start,end,capacity,hold seats\n".to_owned(),
        row("Opening", -30, 180, ",no"),
        row("Tiny", -1, 180, "1,no"),
        row("Kept", -1, 180, "1,yes"),
        row("Wide", -1, 180, "500,no"),
        row("Later", 300, 400, "40,no"),
        row("Past", -300, -120, "40,no"),
    ]
    .concat()
}

fn guests() -> String {
    let row = |name: &str, code: &str, session: &str, status: &str, until: &str, notes: &str| {
        format!("{name},{code},{session},{status},{until},{notes}\n")
    };
    let many = (0..MANY).map(|n| row(&format!("Guest {n}"), &wide(n), "Wide", "", "", ""));
    let rows = [
        row("Ada Lindqvist", "TICKET-1001", "Opening; Tiny; Later; Past", "", "", ""),
        row("Bao Nguyen", "TICKET-1002", "Opening; Tiny", "", "", "Speaker: call Sam"),
        row("Chiara Rossi", "TICKET-1003", "Kept", "", "", ""),
        row("Dmitri Volkov", "TICKET-1004", "Opening", "cancelled", "", ""),
        row("Elif Yilmaz", "TICKET-1005", "Opening", "", &at(-60), ""),
    ];
    ["name,code,sessions,status,valid until,notes\n".to_owned()].into_iter().chain(rows).chain(many).collect()
}

fn wide(n: usize) -> String {
    format!("WIDE-{n:04}")
}

const fn card<'a>(verdict: &'a str, class: &'a str, title: &'a str, name: &'a str) -> Card<'a> {
    Card { verdict, outcome: "open", class, title, name }
}

/// The signed ticket of a guest, from the organiser's table.
fn signed(server: &Server, name: &str) -> Done<String> {
    let table = server.call(&["tickets", "export", "--signed"])?;
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let found = rows.records().flatten().find(|row| &row[0] == name);
    found.map(|row| row[5].to_owned()).ok_or_else(|| format!("no signed ticket of {name}: {table}"))
}

/// Serves another session.
async fn turn_to(desk: &Window, session: &str) -> Done {
    desk.press(Key::F12.into()).await?;
    desk.click("change-session").await?;
    serve(desk, session).await
}

/// Reads a ticket by its keys and waits for its card; Space and Enter then let nobody in.
async fn refused(desk: &Window, code: &str, expected: &Card<'_>) -> Done {
    desk.wedge(code).await?;
    stays(desk, expected).await
}

/// The same with a long ticket before the camera: a driver on a busy machine types it with pauses that no scanner makes.
async fn refused_picture(scene: &Scene, desk: &Window, code: &str, expected: &Card<'_>) -> Done {
    scene.hold_up(code)?;
    stays(desk, expected).await?;
    scene.take_away()
}

async fn stays(desk: &Window, expected: &Card<'_>) -> Done {
    desk.card(expected).await?;
    desk.leave_the_scanner().await?;
    desk.press(' ').await?;
    desk.press(Key::Enter.into()).await?;
    desk.card(expected).await?;
    desk.screenshot(&format!("{}-{}", expected.class, expected.verdict)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_verdict_has_its_card_and_a_refusal_lets_nobody_in() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("verdicts")?;
    let mut server = Server::prepare(&scene, &sessions(), &guests())?;
    let (ada, old) = (signed(&server, "Ada Lindqvist")?, signed(&server, "Guest 0")?);
    server.call(&["tickets", "revoke", &old])?;
    server.serve().await?;
    let (app, desk) = at_door(&scene, &server, "Opening").await?;
    at_the_opening(&scene, &desk, &ada, &old).await?;
    in_other_rooms(&desk).await?;
    without_server(&scene, &desk, &mut server).await?;
    nobody_else(&desk, &mut server).await?;
    app.end().await
}

/// The server's own count: those who were let in on purpose, and nobody by a refusal.
async fn nobody_else(desk: &Window, server: &mut Server) -> Done {
    step("the server counts nobody who was refused");
    server.serve().await?;
    link(desk, false).await?;
    chip(desk, "waiting", "0").await?;
    for (session, wanted) in [("Opening", 3), ("Tiny", 1), ("Kept", 1), ("Later", 0), ("Past", 0)] {
        let inside = server.inside(session)?;
        demand(inside == wanted, || format!("{inside} inside {session}, {wanted} were let in"))?;
    }
    Ok(())
}

async fn at_the_opening(scene: &Scene, desk: &Window, ada: &str, old: &str) -> Done {
    step("two codes in view let nobody in: one is to be covered");
    scene.hold_up_codes("two", &["TICKET-1001", "TICKET-1002"])?;
    desk.read("idle-title", "One at a time").await?;
    desk.screenshot("N-two_codes").await?;
    scene.take_away()?;
    desk.read("idle-title", "Scan a ticket").await?;
    step("a signed ticket lets its guest in, late, and then reads already in");
    scene.hold_up(ada)?;
    desk.card(&Card::come_in("Ada Lindqvist")).await?;
    scene.take_away()?;
    let late = desk.read("card-late", "min").await?;
    demand(["29", "30", "31"].iter().any(|minutes| late.contains(minutes)), || late.clone())?;
    step("a note asks; Space lets in");
    desk.wedge("TICKET-1002").await?;
    desk.card(&Card::asks("Bao Nguyen")).await?;
    desk.read("card-line", "Speaker: call Sam").await?;
    desk.press_until(' ', &Card::come_in("Bao Nguyen")).await?;
    step("refusals of the ticket itself");
    refused(desk, "TICKET-1003", &card("not_registered", "A", "Not booked here", "Chiara Rossi")).await?;
    refused(desk, "TICKET-1004", &card("cancelled", "S", "Booking cancelled", "Dmitri Volkov")).await?;
    refused(desk, "TICKET-1005", &card("expired", "S", "Ticket expired", "Elif Yilmaz")).await?;
    refused_picture(scene, desk, old, &card("revoked", "S", "Old ticket", "Guest 0")).await?;
    refused(desk, "NOBODY-HAS-THIS", &card("unknown_ticket", "S", "Unknown ticket", "")).await?;
    let forged = format!("{}{}", &ada[..ada.len() - 1], if ada.ends_with('A') { 'B' } else { 'A' });
    refused_picture(scene, desk, &forged, &card("forged", "S", "Not our ticket", "")).await?;
    let foreign = "U-ZZZZZZ-00000000000000000000000000";
    refused(desk, foreign, &card("other_event", "S", "Other event", "")).await?;
    refused(desk, "https://example.org/menu", &card("not_a_ticket", "N", "Not a ticket", "")).await?;
    step("let in before: grey");
    let grey = card("already_in", "N", "Already in", "Ada Lindqvist");
    // A ticket stays green for ten seconds after its own green; by now they are over.
    until("the ticket reads already in", async || {
        desk.wedge("TICKET-1001").await?;
        Ok(desk.shows("[data-verdict=\"already_in\"]").await.then_some(()))
    })
    .await?;
    refused(desk, "TICKET-1001", &grey).await
}

async fn in_other_rooms(desk: &Window) -> Done {
    step("before the doors open, and after the end");
    turn_to(desk, "Later").await?;
    refused(desk, "TICKET-1001", &card("session_not_open", "S", "Not open yet", "Ada Lindqvist")).await?;
    turn_to(desk, "Past").await?;
    refused(desk, "TICKET-1001", &card("session_ended", "S", "Session over", "Ada Lindqvist")).await?;
    step("a room with one place");
    turn_to(desk, "Tiny").await?;
    desk.read("chip-places", "1").await?;
    desk.wedge("TICKET-1001").await?;
    desk.card(&Card::come_in("Ada Lindqvist")).await?;
    refused(desk, "TICKET-1002", &card("session_full", "S", "Room full", "Bao Nguyen")).await?;
    step("the one place is kept for somebody else");
    turn_to(desk, "Kept").await?;
    refused(desk, "TICKET-1001", &card("seats_held", "S", "No free places", "Ada Lindqvist")).await?;
    desk.wedge("TICKET-1003").await?;
    desk.card(&Card::come_in("Chiara Rossi")).await.map(drop)
}

async fn without_server(scene: &Scene, desk: &Window, server: &mut Server) -> Done {
    step("offline the desk uses its places, and then has none");
    turn_to(desk, "Wide").await?;
    desk.see_css("[data-testid=\"chip-places\"][data-tone=\"plain\"]").await?;
    server.stop().await?;
    link(desk, true).await?;
    let mut n = 0;
    while !desk.shows("[data-verdict=\"grant_empty\"]").await {
        n += 1;
        demand(n < MANY, || "the desk never ran out of places".to_owned())?;
        desk.wedge(&wide(n)).await?;
        desk.read("card-name", &format!("Guest {n}")).await?;
    }
    let name = format!("Guest {n}");
    refused(desk, &wide(n), &card("grant_empty", "S", "No places here", &name)).await?;
    step("a ticket that was sold a minute ago proves itself to a desk that never heard of it");
    std::fs::write(scene.path("more.csv"), "name,code,sessions\nNova Ruiz,TICKET-9001,Opening\n")
        .map_err(|error| error.to_string())?;
    server.call(&["import", "participants", &scene.path("more.csv").to_string_lossy()])?;
    let nova = signed(server, "Nova Ruiz")?;
    turn_to(desk, "Opening").await?;
    refused_picture(scene, desk, &nova, &card("signed_unknown", "A", "New ticket", "")).await?;
    let let_in =
        Card { outcome: "let_in", class: "G", title: "Come in", ..card("signed_unknown", "", "", "") };
    desk.press_until(Key::F2.into(), &let_in).await
}
