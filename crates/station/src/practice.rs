//! Practice: a desk of its own with made-up guests, on files of its own and with a key of its own. It has no loops and no address, so
//! nothing of it can reach the log or the server; it is thrown away at the end (issue 4, UX section 4).

use std::{
    path::Path,
    sync::{Arc, Weak},
};

use ed25519_dalek::SigningKey;
use usher_core::{
    chain::{digest_code, sha256},
    clock::Reading,
    entry::{Found, StateSet},
    ids::{Epoch, EventId, Identity, MachineId, PersonId, SessionId, ShiftId, StationId},
    session::WhenEmpty,
    verdict::Validity,
};
use usher_protocol::{
    commands::{Handles, SetPractice},
    records::{EventRecord, PersonRecord, Registration, SessionRecord},
    sync::{Change, GrantTotal, Positioned, SyncAnswer},
    window::{DeskView, PracticeKind, PracticeTicket, PracticeView, WindowError},
};
use usher_replica::{Act, Asked, Asking, Decision, Enrolled, Identified, Replica, Stamp, Ticket};

use crate::{
    Desk, Host,
    desk::{Seat, fault},
    view,
};

const MIN_MS: i64 = 60_000;
/// Places of the made-up session: enough for everybody, few enough to be seen going.
const PLACES: u32 = 20;
/// How long ago the guest who is in already came.
const ALREADY_MS: i64 = 12 * MIN_MS;

/// The made-up guests: what each shows, and a name that nobody on a list has together with the others.
const GUESTS: [(PracticeKind, &str); 11] = [
    (PracticeKind::Booked, "Ana Ejemplo"),
    (PracticeKind::AlreadyIn, "Yusuf Örnek"),
    (PracticeKind::NotBooked, "Mia Muster"),
    (PracticeKind::Note, "José Modelo"),
    (PracticeKind::Family, "Priya Namuna"),
    (PracticeKind::Family, "Arun Namuna"),
    (PracticeKind::Family, "Leela Namuna"),
    (PracticeKind::Booked, "مثال علي"),
    (PracticeKind::Cancelled, "Tom Sample"),
    (PracticeKind::Expired, "Eva Beispiel"),
    (PracticeKind::Flag, "प्रिया नमूना"),
];

/// The folder of its files, beside those of the desk.
const FOLDER: &str = "practice";

/// Removes what a practice left in a desk's folder.
pub(crate) fn forget(folder: &Path) {
    let folder = folder.join(FOLDER);
    if folder.exists()
        && let Err(error) = std::fs::remove_dir_all(&folder)
    {
        tracing::warn!(%error, "what a practice left could not be removed");
    }
}

fn code(n: usize) -> String {
    format!("PRACTICE-{:02}", n + 1)
}

impl<H: Host> Desk<H> {
    /// Whether this code is a ticket of the real list: nobody is let in by it while practising.
    pub(crate) fn is_real_ticket(&self, readings: &[String]) -> bool {
        let real = self.0.covers.as_ref().and_then(Weak::upgrade).map(Desk);
        let known = |real: Self| {
            let ticket = real.files().ok()?.look_up(&*real.who().ok()?, readings).ok()?;
            Some(ticket.person().is_some())
        };
        real.and_then(known).unwrap_or(false)
    }

    /// Opens the desk to practise on.
    pub(crate) fn begin_practice(&self, said: Said<'_>) -> Result<(), WindowError> {
        let bench = self.bench()?;
        let sessions = bench.files.sessions().map_err(|error| fault(&error))?;
        let session =
            sessions.iter().find(|one| one.rules.id == bench.session).ok_or(WindowError::NotReady)?;
        let event = bench.files.event().map_err(|error| fault(&error))?.ok_or(WindowError::NotReady)?;
        forget(&self.0.folder);
        let covers = Arc::downgrade(&self.0);
        let desk = Self::over(&self.0.folder.join(FOLDER), Arc::clone(&self.0.host), Some(covers));
        let (stamp, seat) = (self.stamp(), self.state().seat.clone());
        desk.fill(&Made { event: &event, session, now_ms: stamp.now_ms, said }, seat, stamp)?;
        let mut practising = self.practising();
        self.show_camera_at(&desk);
        desk.state().scanner = self.state().scanner.clone();
        *practising = Some(desk);
        Ok(())
    }

