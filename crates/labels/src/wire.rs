//! The Internet Printing Protocol over HTTP: one question, one answer, both bounded.

use std::{io::Cursor, time::Duration};

use ipp::{
    attribute::IppAttributeGroup,
    operation::IppOperation,
    parser::IppParser,
    prelude::{DelimiterTag, IppRequestResponse, IppValue, StatusCode, Uri},
    reader::IppReader,
};
use reqwest::{Client, StatusCode as Http, redirect::Policy};

use crate::{PrintProblem, Printer, Spooler};

/// How long a printer has to take a connection. It stands in the same room.
const CONNECT_MAX: Duration = Duration::from_secs(3);
/// How long one question may take.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// The largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// How deep collections lie in one another in an answer that is read. Printers need three.
const DEPTH_MAX: usize = 8;
/// The bytes before the first record, and the tags that matter (RFC 8010, sections 3.1 and 3.5).
const HEADER_BYTES: usize = 8;
const END_OF_ATTRIBUTES: u8 = 0x03;
const LAST_DELIMITER: u8 = 0x0f;
const BEGIN_COLLECTION: u8 = 0x34;
const END_COLLECTION: u8 = 0x37;

/// The way to one printer or spooler.
pub(crate) struct Wire {
    client: Client,
    /// Where it is asked, as HTTP.
    http: String,
    /// What it calls itself, as IPP.
    pub(crate) uri: Uri,
}

impl Wire {
    /// To a printer.
    pub(crate) fn to_printer(printer: &Printer, spooler: &Spooler) -> Result<Self, PrintProblem> {
        match printer {
            Printer::Queue(name) => Self::to_spooler(spooler, &format!("/printers/{name}")),
            Printer::Address(url) => {
                let host = url.host_str().unwrap_or_default();
                let http = format!("http://{host}:{}{}", url.port().unwrap_or(631), url.path());
                Self::new(builder(), http, url.as_str())
            }
        }
    }

    /// To something that the spooler has below `path`.
    pub(crate) fn to_spooler(spooler: &Spooler, path: &str) -> Result<Self, PrintProblem> {
        match spooler {
            #[cfg(unix)]
            Spooler::Socket(socket) => {
                let builder = builder().unix_socket(socket.as_path());
                Self::new(builder, format!("http://localhost{path}"), &format!("ipp://localhost{path}"))
            }
            #[cfg(not(unix))]
            Spooler::Socket(_) => Err(PrintProblem::Gone),
            Spooler::Address(at) => {
                Self::new(builder(), format!("http://{at}{path}"), &format!("ipp://{at}{path}"))
            }
        }
    }

    fn new(builder: reqwest::ClientBuilder, http: String, uri: &str) -> Result<Self, PrintProblem> {
        let client = builder.build().map_err(|_| PrintProblem::Gone)?;
        Ok(Self { client, http, uri: uri.parse().map_err(|_| PrintProblem::Gone)? })
    }

    /// Asks, with a document behind the question or none. An answer that is not "successful" is a problem.
    pub(crate) async fn ask(
        &self,
        question: impl IppOperation,
        document: Vec<u8>,
    ) -> Result<IppRequestResponse, PrintProblem> {
        let mut body = question.into_ipp_request().to_bytes().to_vec();
        body.extend(document);
        let sent =
            self.client.post(&self.http).header("content-type", "application/ipp").body(body).send().await;
        let answered = sent.map_err(|error| unreached(&error))?;
        if answered.status() != Http::OK {
            tracing::warn!(status = %answered.status(), "a printer answers no IPP");
            return Err(if answered.status() == Http::NOT_FOUND {
                PrintProblem::Gone
            } else {
                PrintProblem::Refused
            });
        }
        judged(read(bounded(answered).await?)?)
    }
}

fn builder() -> reqwest::ClientBuilder {
    // Printers are asked without TLS, but reqwest as this house builds it wants a provider all the same. Once is enough.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().redirect(Policy::none()).connect_timeout(CONNECT_MAX).timeout(ANSWER_MAX)
}

fn unreached(error: &reqwest::Error) -> PrintProblem {
    tracing::info!(%error, "a printer was not reached");
    if error.is_timeout() && !error.is_connect() { PrintProblem::Slow } else { PrintProblem::Gone }
}

async fn bounded(mut answered: reqwest::Response) -> Result<Vec<u8>, PrintProblem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answered.chunk().await.map_err(|error| unreached(&error))? {
        bytes.extend(&chunk);
        if bytes.len() > ANSWER_BYTES_MAX {
            return Err(PrintProblem::Refused);
        }
    }
    Ok(bytes)
}

/// Reads an answer: foreign bytes. The parser of `ipp` 8.0.0 panics on a text with a language that is cut short, so its panics are
/// caught: a printer must not be able to end a desk's printing.
fn read(bytes: Vec<u8>) -> Result<IppRequestResponse, PrintProblem> {
    if !is_sound(&bytes) {
        tracing::warn!("a printer's answer is cut short or lies too deep in itself");
        return Err(PrintProblem::Refused);
    }
    let parsed = std::panic::catch_unwind(|| IppParser::new(IppReader::new(Cursor::new(bytes))).parse());
    parsed.unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::InvalidData).into())).map_err(
        |error| {
            tracing::warn!(%error, "a printer's answer cannot be read");
            PrintProblem::Refused
        },
    )
}

