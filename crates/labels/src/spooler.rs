//! The spooler of this computer (CUPS): which queues it has.

use std::path::{Path, PathBuf};

use ipp::prelude::{DelimiterTag, IppOperationBuilder};

use crate::{
    PrintProblem,
    wire::{Wire, text},
};

/// Where CUPS listens on this computer.
const SOCKETS: [&str; 2] = ["/run/cups/cups.sock", "/var/run/cupsd"];
const ADDRESS: &str = "127.0.0.1:631";
/// The most queues that are listed.
const QUEUES_MAX: usize = 50;

/// Where the spooler is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spooler {
    /// At a socket of this computer.
    Socket(PathBuf),
    /// At `host:port`.
    Address(String),
}

impl Spooler {
    /// The one of this computer, whether it runs or not.
    #[must_use]
    pub fn of_this_computer() -> Self {
        let socket = SOCKETS.iter().map(Path::new).find(|path| path.exists());
        socket.map_or_else(|| Self::Address(ADDRESS.into()), |path| Self::Socket(path.to_owned()))
    }

    /// The names of its queues, sorted. A computer without a spooler has none.
    ///
    /// # Errors
    /// [`PrintProblem`] when there is a spooler that does not answer.
    pub async fn queues(&self) -> Result<Vec<String>, PrintProblem> {
        let wire = Wire::to_spooler(self, "/")?;
        let answer = match wire.ask(IppOperationBuilder::cups().get_printers(), Vec::new()).await {
            Ok(answer) => answer,
            // Nobody listens, or it has no printers, which CUPS calls "not found".
            Err(PrintProblem::Gone) => return Ok(Vec::new()),
            Err(problem) => return Err(problem),
        };
        let groups = answer.attributes().groups_of(DelimiterTag::PrinterAttributes);
        let mut names: Vec<_> = groups.filter_map(|group| text(group, "printer-name")).collect();
        names.sort();
        names.dedup();
        names.truncate(QUEUES_MAX);
        Ok(names)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use axum::{Router, routing::post};
    use ipp::{
        attribute::{IppAttribute, IppAttributeGroup},
        prelude::{IppRequestResponse, IppValue, StatusCode},
    };
    use tokio::net::UnixListener;

    use super::*;

    /// A spooler at a socket that answers every question with `answer`.
    async fn answering(answer: Vec<u8>) -> (tempfile::TempDir, Spooler) {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("cups.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let app = Router::new().route("/", post(move || std::future::ready(answer.clone())));
        tokio::spawn(async move { axum::serve(listener, app).await });
        (folder, Spooler::Socket(socket))
    }

    fn queues(status: StatusCode, names: &[&str]) -> Vec<u8> {
        let mut answer = IppRequestResponse::new_response(ipp::model::IppVersion::v2_0(), status, 1).unwrap();
        for name in names {
            let mut group = IppAttributeGroup::new(DelimiterTag::PrinterAttributes);
            let name = IppValue::new_name_without_language(*name).unwrap();
            group.attributes_mut().push(IppAttribute::with_name("printer-name", name).unwrap());
            answer.attributes_mut().groups_mut().push(group);
        }
        answer.to_bytes().to_vec()
    }

    #[tokio::test]
    async fn queues_are_named_in_order() {
        let (_folder, spooler) =
            answering(queues(StatusCode::SuccessfulOk, &["Zebra", "Brother_QL", "Zebra"])).await;
        assert_eq!(spooler.queues().await, Ok(vec!["Brother_QL".to_owned(), "Zebra".to_owned()]));
    }

    #[tokio::test]
    async fn a_spooler_without_printers_has_none_and_one_that_talks_nonsense_is_told() {
        let (_folder, none) = answering(queues(StatusCode::ClientErrorNotFound, &[])).await;
        assert_eq!(none.queues().await, Ok(vec![]));
        let (_folder, nonsense) = answering(b"<html>It works!</html>".to_vec()).await;
        assert_eq!(nonsense.queues().await, Err(PrintProblem::Refused));
        let folder = tempfile::tempdir().unwrap();
        let nobody = Spooler::Socket(folder.path().join("cups.sock"));
        assert_eq!(nobody.queues().await, Ok(vec![]));
    }
}
