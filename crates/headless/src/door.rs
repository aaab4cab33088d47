//! The desk behind the lines: the window's commands, and the few that a script needs beside them.

use std::{
    io::{self, BufRead},
    path::PathBuf,
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{runtime::Runtime, sync::watch};
use usher_core::entry::Found;
use usher_protocol::{
    commands::{Handles, LookAtDesk, Scan, dispatch_desk},
    window::{DeskView, WindowError},
};
use usher_station::{Desk, Push, Running, SystemHost};

use crate::{
    ask::{self, Ask, Fault},
    lines::{self, Line},
    log_csv,
    pictures::{PictureArgs, Pictures},
};

/// How long `sync` waits when the call does not say.
const DEADLINE_MS: u64 = 30_000;
/// The longest that `sync` waits.
const DEADLINE_MS_MAX: u64 = 600_000;

/// How a desk is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder with the desk's files.
    pub data: PathBuf,
    /// Whether views are printed as they change.
    pub views: bool,
    /// The longest time a picture may be looked at, milliseconds, 1 to 60,000.
    pub budget_ms: u64,
}

type Show = Box<dyn Fn(Push) + Send + Sync>;

/// A desk, driven by lines.
pub struct Door {
    desk: Desk<SystemHost<Show>>,
    news: watch::Receiver<News>,
    pictures: Pictures,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.desk.fmt(f)
    }
}

/// What the last view said about the line to the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct News {
    waiting: u64,
    synced_ms: Option<i64>,
}

impl From<&DeskView> for News {
    fn from(view: &DeskView) -> Self {
        Self { waiting: view.waiting, synced_ms: view.list.synced_ms.filter(|_| view.list.complete) }
    }
}

#[derive(Debug, Deserialize)]
struct SyncArgs {
    #[serde(default = "usual_deadline")]
    deadline_ms: u64,
}

const fn usual_deadline() -> u64 {
    DEADLINE_MS
}

#[derive(Debug, Deserialize)]
struct ExportArgs {
    path: PathBuf,
}

impl Door {
    /// Opens the desk. When its files cannot be used, its view says why.
    #[must_use]
    pub fn open(options: &Options) -> Self {
        let (told, news) = watch::channel(News::default());
        let views = options.views;
        let show: Show = Box::new(move |push| {
            let Push::Desk(view) = push else { return };
            told.send_replace(News::from(view.as_ref()));
            if views && let Err(error) = lines::print(&json!({"view": view})) {
                tracing::warn!(%error, "a view could not be printed");
            }
        });
        let desk = Desk::open(&options.data, SystemHost::new(show));
        Self { desk, news, pictures: Pictures::new(options.budget_ms) }
    }

    /// Starts what runs beside the desk. Call it inside a tokio runtime.
    #[must_use]
    pub fn run(&self) -> Running {
        self.desk.run()
    }

    /// Answers line by line until `quit` or the end of the input.
    ///
    /// # Errors
    /// The input or the output broke.
    pub fn serve(&self, runtime: &Runtime, input: &mut impl BufRead) -> io::Result<()> {
        loop {
            let line = lines::next(input)?;
            if line == Line::End {
                return Ok(());
            }
            let Some(read) = ask::read(&line) else { continue };
            let (id, quits, result) = match read {
                Ok(ask) => {
                    let (id, quits) = (ask.id.clone(), ask.call == "quit");
                    (id, quits, runtime.block_on(self.carry_out(ask)))
                }
                Err((id, fault)) => (id, false, Err(fault)),
            };
            lines::print(&ask::answer(&id, &result))?;
            if quits {
                return Ok(());
            }
        }
    }

    async fn carry_out(&self, ask: Ask) -> Result<Value, Fault> {
        match ask.call.as_str() {
            "picture" => self.picture(arguments(ask.args)?).await,
            "sync" => self.sync(arguments(ask.args)?).await,
            "export" => self.export(arguments(ask.args)?).await,
            "save" => self.save(arguments(ask.args)?).await,
            "quit" => Ok(json!({})),
            name => Ok(dispatch_desk(&self.desk, name, ask.args).await?),
        }
    }

    /// A picture is held in front of the camera.
    async fn picture(&self, args: PictureArgs) -> Result<Value, Fault> {
        let seen = self.pictures.look_at(args).await?;
        let Some(text) = seen.text else {
            return Ok(json!({"unread": true, "looks_like_one": seen.looks_like_one, "ms": seen.ms}));
        };
        let chars = text.chars().count();
        let card = self.desk.handle(Scan { readings: vec![text], found: Found::Camera }).await?;
        Ok(json!({"unread": false, "chars": chars, "codes": seen.codes, "ms": seen.ms, "card": card}))
    }

    /// Waits until everything was sent and the list is current, or the deadline passes.
    async fn sync(&self, args: SyncArgs) -> Result<Value, Fault> {
        let deadline = Duration::from_millis(args.deadline_ms.min(DEADLINE_MS_MAX));
        let synced = tokio::time::timeout(deadline, self.two_rounds()).await.is_ok();
        Ok(json!({"synced": synced, "waiting": self.view().await?.waiting}))
    }

    /// A round that is under way may have asked before this call: the one after it has not.
    async fn two_rounds(&self) {
        let mut news = self.news.clone();
        for _ in 0..2 {
            let before = news.borrow_and_update().synced_ms;
            self.desk.sync_soon();
            let current = |now: &News| now.waiting == 0 && now.synced_ms.is_some() && now.synced_ms != before;
            if news.wait_for(current).await.is_err() {
                return;
            }
        }
    }

    async fn export(&self, args: ExportArgs) -> Result<Value, Fault> {
        let (desk, view) = (self.desk.clone(), self.view().await?);
        let written = tokio::task::spawn_blocking(move || log_csv::write(&desk, &view, &args.path)).await;
        let entries = written.unwrap_or_else(|_| Err(Fault::File("the writer ended".into())))?;
        Ok(json!({"entries": entries}))
    }

    /// *Save unsent log*: a file for `usher-server carry import`.
    async fn save(&self, args: ExportArgs) -> Result<Value, Fault> {
        let desk = self.desk.clone();
        let saved = tokio::task::spawn_blocking(move || desk.save_log(&args.path)).await;
        Ok(json!({"entries": saved.map_err(|_| Fault::File("the writer ended".into()))??}))
    }

    async fn view(&self) -> Result<DeskView, WindowError> {
        self.desk.handle(LookAtDesk {}).await
    }
}

fn arguments<T: serde::de::DeserializeOwned>(args: Value) -> Result<T, Fault> {
    serde_json::from_value(args).map_err(|error| Fault::BadLine(format!("the arguments do not fit: {error}")))
}
