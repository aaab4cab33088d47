//! The oracle looks at the world: at the server's feed after everything that the server did, and at desks' rights.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{chain::RequestProof, ids::Identity};
use usher_protocol::sync::Cursor;

use super::{Broken, broken};
use crate::world::{Outcome, World};

impl World {
    /// Reads what is new in the server's feed. To be called after everything that the server may have written, so that the order of
    /// the feed is the order in which things became known.
    ///
    /// # Errors
    /// A broken invariant.
    pub fn watch(&mut self) -> Outcome {
        let (server, oracle) = (&self.server, &mut self.oracle);
        let Ok(authority) = server.authority() else { return Ok(()) };
        let disk = server.disk.clone();
        let end = disk.aside(|| authority.feed_end());
        let end = end.or_else(|error| broken(format!("the feed cannot be read: {error}")))?;
        let asked = oracle.go_on_from(end, authority.own_log());
        let mut news = Vec::new();
        let from = oracle.books.cursor.position;
        let read = disk.aside(|| {
            authority.feed_after(from, &mut |row| {
                news.push(row.change);
                Ok(true)
            })
        });
        oracle.books.cursor = read.or_else(|error| broken(format!("the feed cannot be read: {error}")))?;
        news.iter().try_for_each(|change| oracle.hear(change, asked))?;
        if oracle.counted_again() {
            self.report.sometimes("what was accepted before a restore counted again");
        }
        Ok(())
    }

    /// I2 at every session, while the server runs, and that it counts as its entries say.
    ///
    /// # Errors
    /// A broken invariant.
    pub fn check_worst(&mut self) -> Outcome {
        self.watch()?;
        self.oracle.check_accepted()?;
        let Ok(authority) = self.server.authority() else { return Ok(()) };
        let board = self.server.disk.aside(|| authority.board(self.now_ms));
        let board = board.or_else(|error| broken(format!("there is no board: {error}")))?;
        for row in &board.sessions {
            let Some(session) = self.sessions.iter().find(|id| id.to_string() == row.id) else { continue };
            let learning = !row.awaited.is_empty();
            self.oracle.believe_unanswered(*session, row.worst);
            let excused = self.oracle.check_worst(*session, row.worst, learning)?;
            if excused.second > 0 {
                self.report.sometimes("one held seat was used twice");
            }
            if excused.risk > 0 {
                self.report.sometimes("a settled desk had spent more than was said");
            }
            self.oracle.is_sure(*session, !learning);
            let places = self.oracle.books.capacity.get(session).copied().flatten();
            if row.grantable != places.map(|places| i64::from(places) - row.worst as i64) {
                return broken(format!("P2: P of {session} is {:?} for {places:?} places", row.grantable));
            }
            if row.grantable.is_some_and(|places| places < 0) {
                self.report.sometimes("fewer places than may be used");
            }
        }
        Ok(())
    }

    /// A desk's table of rights is what its log says, and what the server ever granted.
    ///
    /// # Errors
    /// I1 or P2 is broken.
    pub fn check_account(&mut self, d: usize) -> Outcome {
        let desk = &self.seats[d].desk;
        let (Ok(files), Ok(who)) = (desk.files(), desk.who()) else { return Ok(()) };
        for session in &self.sessions {
            let rights = desk.disk.aside(|| files.rights(*session));
            let rights =
                rights.or_else(|error| broken(format!("desk {d} cannot read its rights: {error}")))?;
            self.oracle.check_account(who.identity, *session, &rights)?;
        }
        Ok(())
    }
}

impl super::Oracle {
    /// The server took a request: what it says of its log stays true however old it is (DESIGN section 5, *Handover*). The feed shows
    /// only the statement that was made at the log's end.
    pub fn took(&mut self, proof: &RequestProof) {
        let Some(at) = self.books.place(proof) else { return };
        self.told.entry(at).or_default().insert(proof.handed);
        self.books.state(at, proof.handed);
    }