/// Whether every record is whole and no collection lies deeper than [`DEPTH_MAX`]. What `ipp` makes of deeper ones is let go one inside
/// the other, which overflows the stack: that ends the program, and nothing catches it.
fn is_sound(answer: &[u8]) -> bool {
    let mut rest = answer.get(HEADER_BYTES..).unwrap_or_default();
    let mut depth = 0_usize;
    while let Some((&tag, after)) = rest.split_first() {
        match tag {
            END_OF_ATTRIBUTES => return true,
            BEGIN_COLLECTION if depth == DEPTH_MAX => return false,
            BEGIN_COLLECTION => depth += 1,
            END_COLLECTION => depth = depth.saturating_sub(1),
            _ => {}
        }
        let record =
            if tag <= LAST_DELIMITER { Some(after) } else { after_field(after).and_then(after_field) };
        let Some(next) = record else { return false };
        rest = next;
    }
    false
}

/// What stands behind a name or a value, which begins with its length; none where that goes beyond the end.
fn after_field(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.get(usize::from(u16::from_be_bytes(*length))..)
}

fn judged(answer: IppRequestResponse) -> Result<IppRequestResponse, PrintProblem> {
    let status = answer.header().status_code();
    if status.is_success() {
        return Ok(answer);
    }
    tracing::warn!(?status, "a printer refused");
    Err(match status {
        StatusCode::ClientErrorNotFound | StatusCode::ClientErrorGone => PrintProblem::Gone,
        StatusCode::ClientErrorDocumentFormatNotSupported => PrintProblem::NoPdf,
        StatusCode::ServerErrorNotAcceptingJobs => PrintProblem::Stopped,
        _ => PrintProblem::Refused,
    })
}

/// What an answer says of the printer, or of the job.
pub(crate) fn group(answer: &IppRequestResponse, tag: DelimiterTag) -> Option<&IppAttributeGroup> {
    answer.attributes().first_of(tag)
}

/// An attribute's values as words.
pub(crate) fn words(group: &IppAttributeGroup, name: &str) -> Vec<String> {
    let Some(attribute) = group.get(name) else { return Vec::new() };
    match attribute.value() {
        IppValue::Array(values) => values.iter().map(ToString::to_string).collect(),
        value => vec![value.to_string()],
    }
}

/// An attribute's first value as a word.
pub(crate) fn text(group: &IppAttributeGroup, name: &str) -> Option<String> {
    words(group, name).into_iter().next()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::state;

    /// Attributes as printers send them, whole and cut off, with values of the wrong kind among them.
    fn attributes() -> impl Strategy<Value = Vec<u8>> {
        let name = prop_oneof![
            Just("printer-state"),
            Just("printer-state-reasons"),
            Just("media-size-supported"),
            Just("job-id"),
            Just(""),
        ];
        let one =
            (0x10_u8..0x4b, name, prop::collection::vec(any::<u8>(), 0..9)).prop_map(|(tag, name, value)| {
                let length = |bytes: &[u8]| u16::try_from(bytes.len()).unwrap().to_be_bytes();
                [&[tag][..], &length(name.as_bytes()), name.as_bytes(), &length(&value), &value].concat()
            });
        prop::collection::vec(one, 0..12)
            .prop_map(|all| [&[2, 0, 0, 0, 0, 0, 0, 1, 4][..], &all.concat(), &[3]].concat())
    }

    /// A printer's group with collections inside one another, closed again.
    fn nested(depth: usize) -> Vec<u8> {
        let begin = [0x34, 0, 1, b'a', 0, 0].repeat(depth);
        [&[2, 0, 0, 0, 0, 0, 0, 1, 4][..], &begin, &[0x37, 0, 0, 0, 0].repeat(depth), &[3]].concat()
    }

    #[test]
    fn collections_that_lie_deep_in_one_another_and_records_cut_short_are_refused() {
        assert!(read(nested(DEPTH_MAX)).is_ok());
        assert_eq!(read(nested(DEPTH_MAX + 1)).err(), Some(PrintProblem::Refused));
        assert_eq!(read(nested(90_000)).err(), Some(PrintProblem::Refused));
        let whole = nested(2);
        for length in 0..whole.len() {
            assert_eq!(read(whole[..length].to_vec()).err(), Some(PrintProblem::Refused), "{length} bytes");
        }
    }

    proptest! {
        #[test]
        fn no_answer_breaks_the_desk(bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..200), attributes()]) {
            if let Ok(answer) = read(bytes)
                && let Some(printer) = group(&answer, DelimiterTag::PrinterAttributes)
            {
                // Whatever it says, it means something or nothing.
                let _ = (state::blocked(printer), state::takes_pdf(printer), state::media(printer, (90, 54)));
            }
        }
    }
}
