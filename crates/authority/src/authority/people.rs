//! Importing participants.
//!
//! A person is recognised by the ticket's code, also by one of Usher's own. A line whose code is new is somebody known only when
//! order or e-mail, and name, are the same for exactly one such line and exactly one person whose code the file does not use:
//! then the ticket was sent again, and the old code is revoked. In every other case it is a new person; a guess would turn a
//! good ticket into an old one. Lines without a code are matched to people of the same order, e-mail and name one by one, in
//! order, and a new person among them gets a code of Usher's own.
//!
//! Bookings only grow by an import unless the file cancels them: organisers often have one file for each session.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use usher_core::{
    chain::digest_code,
    ids::{CodeDigest, PersonId, SessionId},
    ticket::{CodeShape, classify, own_code},
};
use usher_protocol::{
    limits::{EMAIL_CHARS_MAX, FLAG_CHARS_MAX, FLAGS_MAX, NAME_CHARS_MAX, NOTE_CHARS_MAX},
    records::{PersonRecord, Registration},
};

use super::{
    Authority,
    profiles::is_erased,
    sessions::{Outcome, same_name},
};
use crate::{
    Fresh, ImportProblem, ImportReport, PersonSpec, ProblemKind, Result,
    store::{Look, PersonRow, SessionRow, Store, Txn},
};

/// How many lines one transaction takes, so that a running server is never held up for long.
const LINES_PER_WRITE: usize = 1_000;

/// What is known about the file as a whole before the first line is taken.
struct File {
    sessions: Vec<SessionRow>,
    /// The spec that has each code.
    codes: BTreeMap<CodeDigest, usize>,
    /// How many lines with a code have each likeness.
    alike: BTreeMap<[u8; 32], usize>,
}

/// What the lines so far have used up.
#[derive(Default)]
struct Progress {
    taken: BTreeSet<PersonId>,
    report: ImportReport,
}

impl<S: Store> Authority<S> {
    /// Imports people, a thousand a transaction; `progress` is told how many specs are done. Running it again changes nothing.
    ///
    /// # Errors
    /// The store's own: what `progress` was told is imported; running it again goes on.
    pub fn import_participants(
        &self,
        specs: &[PersonSpec],
        mut fresh: Fresh<'_>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<ImportReport> {
        let file = self.survey(specs)?;
        let mut so_far = Progress::default();
        for (chunk, lines) in specs.chunks(LINES_PER_WRITE).enumerate() {
            let first = chunk * LINES_PER_WRITE;
            self.write(|txn| {
                for (index, spec) in (first..).zip(lines) {
                    self.import_person(txn, &file, &mut so_far, (index, spec), &mut fresh)?;
                }
                Ok(())
            })?;
            progress(first + lines.len());
        }
        self.write(|txn| self.set_holds(txn, fresh.now_ms))?;
        Ok(so_far.report)
    }

    fn survey(&self, specs: &[PersonSpec]) -> Result<File> {
        let sessions = self.store.read(|look| look.sessions())?;
        let mut file = File { sessions, codes: BTreeMap::new(), alike: BTreeMap::new() };
        for (index, spec) in specs.iter().enumerate() {
            let Some(code) = spec.code.as_deref() else { continue };
            file.codes.entry(digest_code(&self.secret, code.trim())).or_insert(index);
            if let Some(likeness) = spec_likeness(spec) {
                *file.alike.entry(likeness).or_default() += 1;
            }
        }
        Ok(file)
    }

    fn import_person(
        &self,
        txn: &mut dyn Txn,
        file: &File,
        so_far: &mut Progress,
        (index, spec): (usize, &PersonSpec),
        fresh: &mut Fresh<'_>,
    ) -> Result<()> {
        let (booked, cancelled) = (booking(file, &spec.sessions), booking(file, &spec.cancelled_sessions));
        let mut problems = Vec::new();
        match self.sound(spec).and_then(|code| self.alone(file, code, index)) {
            Err(kind) => problems.push(kind),
            Ok(ticket) => {
                problems.extend(booked.1.into_iter().chain(cancelled.1));
                let known = recognise(txn, file, &so_far.taken, spec, ticket.map(|(digest, _)| digest))?;
                if let Some(nobody) =
                    self.erased(txn, known.as_ref(), spec, ticket.map(|(digest, _)| digest))?
                {
                    so_far.taken.insert(nobody);
                    so_far.report.count(Outcome::Unchanged);
                    return Ok(());
                }
                let mut row = match &known {
                    Some(row) => row.clone(),
                    None => new_person(self.new_id(txn, spec, ticket.map(|(digest, _)| digest), fresh)?),
                };
                update(&mut row, spec, &booked.0, &cancelled.0);
                self.give_code(&mut row, ticket.map(|(_, code)| code));
                so_far.taken.insert(row.record.id);
                so_far.report.count(put_changed(txn, known.as_ref(), &row)?);
            }
        }
        so_far.report.problems.extend(problems.into_iter().map(|kind| ImportProblem { index, kind }));
        Ok(())
    }

