//! The bounds of the wire: everything is bounded, and both ends know by how much.

/// The version of the protocol that this code speaks.
pub const PROTOCOL: u32 = 2;
/// The oldest version of the protocol that the server still takes.
pub const PROTOCOL_OLDEST: u32 = 1;

/// The version from which on logs' proofs and branches are part of the feed.
pub const PROTOCOL_PROOFS: u32 = 2;
/// The version from which on a board may tell that the server was put back to an older state.
pub const PROTOCOL_RESTORED: u32 = 2;

/// The most entries of other logs in one sync request. A desk sends a third of them at a time, and more only where one log needs it: a
/// part is believed by the proof of its end, and cannot be cut.
pub const RELAYED_PER_REQUEST_MAX: usize = 12_000;
/// The most bytes of such entries, so that a request with them stays within [`REQUEST_BYTES_MAX`] as text.
pub const RELAYED_BYTES_MAX: usize = 5 * 512 * 1024;
/// The most entries in one sync request.
pub const ENTRIES_PER_REQUEST_MAX: usize = 500;
/// The most held seats that a station names in one sync request.
pub const HELD_PER_REQUEST_MAX: usize = 90_000;
/// The most changes in one sync answer.
pub const CHANGES_PER_ANSWER_MAX: usize = 2_000;
/// The longest request body, in bytes, before and after content encoding.
pub const REQUEST_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The longest answer that a station reads, in bytes (snapshots stream and have a bound of their own).
pub const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The longest line of a snapshot, in bytes.
pub const SNAPSHOT_LINE_BYTES_MAX: usize = 64 * 1024;
/// The most successions of the server's key in one event, and in one request.
pub const SUCCESSIONS_MAX: usize = 64;
/// The most keys that tickets of one event were signed with.
pub const TICKET_KEYS_MAX: usize = 64;
/// The most sessions that a station names its grants of in one sync request.
pub const GRANTS_PER_REQUEST_MAX: usize = 2_000;
/// The most rights that a station can have been granted for a session: no room has more places.
pub const GRANT_MAX: u64 = u32::MAX as u64;
/// The most sessions that a station asks rights for in one request.
pub const WANTS_PER_REQUEST_MAX: usize = 64;
/// The most PINs in one event: a desk tries each.
pub const PINS_MAX: usize = 16;
/// How many digits a PIN has.
pub const PIN_DIGITS: std::ops::RangeInclusive<usize> = 4..=8;
/// The longest telephone number for help, in characters.
pub const PHONE_CHARS_MAX: usize = 40;
/// The longest message of a supervisor, in characters.
pub const MESSAGE_CHARS_MAX: usize = 280;
/// How long a desk shows a message that nobody there has read, and the board lists it, in milliseconds: 4 hours.
pub const MESSAGE_AGE_MS_MAX: i64 = 4 * 3_600_000;
/// The most sessions that one desk serves: each scan is judged for every one of them.
pub const SERVED_MAX: usize = 8;
/// The most profiles in one sync request.
pub const PROFILES_PER_REQUEST_MAX: usize = 200;
/// The most rights that a station may ask for at once.
pub const WANT_MAX: u64 = 10_000;

/// The longest name of a person, session, room, organisation or station, in characters.
pub const NAME_CHARS_MAX: usize = 200;
/// The longest e-mail address, in characters (RFC 5321).
pub const EMAIL_CHARS_MAX: usize = 254;
/// The longest note on a guest, in characters.
pub const NOTE_CHARS_MAX: usize = 500;
/// The most flags on a guest: a card shows all of them.
pub const FLAGS_MAX: usize = 4;
/// The longest flag on a guest, in characters.
pub const FLAG_CHARS_MAX: usize = 24;
/// The most rows that a search gives back.
pub const FIND_ROWS_MAX: usize = 50;
/// The shortest code that counts when it is typed into the search, in characters.
pub const TYPED_CODE_CHARS_MIN: usize = 8;

/// How long a one-time enrolment code is good, in milliseconds, unless the organiser says otherwise: one hour.
pub const ENROL_CODE_MS: i64 = 3_600_000;
