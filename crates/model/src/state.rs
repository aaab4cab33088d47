//! The whole world in one value: desks, server, network, backup, and what only the invariants may look at.

use std::collections::BTreeSet;

use crate::terms::{DESKS, Entry, Key, PEOPLE, Revision, SESSIONS, Seats};

/// Everything there is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub(crate) desks: [Desk; DESKS],
    pub(crate) server: Server,
    /// Messages under way. They may be lost (never delivered), repeated (they stay) and reordered (a set).
    pub(crate) network: BTreeSet<Message>,
    pub(crate) backup: Option<Box<Server>>,
    pub(crate) restores: u8,
    /// The roster file outside the database (section 5, restored server).
    pub(crate) roster: [bool; DESKS],
    pub(crate) facts: Facts,
}

/// A machine with one epoch: its log, its rights, what it has seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Desk {
    /// The epoch exists.
    pub(crate) exists: bool,
    /// The machine is out of use; its log is still the truth about what happened.
    pub(crate) dead: bool,
    pub(crate) log: Vec<Entry>,
    /// G as known here, per session.
    pub(crate) granted: [u8; SESSIONS],
    /// The length of the log when its first byte last left (section 5, handover).
    pub(crate) handed: u8,
    pub(crate) term: u8,
    pub(crate) seen: Revision,
    /// Holds that this desk may use.
    pub(crate) holds: Seats,
    /// The length of the log when the desk learned that its epoch is fenced or revoked.
    pub(crate) stopped_at: Option<u8>,
    /// Per session without a limit: the length of the log when the desk learned of its capacity.
    pub(crate) limited_at: [Option<u8>; SESSIONS],
    /// This machine is a copy of desk 0: the same epoch, and the first so many entries are the same.
    pub(crate) copy: Option<u8>,
}

/// One hold as the server keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Hold {
    #[default]
    None,
    Held,
    /// Taken away at that revision; free only by the cutoff rule.
    Ending(Revision),
}

/// The authority's database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Server {
    pub(crate) term: u8,
    /// C per session; none: no limit.
    pub(crate) capacity: [Option<u8>; SESSIONS],
    pub(crate) epochs: [Epoch; DESKS],
    pub(crate) holds: [[Hold; PEOPLE]; SESSIONS],
    /// Persons whose registrations were cancelled.
    pub(crate) cancelled: [bool; PEOPLE],
    /// Position of the settings' feed.
    pub(crate) position: u8,
    /// `Bind { exit, check_in }`.
    pub(crate) binds: BTreeSet<(Key, Key)>,
    /// `Resolve(OnePerson)`, naming the double admission.
    pub(crate) resolved: BTreeSet<Key>,
    /// `Merge`: the persons are one.
    pub(crate) merged: bool,
}

/// What the server knows of one epoch. A copied machine has an account of its own from its first entry that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Epoch {
    /// On the roster.
    pub(crate) known: bool,
    /// G per session.
    pub(crate) granted: [u8; SESSIONS],
    /// Length of the acknowledged prefix that counts.
    pub(crate) counted: u8,
    /// The largest stated `handed` that the counted prefix covers.
    pub(crate) handed: u8,
    /// First received after the revocation: kept, but as if unreceived.
    pub(crate) disputed: Option<Disputed>,
    pub(crate) settled: Option<Settlement>,
    pub(crate) fenced: bool,
    pub(crate) revoked: bool,
    /// Recovered from the disk of a machine out of use, up to the head recorded outside its database: nothing is missing.
    pub(crate) whole: bool,
    /// Its grants and holds are known in this term (learning mode).
    pub(crate) reported: bool,
    pub(crate) mistakes: Mistakes,
}

/// A prefix that a supervisor has not accepted yet, and the `handed` stated with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Disputed {
    pub(crate) length: u8,
    pub(crate) handed: u8,
}

/// `Settle { i, session, spent }` (of the first session).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Settlement {
    pub(crate) spent: u8,
    /// The counted prefix at that moment.
    pub(crate) counted: u8,
    /// The most rights that may have been out at that moment: X, or unknown while learning. Only I2's excuse reads it.
    pub(crate) stake: Option<u8>,
}