    /// Whom the line would bring back though they were erased; none: nobody.
    fn erased(
        &self,
        look: &dyn Look,
        known: Option<&PersonRow>,
        spec: &PersonSpec,
        digest: Option<CodeDigest>,
    ) -> Result<Option<PersonId>> {
        let lasting = match known {
            Some(_) => None,
            None => self.lasting_person(look, spec, digest)?.map(|id| look.person(id)).transpose()?.flatten(),
        };
        let found = known.or(lasting.as_ref()).filter(|row| is_erased(&row.record));
        Ok(found.map(|row| row.record.id))
    }

    /// The id of somebody new: the same whenever this line is imported into this event.
    fn new_id(
        &self,
        look: &dyn Look,
        spec: &PersonSpec,
        digest: Option<CodeDigest>,
        fresh: &mut Fresh<'_>,
    ) -> Result<PersonId> {
        match self.lasting_person(look, spec, digest)? {
            Some(lasting) if look.person(lasting)?.is_none() => Ok(lasting),
            _ => Ok(PersonId(fresh.uuid())),
        }
    }

    /// The id that the line gives whenever it is imported; none: it names nobody.
    fn lasting_person(
        &self,
        look: &dyn Look,
        spec: &PersonSpec,
        digest: Option<CodeDigest>,
    ) -> Result<Option<PersonId>> {
        let key = match (digest, spec_likeness(spec)) {
            (Some(digest), _) => Some(digest.to_string()),
            (None, Some(likeness)) => {
                Some(format!("{} {}", HEXLOWER.encode(&likeness), look.persons_like(&likeness)?.len()))
            }
            (None, None) => None,
        };
        Ok(key.map(|key| PersonId(self.lasting_id("person", &key))))
    }

    /// The code with its digest, when no earlier line has it.
    fn alone<'a>(
        &self,
        file: &File,
        code: Option<&'a str>,
        index: usize,
    ) -> Result<Option<(CodeDigest, &'a str)>, ProblemKind> {
        let Some(code) = code else { return Ok(None) };
        let digest = digest_code(&self.secret, code);
        match file.codes.get(&digest) {
            Some(first) if *first != index => Err(ProblemKind::DuplicateTicketCode { first: *first }),
            _ => Ok(Some((digest, code))),
        }
    }

    /// The code of a sound spec, without the white space around it.
    fn sound<'a>(&self, spec: &'a PersonSpec) -> Result<Option<&'a str>, ProblemKind> {
        let fields = [
            ("name", &spec.name, NAME_CHARS_MAX),
            ("e-mail", &spec.email, EMAIL_CHARS_MAX),
            ("organisation", &spec.organisation, NAME_CHARS_MAX),
            ("ticket kind", &spec.kind, NAME_CHARS_MAX),
            ("order", &spec.order, NAME_CHARS_MAX),
            ("note", &spec.note, NOTE_CHARS_MAX),
        ];
        let too_long =
            |text: &Option<String>, max| text.as_ref().is_some_and(|text| text.chars().count() > max);
        if let Some((field, _, max)) = fields.into_iter().find(|(_, text, max)| too_long(text, *max)) {
            return Err(ProblemKind::TooLong { field, max });
        }
        sound_flags(spec.flags.as_deref().unwrap_or_default())?;
        match spec.code.as_deref().map(|code| classify(code, self.own().event)) {
            None => Ok(None),
            Some(CodeShape::Code(code)) => Ok(Some(code)),
            Some(CodeShape::Signed(_)) => Err(ProblemKind::SignedTicket),
            Some(CodeShape::OtherEvent(_)) => Err(ProblemKind::OtherEventsCode),
            Some(CodeShape::NotATicket) => Err(ProblemKind::BadTicketCode),
        }
    }

    /// Puts the spec's code on the ticket and revokes the one before; a person without any gets one of Usher's own.
    fn give_code(&self, row: &mut PersonRow, code: Option<&str>) {
        let code = match (code, &row.code) {
            (Some(code), _) => code.to_owned(),
            (None, Some(_)) => return,
            (None, None) => {
                own_code(self.own().event, self.lasting_id("code", &row.record.id.to_string()).as_u128())
            }
        };
        let digest = digest_code(&self.secret, &code);
        if let Some(old) = row.record.code.replace(digest).filter(|old| *old != digest) {
            row.record.revoked_codes.push(old);
        }
        row.record.revoked_codes.retain(|old| *old != digest);
        row.code = Some(code);
    }
}

fn sound_flags(flags: &[String]) -> Result<(), ProblemKind> {
    if flags.iter().any(|flag| flag.chars().count() > FLAG_CHARS_MAX) {
        return Err(ProblemKind::TooLong { field: "flags", max: FLAG_CHARS_MAX });
    }
    if flags.len() > FLAGS_MAX { Err(ProblemKind::TooManyFlags { max: FLAGS_MAX }) } else { Ok(()) }
}

