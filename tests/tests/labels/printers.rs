//! Real IPP: a job's way into `ippeveprinter`, and every way it can fail there.

use std::{sync::Mutex, time::Duration};

use tokio::time::timeout;

use usher_labels::{Fonts, Job, JobState, Label, LabelSize, PrintProblem, Printer, Spooler, pdf, print};
use usher_tests::ippeve::{self, Inside};

use crate::pictures::codes;

const CODE: &str = "U-ABC123-0123456789ABCDEFGHJKMNPQRS";

fn job(deadline: Duration) -> Job {
    let label = Label { name: "Ana Gómez".into(), code: Some(CODE.into()), ..Label::default() };
    let size = LabelSize::W90H54;
    Job { pdf: pdf(&label, size, &Fonts::installed()).unwrap(), mm: size.mm(), deadline }
}

/// No computer's own spooler is asked.
fn no_spooler() -> Spooler {
    Spooler::Address("127.0.0.1:1".into())
}

async fn printed(printer: &str, deadline: Duration) -> (Result<(), PrintProblem>, Vec<JobState>) {
    let told = Mutex::new(Vec::new());
    let printer: Printer = printer.parse().unwrap();
    let done = print(job(deadline), &printer, &no_spooler(), |state| told.lock().unwrap().push(state)).await;
    (done, told.into_inner().unwrap())
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_badge_comes_out_of_the_printer_and_its_code_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let printer = ippeve::Printer::start(folder.path(), Inside::Prints).unwrap();
    let (done, told) = printed(&printer.address(), LONG).await;
    assert_eq!((done, told[0]), (Ok(()), JobState::Accepted));
    let pages = printer.pages();
    assert_eq!(pages.len(), 1, "one badge, not two");
    assert_eq!(codes(&pages[0]), [CODE]);
}

/// The problem of a badge that does not come out.
async fn fails(inside: Inside, deadline: Duration) -> PrintProblem {
    let folder = tempfile::tempdir().unwrap();
    let printer = ippeve::Printer::start(folder.path(), inside).unwrap();
    let (done, _) = printed(&printer.address(), deadline).await;
    assert_eq!(printer.pages().len(), 0);
    done.unwrap_err()
}

#[tokio::test]
async fn a_slow_printer_is_waited_for_until_the_deadline_and_no_longer() {
    // The deadline, a word to the printer, and time for a busy machine.
    let done = timeout(Duration::from_secs(30), fails(Inside::Slow, Duration::from_secs(2))).await;
    assert_eq!(done, Ok(PrintProblem::Slow));
}

#[tokio::test]
async fn a_printer_that_says_what_is_wrong_is_believed_at_once() {
    assert_eq!(fails(Inside::OutOfPaper, LONG).await, PrintProblem::OutOfPaper);
    assert_eq!(fails(Inside::Paused, LONG).await, PrintProblem::Stopped);
    assert_eq!(fails(Inside::Jams, LONG).await, PrintProblem::NeedsCare);
    assert_eq!(fails(Inside::GivesUp, LONG).await, PrintProblem::Refused);
}

#[tokio::test]
async fn the_next_badge_is_not_even_sent_to_a_printer_without_paper() {
    let folder = tempfile::tempdir().unwrap();
    let printer = ippeve::Printer::start(folder.path(), Inside::OutOfPaper).unwrap();
    let (first, told) = printed(&printer.address(), LONG).await;
    assert_eq!((first, told[0]), (Err(PrintProblem::OutOfPaper), JobState::Accepted));
    let (second, told) = printed(&printer.address(), LONG).await;
    assert_eq!((second, told.len()), (Err(PrintProblem::OutOfPaper), 0));
}

#[tokio::test]
async fn a_printer_that_is_not_there_is_gone_and_one_without_pdf_is_told() {
    assert_eq!(printed("ipp://127.0.0.1:1/ipp/print", LONG).await.0, Err(PrintProblem::Gone));
    assert_eq!(printed("No_such_queue", LONG).await.0, Err(PrintProblem::Gone));
    let folder = tempfile::tempdir().unwrap();
    let printer = ippeve::Printer::taking(folder.path(), Inside::Prints, "image/urf").unwrap();
    let (done, _) = printed(&printer.address(), LONG).await;
    assert_eq!((done, printer.pages().len()), (Err(PrintProblem::NoPdf), 0));
}

#[tokio::test]
async fn a_computer_without_a_spooler_has_no_queues() {
    assert_eq!(no_spooler().queues().await, Ok(vec![]));
}
