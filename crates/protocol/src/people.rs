//! `POST /v1/people`: guests that a supervisor looks for by name, to say that two of them are one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleRequest {
    /// The beginnings of words of the name, e-mail, organisation or order.
    pub text: String,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleAnswer {
    /// Always "usher".
    pub service: String,
    /// Who was found, in the order of the guest list; at most [`crate::limits::FIND_ROWS_MAX`].
    pub people: Vec<FoundPerson>,
}

/// Somebody on the guest list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundPerson {
    /// The person's id.
    pub id: String,
    /// The name; empty where the list has none.
    pub name: String,
    /// Organisation; may be empty.
    pub organisation: String,
    /// The order; may be empty.
    pub order: String,
    /// The titles of the sessions that the person is inside of, under whatever name.
    pub inside: Vec<String>,
}