/// What a server keeps only when it follows a wrong rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Mistakes {
    pub(crate) timed_out: bool,
    pub(crate) recalled: bool,
    /// The revision that a request's field claims to have seen.
    pub(crate) claims: Revision,
    /// A request's field announced the end of the epoch.
    pub(crate) closing: bool,
    /// A thief's entry was counted.
    pub(crate) forged_return: bool,
    /// Rights granted after the epoch was closed.
    pub(crate) granted_late: u8,
}

/// What crosses the network (section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Message {
    Request(Request),
    Answer(Answer),
}

/// A prefix of the log, and what is stated with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Request {
    pub(crate) desk: u8,
    pub(crate) length: u8,
    pub(crate) handed: u8,
    pub(crate) granted: [u8; SESSIONS],
    pub(crate) term: u8,
    pub(crate) holds: Seats,
    /// Only wrong rules send these two.
    pub(crate) claims: Revision,
    pub(crate) closing: bool,
}

/// Grants, holds and settings at one position of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Answer {
    pub(crate) desk: u8,
    pub(crate) granted: [u8; SESSIONS],
    pub(crate) at: Revision,
    pub(crate) held: Seats,
    pub(crate) ended: Seats,
    /// Sessions with a capacity.
    pub(crate) limited: [bool; SESSIONS],
    /// The epoch is fenced or revoked.
    pub(crate) stop: bool,
}

/// What happened in truth and no part of the protocol may read; and how often things that the checker must bound happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Facts {
    /// The first Bind of each exit: who left is a fact, also when a restored server forgot it.
    pub(crate) binds: BTreeSet<(Key, Key)>,
    /// Double admissions of which a supervisor said that it was one person.
    pub(crate) resolved: BTreeSet<Key>,
    pub(crate) capacity_moved: bool,
    /// I3's exceptions happened in this session: lowering, over_grant, hold used twice, forced settlement, clone.
    pub(crate) excused: [bool; SESSIONS],
    /// A grant or hold was given while P < 1.
    pub(crate) given_beyond: bool,
    /// W rose while P < 0, by more than I6 allows.
    pub(crate) worst_rose: bool,
    /// G of the copied epoch when its fork was found.
    pub(crate) granted_at_fork: Option<[u8; SESSIONS]>,
}

impl Desk {
    /// A desk that has not seen anything yet.
    pub(crate) fn new(exists: bool) -> Self {
        Self {
            exists,
            dead: false,
            log: Vec::new(),
            granted: [0; SESSIONS],
            handed: 0,
            term: 1,
            seen: Revision { term: 1, position: 0 },
            holds: Seats::default(),
            stopped_at: None,
            limited_at: [None; SESSIONS],
            copy: None,
        }
    }

    /// The length of the log.
    pub(crate) fn length(&self) -> u8 {
        self.log.len() as u8
    }

    /// Whether the epoch ended in its own log.
    pub(crate) fn is_closed(&self) -> bool {
        self.log.contains(&Entry::CloseEpoch)
    }
}

impl Server {
    /// A server before the event.
    pub(crate) fn new(capacity: [Option<u8>; SESSIONS], known: [bool; DESKS]) -> Self {
        let epochs = known.map(|known| Epoch { known, reported: true, ..Epoch::default() });
        Self {
            term: 1,
            capacity,
            epochs,
            holds: [[Hold::None; PEOPLE]; SESSIONS],
            cancelled: [false; PEOPLE],
            position: 0,
            binds: BTreeSet::new(),
            resolved: BTreeSet::new(),
            merged: false,
        }
    }

    pub(crate) fn hold(&self, session: u8, person: u8) -> Hold {
        self.holds[usize::from(session)][usize::from(person)]
    }

    pub(crate) fn hold_mut(&mut self, session: u8, person: u8) -> &mut Hold {
        &mut self.holds[usize::from(session)][usize::from(person)]
    }

    /// Learning mode: some epoch on the roster has not reported in this term.
    pub(crate) fn is_learning(&self) -> bool {
        self.epochs.iter().any(|epoch| !epoch.reported)
    }
}
