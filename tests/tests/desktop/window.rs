//! One window as a person meets it: what it shows, what is pressed and typed. Things are found by `data-testid`.

use std::path::PathBuf;

use fantoccini::{
    Client, Locator,
    actions::{InputSource, KeyAction, KeyActions},
    elements::Element,
    key::Key,
};
use serde_json::{Value, json};
use std::time::Duration;

use crate::trouble::{Context, Done, demand, until};

/// Between two letters of a person: slower than any scanner.
const PERSON: Duration = Duration::from_millis(100);
/// Between two characters of a keyboard-wedge scanner.
const SCANNER: Duration = Duration::from_millis(5);
/// How long after a scan an Enter is still the scanner's, in ms: as `ui/shared/wedge.ts` has it.
const SUFFIX_MS: f64 = 500.0;

/// A window that the driver is turned to.
pub(crate) struct Window {
    client: Client,
    artefacts: PathBuf,
}

impl Window {
    pub(crate) const fn new(client: Client, artefacts: PathBuf) -> Self {
        Self { client, artefacts }
    }

    /// Waits for something with this `data-testid`.
    pub(crate) async fn see(&self, testid: &str) -> Done<Element> {
        self.see_css(&format!("[data-testid=\"{testid}\"]")).await
    }

    /// Waits for something that this selector finds.
    pub(crate) async fn see_css(&self, css: &str) -> Done<Element> {
        until(&format!("the window shows {css}"), async || match self.client.find(Locator::Css(css)).await {
            Ok(element) => Ok(Some(element)),
            Err(_) => Err(self.stage().await),
        })
        .await
    }

    /// Whether something that this selector finds is there now.
    pub(crate) async fn shows(&self, css: &str) -> bool {
        self.client.find(Locator::Css(css)).await.is_ok()
    }

    /// Waits until something's text holds these words; gives the whole text.
    pub(crate) async fn read(&self, testid: &str, words: &str) -> Done<String> {
        let css = format!("[data-testid=\"{testid}\"]");
        until(&format!("{testid} reads \"{words}\""), async || {
            let Ok(text) = self.text(&css).await else { return Err(self.stage().await) };
            if text.contains(words) { Ok(Some(text)) } else { Err(format!("it reads \"{text}\"")) }
        })
        .await
    }

    /// Waits until what the page holds in something has these words: of what may end in an ellipsis the driver reads nothing.
    pub(crate) async fn holds(&self, testid: &str, words: &str) -> Done {
        let script =
            format!("return document.querySelector('[data-testid=\"{testid}\"]')?.textContent ?? ''");
        until(&format!("{testid} holds \"{words}\""), async || {
            let text = self.script(&script).await?;
            let found = text.as_str().is_some_and(|text| text.contains(words));
            if found { Ok(Some(())) } else { Err(format!("it holds {text}; {}", self.stage().await)) }
        })
        .await
    }

    async fn text(&self, css: &str) -> Done<String> {
        let element = self.client.find(Locator::Css(css)).await.doing(css)?;
        element.text().await.doing(css)
    }

    /// Waits until the card has these words, and gives its element.
    pub(crate) async fn card(&self, expected: &Card<'_>) -> Done<Element> {
        let css = format!(
            "[data-testid=\"card\"][data-verdict=\"{}\"][data-outcome=\"{}\"][data-class=\"{}\"]",
            expected.verdict, expected.outcome, expected.class
        );
        until(&format!("a card {expected:?}"), async || {
            let Ok(card) = self.client.find(Locator::Css(&css)).await else { return Err(self.stage().await) };
            let text = card.text().await.doing("the card")?;
            let whole = text.contains(expected.title) && text.contains(expected.name);
            if whole { Ok(Some(card)) } else { Err(format!("the card reads \"{text}\"")) }
        })
        .await
    }

    /// What stands in the window, for a failure's words.
    async fn stage(&self) -> String {
        let script = "const c = document.querySelector('[data-testid=card]'); return c ? c.outerHTML.slice(0, 200) + c.innerText : 'no card; ' + document.body.innerText.slice(0, 400)";
        self.client
            .execute(script, vec![])
            .await
            .map_or_else(|error| error.to_string(), |said| said.to_string())
    }

    /// Clicks something.
    pub(crate) async fn click(&self, testid: &str) -> Done {
        let css = format!("[data-testid=\"{testid}\"]");
        until(&format!("{testid} can be clicked"), async || {
            let element = self.client.find(Locator::Css(&css)).await.doing(testid)?;
            demand(element.is_enabled().await.doing(testid)?, || format!("{testid} is disabled"))?;
            element.click().await.doing(testid).map(Some)
        })
        .await
    }

    /// Clicks the first of these whose text holds the words.
    pub(crate) async fn click_text(&self, css: &str, words: &str) -> Done {
        until(&format!("one of {css} reads \"{words}\""), async || {
            for element in self.client.find_all(Locator::Css(css)).await.doing(css)? {
                if element.text().await.doing(css)?.contains(words) {
                    return element.click().await.doing(css).map(Some);
                }
            }
            Ok(None)
        })
        .await
    }

    /// Puts a text into a field at one stroke, in the place of what stands there, as pasting does.
    pub(crate) async fn fill(&self, testid: &str, text: &str) -> Done {
        let field = self.see(testid).await?;
        let field = serde_json::to_value(&field).doing(testid)?;
        let script = "const [field, text] = arguments; field.focus(); field.value = text; field.dispatchEvent(new Event('input', { bubbles: true }));";
        self.client.execute(script, vec![field, json!(text)]).await.doing(testid).map(drop)
    }

