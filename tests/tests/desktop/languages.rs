//! The real desk in each language and both themes, in a small window: pictures to be looked at, and nothing cut off.

use fantoccini::key::Key;

use crate::{
    alone,
    door::{at_door, settings},
    scene::Scene,
    server::{Server, at},
    step,
    trouble::{Done, demand},
    window::{Card, Window},
};

/// Each language, what a green card says in it, and which way it runs.
const LANGUAGES: [(&str, &str, &str); 6] = [
    ("en", "Come in", "ltr"),
    ("de", "Willkommen", "ltr"),
    ("es", "Adelante", "ltr"),
    ("tr", "Buyurun", "ltr"),
    ("hi", "अंदर आइए", "ltr"),
    ("ar", "تفضّل بالدخول", "rtl"),
];
/// A long name: it must fit as well.
const NAME: &str = "Maximiliane Oberhuber-Wachsenberg";
const THEMES: [&str; 2] = ["light", "dark"];
/// The smallest screen that a desk is made for, in CSS px.
const SMALLEST: (u32, u32) = (1024, 600);

/// What is wider than its box, in words. Names that people gave may end in an ellipsis; what a screen reader alone says is
/// clipped whole. The harness (`ui/dev/faults.ts`) judges every screen by more rules; this is the real window with its own fonts.
const CUT: &str = "const given = (e) => getComputedStyle(e).textOverflow === 'ellipsis' && (e.closest('bdi') || e.querySelector('bdi')); \
    return [...document.querySelectorAll('#app *')] \
    .filter((e) => e.clientWidth && e.scrollWidth > e.clientWidth + 1 && !e.closest('svg, canvas, input, .unseen') \
        && getComputedStyle(e).clipPath !== 'inset(50%)' && !given(e)) \
    .map((e) => `${e.tagName} ${e.className} \"${e.innerText?.slice(0, 40)}\": ${e.scrollWidth} px in ${e.clientWidth}`).join('; ')";

#[tokio::test(flavor = "multi_thread")]
async fn every_language_and_theme_has_its_picture_and_nothing_is_cut_off() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("languages")?;
    let server = server(&scene).await?;
    let (app, desk) = at_door(&scene, &server, "Opening").await?;
    desk.resize(SMALLEST).await?;
    for (language, title, way) in LANGUAGES {
        step(language);
        speak(&desk, language, way).await?;
        let card = Card { title, ..Card::come_in(NAME) };
        for theme in THEMES {
            look(&desk, language, theme, &card).await?;
        }
    }
    app.end().await
}

/// A guest for each picture: a ticket that was let in reads otherwise a moment later.
async fn server(scene: &Scene) -> Done<Server> {
    let sessions = format!("name,start,end,room,capacity\nOpening,{},{},Main hall,400\n", at(-1), at(180));
    let tickets = LANGUAGES.iter().flat_map(|(language, ..)| THEMES.map(|theme| ticket(language, theme)));
    let rows = tickets.map(|code| format!("{NAME},{code},Harbour Guild,Opening\n"));
    let guests: String = ["name,code,organisation,sessions\n".to_owned()].into_iter().chain(rows).collect();
    let mut server = Server::prepare(scene, &sessions, &guests)?;
    server.serve().await?;
    Ok(server)
}

fn ticket(language: &str, theme: &str) -> String {
    format!("TICKET-{language}-{theme}").to_uppercase()
}

async fn speak(desk: &Window, language: &str, way: &str) -> Done {
    settings(desk).await?;
    desk.click(&format!("language-{language}")).await?;
    desk.see_css(&format!("html[lang=\"{language}\"][dir=\"{way}\"]")).await?;
    desk.press(Key::Escape.into()).await
}

/// The settings, the menu, the help, a search and a green card.
async fn look(desk: &Window, language: &str, theme: &str, card: &Card<'_>) -> Done {
    settings(desk).await?;
    desk.click(&format!("theme-{theme}")).await?;
    whole(desk, &format!("{language}-{theme}-settings")).await?;
    desk.press(Key::F12.into()).await?;
    desk.see("menu-panel").await?;
    whole(desk, &format!("{language}-{theme}-menu")).await?;
    desk.press(Key::F1.into()).await?;
    desk.see("help-panel").await?;
    whole(desk, &format!("{language}-{theme}-help")).await?;
    desk.press(Key::F3.into()).await?;
    desk.type_anywhere("max").await?;
    desk.see("find-row-0").await?;
    whole(desk, &format!("{language}-{theme}-find")).await?;
    desk.wedge(&ticket(language, theme)).await?;
    desk.card(card).await?;
    whole(desk, &format!("{language}-{theme}-card")).await?;
    desk.press(Key::Escape.into()).await
}

/// Keeps the picture; nothing on it is cut off.
async fn whole(desk: &Window, name: &str) -> Done {
    desk.screenshot(name).await?;
    let cut = desk.script(CUT).await?;
    demand(cut.as_str() == Some(""), || format!("{name}: cut off: {cut}"))
}