fn put_changed(txn: &mut dyn Txn, known: Option<&PersonRow>, row: &PersonRow) -> Result<Outcome> {
    match known {
        Some(before) if before == row => Ok(Outcome::Unchanged),
        Some(_) => txn.put_person(row).map(|()| Outcome::Changed),
        None => txn.put_person(row).map(|()| Outcome::Added),
    }
}

fn recognise(
    look: &dyn Look,
    file: &File,
    taken: &BTreeSet<PersonId>,
    spec: &PersonSpec,
    digest: Option<CodeDigest>,
) -> Result<Option<PersonRow>> {
    if let Some(row) = digest.map(|digest| look.person_by_code(digest)).transpose()?.flatten() {
        return Ok(Some(row));
    }
    let Some(likeness) = spec_likeness(spec) else { return Ok(None) };
    let claimed = |row: &PersonRow| row.record.code.is_some_and(|code| file.codes.contains_key(&code));
    let mut free = look.persons_like(&likeness)?;
    free.retain(|row| !taken.contains(&row.record.id) && !claimed(row));
    let certain = digest.is_none() || (free.len() == 1 && file.alike.get(&likeness) == Some(&1));
    Ok(if certain { free.into_iter().next() } else { None })
}

/// The sessions that a line names, and what is wrong with the others.
fn booking(file: &File, names: &[String]) -> (Vec<SessionId>, Vec<ProblemKind>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for name in names {
        match find_session(&file.sessions, name) {
            Ok(id) if found.contains(&id) => {}
            Ok(id) => found.push(id),
            Err(kind) => problems.push(kind),
        }
    }
    (found, problems)
}

fn find_session(sessions: &[SessionRow], name: &str) -> Result<SessionId, ProblemKind> {
    let id = |row: &SessionRow| row.record.rules.id;
    let by_code = |row: &&SessionRow| row.code.as_deref().is_some_and(|code| same_name(code, name));
    if let Some(row) = sessions.iter().find(by_code) {
        return Ok(id(row));
    }
    let mut by_name = sessions.iter().filter(|row| same_name(&row.record.name, name));
    match (by_name.next(), by_name.next()) {
        (Some(row), None) => Ok(id(row)),
        (None, _) => Err(ProblemKind::UnknownSession { name: name.into() }),
        (Some(_), Some(_)) => Err(ProblemKind::AmbiguousSession { name: name.into() }),
    }
}

fn new_person(id: PersonId) -> PersonRow {
    let record = PersonRecord {
        id,
        name: String::new(),
        email: String::new(),
        organisation: String::new(),
        kind: String::new(),
        order: String::new(),
        note: String::new(),
        flags: Vec::new(),
        attention: false,
        code: None,
        cancelled: false,
        valid: usher_core::verdict::Validity::default(),
        revoked_codes: Vec::new(),
        registrations: Vec::new(),
        profile: None,
    };
    PersonRow { record, code: None, likeness: None }
}

fn update(row: &mut PersonRow, spec: &PersonSpec, booked: &[SessionId], cancelled: &[SessionId]) {
    let record = &mut row.record;
    for (field, text) in [
        (&mut record.name, &spec.name),
        (&mut record.email, &spec.email),
        (&mut record.organisation, &spec.organisation),
        (&mut record.kind, &spec.kind),
        (&mut record.order, &spec.order),
        (&mut record.note, &spec.note),
    ] {
        if let Some(text) = text {
            *field = text.trim().into();
        }
    }
    if let Some(flags) = &spec.flags {
        record.flags.clone_from(flags);
    }
    record.attention = spec.attention.unwrap_or(record.attention);
    record.cancelled = spec.cancelled;
    record.valid = spec.valid;
    for (sessions, taken_back) in [(booked, false), (cancelled, true)] {
        for session in sessions {
            register(&mut record.registrations, *session, taken_back);
        }
    }
    row.likeness = likeness(&record.order, &record.email, &record.name);
}

fn register(registrations: &mut Vec<Registration>, session: SessionId, cancelled: bool) {
    match registrations.iter_mut().find(|one| one.session == session) {
        Some(one) => one.cancelled = cancelled,
        None => registrations.push(Registration { session, cancelled }),
    }
}

fn spec_likeness(spec: &PersonSpec) -> Option<[u8; 32]> {
    let text = |field: &'_ Option<String>| field.clone().unwrap_or_default();
    likeness(&text(&spec.order), &text(&spec.email), &text(&spec.name))
}

/// The digest of order, e-mail and name as people compare them; none where they do not name anybody.
fn likeness(order: &str, email: &str, name: &str) -> Option<[u8; 32]> {
    let plain = |text: &str| text.trim().to_lowercase();
    let (order, email, name) = (plain(order), plain(email), plain(name));
    let names_nobody = name.is_empty() || (order.is_empty() && email.is_empty());
    (!names_nobody).then(|| Sha256::digest(format!("{order}\0{email}\0{name}")).into())
}
