//! A desk: the replica over a simulated disk, with the clocks and the memory of the app around it.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use ed25519_dalek::SigningKey;
use usher_core::{
    chain::sign_enrolment,
    clock::{Anchor, corrected_ms},
    entry::{Body, CheckOut, DeclineReason, Exit, Found, UndoReason},
    ids::{EntryKey, Epoch, Identity, MachineId, PersonId, SessionId, ShiftId},
};
use usher_disk::{Choices, Disk};
use usher_protocol::{
    enrol::{EnrolAnswer, EnrolRequest, Role, normalise_code},
    limits::PROTOCOL,
    sync::{StationStatus, SyncAnswer},
};
use usher_replica::{
    Act, Applied, Asked, Asking, Decided, Decision, Enrolled, Identified, Judged, Logged, NewLife, Outgoing,
    Receipt, Replica, SnapshotError, Stamp, StoreError, SyncError, Ticket,
};
use uuid::Uuid;

use crate::{
    chance::Chance,
    clock::{Clock, START_MS},
    files::Files,
    server::{Reply, Wire},
};

/// Where its files are.
pub const FOLDER: &str = "/desk";
const ANCHOR: &str = "anchor";

/// A guest at the desk, with the verdict's id.
#[derive(Clone, Copy, Debug)]
pub struct Card {
    /// The id that decisions name.
    pub verdict: Uuid,
    /// What was asked.
    pub asked: Asked,
}

/// A desk's computer.
#[derive(Debug)]
pub struct Desk {
    /// Its number, from 0.
    pub number: usize,
    /// Its disk.
    pub disk: Disk,
    /// Its clocks.
    pub clock: Clock,
    /// Who it is, once enrolled, and while it runs.
    pub who: Option<Identified>,
    /// The session that it serves.
    pub serves: Option<SessionId>,
    /// The version of the protocol that it speaks; none: the newest.
    pub protocol: Option<u32>,
    /// Requests on their way, by number.
    pub sent: BTreeMap<u64, Outgoing>,
    files: Option<Replica>,
    anchor: Option<Anchor>,
    shift: ShiftId,
    machine: MachineId,
}

impl Desk {
    /// A computer that is switched off.
    #[must_use]
    pub fn new(number: usize, disk: Disk) -> Self {
        let id = Uuid::from_u128(0x5000 + number as u128);
        Self {
            number,
            disk,
            clock: Clock::new(START_MS, id.as_u128()),
            who: None,
            serves: None,
            protocol: None,
            sent: BTreeMap::new(),
            files: None,
            anchor: None,
            shift: ShiftId(id),
            machine: MachineId(Uuid::from_u128(0x6000 + number as u128)),
        }
    }

