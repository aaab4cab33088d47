//! Changing the tables.

use usher_authority::{
    Error, Result,
    store::{
        AcceptedRow, CheckInRow, CodeRow, Contact, EndedRow, EntryRow, EventRow, Evidence, ExitRow, HoldRow,
        HoldsRev, LogRow, Look, MessageRow, PersonRow, Release, ResolvedRow, SessionRow, SessionSums,
        SettledRow, StationRow, Txn,
    },
};
use usher_core::{
    capacity::Rights,
    entry::Checkpoint,
    fold::Merged,
    ids::{CodeDigest, EntryKey, Identity, SessionId, StationId},
};
use usher_protocol::{enrol::Role, sync::Signed};

use crate::{
    feed,
    look::Tables,
    rows::{hold_state_number, outcome_number, role_number},
    sql::{basis_number, col, key_params, log_params, number, one, ordered, run, subject_params, to_json},
};

impl Tables<'_> {
    fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<()> {
        run(self.0, sql, params)
    }

    /// Where a log's proof belongs in the feed: a new proof at its end.
    fn proof_position(&self, i: Identity, proof: Option<&Vec<u8>>) -> Result<Option<i64>> {
        let sql = "SELECT proof, position FROM logs WHERE station = ?1 AND epoch = ?2";
        let before =
            one(self.0, sql, log_params(i), |row| Ok((col::<Option<Vec<u8>>>(row, 0)?, col(row, 1)?)))?;
        match (proof, before) {
            (None, _) => Ok(None),
            (Some(now), Some((Some(before), position))) if *now == before => Ok(position),
            _ => feed::next(self.0).map(Some),
        }
    }

    /// Names the digests under which a person is found.
    fn put_codes(&self, n: u64, row: &PersonRow) -> Result<()> {
        self.run("DELETE FROM codes WHERE person = ?1", [n as i64])?;
        let revoked = row.record.revoked_codes.iter().map(|code| (code, false));
        for (code, current) in revoked.chain(row.record.code.iter().map(|code| (code, true))) {
            let sql =
                "INSERT INTO codes VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET current = excluded.current";
            self.run(sql, (code.0, n as i64, current))?;
        }
        Ok(())
    }
}

