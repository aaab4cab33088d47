//! Badges on their way to the printer, one after the other, beside the door: nothing that decides waits for this.

use std::{
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::{Instant, timeout};

use usher_labels::{BadPrinter, Job, Label, PrintProblem, Printer, Spooler};
use usher_protocol::{
    commands::{AskPrinters, Handles, PrintBadge, PrintSeen, PrintTest, SaveBadge, SetPrinter},
    limits::NAME_CHARS_MAX,
    window::{BadgeProblem, BadgeSaved, DeskView, PrinterOutcome, PrintersView, WindowError},
};

use crate::{
    Desk, Host,
    badges::Wanted,
    desk::fault,
    handlers::uuid,
    paper::{Paper, Sheet, made},
    records::free_name,
    view,
};

/// How long a badge may take, from its letters to the tray. A label printer needs a few seconds, and nobody waits for longer than this.
const DEADLINE: Duration = Duration::from_secs(45);
/// How a saved badge's name ends.
const ENDING: &str = "pdf";

/// Prints what waits, until the desk ends.
pub(crate) async fn run<H: Host>(desk: Desk<H>) {
    loop {
        let Some(badge) = desk.0.badges.next() else {
            desk.0.badges.wanted.notified().await;
            continue;
        };
        desk.push();
        let (printer, paper) = (desk.0.badges.set().printer, desk.paper());
        // In a task of its own: what a strange font or printer breaks ends this badge and not the printing.
        let printed = tokio::spawn(print(desk.clone(), badge.label, printer, paper)).await;
        let outcome = printed.unwrap_or(Err(BadgeProblem::Refused));
        if let Err(why) = &outcome {
            tracing::warn!(?why, "a badge did not come out");
        }
        desk.0.badges.done(outcome);
        desk.push();
    }
}

async fn print<H: Host>(
    desk: Desk<H>,
    label: Label,
    printer: Option<String>,
    paper: Paper,
) -> Result<(), BadgeProblem> {
    let printer: Printer = printer.and_then(|name| name.parse().ok()).ok_or(BadgeProblem::NoPrinter)?;
    let start = Instant::now();
    let made = timeout(DEADLINE, made(label, paper)).await;
    let Sheet { pdf, mm, plain_for } = made.unwrap_or(Err(BadgeProblem::Slow))?;
    desk.0.badges.laid_out(plain_for);
    let job = Job { pdf, mm, deadline: DEADLINE.saturating_sub(start.elapsed()) };
    let told = |state| tracing::debug!(?state, "a badge");
    usher_labels::print(job, &printer, &Spooler::of_this_computer(), told).await.map_err(|why| problem(&why))
}

pub(crate) const fn problem(why: &PrintProblem) -> BadgeProblem {
    match why {
        PrintProblem::Gone => BadgeProblem::Gone,
        PrintProblem::Stopped => BadgeProblem::Stopped,
        PrintProblem::OutOfPaper => BadgeProblem::OutOfPaper,
        PrintProblem::NeedsCare => BadgeProblem::NeedsCare,
        PrintProblem::Slow => BadgeProblem::Slow,
        PrintProblem::NoPdf => BadgeProblem::NoPdf,
        PrintProblem::Refused => BadgeProblem::Refused,
    }
}

impl<H: Host> Desk<H> {
    fn print_and_show(&self, badge: Wanted) -> DeskView {
        self.0.badges.wait(badge);
        self.push();
        view::desk_view(&self.acting())
    }
}

impl<H: Host> Handles<PrintBadge> for Desk<H> {
    async fn handle(&self, args: PrintBadge) -> Result<DeskView, WindowError> {
        self.look_only(move |desk| Ok(desk.print_and_show(desk.badge(uuid(&args.id)?)?))).await
    }
}

impl<H: Host> Handles<PrintTest> for Desk<H> {
    async fn handle(&self, args: PrintTest) -> Result<DeskView, WindowError> {
        self.look_only(move |desk| {
            let name: String = args.text.chars().take(NAME_CHARS_MAX).collect();
            let (organisation, event) = (desk.who()?.name.clone(), desk.event_name());
            let label = Label { name, organisation, kind: event.clone(), event, code: None };
            Ok(desk.print_and_show(Wanted { id: desk.fresh_id(), label, test: true }))
        })
        .await
    }
}

impl<H: Host> Handles<PrintSeen> for Desk<H> {
    async fn handle(&self, args: PrintSeen) -> Result<DeskView, WindowError> {
        self.look_only(move |desk| {
            desk.0.badges.seen(uuid(&args.id)?);
            desk.push();
            Ok(view::desk_view(&desk.acting()))
        })
        .await
    }
}

impl<H: Host> Handles<AskPrinters> for Desk<H> {
    async fn handle(&self, _: AskPrinters) -> Result<PrintersView, WindowError> {
        let asked = Spooler::of_this_computer().queues().await;
        let unanswered = asked.is_err();
        Ok(PrintersView { names: asked.unwrap_or_default(), unanswered })
    }
}

impl<H: Host> Handles<SetPrinter> for Desk<H> {
    async fn handle(&self, args: SetPrinter) -> Result<PrinterOutcome, WindowError> {
        self.look_only(move |desk| {
            let mut set = args.set;
            match set.printer.as_deref().map(str::parse::<Printer>).transpose() {
                Ok(printer) => set.printer = printer.map(|printer| printer.to_string()),
                Err(BadPrinter::NotAPrinter) => return Ok(PrinterOutcome::NotAPrinter),
                Err(BadPrinter::NotIpp) => return Ok(PrinterOutcome::NotIpp),
            }
            desk.0.badges.keep(desk.files()?, set).map_err(|error| fault(&error))?;
            desk.push();
            Ok(PrinterOutcome::Set)
        })
        .await
    }
}

impl<H: Host> Handles<SaveBadge> for Desk<H> {
    async fn handle(&self, args: SaveBadge) -> Result<BadgeSaved, WindowError> {
        let badge = self.badge(uuid(&args.id)?)?;
        let name = badge.label.name.clone();
        let bytes = match made(badge.label, self.paper()).await {
            Ok(sheet) => {
                self.0.badges.laid_out(sheet.plain_for);
                sheet.pdf
            }
            Err(why) => return Ok(BadgeSaved::Failed { why }),
        };
        self.look_only(move |desk| {
            let folder = desk.chosen_place(&args.place)?;
            let path = free_name(&folder, &name, ENDING).ok_or(WindowError::NotPossible)?;
            write_whole(&path, &bytes).map_err(|error| fault(&error.into()))?;
            Ok(BadgeSaved::Saved { path: path.to_string_lossy().into_owned() })
        })
        .await
    }
}

/// The file is there whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let part: PathBuf = path.with_extension("part");
    let mut file = std::fs::File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}
