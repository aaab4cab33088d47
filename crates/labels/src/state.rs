//! What a printer's own words mean for a badge: whether it can print, and on what. Pure.

use ipp::{
    attribute::IppAttribute,
    prelude::{IppAttributeGroup, IppValue},
};

use crate::{
    PrintProblem,
    wire::{text, words},
};

/// What a printer is asked about itself.
pub(crate) const ASKED: [&str; 5] = [
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "document-format-supported",
    "media-size-supported",
];

/// How far a label's side may be off a size that the printer names, in hundredths of a millimetre.
const OFF_MAX: i32 = 100;

/// Why the printer cannot print now; none: it can, or is at it.
pub(crate) fn blocked(printer: &IppAttributeGroup) -> Option<PrintProblem> {
    let reasons = words(printer, "printer-state-reasons");
    let of_reasons = reasons.iter().filter_map(|reason| meaning(reason)).max_by_key(|(weight, _)| *weight);
    if let Some((_, problem)) = of_reasons {
        return Some(problem);
    }
    let stopped = text(printer, "printer-state").as_deref() == Some("5");
    let closed = text(printer, "printer-is-accepting-jobs").as_deref() == Some("false");
    (stopped || closed).then_some(PrintProblem::Stopped)
}

/// What one reason means, the more telling the heavier. Paper running low, and what is only reported, stops nothing.
fn meaning(reason: &str) -> Option<(u8, PrintProblem)> {
    let plain =
        ["-error", "-warning", "-report"].iter().find_map(|end| reason.strip_suffix(end)).unwrap_or(reason);
    let reported = reason.ends_with("-report");
    match plain {
        // CUPS says so of a printer that was unplugged, and calls it a report.
        "offline" | "shutdown" => Some((1, PrintProblem::Gone)),
        _ if reported => None,
        "media-empty" | "media-needed" => Some((4, PrintProblem::OutOfPaper)),
        "media-jam"
        | "cover-open"
        | "door-open"
        | "interlock-open"
        | "marker-supply-empty"
        | "toner-empty"
        | "input-tray-missing"
        | "output-area-full" => Some((3, PrintProblem::NeedsCare)),
        "paused" | "moving-to-paused" | "stopping" | "spool-area-full" => Some((2, PrintProblem::Stopped)),
        _ => None,
    }
}

/// Whether the printer takes PDF; one that does not say takes anything.
pub(crate) fn takes_pdf(printer: &IppAttributeGroup) -> bool {
    let formats = words(printer, "document-format-supported");
    formats.is_empty() || formats.iter().any(|format| format == "application/pdf")
}

/// The label's size as the printer wants it said; none where it does not know that size and prints on what is in it.
pub(crate) fn media(printer: &IppAttributeGroup, mm: (u16, u16)) -> Option<IppAttribute> {
    let (width, height) = (i32::from(mm.0) * 100, i32::from(mm.1) * 100);
    let sizes = printer.get("media-size-supported")?.value();
    let known =
        |x, y| sizes.into_iter().any(|size| side(size, "x-dimension", x) && side(size, "y-dimension", y));
    let (x, y) = [(width, height), (height, width)].into_iter().find(|(x, y)| known(*x, *y))?;
    let named = |name: &str, value| Some((name.try_into().ok()?, value));
    let size = [named("x-dimension", IppValue::Integer(x))?, named("y-dimension", IppValue::Integer(y))?];
    let column = [named("media-size", IppValue::Collection(size.into()))?];
    IppAttribute::with_name("media-col", IppValue::Collection(column.into())).ok()
}

fn side(size: &IppValue, name: &str, wanted: i32) -> bool {
    let found = size.as_collection().and_then(|sides| sides.iter().find(|(side, _)| side.as_str() == name));
    match found {
        Some((_, IppValue::Integer(length))) => (length - wanted).abs() <= OFF_MAX,
        Some((_, IppValue::RangeOfInteger { min, max })) => (*min..=*max).contains(&wanted),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use ipp::prelude::DelimiterTag;

    use super::*;

    fn printer(state: i32, reasons: &[&str]) -> IppAttributeGroup {
        let mut group = IppAttributeGroup::new(DelimiterTag::PrinterAttributes);
        let reasons = reasons.iter().map(|one| IppValue::new_keyword(*one).unwrap()).collect();
        let all =
            [("printer-state", IppValue::Enum(state)), ("printer-state-reasons", IppValue::Array(reasons))];
        let named = all.map(|(name, value)| IppAttribute::with_name(name, value).unwrap());
        group.attributes_mut().extend(named);
        group
    }

    #[test]
    fn a_printers_reasons_become_the_problem_that_tells_most() {
        let problem = |state, reasons: &[&str]| blocked(&printer(state, reasons));
        assert_eq!(problem(3, &["none"]), None);
        assert_eq!(
            problem(4, &["media-low-warning", "marker-supply-low-report", "connecting-to-device"]),
            None
        );
        assert_eq!(problem(4, &["media-empty-report"]), None);
        assert_eq!(problem(5, &["paused"]), Some(PrintProblem::Stopped));
        assert_eq!(problem(5, &["none"]), Some(PrintProblem::Stopped));
        assert_eq!(problem(5, &["paused", "media-empty-error"]), Some(PrintProblem::OutOfPaper));
        assert_eq!(problem(5, &["media-jam", "cover-open"]), Some(PrintProblem::NeedsCare));
        assert_eq!(problem(3, &["offline-report"]), Some(PrintProblem::Gone));
    }

    #[test]
    fn a_size_is_asked_for_only_where_the_printer_knows_it() {
        let sides = |x, y| {
            let side = |name: &str, value| (name.try_into().unwrap(), value);
            IppValue::Collection([side("x-dimension", x), side("y-dimension", y)].into())
        };
        let with = |sizes: Vec<IppValue>| {
            let mut group = printer(3, &["none"]);
            group
                .attributes_mut()
                .push(IppAttribute::with_name("media-size-supported", IppValue::Array(sizes)).unwrap());
            group
        };
        let a4 = sides(IppValue::Integer(21_000), IppValue::Integer(29_700));
        assert!(media(&with(vec![a4.clone()]), (62, 29)).is_none());
        let roll = sides(IppValue::Integer(2_900), IppValue::RangeOfInteger { min: 2_500, max: 100_000 });
        let asked = media(&with(vec![a4, roll]), (62, 29)).unwrap();
        assert_eq!(asked.name().as_str(), "media-col");
        let column = format!("{:?}", asked.value());
        assert!(column.contains("2900") && column.contains("6200"), "turned by a quarter: {column}");
    }
}