    /// Starts the app.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn start(&mut self) -> Result<(), StoreError> {
        let files = Replica::open_on(Arc::new(Files(self.disk.clone())), Path::new(FOLDER))?;
        self.who = files.identity()?;
        self.anchor = files.setting(ANCHOR)?;
        self.files = Some(files);
        Ok(())
    }

    /// Starts a second copy of the app on the same folder; whether it was refused as it must be.
    #[must_use]
    pub fn second_start_is_refused(&self) -> bool {
        let second = Replica::open_on(Arc::new(Files(self.disk.clone())), Path::new(FOLDER));
        matches!(second, Err(StoreError::OpenElsewhere | StoreError::Io(_)))
    }

    /// Whether the app runs.
    #[must_use]
    pub const fn is_up(&self) -> bool {
        self.files.is_some()
    }

    /// Ends the app in order.
    pub fn stop(&mut self) {
        self.files = None;
        self.forget();
    }

    /// Ends the app's process.
    pub fn kill(&mut self) {
        self.disk.kill();
        self.stop();
    }

    /// Cuts the power; the computer starts again later, with another boot.
    pub fn power_cut(&mut self, choices: &mut Choices, now_ms: i64, boot: u128) {
        self.disk.crash(choices);
        self.stop();
        self.clock.reboot(now_ms, boot);
    }

    /// What only the memory held is gone.
    fn forget(&mut self) {
        self.sent.clear();
        (self.who, self.anchor) = (None, None);
    }

    /// The files, while the app runs.
    ///
    /// # Errors
    /// [`StoreError::NotEnrolled`] while it does not.
    pub fn files(&self) -> Result<&Replica, StoreError> {
        self.files.as_ref().ok_or(StoreError::NotEnrolled)
    }

    /// Who it is.
    ///
    /// # Errors
    /// [`StoreError::NotEnrolled`].
    pub fn who(&self) -> Result<&Identified, StoreError> {
        self.who.as_ref().ok_or(StoreError::NotEnrolled)
    }

    fn both(&self) -> Result<(&Replica, &Identified), StoreError> {
        Ok((self.files()?, self.who()?))
    }

    /// The desk's time, as it believes it to be.
    #[must_use]
    pub fn stamp(&self, now_ms: i64) -> Stamp {
        let reading = self.clock.read(now_ms);
        Stamp { reading, now_ms: corrected_ms(reading, self.anchor.as_ref()) }
    }

    /// The request that enrols it under a one-time code, and the key that it is made for.
    #[must_use]
    pub fn enrol_request(&self, code: &str, chance: &mut Chance) -> (SigningKey, EnrolRequest) {
        let mut seed = [0; 32];
        seed.iter_mut().for_each(|byte| *byte = chance.bits() as u8);
        let key = SigningKey::from_bytes(&seed);
        let code = normalise_code(code);
        let request = EnrolRequest {
            protocol: PROTOCOL,
            signature: data_encoding::HEXLOWER.encode(&sign_enrolment(&key, &code)),
            public_key: data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes()),
            code,
            role: Role::Desk,
            epoch: Epoch(chance.bits().max(1)),
            machine: self.machine,
        };
        (key, request)
    }

    /// Keeps what enrolment gave.
    ///
    /// # Errors
    /// A fault of the files; nothing was kept then.
    pub fn enrol(
        &mut self,
        key: SigningKey,
        request: &EnrolRequest,
        answer: &EnrolAnswer,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let secret = data_encoding::HEXLOWER.decode(answer.event_secret.as_bytes()).unwrap_or_default();
        let who = Identified {
            event: answer.event.id,
            identity: Identity { station: answer.station, epoch: request.epoch },
            name: answer.name.clone(),
            machine: request.machine,
            key,
            event_secret: secret.try_into().unwrap_or([0; 32]),
            address: "http://127.0.0.1:1/".into(),
            fingerprint: None,
        };
        self.hear(answer.server_ms, now_ms)?;
        self.files()?.enrol(&Enrolled { who: who.clone(), term: answer.term }, self.stamp(now_ms))?;
        self.who = Some(who);
        Ok(())
    }

    /// Corrects the clock by what the server says, and keeps that where it changed.
    fn hear(&mut self, server_ms: i64, now_ms: i64) -> Result<(), StoreError> {
        let reading = self.clock.read(now_ms);
        let anchor =
            Anchor { server_ms, wall_ms: reading.wall_ms, mono_ms: reading.mono_ms, boot: reading.boot };
        let moved = self.anchor.is_none_or(|old| {
            old.boot != anchor.boot || (old.offset_ms() - anchor.offset_ms()).abs() > 1_000
        });
        self.anchor = Some(anchor);
        if moved { self.files()?.keep_setting(ANCHOR, &anchor) } else { Ok(()) }
    }

    /// Takes a snapshot of the server's feed.
    ///
    /// # Errors
    /// A fault of the files, or a snapshot that is not whole.
    pub fn take_snapshot(&self, bytes: &[u8], now_ms: i64) -> Result<(), SnapshotError> {
        let files = self.files()?;
        let mut loading = files.begin_snapshot()?;
        loading.take(bytes)?;
        files.finish_snapshot(loading, self.stamp(now_ms).now_ms)
    }

    /// Asks the list about a code and judges; none: the session is not known here.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn scan(&self, code: &str, verdict: u128, now_ms: i64) -> Result<Option<(Card, Judged)>, StoreError> {
        let (files, who) = self.both()?;
        let Some(session) = self.serves else { return Ok(None) };
        let ticket: Ticket = files.look_up(who, &[code.to_owned()])?;
        let card = Card {
            verdict: Uuid::from_u128(verdict),
            asked: Asked { ticket, session, now_ms: self.stamp(now_ms).now_ms },
        };
        Ok(files.judge(who, &card.asked)?.map(|judged| (card, judged)))
    }

    /// Lets the guest in.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn let_in(&self, card: &Card, act: Act, now_ms: i64) -> Result<Decided, StoreError> {
        let (files, who) = self.both()?;
        let decision = Decision {
            verdict: card.verdict,
            asked: card.asked,
            act,
            found: Found::Camera,
            shift: self.shift,
            stamp: self.stamp(now_ms),
        };
        files.let_in(who, &decision)
    }

    /// Turns the guest away.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn turn_away(
        &self,
        card: &Card,
        reason: DeclineReason,
        now_ms: i64,
    ) -> Result<Option<EntryKey>, StoreError> {
        let (files, who) = self.both()?;
        files.turn_away(who, card.verdict, &card.asked, reason, self.shift, self.stamp(now_ms))
    }

    /// Takes an entry back.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn undo(&self, verdict: Uuid, of: EntryKey, now_ms: i64) -> Result<EntryKey, StoreError> {
        let (files, who) = self.both()?;
        files.undo(who, verdict, of, UndoReason::WrongPerson, self.shift, self.stamp(now_ms))
    }

    /// Notes that the guest of a check-in has left.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn check_out(&self, of: EntryKey, now_ms: i64) -> Result<EntryKey, StoreError> {
        let (files, who) = self.both()?;
        files.note(who, Body::CheckOut(CheckOut { of, shift: self.shift }), self.stamp(now_ms))
    }

    /// Notes that somebody left whose check-in it does not know.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn leave(&self, person: PersonId, session: SessionId, now_ms: i64) -> Result<EntryKey, StoreError> {
        let (files, who) = self.both()?;
        files.note(who, Body::Exit(Exit { person, session }), self.stamp(now_ms))
    }

    /// *Save unsent log*: the carry file.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn carry(&self, now_ms: i64) -> Result<Vec<u8>, StoreError> {
        let (files, who) = self.both()?;
        let mut file = Vec::new();
        let status = StationStatus::default();
        files.carry(who, &status, self.stamp(now_ms).now_ms, &mut |line| {
            file.extend_from_slice(line);
            Ok(())
        })?;
        Ok(file)
    }

    /// Does what it owes the server: how many entries that took.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn do_duties(&self, now_ms: i64) -> Result<u64, StoreError> {
        let (files, who) = self.both()?;
        files.do_duties(who, self.serves, self.stamp(now_ms))
    }

    /// Begins a new life of the log.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn begin_life(&mut self, why: NewLife, epoch: Epoch, now_ms: i64) -> Result<(), StoreError> {
        let (files, who) = self.both()?;
        let next = files.begin_life(who, why, epoch, self.machine, self.stamp(now_ms))?;
        self.who = Some(next);
        Ok(())
    }

    /// Absorbs own entries.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn absorb(&self) -> Result<usize, StoreError> {
        let (files, who) = self.both()?;
        files.absorb(who)
    }

    /// The next sync request.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn request(&self, now_ms: i64) -> Result<Outgoing, StoreError> {
        let (files, who) = self.both()?;
        let wall_ms = self.clock.read(now_ms).wall_ms;
        let status = StationStatus { wall_ms, session: self.serves, ..StationStatus::default() };
        let now_ms = self.stamp(now_ms).now_ms;
        files.next_request(who, Asking { serving: self.serves, status, protocol: self.protocol, now_ms })
    }

    /// Applies an answer to a request.
    ///
    /// # Errors
    /// A fault of the files, or an answer that the server did not sign.
    pub fn apply(&mut self, sent: &Outgoing, reply: &Reply, now_ms: i64) -> Result<Applied, SyncError> {
        let answer: SyncAnswer = serde_json::from_slice(&reply.body)
            .map_err(|error| StoreError::Damaged(format!("the answer cannot be read: {error}")))?;
        self.hear(answer.server_ms, now_ms)?;
        let (files, who) = self.both()?;
        let receipt = Receipt { signed: &reply.signed, body: &reply.body };
        files.apply_answer(who, sent, &answer, Some(receipt), self.stamp(now_ms).now_ms)
    }

    /// Whether the log goes on where this computer left it.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn goes_on(&self) -> Result<bool, StoreError> {
        let (files, who) = self.both()?;
        files.goes_on(who, self.machine)
    }

    /// The whole log of the life that is written.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn log(&self) -> Result<Vec<Logged>, StoreError> {
        let (files, who) = self.both()?;
        files.logged(who.identity, 0, usize::MAX >> 1)
    }

    /// Every life of the log, whole; none before it is enrolled.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn lives(&self) -> Result<Vec<(Identity, Vec<Logged>)>, StoreError> {
        let Some(who) = &self.who else { return Ok(Vec::new()) };
        let files = self.files()?;
        let whole = |i| Ok((i, files.logged(i, 0, usize::MAX >> 1)?));
        files.lives(who)?.into_iter().map(whole).collect()
    }
}

/// A request as it travels.
#[must_use]
pub fn wire(outgoing: &Outgoing) -> Wire {
    Wire { proof: outgoing.proof.clone(), body: outgoing.body.clone() }
}
