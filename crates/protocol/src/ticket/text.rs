//! From a ticket to the text of its QR code, and back.

use coset::{
    Algorithm, CborSerializable, CoseSign1, CoseSign1Builder, Header, TaggedCborSerializable, cwt::ClaimsSet,
    iana,
};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use usher_core::{ids::EventId, ticket::SIGNED_PREFIX};

use super::{Kid, SignedTicket, TicketId};

/// The longest text of a ticket, in characters: a QR code of version 10 with medium error correction holds 311.
pub const SIGNED_CHARS_MAX: usize = 311;

/// A text that is none of ours: cut, misread, or made by somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the text of a signed ticket")]
pub struct Unreadable;

/// The text of a ticket, signed. The same ticket under the same key always has the same text.
#[must_use]
pub fn sign(ticket: &SignedTicket, key: &SigningKey) -> String {
    let mut token = unsigned(ticket, Kid::of(&key.verifying_key()));
    token.signature = key.sign(&token.tbs_data(b"")).to_bytes().to_vec();
    text(token)
}

/// A ticket that was read, and is not to be believed before its signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    kid: Kid,
    ticket: SignedTicket,
    signature: [u8; 64],
}

/// Reads the text of a ticket: only the form that [`sign`] gives, to the last bit.
///
/// # Errors
/// [`Unreadable`] for everything else.
pub fn read(text: &str) -> Result<Unverified, Unreadable> {
    let found = decode(text).ok_or(Unreadable)?;
    // One form: nothing beside our claims, no other order, length or algorithm, nothing behind it.
    if found.text() == text { Ok(found) } else { Err(Unreadable) }
}

fn decode(text: &str) -> Option<Unverified> {
    let coded = text.strip_prefix(SIGNED_PREFIX).filter(|_| text.len() <= SIGNED_CHARS_MAX)?;
    let token = CoseSign1::from_tagged_slice(&base45::decode(coded).ok()?).ok()?;
    let claims = ClaimsSet::from_slice(token.payload.as_deref()?).ok()?;
    Some(Unverified {
        kid: Kid(token.protected.header.key_id.as_slice().try_into().ok()?),
        ticket: SignedTicket::of_claims(&claims)?,
        signature: token.signature.try_into().ok()?,
    })
}

impl Unverified {
    /// Which key it says that it was signed with.
    #[must_use]
    pub const fn kid(&self) -> Kid {
        self.kid
    }

    /// For which event it says that it is.
    #[must_use]
    pub const fn event(&self) -> EventId {
        self.ticket.event
    }

    /// Which ticket it says that it is.
    #[must_use]
    pub const fn id(&self) -> TicketId {
        self.ticket.id
    }

    /// What the ticket says, if this key signed it.
    #[must_use]
    pub fn signed_by(&self, key: &VerifyingKey) -> Option<SignedTicket> {
        let signed = unsigned(&self.ticket, self.kid).tbs_data(b"");
        key.verify_strict(&signed, &Signature::from_bytes(&self.signature)).is_ok().then_some(self.ticket)
    }

    fn text(&self) -> String {
        text(CoseSign1 { signature: self.signature.to_vec(), ..unsigned(&self.ticket, self.kid) })
    }
}

/// The token without its signature.
fn unsigned(ticket: &SignedTicket, kid: Kid) -> CoseSign1 {
    let algorithm = Some(Algorithm::Assigned(iana::Algorithm::EdDSA));
    let header = Header { alg: algorithm, key_id: kid.0.to_vec(), ..Header::default() };
    let claims = ticket.claims().to_vec();
    debug_assert!(claims.is_ok(), "encoding to memory failed");
    CoseSign1Builder::new().protected(header).payload(claims.unwrap_or_default()).build()
}

fn text(token: CoseSign1) -> String {
    let bytes = token.to_tagged_vec();
    debug_assert!(bytes.is_ok(), "encoding to memory failed");
    format!("{SIGNED_PREFIX}{}", base45::encode(bytes.unwrap_or_default()))
}