    /// Ends the practice, if there is one. What was set meanwhile stays set.
    pub(crate) fn end_practice(&self) -> Result<(), WindowError> {
        let Some(practice) = self.practising().take() else { return Ok(()) };
        let Seat { door, names_hidden, .. } = practice.state().seat.clone();
        drop(practice);
        forget(&self.0.folder);
        let old = self.state().seat.clone();
        self.keep_seat(Seat { door, names_hidden, ..old })
    }

    fn fill(&self, made: &Made<'_>, seat: Seat, stamp: Stamp) -> Result<(), WindowError> {
        let who = self.made_up(made);
        let files = self.files()?;
        files.enrol(&Enrolled { who: who.clone(), term: 1 }, stamp).map_err(|error| fault(&error))?;
        made.tell(files, &who)?;
        let (session, shift) = (made.session.rules.id, ShiftId(self.fresh_id()));
        already_in(files, &who, session, shift, stamp)?;
        let mut state = self.state();
        state.seat = Seat { shift: Some(shift), initials: String::new(), also: Vec::new(), ..seat };
        state.practice = Some(PracticeView { tickets: tickets(), lesson: None });
        state.link.heard(stamp.reading, stamp.now_ms);
        state.who = Some(Arc::new(who));
        Ok(())
    }

    fn made_up(&self, made: &Made<'_>) -> Identified {
        let random = || self.0.host.random().to_le_bytes();
        Identified {
            event: EventId(self.fresh_id()),
            identity: Identity {
                station: StationId(self.fresh_id()),
                epoch: Epoch(self.0.host.random() as u64),
            },
            name: made.event.name.clone(),
            machine: MachineId(self.fresh_id()),
            key: SigningKey::from_bytes(&sha256(&[random(), random()].concat())),
            event_secret: sha256(&[random(), random()].concat()),
            // Nobody is there: a desk that practises has no loops.
            address: String::new(),
            fingerprint: None,
        }
    }
}

fn tickets() -> Vec<PracticeTicket> {
    let guest = |(n, (kind, name)): (usize, &(PracticeKind, &str))| PracticeTicket {
        code: code(n),
        name: (*name).into(),
        kind: *kind,
    };
    let unknown =
        PracticeTicket { code: code(GUESTS.len()), name: String::new(), kind: PracticeKind::Unknown };
    GUESTS.iter().enumerate().map(guest).chain([unknown]).collect()
}

/// What the organiser of the made-up list says of guests, in the volunteer's language.
#[derive(Clone, Copy, Default)]
pub(crate) struct Said<'a> {
    /// Of the guest with a note.
    pub(crate) note: &'a str,
    /// Of the guest with a flag.
    pub(crate) flag: &'a str,
}

/// What the made-up list is made of.
struct Made<'a> {
    event: &'a EventRecord,
    session: &'a SessionRecord,
    now_ms: i64,
    said: Said<'a>,
}