    /// Types into a field as a person does.
    pub(crate) async fn type_into(&self, testid: &str, text: &str) -> Done {
        self.click(testid).await?;
        self.keys(text.chars(), PERSON).await
    }

    /// Types with no field in focus, as a person does.
    pub(crate) async fn type_anywhere(&self, text: &str) -> Done {
        self.keys(text.chars(), PERSON).await
    }

    /// Sends a code as a keyboard-wedge scanner does: fast, with Enter.
    pub(crate) async fn wedge(&self, code: &str) -> Done {
        self.keys(code.chars().chain([char::from(Key::Enter)]), SCANNER).await
    }

    /// Lets the time pass, by the page's own clock, in which an Enter would be the scanner's and not a person's (UX 3, wedge
    /// classifier 2).
    pub(crate) async fn leave_the_scanner(&self) -> Done {
        let now =
            async || self.script("return performance.now()").await?.as_f64().ok_or("no time".to_owned());
        let since = now().await?;
        until("the scanner is put down", async || Ok((now().await? - since > SUFFIX_MS).then_some(()))).await
    }

    /// Presses one key.
    pub(crate) async fn press(&self, key: char) -> Done {
        self.keys([key].into_iter(), PERSON).await
    }

    /// Presses a key while Ctrl is down.
    pub(crate) async fn press_ctrl(&self, key: char) -> Done {
        let ctrl = char::from(Key::Control);
        let steps = KeyActions::new("keys".into())
            .then(KeyAction::Down { value: ctrl })
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key })
            .then(KeyAction::Up { value: ctrl });
        self.client.perform_actions(steps).await.doing("pressing keys")
    }

    async fn keys(&self, keys: impl Iterator<Item = char>, pause: Duration) -> Done {
        let steps = keys.fold(KeyActions::new("keys".into()), |actions, value| {
            actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value })
                .then(KeyAction::Pause { duration: pause })
        });
        self.client.perform_actions(steps).await.doing("pressing keys")
    }

    /// Presses a key again and again until the card is as expected: a card that is new takes no key for a moment.
    pub(crate) async fn press_until(&self, key: char, expected: &Card<'_>) -> Done {
        let css = format!("[data-testid=\"card\"][data-outcome=\"{}\"]", expected.outcome);
        until(&format!("{key:?} leads to {expected:?}"), async || {
            if self.shows(&css).await {
                return Ok(Some(()));
            }
            self.press(key).await.map(|()| None)
        })
        .await?;
        self.card(expected).await.map(drop)
    }

    /// What a call of the app's own commands gives from this window.
    pub(crate) async fn invoke(&self, command: &str, args: Value) -> Done<Result<Value, String>> {
        let script = "const [command, args, done] = arguments; \
            window.__TAURI_INTERNALS__.invoke(command, args) \
            .then((value) => done({ value }), (error) => done({ error: typeof error === 'string' ? error : JSON.stringify(error) }))";
        let said = self.client.execute_async(script, vec![json!(command), args]).await.doing("a call")?;
        Ok(said["error"].as_str().map_or_else(|| Ok(said["value"].clone()), |error| Err(error.to_owned())))
    }

    /// A value of the page's own: what a script returns.
    pub(crate) async fn script(&self, script: &str) -> Done<Value> {
        self.client.execute(script, vec![]).await.doing("a script")
    }

    /// Runs a script that watches what `css` finds.
    pub(crate) async fn watch(&self, script: &str, css: &str) -> Done {
        self.client.execute(script, vec![json!(css)]).await.doing("watching").map(drop)
    }

    /// What an asynchronous script hands to its last argument.
    pub(crate) async fn script_async(&self, script: &str) -> Done<Value> {
        self.script_with(script, vec![]).await
    }

    /// The same with arguments before that one.
    pub(crate) async fn script_with(&self, script: &str, args: Vec<Value>) -> Done<Value> {
        self.client.execute_async(script, args).await.doing("a script")
    }

    /// Makes the window so large, in CSS px, and waits until its page is.
    pub(crate) async fn resize(&self, (width, height): (u32, u32)) -> Done {
        self.client.set_window_size(width, height).await.doing("a window's size")?;
        let wanted = json!([width, height]);
        until(&format!("the window is {width}x{height}"), async || {
            let now = self.script("return [innerWidth, innerHeight]").await?;
            if now == wanted { Ok(Some(())) } else { Err(format!("it is {now}")) }
        })
        .await
    }

    /// Keeps a picture of the window.
    pub(crate) async fn screenshot(&self, name: &str) -> Done {
        let picture = self.client.screenshot().await.doing("a screenshot")?;
        demand(picture.starts_with(b"\x89PNG"), || "a screenshot is no PNG".to_owned())?;
        std::fs::write(self.artefacts.join(format!("{name}.png")), picture).doing("keeping a screenshot")
    }
}

/// What a card must say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Card<'a> {
    /// `data-verdict`.
    pub(crate) verdict: &'a str,
    /// `data-outcome`.
    pub(crate) outcome: &'a str,
    /// `data-class`: G green, R asks, A amber, S stop, N neutral, F fault.
    pub(crate) class: &'a str,
    /// Words of the title.
    pub(crate) title: &'a str,
    /// The guest's name; empty where nobody is known.
    pub(crate) name: &'a str,
}

impl<'a> Card<'a> {
    /// Solid green.
    pub(crate) const fn come_in(name: &'a str) -> Self {
        Self { verdict: "registered", outcome: "let_in", class: "G", title: "Come in", name }
    }

    /// Hollow: asks.
    pub(crate) const fn asks(name: &'a str) -> Self {
        Self { verdict: "registered", outcome: "open", class: "R", title: "Registered", name }
    }
}