    /// The server failed to answer a request, and may have taken it.
    pub fn may_have_taken(&mut self, proof: &RequestProof) {
        let Some(at) = self.books.place(proof) else { return };
        self.may_be_told.entry(at).or_default().insert(proof.handed);
    }

    /// Requests that were never answered were taken where that is what the server counts (seed 833174): a desk that is revoked says it
    /// no second time.
    fn believe_unanswered(&mut self, session: usher_core::ids::SessionId, worst: u64) {
        if self.may_be_told.is_empty() || self.books.worst(session).all() == worst {
            return;
        }
        let mut books = self.books.clone();
        let all = self.may_be_told.iter().flat_map(|(i, all)| all.iter().map(|handed| (*i, *handed)));
        all.for_each(|(i, handed)| books.state(i, handed));
        if books.worst(session).all() == worst {
            self.books = books;
            for (i, all) in std::mem::take(&mut self.may_be_told) {
                self.told.entry(i).or_default().extend(all);
            }
        }
    }

    /// What the server was told of handovers, to be kept with a copy of its disk.
    #[must_use]
    pub fn told(&self) -> BTreeMap<Identity, BTreeSet<u64>> {
        self.told.clone()
    }

    /// The server is put back to when it was told this: what stands in its feed is another story, however long that is.
    pub fn was_told(&mut self, told: &BTreeMap<Identity, BTreeSet<u64>>) {
        self.told.clone_from(told);
        self.retold = true;
    }

    /// Whether the server ever was put back.
    #[must_use]
    pub const fn was_put_back(&self) -> bool {
        self.put_back > 0
    }

    /// Goes on reading at the end of the books, or anew where the server is not the one that was read before; whether the rules can be
    /// asked of what comes.
    fn go_on_from(&mut self, end: Cursor, own: Identity) -> bool {
        let known = self.books.cursor;
        let same = !std::mem::take(&mut self.retold)
            && (known.position == 0 || (known.term == end.term && known.position <= end.position));
        if self.blind.is_some_and(|term| end.term > term) {
            self.blind = None;
        }
        if !same && known.term == end.term {
            // Its roster did not tell it either: it goes on in its term until a desk shows what was forgotten (seed 98).
            self.behind_its_back();
        }
        if !same {
            self.unsure = self.books.capacity.keys().copied().collect();
            self.books = super::books::Books::default();
            self.told.iter().flat_map(|(i, all)| all.iter().map(|handed| (*i, *handed))).for_each(
                |(i, handed)| {
                    self.books.state(i, handed);
                },
            );
            self.disputed.clear();
            self.put_back += 1;
        }
        self.books.own = Some(own);
        same
    }

    /// Whether nothing is awaited for a session, so that the server knows everything about it that it ever said.
    fn is_sure(&mut self, session: usher_core::ids::SessionId, sure: bool) {
        if sure && self.blind.is_none() {
            self.unsure.remove(&session);
        } else {
            self.unsure.insert(session);
        }
    }
}

/// What the oracle needs of a desk's rights before its duties.
pub(crate) fn due(world: &World, d: usize) -> Result<Vec<(usher_core::ids::SessionId, u64)>, Broken> {
    let desk = &world.seats[d].desk;
    let (Ok(files), true) = (desk.files(), desk.who.is_some()) else { return Ok(Vec::new()) };
    let mut due = Vec::new();
    for session in &world.sessions {
        let rights = desk.disk.aside(|| files.rights(*session));
        let rights = rights.or_else(|error| broken(format!("desk {d} cannot read its rights: {error}")))?;
        let left = (rights.granted + rights.refunded).saturating_sub(rights.returned + rights.admitted);
        let parted = (rights.returned + rights.admitted).saturating_sub(rights.refunded);
        // Of the session that it serves a desk gives back what is asked for and still there, of others everything.
        let asked_back = rights.recalled.saturating_sub(parted).min(left);
        due.push((*session, if desk.serves == Some(*session) { asked_back } else { left }));
    }
    Ok(due)
}
