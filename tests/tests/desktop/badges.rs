//! Badges in the real window: Ctrl+P, a printer that is asked by IPP, and one without paper that holds nobody up.

use std::path::Path;

use usher_scan::{Budget, Frame, Reader};
use usher_tests::ippeve::{Inside, Printer, rendered};

use crate::{
    alone,
    door::{at_door, let_in_by_scanner},
    scene::Scene,
    server::{OPENING, Server},
    step,
    trouble::{Context, Done, demand, until},
    window::Window,
};

/// The resolution of the usual label printer, in dots per inch.
const DPI: u32 = 203;

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_comes_out_of_the_printer_and_an_empty_one_holds_nobody_up() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("badges")?;
    let server = Server::open(&scene).await?;
    let (app, desk) = at_door(&scene, &server, "Opening").await?;
    let good = printer(&scene, "good", Inside::Prints)?;
    choose(&desk, &good).await?;
    desk.screenshot("01-badges").await?;
    step("Ctrl+P prints the badge of who was just let in; the desk reads its code again");
    let_in_by_scanner(&desk, OPENING[0]).await?;
    desk.press_ctrl('p').await?;
    let page = until("a badge comes out", async || Ok(good.pages().first().cloned())).await?;
    demand(read(&page)? == [OPENING[0].1], || format!("{} has another code", page.display()))?;
    desk.screenshot("02-printed").await?;
    step("a printer without paper: the strip says so, and the next guest is let in");
    let empty = printer(&scene, "empty", Inside::OutOfPaper)?;
    choose(&desk, &empty).await?;
    let_in_by_scanner(&desk, OPENING[1]).await?;
    desk.press_ctrl('p').await?;
    let_in_by_scanner(&desk, OPENING[2]).await?;
    desk.read("strip", "No badge: Bao Nguyen").await?;
    desk.read("strip-why", "Out of labels.").await?;
    desk.screenshot("03-no-paper").await?;
    desk.click("strip-seen").await?;
    demand(good.pages().len() == 1, || "a badge came out twice".to_owned())?;
    app.end().await
}

fn printer(scene: &Scene, name: &str, inside: Inside) -> Done<Printer> {
    let folder = scene.path(name);
    std::fs::create_dir(&folder).doing("a printer's folder")?;
    Printer::start(&folder, inside).doing("ippeveprinter")
}

/// Chooses a printer by its address, typed as a person does.
async fn choose(desk: &Window, printer: &Printer) -> Done {
    desk.press(fantoccini::key::Key::F12.into()).await?;
    desk.click("menu-badges").await?;
    desk.fill("printer-address", &printer.address()).await?;
    // Two taps at once on one spot count as one: the menu's tile lay where this button is.
    desk.leave_the_scanner().await?;
    desk.click("printer-use").await?;
    desk.read("badges-panel", &printer.address()).await?;
    desk.press(fantoccini::key::Key::Escape.into()).await
}

/// The codes on a page.
fn read(page: &Path) -> Done<Vec<String>> {
    let frame = Frame::from_file(&rendered(page, DPI).doing("drawing a page")?).doing("a page")?;
    let reading = Reader::new().read(&frame, Budget::from_ms(1_000));
    Ok(reading.codes.iter().filter_map(|code| code.text().map(str::to_owned)).collect())
}