impl Made<'_> {
    /// Fills the files as a server's answer would.
    fn tell(&self, files: &Replica, who: &Identified) -> Result<(), WindowError> {
        let sent = files.next_request(who, Asking::default()).map_err(|error| fault(&error))?;
        let answer = self.answer(who);
        let told = files.apply_answer(who, &sent, &answer, None, self.now_ms);
        told.map(drop).map_err(|error| {
            tracing::error!(%error, "a practice could not be prepared");
            WindowError::NotPossible
        })
    }

    fn answer(&self, who: &Identified) -> SyncAnswer {
        let event = EventRecord { id: who.event, server: None, ..self.event.clone() };
        let mut changes = vec![Change::Event(event), Change::Session(self.open_session())];
        changes.extend((0..GUESTS.len()).map(|n| Change::Person(self.guest(who, n))));
        let changes: Vec<_> =
            changes.into_iter().zip(1..).map(|(change, position)| Positioned { position, change }).collect();
        let grants = vec![GrantTotal { session: self.session.rules.id, total: PLACES.into() }];
        let position = changes.len() as u64;
        SyncAnswer { changes, grants, ..SyncAnswer::quiet(1, position, self.now_ms) }
    }

    /// The session that is served, open now.
    fn open_session(&self) -> SessionRecord {
        let mut session = self.session.clone();
        session.rules.starts_ms = self.now_ms - 5 * MIN_MS;
        session.rules.ends_ms = self.now_ms + 600 * MIN_MS;
        session.rules.late_after_ms = 60 * MIN_MS;
        session.rules.capacity = Some(PLACES);
        session.rules.when_empty = WhenEmpty::Strict;
        (session.rules.open_to_all, session.rules.hold_seats, session.rules.re_entry) = (false, false, false);
        session.rules.set = StateSet::Open;
        session.pause_words.clear();
        session
    }

    fn guest(&self, who: &Identified, n: usize) -> PersonRecord {
        let (kind, name) = GUESTS[n];
        let booked =
            Registration { session: self.session.rules.id, cancelled: kind == PracticeKind::Cancelled };
        PersonRecord {
            id: person(n),
            name: name.into(),
            email: String::new(),
            organisation: String::new(),
            kind: String::new(),
            order: if kind == PracticeKind::Family { "PRACTICE".into() } else { String::new() },
            note: if kind == PracticeKind::Note { self.said.note.into() } else { String::new() },
            flags: if kind == PracticeKind::Flag { vec![self.said.flag.into()] } else { Vec::new() },
            attention: false,
            code: Some(digest_code(&who.event_secret, &code(n))),
            cancelled: false,
            valid: Validity {
                from_ms: None,
                until_ms: (kind == PracticeKind::Expired).then_some(self.now_ms - 24 * 60 * MIN_MS),
            },
            revoked_codes: Vec::new(),
            registrations: if kind == PracticeKind::NotBooked { Vec::new() } else { vec![booked] },
            profile: None,
        }
    }
}

fn person(n: usize) -> PersonId {
    PersonId(uuid::Uuid::from_u128(n as u128 + 1))
}

/// Lets in, a while ago, whoever is in already.
fn already_in(
    files: &Replica,
    who: &Identified,
    session: SessionId,
    shift: ShiftId,
    stamp: Stamp,
) -> Result<(), WindowError> {
    let then_ms = stamp.now_ms - ALREADY_MS;
    let reading = Reading { wall_ms: stamp.reading.wall_ms - ALREADY_MS, ..stamp.reading };
    for (n, _) in GUESTS.iter().enumerate().filter(|(_, (kind, _))| *kind == PracticeKind::AlreadyIn) {
        let ticket = Ticket::Person { id: person(n), revoked: false };
        let decision = Decision {
            verdict: person(n).0,
            asked: Asked { ticket, session, now_ms: stamp.now_ms },
            act: Act::LetIn,
            found: Found::Scanner,
            shift,
            stamp: Stamp { reading, now_ms: then_ms },
        };
        files.let_in(who, &decision).map_err(|error| fault(&error))?;
    }
    Ok(())
}

impl<H: Host> Handles<SetPractice> for Desk<H> {
    async fn handle(&self, args: SetPractice) -> Result<DeskView, WindowError> {
        self.work_here(move |desk| {
            desk.end_practice()?;
            // The door is covered now: what stands there is closed first, and a refusal recorded.
            desk.leave_stage()?;
            if args.on {
                desk.begin_practice(Said { note: &args.note, flag: &args.flag })?;
            } else {
                desk.open_held()?;
            }
            Ok(view::desk_view(&desk.acting()))
        })
        .await
    }
}
