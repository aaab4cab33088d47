//! What the organiser's files say, once they are read: the arguments and the report of an import.

use usher_core::{session::WhenEmpty, verdict::Validity};

/// What a new event is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Its name.
    pub name: String,
    /// Its IANA time zone, for example `Europe/Madrid`.
    pub time_zone: String,
    /// Whether desks let a clean Registered in at the scan.
    pub fast_door: bool,
}

/// One session as an organiser's table gives it. Times are milliseconds since 1970 UTC, spans are milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSpec {
    /// Its title.
    pub name: String,
    /// The short code by which participants' files may name it.
    pub code: Option<String>,
    /// The room; may be empty.
    pub room: String,
    /// Start.
    pub starts_ms: i64,
    /// End.
    pub ends_ms: i64,
    /// Places; none: no limit.
    pub capacity: Option<u32>,
    /// Later than this after the start is late.
    pub late_after_ms: i64,
    /// How long before the start the doors open.
    pub opens_before_ms: i64,
    /// How long after the end guests are still let in.
    pub ends_after_ms: i64,
    /// What a desk does without rights.
    pub when_empty: WhenEmpty,
    /// Whether nobody needs a registration.
    pub open_to_all: bool,
    /// Whether seats are held for those who are registered.
    pub hold_seats: bool,
    /// How long after the start; none: until a supervisor says otherwise.
    pub hold_for_ms: Option<i64>,
}

/// One person as an organiser's file gives them. `None` leaves what is known as it is; `Some` replaces it, also by an empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonSpec {
    /// The name as it is shown.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Organisation or company.
    pub organisation: Option<String>,
    /// Ticket kind.
    pub kind: Option<String>,
    /// The order that the ticket was bought with.
    pub order: Option<String>,
    /// What the volunteer should know; asks before letting in.
    pub note: Option<String>,
    /// Words for whom the volunteer is to look at, each once; asks before letting in. `Some` of none takes all off.
    pub flags: Option<Vec<String>>,
    /// The volunteer is to take a second look; asks before letting in.
    pub attention: Option<bool>,
    /// What the QR code carries; none: the known code stays, and a new person gets one of Usher's own.
    pub code: Option<String>,
    /// The whole ticket is cancelled.
    pub cancelled: bool,
    /// When the ticket is good.
    pub valid: Validity,
    /// Sessions booked, by name or code. A session that is left out stays booked: files often list one session each.
    pub sessions: Vec<String>,
    /// Sessions whose booking is taken back, by name or code.
    pub cancelled_sessions: Vec<String>,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// New ones.
    pub added: usize,
    /// Known ones that changed.
    pub changed: usize,
    /// Known ones that are as they were.
    pub unchanged: usize,
    /// What could not be taken, in the order of the file.
    pub problems: Vec<ImportProblem>,
}

/// One thing that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportProblem {
    /// Which spec, counted from 0.
    pub index: usize,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What is wrong with a spec.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    /// The person names a session that the event does not have. The person is imported without it.
    #[error("there is no session called \"{name}\"")]
    UnknownSession {
        /// As it was written.
        name: String,
    },
    /// Several sessions have this name. The person is imported without it; a session table line is left out.
    #[error("several sessions are called \"{name}\": use their codes")]
    AmbiguousSession {
        /// As it was written.
        name: String,
    },
    /// An earlier line has the same ticket code. This line is left out.
    #[error("the ticket code stands in an earlier line already")]
    DuplicateTicketCode {
        /// The spec that has it, counted from 0.
        first: usize,
    },
    /// An earlier line is about the same session. This line is left out.
    #[error("the session stands in an earlier line already")]
    DuplicateSession {
        /// The spec that has it, counted from 0.
        first: usize,
    },
    /// The code cannot be a ticket: too short, too long, or it has spaces in it. This line is left out.
    #[error(
        "the ticket code cannot be one: 4 to 512 characters without spaces, and no web address, are wanted"
    )]
    BadTicketCode,
    /// The code is the text of a signed ticket, which needs no import: it proves itself. This line is left out.
    #[error("this is a signed ticket, which desks know without a list; leave the code empty")]
    SignedTicket,
    /// The code is one that Usher made for another event. This line is left out.
    #[error("the ticket code belongs to another event; leave the code empty, and Usher makes one")]
    OtherEventsCode,
    /// A text is longer than the protocol carries. This line is left out.
    #[error("a text is too long: {field} has at most {max} characters")]
    TooLong {
        /// Which field.
        field: &'static str,
        /// How many characters it may have.
        max: usize,
    },
    /// The person has more flags than a card shows. This line is left out.
    #[error("a guest has at most {max} flags")]
    TooManyFlags {
        /// How many they may be.
        max: usize,
    },
    /// The session ends before it starts, or has no name. This line is left out.
    #[error("a session has a name and ends after it starts")]
    BadSession,
}
