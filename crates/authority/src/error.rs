//! What can go wrong outside the protocol, in words that a person can act on. A refusal to a client is a value
//! ([`usher_protocol::error::ErrorCode`]), never one of these.

/// The unexpected: the answer to a client is [`usher_protocol::error::ErrorCode::ServerFault`], the words go to the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database was never given an event.
    #[error("this database holds no event yet: make one with `usher-server event create`")]
    NoEvent,
    /// One event per database.
    #[error("this database holds the event \"{name}\" already: choose another file for another event")]
    EventExists {
        /// That event's name.
        name: String,
    },
    /// Another event's, or a lost event's, roster stands beside the new database.
    #[error(
        "the roster of the event \"{name}\" stands here: bring that event back with `usher-server restore`, or choose another file"
    )]
    RosterLeft {
        /// That event's name.
        name: String,
    },
    /// There is no roster to restore an event from.
    #[error(
        "there is no roster beside the database: put the file FILE.db.roster back, or a backup of the database"
    )]
    NoRoster,
    /// The server was put back, without its roster, to before its key was replaced.
    #[error(
        "a desk knows a later key of this server, and believes nothing that it says: stop the server and put the newest FILE.db.roster back, \
         which holds that key, or enrol the desks anew"
    )]
    KeyReplaced,
    /// No file where one was named.
    #[error(
        "there is no database at {path}: make an event with `usher-server event create`, or name its file"
    )]
    NoDatabase {
        /// Where it was looked for.
        path: String,
    },
    /// The disk is full. Nothing of the transaction was kept; it can be tried again.
    #[error("the disk is full, so nothing was saved: free some space and try again")]
    DiskFull,
    /// Another process holds the database for longer than we wait.
    #[error("another program is using the database: wait until it has finished, or end it, and try again")]
    Busy,
    /// Another program, most likely the service itself, began a new term since this one opened the database. What it had committed by then stays.
    #[error("the server began a new term meanwhile: run the command again, which goes on where it stopped")]
    TermEnded,
    /// A later version of Usher has written this database.
    #[error("a newer version of Usher wrote this database: install that version, or a later one")]
    Newer,
    /// The file is not a database of ours, or what it holds does not fit together.
    #[error("the database is damaged ({0}): stop the server and restore the last backup beside it")]
    Damaged(String),
    /// Where an export or a snapshot was to be written.
    #[error("the output could not be written: {0}")]
    Output(#[from] std::io::Error),
    /// Anything else that the store says.
    #[error("the database could not be used: {0}")]
    Store(String),
}

/// What nearly every function here gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;
