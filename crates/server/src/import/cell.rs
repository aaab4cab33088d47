//! One cell to one bounded value. Says what is wrong with a cell; knows no row and no column.

use super::limits::{NOTES_CHARS_MAX, SESSION_CHARS_MAX, SESSIONS_PER_ROW_MAX};
use super::pretix_words::{NO, YES};
use super::problem::ProblemKind;
use super::words::fold;

/// Text for one line: white space collapsed, newlines included. `None` if nothing is left.
///
/// # Errors
/// A control character, or more than `chars_max` characters.
pub(super) fn line(text: &str, chars_max: usize) -> Result<Option<String>, ProblemKind> {
    if text.is_empty() {
        return Ok(None);
    }
    if text.bytes().all(|byte| byte.is_ascii_graphic()) && text.len() <= chars_max {
        return Ok(Some(text.to_owned()));
    }
    bounded(text.split_whitespace().collect::<Vec<_>>().join(" "), chars_max)
}

/// A ticket code: kept as it is but for white space around it.
///
/// # Errors
/// A control character, or more than `chars_max` characters.
pub(super) fn code(text: &str, chars_max: usize) -> Result<Option<String>, ProblemKind> {
    if text.is_empty() {
        return Ok(None);
    }
    bounded(text.trim().to_owned(), chars_max)
}

fn bounded(text: String, chars_max: usize) -> Result<Option<String>, ProblemKind> {
    if let Some(control) = text.chars().find(|c| c.is_control()) {
        return Err(ProblemKind::ControlCharacter { code: u32::from(control) });
    }
    if text.len() > chars_max && text.chars().count() > chars_max {
        return Err(ProblemKind::FieldTooLong { limit: chars_max });
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// An address with something on both sides of its `@`.
///
/// # Errors
/// Not an address, too long, or a control character.
pub(super) fn email(text: &str, chars_max: usize) -> Result<Option<String>, ProblemKind> {
    let email = code(text, chars_max)?;
    match email.as_deref().map(|email| (email.rsplit_once('@'), email.contains(char::is_whitespace))) {
        None => Ok(None),
        Some((Some((local, domain)), false)) if !local.is_empty() && !domain.is_empty() => Ok(email),
        Some(_) => Err(ProblemKind::BadEmail),
    }
}

/// Notes keep their lines; what exceeds the limit is cut, and control characters are dropped.
pub(super) fn notes(text: &str) -> Option<String> {
    let mut kept: String =
        text.trim().chars().filter(|c| *c == '\n' || !c.is_control()).take(NOTES_CHARS_MAX).collect();
    if text.trim().chars().nth(NOTES_CHARS_MAX).is_some() {
        kept.pop();
        kept.push('…');
    }
    Some(kept).filter(|kept| !kept.is_empty())
}

/// Sessions separated by `;`, `|` or line ends, each once, in the order written.
///
/// # Errors
/// Too many, or one of them too long.
pub(super) fn sessions(text: &str, into: &mut Vec<String>) -> Result<(), ProblemKind> {
    for part in text.split([';', '|', '\n']) {
        if let Some(session) = line(part, SESSION_CHARS_MAX)?
            && !into.contains(&session)
        {
            into.push(session);
        }
    }
    if into.len() > SESSIONS_PER_ROW_MAX {
        return Err(ProblemKind::TooManySessions { limit: SESSIONS_PER_ROW_MAX });
    }
    Ok(())
}

/// Yes or no, in any language of the tables, or as `1`, `0`, `true`, `x`. `None` if empty.
///
/// # Errors
/// Neither yes nor no.
pub(super) fn yes_no(text: &str) -> Result<Option<bool>, ProblemKind> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match fold(text).as_str() {
        "1" | "true" | "x" | "y" | "✓" => Ok(Some(true)),
        "0" | "false" | "n" | "-" => Ok(Some(false)),
        word if YES.contains(&word) => Ok(Some(true)),
        word if NO.contains(&word) => Ok(Some(false)),
        _ => Err(ProblemKind::BadYesNo),
    }
}

/// A whole number. `None` if empty.
///
/// # Errors
/// Not a number from `min` to `max`.
pub(super) fn number(text: &str, min: u32, max: u32) -> Result<Option<u32>, ProblemKind> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(number) if (min..=max).contains(&number) => Ok(Some(number)),
        _ => Err(ProblemKind::BadNumber { min, max }),
    }
}
