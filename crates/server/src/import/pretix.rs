//! What is particular to pretix's exports: how their columns are recognised whatever the event's language, and how their cells are unescaped.
//! A check-in list has fixed columns before and after the questions that the organiser asked; a question can bear any header, so a fixed
//! column is looked for only on its own side of the e-mail column.

use std::borrow::Cow;

use super::columns::Columns;
use super::file_problem::FileProblem;
use super::pretix_words as w;
use super::words::{Field, fold};

/// Where a participants file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The organiser's own table.
    Generic,
    /// pretix's check-in list: one row per ticket, blocked and, on some lists, unpaid ones included.
    PretixCheckinList,
    /// pretix's "valid check-in codes": no names, no blocked ones.
    PretixCodes,
}

/// Says which export the header belongs to.
///
/// # Errors
/// An export of pretix that does not say who is admissible.
pub(super) fn recognise(headers: &[String]) -> Result<Source, FileProblem> {
    let folded: Vec<String> = headers.iter().map(|header| fold(&unescape(header))).collect();
    let at =
        |position: usize, words: &[&str]| folded.get(position).is_some_and(|h| words.contains(&h.as_str()));
    let has = |words: &[&str]| folded.iter().any(|header| words.contains(&header.as_str()));
    if at(0, w::EVENT_SLUG) && has(w::ORDER_CODE) {
        return Err(FileProblem::WrongExport { what: "order list" });
    }
    if at(2, w::CHECK_IN_LIST) && at(3, w::SCAN_TYPE) {
        return Err(FileProblem::WrongExport { what: "check-in log" });
    }
    if at(0, w::SECRET) && at(1, w::PRODUCT) && at(2, w::VARIATION) && at(3, w::PAID) {
        return Ok(Source::PretixCodes);
    }
    let telling =
        [w::PRODUCT, w::CHECKED_IN, w::CHECKED_OUT, w::AUTOMATICALLY, w::EMAIL, w::BLOCKED, w::VALID_UNTIL];
    let known = telling.iter().filter(|words| has(words)).count();
    let listed = at(0, w::ORDER_CODE) && (at(1, w::ATTENDEE_NAME) || known >= 5) && known >= 4;
    Ok(if listed { Source::PretixCheckinList } else { Source::Generic })
}

/// Adds the columns of the export to what `--map` gave.
///
/// # Errors
/// A check-in list whose e-mail, blocked or product column bears an unknown word.
pub(super) fn columns(source: Source, headers: &[String], columns: &mut Columns) -> Result<(), FileProblem> {
    let folded: Vec<String> = headers.iter().map(|header| fold(&unescape(header))).collect();
    match source {
        Source::Generic => columns.recognise_words(headers),
        Source::PretixCodes => codes(&folded, columns),
        Source::PretixCheckinList => checkin_list(&folded, headers, columns)?,
    }
    Ok(())
}

fn codes(folded: &[String], columns: &mut Columns) {
    let last = |words: &[&str]| folded.iter().rposition(|header| words.contains(&header.as_str()));
    columns.recognise(Field::Code, Some(0));
    columns.recognise(Field::Kind, Some(1));
    columns.recognise(Field::Paid, Some(3));
    columns.recognise(Field::ValidFrom, last(w::VALID_FROM));
    columns.recognise(Field::ValidUntil, last(w::VALID_UNTIL));
}

fn checkin_list(folded: &[String], headers: &[String], columns: &mut Columns) -> Result<(), FileProblem> {
    let within = |from: usize, to: usize, words: &[&str]| {
        (from..to.min(folded.len())).find(|at| words.contains(&folded[*at].as_str()))
    };
    let missing = |field: Field, wanted| FileProblem::MissingColumn {
        wanted,
        field: field.key(),
        headers: headers.to_vec(),
    };
    let mapped = |field, found: Option<usize>| columns.get(field).or(found);
    let product = mapped(Field::Kind, within(2, usize::MAX, w::PRODUCT))
        .ok_or_else(|| missing(Field::Kind, "the product"))?;
    let email = mapped(Field::Email, within(product, usize::MAX, w::EMAIL))
        .ok_or_else(|| missing(Field::Email, "the e-mail address"))?;
    let after =
        |words: &[&str]| (email + 1..folded.len()).rev().find(|at| words.contains(&folded[*at].as_str()));
    let blocked = after(w::BLOCKED);
    if blocked.is_none() && !columns.is_mapped(Field::Blocked) {
        return Err(missing(Field::Blocked, "blocked tickets (--map blocked=- if there is none)"));
    }
    columns.recognise(Field::Order, Some(0));
    columns.recognise(Field::Name, Some(1));
    columns.recognise(Field::First, (2..product).find(|at| is_part(&folded[*at], w::GIVEN_NAME)));
    columns.recognise(Field::Last, (2..product).find(|at| is_part(&folded[*at], w::FAMILY_NAME)));
    columns.recognise(Field::Kind, Some(product));
    columns.recognise(Field::Paid, within(product, email, w::PAID));
    columns.recognise(Field::Code, within(product, email, w::SECRET));
    columns.recognise(Field::Email, Some(email));
    columns.recognise(Field::Organisation, after(w::COMPANY));
    columns.recognise(Field::Attention, after(w::ATTENTION));
    columns.recognise(Field::Notes, after(w::CHECK_IN_TEXT));
    columns.recognise(Field::Blocked, blocked);
    columns.recognise(Field::ValidFrom, after(w::VALID_FROM));
    columns.recognise(Field::ValidUntil, after(w::VALID_UNTIL));
    Ok(())
}

/// `attendee name: family name`, whatever stands before the colon.
fn is_part(header: &str, words: &[&str]) -> bool {
    header.rsplit([':', '：']).next().is_some_and(|part| words.contains(&part.trim()))
}

/// Columns in which the export prints times in the event's short form, validity or not; they show whether the day comes first.
pub(super) fn time_columns(headers: &[String]) -> Vec<usize> {
    let words = [w::CHECKED_IN, w::CHECKED_OUT, w::VALID_FROM, w::VALID_UNTIL];
    let is_time = |header: &String| words.iter().any(|words| words.contains(&fold(header).as_str()));
    headers.iter().enumerate().filter(|(_, header)| is_time(header)).map(|(at, _)| at).collect()
}

/// Undoes what pretix does to a cell that a spreadsheet might take for a formula: `'` before it, and `\` before each `|`.
/// A cell that cannot have come about so, such as `'quoted'` or `'-5`, is left as it is.
pub(super) fn unescape(cell: &str) -> Cow<'_, str> {
    let Some(rest) = cell.strip_prefix('\'') else { return Cow::Borrowed(cell) };
    let formula = rest.starts_with(['@', '+', '-', '=', '|', '%']) || rest.starts_with("\\|");
    let plain = rest.replace("\\|", "|");
    if formula && !is_number(&plain) && plain.replace('|', "\\|") == rest {
        Cow::Owned(plain)
    } else {
        Cow::Borrowed(cell)
    }
}

/// What pretix leaves alone: digits, commas and points, after a minus sign or none, before a newline or none.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let digits = digits.strip_suffix('\n').unwrap_or(digits);
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.')
}