impl Txn for Tables<'_> {
    fn put_event(&mut self, row: &EventRow) -> Result<()> {
        let (station, epoch) = log_params(row.own);
        let params = (
            to_json(&row.record)?,
            *row.secret,
            *row.key,
            station,
            epoch,
            row.term as i64,
            feed::next(self.0)?,
            row.ticket_key.as_deref(),
        );
        self.run("INSERT OR REPLACE INTO event VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", params)
    }

    fn put_succession(&mut self, succession: &Signed) -> Result<()> {
        let sql = "INSERT INTO successions (statement, signature) VALUES (?1, ?2)";
        self.run(sql, (&succession.proof.0, &succession.signature.0))
    }

    fn put_session(&mut self, row: &SessionRow) -> Result<()> {
        let rules = &row.record.rules;
        let params =
            (rules.id.0.as_bytes(), rules.starts_ms, &row.code, to_json(&row.record)?, feed::next(self.0)?);
        self.run("INSERT OR REPLACE INTO sessions VALUES (?1, ?2, ?3, ?4, ?5)", params)
    }

    fn put_person(&mut self, row: &PersonRow) -> Result<()> {
        let id = row.record.id.0;
        let sql = "INSERT INTO persons (id, record, code, likeness, position) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (id) DO UPDATE SET record = excluded.record, code = excluded.code,
                   likeness = excluded.likeness, position = excluded.position RETURNING n";
        let params = (id.as_bytes(), to_json(&row.record)?, &row.code, row.likeness, feed::next(self.0)?);
        let n = number(self.0, sql, params)?;
        self.put_codes(n, row)
    }

    fn put_station(&mut self, row: &StationRow) -> Result<()> {
        let position = if row.role == Role::Desk { Some(feed::next(self.0)?) } else { None };
        let params = (
            row.record.id.0.as_bytes(),
            &row.record.name,
            role_number(row.role),
            to_json(&row.record)?,
            row.actor.map(|id| id.0.into_bytes()),
            row.machine.0.as_bytes(),
            position,
        );
        self.run("INSERT OR REPLACE INTO stations VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", params)
    }

    fn put_contact(&mut self, station: StationId, contact: &Contact) -> Result<()> {
        let params = (
            station.0.as_bytes(),
            ordered(contact.epoch.0),
            contact.at_ms,
            contact.skew_ms,
            contact.waiting as i64,
            contact.session.map(|id| id.0.into_bytes()),
            &contact.initials,
            contact.asks.as_ref().map(to_json).transpose()?,
            (!contact.also.is_empty()).then(|| to_json(&contact.also)).transpose()?,
        );
        self.run("INSERT OR REPLACE INTO log_contacts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", params)
    }

    fn put_enrol_code(&mut self, digest: CodeDigest, row: &CodeRow) -> Result<()> {
        let used_by = row.used_by.map(|id| id.0.into_bytes());
        let params = (digest.0, role_number(row.role), &row.name, row.expires_ms, used_by);
        self.run("INSERT OR REPLACE INTO enrol_codes VALUES (?1, ?2, ?3, ?4, ?5)", params)
    }

    fn put_log(&mut self, i: Identity, row: &LogRow) -> Result<()> {
        let (station, epoch) = log_params(i);
        let (proof, signature) = row.proof.as_ref().map(|(bytes, signature)| (bytes, signature)).unzip();
        let params = rusqlite::params![
            station,
            epoch,
            row.head.seq as i64,
            row.head.hash.0,
            row.handed as i64,
            row.stated as i64,
            proof,
            signature,
            row.fenced,
            row.closed,
            row.reported as i64,
            row.branch.as_ref().map(|branch| ordered(branch.of.epoch.0)),
            row.branch.as_ref().map(|branch| branch.fork.from as i64),
            self.proof_position(i, proof)?,
        ];
        let sql = "INSERT OR REPLACE INTO logs (station, epoch, seq, hash, handed, stated, proof, signature, fenced, \
                   closed, reported, branch_of, branch_from, position)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
        self.run(sql, params)?;
        let Some(branch) = row.branch.as_ref().filter(|branch| !branch.before.is_empty()) else {
            return Ok(());
        };
        let sql = "INSERT OR REPLACE INTO branches (station, epoch, before) VALUES (?1, ?2, ?3)";
        let (station, epoch) = log_params(i);
        self.run(sql, (station, epoch, to_json(&branch.before)?))
    }

    fn put_entry(&mut self, row: &EntryRow, published: bool) -> Result<()> {
        if self.entry(row.key)?.is_some() {
            return Err(Error::Damaged(format!(
                "entry {} of {} is there already",
                row.key.seq, row.key.station
            )));
        }
        let position = if published { Some(feed::next(self.0)?) } else { None };
        let (station, epoch, seq) = key_params(row.key);
        let params = (
            station,
            epoch,
            seq,
            row.hash.0,
            &row.bytes,
            row.received_ms,
            row.remarks,
            row.signature,
            position,
        );
        self.run("INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", params)
    }

    fn put_evidence(&mut self, row: &Evidence) -> Result<()> {
        let (station, epoch, seq) = key_params(row.key);
        let params = (station, epoch, seq, row.hash.0, &row.bytes, row.received_ms);
        self.run("INSERT INTO evidence VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING", params)
    }

    fn put_check_in(&mut self, row: &CheckInRow) -> Result<()> {
        let (station, epoch, seq) = key_params(row.key);
        let (kind, subject) = subject_params(row.subject);
        let params = (
            station,
            epoch,
            seq,
            row.session.0.as_bytes(),
            kind,
            subject,
            ordered(row.hlc.0),
            basis_number(row.basis),
            row.received_ms,
            row.released,
            row.refunded,
            row.freed,
        );
        let sql =
            "INSERT OR REPLACE INTO check_ins VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        self.run(sql, params)
    }

    fn put_release(&mut self, row: &Release) -> Result<()> {
        let (of_station, of_epoch, of_seq) = key_params(row.of);
        let (station, epoch, seq) = key_params(row.by);
        let params = (of_station, of_epoch, of_seq, station, epoch, seq, row.refund);
        self.run("INSERT INTO releases VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING", params)
    }

    fn put_sums(&mut self, session: SessionId, sums: &SessionSums) -> Result<()> {
        let tally = sums.tally;
        let params = (
            session.0.as_bytes(),
            tally.inside as i64,
            tally.occupied as i64,
            tally.unsettled as i64,
            tally.over_grant as i64,
            sums.withheld as i64,
            sums.held as i64,
        );
        self.run("INSERT OR REPLACE INTO sums VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", params)
    }

    fn put_rights(&mut self, session: SessionId, i: Identity, rights: &Rights) -> Result<()> {
        let (station, epoch) = log_params(i);
        let params = (
            session.0.as_bytes(),
            station,
            epoch,
            rights.granted as i64,
            rights.returned as i64,
            rights.admitted as i64,
            rights.refunded as i64,
            rights.recalled as i64,
        );
        self.run("INSERT OR REPLACE INTO rights VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", params)
    }

    fn put_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        let params = (checkpoint.position as i64, checkpoint.root.0);
        self.run("INSERT OR REPLACE INTO checkpoint VALUES (1, ?1, ?2)", params)
    }

    fn put_root(&mut self, link: &Checkpoint) -> Result<()> {
        self.run("INSERT INTO roots VALUES (?1, ?2)", (link.position as i64, link.root.0))
    }

    fn publish_entry(&mut self, key: EntryKey) -> Result<bool> {
        let (station, epoch, seq) = key_params(key);
        let kept = "SELECT EXISTS (SELECT 1 FROM entries WHERE station = ?1 AND epoch = ?2 AND seq = ?3 AND position IS NULL)";
        if number(self.0, kept, key_params(key))? == 0 {
            return Ok(false);
        }
        let sql = "UPDATE entries SET position = ?4 WHERE station = ?1 AND epoch = ?2 AND seq = ?3";
        self.run(sql, (station, epoch, seq, feed::next(self.0)?))?;
        Ok(true)
    }

    fn put_hold(&mut self, row: &HoldRow) -> Result<()> {
        let params = (
            row.session.0.as_bytes(),
            row.person.0.as_bytes(),
            row.rev.term as i64,
            row.rev.rev as i64,
            hold_state_number(row.state),
            row.used,
        );
        self.run("INSERT OR REPLACE INTO holds VALUES (?1, ?2, ?3, ?4, ?5, ?6)", params)
    }

    fn put_holds_freed(&mut self, session: SessionId, rev: HoldsRev) -> Result<()> {
        let sql = "INSERT INTO holds_freed VALUES (?1, ?2, ?3) ON CONFLICT (session) DO UPDATE
                   SET term = excluded.term, rev = excluded.rev
                   WHERE (excluded.term, excluded.rev) > (holds_freed.term, holds_freed.rev)";
        self.run(sql, (session.0.as_bytes(), rev.term as i64, rev.rev as i64))
    }

    fn put_holds_ended(&mut self, session: SessionId, row: &EndedRow) -> Result<()> {
        let (station, epoch) = log_params(row.i);
        let params = (session.0.as_bytes(), station, epoch, row.rev.term as i64, row.rev.rev as i64);
        self.run("INSERT OR REPLACE INTO holds_ended VALUES (?1, ?2, ?3, ?4, ?5)", params)
    }

    fn put_settled(&mut self, session: SessionId, row: &SettledRow) -> Result<()> {
        let (station, epoch) = log_params(row.i);
        let (after, spent, seen) = (row.after as i64, row.off.spent as i64, row.off.real as i64);
        let params = (session.0.as_bytes(), station, epoch, after, spent, seen);
        self.run("INSERT OR REPLACE INTO settled VALUES (?1, ?2, ?3, ?4, ?5, ?6)", params)
    }

    fn put_resolved(&mut self, row: &ResolvedRow) -> Result<()> {
        let (station, epoch, seq) = key_params(row.by);
        let over_by = row.over_by.map(|over_by| over_by as i64);
        let params = (row.incident.0, outcome_number(row.outcome), station, epoch, seq, over_by);
        let sql = "INSERT OR REPLACE INTO resolved (incident, outcome, station, epoch, seq, over_by)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.run(sql, params)
    }

    fn put_accepted(&mut self, row: &AcceptedRow) -> Result<()> {
        let params = (row.station.0.as_bytes(), row.head.seq as i64, row.head.hash.0);
        self.run("INSERT INTO accepted VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", params)
    }

    fn put_merge(&mut self, row: &Merged) -> Result<()> {
        let (station, epoch, seq) = key_params(row.key);
        let (a, b) = row.persons.map(|(a, b)| (a.0.into_bytes(), b.0.into_bytes())).unzip();
        let params = (station, epoch, seq, a, b, row.split);
        self.run("INSERT OR REPLACE INTO merges VALUES (?1, ?2, ?3, ?4, ?5, ?6)", params)
    }

    fn put_exit(&mut self, row: &ExitRow) -> Result<()> {
        let (station, epoch, seq) = key_params(row.key);
        let session = row.place.map(|place| place.session.0.into_bytes());
        let person = row.place.map(|place| place.person.0.into_bytes());
        let hlc = row.place.map(|place| ordered(place.hlc.0));
        let params = (station, epoch, seq, session, person, hlc, row.bound);
        self.run("INSERT OR REPLACE INTO exits VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", params)
    }

    fn put_message(&mut self, row: &MessageRow) -> Result<()> {
        let (station, epoch, seq) = key_params(row.key);
        let params = (station, epoch, seq, ordered(row.hlc.0));
        self.run("INSERT INTO messages VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", params)
    }

    fn put_message_read(&mut self, of: EntryKey, desk: StationId) -> Result<()> {
        let (station, epoch, seq) = key_params(of);
        let params = (station, epoch, seq, desk.0.as_bytes());
        self.run("INSERT INTO message_reads VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", params)
    }

    fn clear_derived(&mut self) -> Result<()> {
        const TABLES: [&str; 14] = [
            "messages",
            "message_reads",
            "check_ins",
            "releases",
            "sums",
            "rights",
            "holds",
            "holds_freed",
            "holds_ended",
            "settled",
            "resolved",
            "accepted",
            "merges",
            "exits",
        ];
        for table in TABLES {
            self.run(&format!("DELETE FROM {table}"), [])?;
        }
        Ok(())
    }
}
