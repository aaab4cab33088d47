//! Changing the state in memory.

use usher_core::{
    capacity::Rights,
    entry::Checkpoint,
    fold::Merged,
    ids::{CodeDigest, EntryKey, Identity, SessionId, StationId},
};
use usher_protocol::{enrol::Role, sync::Signed};

use super::{Item, State};
use crate::{
    Error, Result,
    store::{
        AcceptedRow, CheckInRow, CodeRow, Contact, EndedRow, EntryRow, EventRow, Evidence, ExitRow, HoldRow,
        HoldsRev, LogRow, MessageRow, PersonRow, Release, ResolvedRow, SessionRow, SessionSums, SettledRow,
        StationRow, Txn,
    },
};

impl State {
    fn append(&mut self, item: Item) {
        self.end += 1;
        self.feed.insert(self.end, item);
    }

    fn move_to_end(&mut self, item: Item) {
        self.feed.retain(|_, other| *other != item);
        self.append(item);
    }
}

impl Txn for State {
    fn put_event(&mut self, row: &EventRow) -> Result<()> {
        self.event = Some(row.clone());
        self.move_to_end(Item::Event);
        Ok(())
    }

    fn put_succession(&mut self, succession: &Signed) -> Result<()> {
        self.successions.push(succession.clone());
        Ok(())
    }

    fn put_session(&mut self, row: &SessionRow) -> Result<()> {
        self.sessions.insert(row.record.rules.id, row.clone());
        self.move_to_end(Item::Session(row.record.rules.id));
        Ok(())
    }

    fn put_person(&mut self, row: &PersonRow) -> Result<()> {
        if self.persons.insert(row.record.id, row.clone()).is_none() {
            self.persons_order.push(row.record.id);
            self.append(Item::Person(row.record.id));
        } else {
            self.move_to_end(Item::Person(row.record.id));
        }
        Ok(())
    }

    fn put_station(&mut self, row: &StationRow) -> Result<()> {
        self.stations.insert(row.record.id, row.clone());
        if row.role == Role::Desk {
            self.move_to_end(Item::Station(row.record.id));
        }
        Ok(())
    }

    fn put_contact(&mut self, station: StationId, contact: &Contact) -> Result<()> {
        self.contacts.insert(Identity { station, epoch: contact.epoch }, contact.clone());
        Ok(())
    }

    fn put_enrol_code(&mut self, digest: CodeDigest, row: &CodeRow) -> Result<()> {
        self.codes.insert(digest, row.clone());
        Ok(())
    }

    fn put_log(&mut self, i: Identity, row: &LogRow) -> Result<()> {
        let before = self.logs.insert(i, row.clone());
        if row.proof.is_some() && before.is_none_or(|before| before.proof != row.proof) {
            self.move_to_end(Item::Proof(i));
        }
        Ok(())
    }

    fn put_entry(&mut self, row: &EntryRow, published: bool) -> Result<()> {
        if self.entries.contains_key(&row.key) {
            return Err(Error::Damaged(format!(
                "entry {} of {} is there already",
                row.key.seq, row.key.station
            )));
        }
        self.entries.insert(row.key, row.clone());
        if published {
            self.append(Item::Entry(row.key));
        }
        Ok(())
    }

    fn put_evidence(&mut self, row: &Evidence) -> Result<()> {
        self.evidence.entry((row.key, row.hash)).or_insert_with(|| row.clone());
        Ok(())
    }

    fn put_check_in(&mut self, row: &CheckInRow) -> Result<()> {
        self.check_ins.insert(row.key, *row);
        Ok(())
    }

    fn put_release(&mut self, row: &Release) -> Result<()> {
        self.releases.insert(*row);
        Ok(())
    }

    fn put_sums(&mut self, session: SessionId, sums: &SessionSums) -> Result<()> {
        self.sums.insert(session, *sums);
        Ok(())
    }

    fn put_rights(&mut self, session: SessionId, i: Identity, rights: &Rights) -> Result<()> {
        self.rights.insert((session, i), *rights);
        Ok(())
    }

    fn put_root(&mut self, link: &Checkpoint) -> Result<()> {
        self.roots.insert(link.position, link.root);
        Ok(())
    }

    fn put_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        self.checkpoint = Some(checkpoint.clone());
        Ok(())
    }

    fn publish_entry(&mut self, key: EntryKey) -> Result<bool> {
        let there = self.entries.contains_key(&key);
        let new = there && !self.feed.values().any(|item| *item == Item::Entry(key));
        if new {
            self.append(Item::Entry(key));
        }
        Ok(new)
    }

    fn put_hold(&mut self, row: &HoldRow) -> Result<()> {
        self.holds.insert((row.session, row.person), *row);
        Ok(())
    }

    fn put_holds_freed(&mut self, session: SessionId, rev: HoldsRev) -> Result<()> {
        let freed = self.holds_freed.entry(session).or_default();
        *freed = rev.max(*freed);
        Ok(())
    }

    fn put_holds_ended(&mut self, session: SessionId, row: &EndedRow) -> Result<()> {
        self.holds_ended.insert((session, row.i), *row);
        Ok(())
    }

    fn put_settled(&mut self, session: SessionId, row: &SettledRow) -> Result<()> {
        self.settled.insert((session, row.i), *row);
        Ok(())
    }

    fn put_resolved(&mut self, row: &ResolvedRow) -> Result<()> {
        self.resolved.insert(row.incident, *row);
        Ok(())
    }

    fn put_accepted(&mut self, row: &AcceptedRow) -> Result<()> {
        self.accepted.insert((row.station, row.head.seq, row.head.hash), *row);
        Ok(())
    }

    fn put_merge(&mut self, row: &Merged) -> Result<()> {
        self.merges.insert(row.key, *row);
        Ok(())
    }

    fn put_exit(&mut self, row: &ExitRow) -> Result<()> {
        self.exits.insert(row.key, *row);
        Ok(())
    }

    fn put_message(&mut self, row: &MessageRow) -> Result<()> {
        self.messages.entry(row.key).or_insert(*row);
        Ok(())
    }

    fn put_message_read(&mut self, of: EntryKey, desk: StationId) -> Result<()> {
        self.message_reads.insert((of, desk));
        Ok(())
    }

    fn clear_derived(&mut self) -> Result<()> {
        self.messages.clear();
        self.message_reads.clear();
        self.merges.clear();
        self.exits.clear();
        self.holds.clear();
        self.holds_freed.clear();
        self.holds_ended.clear();
        self.settled.clear();
        self.resolved.clear();
        self.accepted.clear();
        self.check_ins.clear();
        self.releases.clear();
        self.sums.clear();
        self.rights.clear();
        Ok(())
    }
}
