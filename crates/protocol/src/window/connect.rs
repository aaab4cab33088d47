//! How connecting went.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a desk or supervisor could not connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectRefusal {
    /// The address is no address.
    BadAddress,
    /// Nobody answers there.
    NoAnswer,
    /// Something answers that is not an Usher server.
    NotUsher,
    /// The server's certificate is not the one of the setup code.
    WrongServer,
    /// Beyond this computer only `https://` is used.
    NotSecure,
    /// No such code.
    CodeUnknown,
    /// The code was used before.
    CodeUsed,
    /// The code's time is over.
    CodeExpired,
    /// The code was made for another role.
    WrongRole,
    /// Too many tries; wait a minute.
    TooManyTries,
    /// This app is too old for the server.
    AppTooOld,
    /// The server is too old for this app.
    ServerTooOld,
    /// The desk's own disk.
    Disk,
    /// The server has a fault of its own.
    ServerFault,
}

/// How *Connect* went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ConnectOutcome {
    /// Enrolled; the guest list is being fetched.
    Connected,
    /// Not enrolled; nothing was kept.
    Refused {
        /// Why.
        why: ConnectRefusal,
    },
}
