//! How much memory the desk holds after many scans: printed, never asserted. `scripts/nightly` runs it on the release build.

use serde_json::json;

use crate::{
    alone,
    door::at_door,
    driver::App,
    scene::Scene,
    server::{Server, at},
    step,
    trouble::{Context, Done, demand},
    window::Window,
};

/// How many guests come.
const GUESTS: usize = 20_000;
/// After so many the memory is what it should stay.
const FIRST: usize = 1_000;
/// How many are read in one call: a driver waits 30 s for a script.
const AT_ONCE: usize = 500;

/// Reads these tickets one after another, as the scanner's keys would, and waits until each card was painted.
const READ: &str = "const [from, to, done] = arguments; (async () => { let let_in = 0; \
    for (let n = from; n < to; n += 1) { \
        const card = await window.__TAURI_INTERNALS__.invoke('desk', { name: 'scan', args: { readings: ['MEMORY-' + n], found: 'scanner' } }); \
        let_in += card?.outcome.kind === 'let_in' ? 1 : 0; \
        await new Promise((painted) => requestAnimationFrame(painted)); } \
    return let_in; })().then(done, (error) => done(JSON.stringify(error)));";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "nightly: memory of the release build after 20,000 scans"]
async fn what_the_desk_holds_after_twenty_thousand_scans() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("memory")?;
    let sessions = format!("name,start,end\nOpening,{},{}\n", at(-1), at(180));
    let guests = (0..GUESTS).map(|n| format!("Guest {n},MEMORY-{n},Opening\n"));
    let guests: String = ["name,code,sessions\n".to_owned()].into_iter().chain(guests).collect();
    let mut server = Server::prepare(&scene, &sessions, &guests)?;
    server.serve().await?;
    let (app, desk) = at_door(&scene, &server, "Opening").await?;
    let mut first = 0;
    for from in (0..GUESTS).step_by(AT_ONCE) {
        read(&desk, from).await?;
        if from + AT_ONCE == FIRST {
            first = held(&app, "after 1,000 scans")?;
        }
    }
    let last = held(&app, "after 20,000 scans")?;
    step("counted");
    println!("figure: memory after 20,000 scans is {:.2} of that after 1,000", last as f64 / first as f64);
    app.end().await
}

async fn read(desk: &Window, from: usize) -> Done {
    let let_in = desk.script_with(READ, vec![json!(from), json!(from + AT_ONCE)]).await?;
    demand(let_in == json!(AT_ONCE), || format!("from {from}: {let_in} of {AT_ONCE} were let in"))
}

/// What the app's processes hold in the end, in kB: their own part and their share of what several use.
fn held(app: &App, when: &str) -> Done<u64> {
    let mut sum = 0;
    for process in app.processes()? {
        let smaps = std::fs::read_to_string(process.join("smaps_rollup")).doing("memory of a process")?;
        let name = std::fs::read_to_string(process.join("comm")).doing("a process")?;
        let pss = smaps.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or_default();
        let kb: u64 = pss.trim().trim_end_matches(" kB").trim().parse().doing("memory of a process")?;
        println!("figure: {when}: {} holds {:.0} MB", name.trim(), kb as f64 / 1e3);
        sum += kb;
    }
    demand(sum > 0, || "the app has no process".to_owned())?;
    Ok(sum)
}
