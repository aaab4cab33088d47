//! One job at one printer, to its end: printed, or a problem with its cause. A job that failed is taken back, so that it does not
//! come out of the printer when nobody waits for it any more.

use std::{sync::OnceLock, time::Duration};

use ipp::{
    attribute::IppAttribute,
    prelude::{DelimiterTag, IppAttributeGroup, IppOperationBuilder, IppPayload, IppValue},
};
use tokio::time::{sleep, timeout};

use crate::{
    Printer, Spooler,
    state::{self, blocked},
    wire::{Wire, group, text},
};

/// How long to wait before asking again how a job does.
const ASK_AGAIN: Duration = Duration::from_millis(250);
/// Who asks, as printers show it.
const USER: &str = "usher";

/// Something to print.
#[derive(Clone, Debug)]
pub struct Job {
    /// A PDF of one page.
    pub pdf: Vec<u8>,
    /// The page's width and height in millimetres.
    pub mm: (u16, u16),
    /// How long it may take, from being sent to lying in the tray.
    pub deadline: Duration,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// The printer has it.
    Accepted,
    /// It is being printed.
    Printing,
}

/// Why a label did not come out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintProblem {
    /// Nothing answers there: switched off, unplugged, or no such printer.
    #[error("the printer does not answer; is it on and connected?")]
    Gone,
    /// Paused, or it takes no jobs.
    #[error("the printer is paused or takes no jobs")]
    Stopped,
    /// No labels left.
    #[error("the printer is out of paper")]
    OutOfPaper,
    /// A jam, an open cover, no ribbon.
    #[error("the printer needs care: jam, open cover or no ribbon")]
    NeedsCare,
    /// The deadline is over.
    #[error("the printer did not print in time")]
    Slow,
    /// It takes no PDF.
    #[error("the printer takes no PDF; add it to this computer's own printers")]
    NoPdf,
    /// It refused, or somebody cancelled the job.
    #[error("the printer refused the label, or somebody cancelled it")]
    Refused,
}

/// Prints, and waits until it is done, failed, or the deadline is over.
///
/// # Errors
/// [`PrintProblem`]; the job was taken back, as far as the printer could still be told.
pub async fn print(
    job: Job,
    printer: &Printer,
    spooler: &Spooler,
    told: impl Fn(JobState) + Send + Sync,
) -> Result<(), PrintProblem> {
    let wire = Wire::to_printer(printer, spooler)?;
    let sent = OnceLock::new();
    let done = timeout(job.deadline, to_the_end(&wire, job, &sent, &told)).await;
    let done = done.unwrap_or(Err(PrintProblem::Slow));
    if let (Err(_), Some(id)) = (&done, sent.get()) {
        take_back(&wire, *id).await;
    }
    done
}

/// Whether a printer would take a label now; nothing is printed.
///
/// # Errors
/// [`PrintProblem`], as a label would fail by.
pub async fn check(printer: &Printer, spooler: &Spooler) -> Result<(), PrintProblem> {
    ready(&Wire::to_printer(printer, spooler)?).await.map(drop)
}

async fn to_the_end(
    wire: &Wire,
    job: Job,
    sent: &OnceLock<i32>,
    told: &(impl Fn(JobState) + Sync),
) -> Result<(), PrintProblem> {
    let before = ready(wire).await?;
    let id = send(wire, job, &before).await?;
    // Set once: a job is sent once.
    let _ = sent.set(id);
    told(JobState::Accepted);
    let mut printing = false;
    while let Some(started) = still(wire, id).await? {
        if started && !printing {
            told(JobState::Printing);
        }
        printing = started;
        sleep(ASK_AGAIN).await;
    }
    Ok(())
}

/// What a printer that can print says of itself.
async fn ready(wire: &Wire) -> Result<IppAttributeGroup, PrintProblem> {
    let printer = printer(wire).await?;
    match blocked(&printer) {
        Some(problem) => Err(problem),
        None if !state::takes_pdf(&printer) => Err(PrintProblem::NoPdf),
        None => Ok(printer),
    }
}

/// What the printer says of itself.
async fn printer(wire: &Wire) -> Result<IppAttributeGroup, PrintProblem> {
    let question = IppOperationBuilder::get_printer_attributes(wire.uri.clone()).attributes(state::ASKED);
    let question = question.build().map_err(|_| PrintProblem::Refused)?;
    let answer = wire.ask(question, Vec::new()).await?;
    group(&answer, DelimiterTag::PrinterAttributes).cloned().ok_or(PrintProblem::Refused)
}

/// Sends the job; its number.
async fn send(wire: &Wire, job: Job, printer: &IppAttributeGroup) -> Result<i32, PrintProblem> {
    let question = IppOperationBuilder::print_job(wire.uri.clone(), IppPayload::empty());
    let question = question.user_name(USER).job_title("badge").document_format("application/pdf");
    let question = question.attributes(state::media(printer, job.mm).into_iter().chain(one_copy()));
    let answer = wire.ask(question.build().map_err(|_| PrintProblem::Refused)?, job.pdf).await?;
    let id = group(&answer, DelimiterTag::JobAttributes).and_then(|job| text(job, "job-id")?.parse().ok());
    id.ok_or(PrintProblem::Refused)
}

fn one_copy() -> Option<IppAttribute> {
    IppAttribute::with_name("copies", IppValue::new_integer(1)).ok()
}

/// Whether the job is still to come out, and then whether it is being printed; none: it is done.
async fn still(wire: &Wire, id: i32) -> Result<Option<bool>, PrintProblem> {
    let question = IppOperationBuilder::get_job_attributes(wire.uri.clone(), id).user_name(USER);
    let question = question.build().map_err(|_| PrintProblem::Refused)?;
    let answer = match wire.ask(question, Vec::new()).await {
        // It was taken and is in no list any more: some printers forget what they have printed.
        Err(PrintProblem::Gone) if printer(wire).await.is_ok() => return Ok(None),
        answer => answer?,
    };
    let state = group(&answer, DelimiterTag::JobAttributes).and_then(|job| text(job, "job-state"));
    let printing = match state.as_deref() {
        Some("9") => return Ok(None),
        // Cancelled or aborted: by the printer's own trouble, where it tells of any.
        Some("7" | "8") => return Err(blocked(&printer(wire).await?).unwrap_or(PrintProblem::Refused)),
        Some("5") => true,
        _ => false,
    };
    blocked(&printer(wire).await?).map_or(Ok(Some(printing)), Err)
}

async fn take_back(wire: &Wire, id: i32) {
    let question = IppOperationBuilder::cancel_job(wire.uri.clone(), id).user_name(USER).build();
    let Ok(question) = question else { return };
    if let Err(problem) = wire.ask(question, Vec::new()).await {
        tracing::info!(%problem, id, "a badge's job could not be taken back");
    }
}
