//! The HTTP client kept from one sync to the next: making one costs milliseconds, and with TLS a handshake each time.

use usher_replica::Identified;

use crate::client::{CallError, Client};

/// The client of the last round, and the server that it was made for.
#[derive(Debug, Default)]
pub(crate) struct Line(Option<Kept>);

#[derive(Debug)]
struct Kept {
    address: String,
    fingerprint: Option<String>,
    client: Client,
}

impl Kept {
    /// Another address, or another certificate to be pinned, is another server: nothing of the old one serves it.
    fn is_for(&self, who: &Identified) -> bool {
        (&self.address, &self.fingerprint) == (&who.address, &who.fingerprint)
    }
}

impl Line {
    /// The client of `who`'s server: the kept one where it was made for that server.
    ///
    /// # Errors
    /// [`CallError::Setup`].
    pub(crate) fn client(&mut self, who: &Identified) -> Result<Client, CallError> {
        if let Some(kept) = self.0.as_ref().filter(|kept| kept.is_for(who)) {
            return Ok(kept.client.clone());
        }
        let client = Client::of(who)?;
        let (address, fingerprint) = (who.address.clone(), who.fingerprint.clone());
        self.0 = Some(Kept { address, fingerprint, client: client.clone() });
        Ok(client)
    }

    /// Forgets the client with its connections: after a failure nobody knows in what state they are.
    pub(crate) fn hang_up(&mut self) {
        self.0 = None;
    }
}

#[cfg(test)]
mod tests;
