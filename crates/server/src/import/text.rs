//! Raw bytes to UTF-8 text: marks, encodings, and files that are no text at all. What lies inside the text is not looked at.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::file_problem::FileProblem;
use super::limits::FILE_BYTES_MAX;

/// A file's text.
pub(super) struct Text<'a> {
    /// Without byte order mark. Single invalid bytes may remain where the rest is UTF-8.
    pub(super) bytes: Cow<'a, [u8]>,
    /// Bytes of the byte order mark that was removed.
    pub(super) mark: usize,
    /// Name of the encoding it was read in.
    pub(super) encoding: &'static str,
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads in the encoding of that label, or as UTF-8.
///
/// # Errors
/// The file is too large, no text, or in another encoding.
pub(super) fn read<'a>(bytes: &'a [u8], label: Option<&str>) -> Result<Text<'a>, FileProblem> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(FileProblem::TooLarge { bytes: bytes.len(), limit: FILE_BYTES_MAX });
    }
    if let Some(what) = other_kind(bytes) {
        return Err(FileProblem::NotCsv { what });
    }
    match label.map(named).transpose()? {
        Some(encoding) if encoding != UTF_8 => decode(bytes, encoding),
        _ => utf8(bytes),
    }
}

fn named(label: &str) -> Result<&'static Encoding, FileProblem> {
    Encoding::for_label(label.as_bytes())
        .ok_or_else(|| FileProblem::UnknownEncoding { label: label.chars().take(60).collect() })
}

fn decode<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Text<'a>, FileProblem> {
    let (text, wrong) = encoding.decode_with_bom_removal(bytes);
    if wrong {
        return Err(FileProblem::NotInEncoding { encoding: encoding.name() });
    }
    let bytes = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    Ok(Text { bytes, mark: 0, encoding: encoding.name() })
}

fn utf8(bytes: &[u8]) -> Result<Text<'_>, FileProblem> {
    if let Some(suspected) = utf16(bytes) {
        return Err(FileProblem::OtherEncoding { byte: 0, line: 1, suspected });
    }
    let (mark, body) = match bytes.strip_prefix(UTF8_MARK) {
        Some(body) => (UTF8_MARK.len(), body),
        None => (0, bytes),
    };
    if body.contains(&0) {
        return Err(FileProblem::NotCsv { what: "a file with zero bytes, so no text" });
    }
    if let Err(error) = std::str::from_utf8(body)
        && !mostly_utf8(body)
    {
        let byte = error.valid_up_to();
        let line = 1 + memchr::memchr_iter(b'\n', &body[..byte]).count() as u64;
        return Err(FileProblem::OtherEncoding { byte: byte + mark, line, suspected: single_byte(body) });
    }
    Ok(Text { bytes: Cow::Borrowed(body), mark, encoding: UTF_8.name() })
}

/// UTF-16 by its mark, or by every second byte of the beginning being zero.
fn utf16(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(400)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count() * 5;
    match bytes {
        [0xff, 0xfe, ..] => Some("utf-16le"),
        [0xfe, 0xff, ..] => Some("utf-16be"),
        _ if head.len() >= 8 && zeros(1) > head.len() => Some("utf-16le"),
        _ if head.len() >= 8 && zeros(0) > head.len() => Some("utf-16be"),
        _ => None,
    }
}

/// Whether well-formed sequences outnumber foreign bytes: then the file is UTF-8 with a few damaged cells.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut sequences, mut foreign) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        sequences += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        foreign += usize::from(!chunk.invalid().is_empty());
    }
    sequences > foreign
}

/// Windows-1254 differs from 1252 in six letters; of these only the Turkish ones are usual in words beside other Turkish letters.
fn single_byte(bytes: &[u8]) -> &'static str {
    let count = |wanted: &[u8]| bytes.iter().filter(|byte| wanted.contains(byte)).count();
    let turkish = count(b"\xf0\xfd\xfe\xdd\xde\xd0");
    let western = count(b"\xe9\xe8\xe0\xea\xe4\xdf\xf1\xe5\xf8\xe6\xed\xf3\xe1\xfa");
    if turkish > western { "windows-1254" } else { "windows-1252" }
}

fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let start: &[u8] = bytes.trim_ascii_start();
    match bytes {
        [b'P', b'K', 3, 4, ..] => Some("an Excel workbook (.xlsx) or another zip file"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("an old Excel workbook (.xls)"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("a PDF"),
        [0x1f, 0x8b, ..] => Some("a compressed file"),
        _ if start.starts_with(b"<!") || start.starts_with(b"<html") || start.starts_with(b"<?xml") => {
            Some("a web page or XML")
        }
        _ if start.starts_with(b"{") || start.starts_with(b"[{") => Some("JSON"),
        _ => None,
    }
}
