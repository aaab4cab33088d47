//! How long a volunteer waits, in the real window: printed, never asserted. `scripts/nightly` runs them on the release build.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::{
    alone,
    door::at_door,
    scene::Scene,
    server::{Server, at},
    step,
    trouble::{Context, Done, until},
    window::Window,
};

/// How many guests the list has.
const GUESTS: usize = 100_000;
/// How many times each figure is taken.
const TIMES: usize = 40;

/// Keeps when the window painted a change of what `css` finds since [`AGAIN`], and when the last key went down, in ms since 1970.
const WATCH: &str = "const [css] = arguments; window.usherPainted = []; window.usherKey = 0; \
    window.usherWatch?.disconnect(); \
    window.onkeydown ??= (event) => { window.usherKey = performance.timeOrigin + event.timeStamp; }; \
    window.usherWatch = new MutationObserver((changes) => { \
        const there = document.querySelector(css); \
        if (!there || !changes.some(({ target }) => target.contains(there) || there.contains(target))) return; \
        requestAnimationFrame(() => { const port = new MessageChannel(); \
            port.port1.onmessage = () => { window.usherPainted.push(Date.now()); }; port.port2.postMessage(0); }); }); \
    window.usherWatch.observe(document.querySelector('[data-testid=desk]'), { subtree: true, childList: true, characterData: true, attributes: true });";

/// What was painted until now is over.
const AGAIN: &str = "window.usherPainted = []";

fn guests() -> String {
    const FIRST: [&str; 12] =
        ["Ada", "Bao", "Chiara", "Dmitri", "Elif", "Farid", "Grace", "Hana", "Ivo", "Jun", "Kemal", "Lucía"];
    const LAST: [&str; 10] =
        ["Lindqvist", "Nguyen", "Rossi", "Volkov", "Yılmaz", "Haddad", "Okafor", "Novák", "Gómez", "Öztürk"];
    let row = |n: usize| {
        let (first, last) = (FIRST[n % FIRST.len()], LAST[n / FIRST.len() % LAST.len()]);
        format!("{first} {last}-{n},FIGURE-{n:06},guest{n}@example.org,Opening\n")
    };
    ["name,code,email,sessions\n".to_owned()].into_iter().chain((0..GUESTS).map(row)).collect()
}

#[expect(clippy::disallowed_methods, reason = "compared with the page's own clock")]
fn now_ms() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64() * 1e3)
}

fn print(what: &str, mut ms: Vec<f64>) {
    ms.sort_by(f64::total_cmp);
    let at = |part: f64| ms[((ms.len() - 1) as f64 * part) as usize];
    println!(
        "figure: {what}: p50 {:.0} ms, p95 {:.0} ms, longest {:.0} ms ({} times)",
        at(0.5),
        at(0.95),
        at(1.0),
        ms.len()
    );
}

/// When the window first painted what is watched, after `since_ms`: what was painted before, such as a card that was cleared, is none.
async fn painted(desk: &Window, since_ms: f64) -> Done<f64> {
    until("a change is painted", async || {
        let all = desk.script("return window.usherPainted").await?;
        Ok(all.as_array().into_iter().flatten().filter_map(Value::as_f64).find(|at| *at > since_ms))
    })
    .await
}

async fn pressed(desk: &Window) -> Done<f64> {
    desk.script("return window.usherKey").await?.as_f64().ok_or("no key was seen".to_owned())
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "nightly: figures of the release build at 100,000 guests"]
async fn how_long_a_volunteer_waits() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("figures")?;
    let sessions = format!("name,start,end\nOpening,{},{}\n", at(-1), at(180));
    let mut server = Server::prepare(&scene, &sessions, &guests())?;
    server.serve().await?;
    let (app, desk) = at_door(&scene, &server, "Opening").await?;
    pictures(&scene, &desk).await?;
    letters(&desk).await?;
    accepts(&desk).await?;
    app.end().await
}

async fn pictures(scene: &Scene, desk: &Window) -> Done {
    step("a ticket's picture becomes a painted card");
    desk.watch(WATCH, "[data-testid=card][data-outcome=let_in]").await?;
    let mut ms = Vec::new();
    for n in 0..TIMES {
        let code = format!("FIGURE-{n:06}");
        desk.press(fantoccini::key::Key::Escape.into()).await?;
        desk.script(AGAIN).await?;
        scene.hold_up(&code)?;
        let since = now_ms();
        desk.read("card-name", &format!("-{n}")).await?;
        ms.push(painted(desk, since).await? - since);
        scene.take_away()?;
    }
    print("ticket's picture to painted card, with the folder's pause between two pictures", ms);
    Ok(())
}

async fn letters(desk: &Window) -> Done {
    step("a letter typed into the search becomes a painted list");
    desk.watch(WATCH, "[data-testid=find-row-0]").await?;
    let mut ms = Vec::new();
    for name in ["chiara", "yilmaz", "lucia g", "novak-10"] {
        desk.fill("find", "").await?;
        desk.click("find").await?;
        for letter in name.chars() {
            desk.script(AGAIN).await?;
            desk.press(letter).await?;
            let since = pressed(desk).await?;
            // The first letter alone searches nothing.
            if desk.script("return document.querySelector('[data-testid=find]').value.length").await?.as_u64()
                > Some(1)
            {
                ms.push(painted(desk, since).await? - since);
            }
        }
    }
    print("search, key to painted list, at 100,000 guests", ms);
    desk.press(fantoccini::key::Key::Escape.into()).await
}

async fn accepts(desk: &Window) -> Done {
    step("Space lets in, and the next ticket can be read");
    desk.watch(WATCH, "[data-testid=card][data-outcome=let_in]").await?;
    desk.invoke("desk", serde_json::json!({ "name": "set_door", "args": { "mode": "ask_first" } }))
        .await?
        .doing("asking first")?;
    let mut ms = Vec::new();
    for n in 0..TIMES {
        desk.wedge(&format!("FIGURE-{:06}", 1_000 + n)).await?;
        desk.see_css("[data-testid=card][data-outcome=open]").await?;
        desk.leave_the_scanner().await?;
        desk.script(AGAIN).await?;
        desk.press(' ').await?;
        let since = pressed(desk).await?;
        ms.push(painted(desk, since).await? - since);
    }
    print(
        "accept key to painted green, the 50 ms in which a scanner's code could follow the key included",
        ms,
    );
    Ok(())
}
