//! `verify`: everything that is held, against the signatures and commitments that were made about it (DESIGN 10, P7).
//!
//! Each log must be a chain of the bytes that its writer wrote, up to the end that the writer signed; each of the server's own
//! entries must carry its signature; and the order in which entries were published must be the one that the checkpoints commit to.
//! Deleting the last entries of the feed together with everything that names them is found only by what desks hold: the server's
//! receipts ([`Authority::verify_receipt`]); a saved log brings them.

use std::collections::BTreeMap;

use ed25519_dalek::VerifyingKey;
use usher_core::{
    chain::{RequestProof, follow, hash_entry, root_after, verify_entry, verify_request},
    entry::{Body, Entry, Head},
    ids::{EntryHash, EntryKey, Identity},
};

use usher_protocol::sync::Signed;

use super::{Authority, OwnLog, enrol::credential, logs};
use crate::{
    Result, remark,
    store::{EntryRow, LogRow, Look, Store},
};

/// What is wrong with one entry or log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The bytes are not those whose hash was kept.
    #[error("its bytes were changed")]
    Changed,
    /// Entries before it are missing.
    #[error("entries before it are missing")]
    Missing,
    /// It does not continue the entry before it.
    #[error("it does not continue the entry before it")]
    Chain,
    /// The log ends before the end that its writer signed.
    #[error("the log ends before the end that was signed")]
    Truncated,
    /// The signature under the log's end, or under an entry of the server, is not its writer's.
    #[error("the signature is not its writer's")]
    Signature,
    /// It stands behind the end that its writer signed, or its writer signed none.
    #[error("nothing that its writer signed covers it")]
    Unsigned,
    /// It is in no log, or in none that it can be in.
    #[error("it stands in no log that it can be in")]
    Astray,
    /// Entries up to here were published in another order, or are missing, or are others than the checkpoint says.
    #[error("what was published up to here is not what the checkpoint commits to")]
    Checkpoint,
    /// The server signed to a desk that it held this, and does not.
    #[error("the server signed to a desk that it held this, and it is not here")]
    Receipt,
    /// The server holds another entry.
    #[error("the server holds another entry under this number")]
    Rewritten,
    /// The server signed to the desk that it held another entry.
    #[error("the server signed that it held another entry under this number")]
    Acknowledged,
    /// The saved log ends before what the server signed that it held.
    #[error("the server signed that it held this, and the saved log ends before it")]
    Cut,
    /// The file ends before its end.
    #[error("the file ends here, before its end")]
    Torn,
}

/// Something that does not hold, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The entry, or the end of the log.
    pub at: EntryKey,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many entries.
    pub entries: u64,
    /// How many logs.
    pub logs: u64,
    /// How many checkpoints.
    pub checkpoints: u64,
    /// What does not hold; empty: everything does.
    pub findings: Vec<Finding>,
}

impl<S: Store> Authority<S> {
    /// Verifies everything that is held.
    ///
    /// # Errors
    /// The store's own.
    pub fn verify(&self) -> Result<Verified> {
        let own = self.own();
        self.store.read(|look| {
            let mut done = Verified::default();
            for (i, log) in look.logs()? {
                done.logs += 1;
                verify_log(look, &own, i, &log, &mut done)?;
            }
            verify_order(look, &own, &mut done)?;
            Ok(done)
        })
    }
}

impl<S: Store> Authority<S> {
    /// Verifies what the server once signed to a desk ([`usher_core::chain::AnswerProof`]) against what is held: it finds what was deleted from the end
    /// of the log. A receipt that the server did not sign says nothing.
    ///
    /// # Errors
    /// The store's own.
    pub fn verify_receipt(&self, receipt: &Signed) -> Result<Vec<Finding>> {
        let own = self.own();
        let Some(proof) = own.genuine(receipt) else { return Ok(Vec::new()) };
        self.store.read(|look| {
            let mut findings = Vec::new();
            for (i, head) in [(proof.own, proof.head), (proof.to, proof.acknowledged)] {
                if logs::holding(look, i, head)?.is_none() {
                    findings.push(Finding { at: i.key(head.seq), flaw: Flaw::Receipt });
                }
            }
            Ok(findings)
        })
    }
}

fn verify_log(look: &dyn Look, own: &OwnLog, i: Identity, log: &LogRow, done: &mut Verified) -> Result<()> {
    let written = log.branch.as_ref().map_or(i, |branch| branch.of);
    let start = branch_start(look, log)?;
    let (mut head, mut broken, mut seen) = (start, None, BTreeMap::new());
    if log.branch.as_ref().is_some_and(|branch| branch.of == i || branch.identity() != i) {
        done.findings.push(Finding { at: i.key(1), flaw: Flaw::Astray });
    }
    look.entries_of(i, 0, &mut |row| {
        done.entries += 1;
        match check_entry(own, written, head, &row) {
            _ if row.key.seq <= start.seq => broken = Some(Finding { at: row.key, flaw: Flaw::Astray }),
            Ok(next) => head = next,
            Err(flaw) => broken = Some(Finding { at: row.key, flaw }),
        }
        seen.insert(row.key.seq, row.hash);
        Ok(broken.is_none())
    })?;
    if let Some(finding) = broken {
        done.findings.push(finding);
        return Ok(());
    }
    if head.seq < log.head.seq {
        done.findings.push(Finding { at: i.key(head.seq + 1), flaw: Flaw::Missing });
    } else if head != log.head {
        done.findings.push(Finding { at: i.key(head.seq), flaw: Flaw::Chain });
    }
    if let Some(flaw) = check_proof(look, own, i, log, &seen)? {
        done.findings.push(Finding { at: i.key(log.head.seq), flaw });
    } else if let Some(at) = beyond_proof(look, own, i, log)? {
        done.findings.push(Finding { at, flaw: Flaw::Unsigned });
    }
    Ok(())
}

/// The first published entry of a desk's log that no request covers which the desk signed. Where requests contradicted what is held they
/// were kept as evidence, and what a revoked desk sent counts because somebody accepted it.
fn beyond_proof(look: &dyn Look, own: &OwnLog, i: Identity, log: &LogRow) -> Result<Option<EntryKey>> {
    let signed = log.proof.as_ref().and_then(|(bytes, _)| RequestProof::from_bytes(bytes).ok());
    let signed = signed.map_or(0, |proof| proof.head.seq);
    let of = log.branch.as_ref().map_or(i, |branch| branch.of);
    if i.station == own.i.station || look.published_end(i)? <= signed || look.evidence_count(of)? > 0 {
        return Ok(None);
    }
    let revoked = look.station(i.station)?.is_some_and(|row| row.record.revoked);
    let mut first = None;
    look.entries_of(i, signed, &mut |row| {
        if !revoked || row.remarks & remark::DISPUTED == 0 {
            first = Some(row.key);
        }
        Ok(first.is_none())
    })?;
    Ok(first)
}

/// Whether an entry of the server was given back by a desk after a restore, by what the server signed to that desk: it has no signature
/// of its own. None of the log that is written now can be.
fn is_given_back(own: &OwnLog, row: &EntryRow) -> bool {
    row.remarks & remark::GIVEN_BACK != 0 && row.signature.is_none() && row.key.identity() != own.i
}

/// Where a log begins: a branch behind the entry that it forked from.
fn branch_start(look: &dyn Look, log: &LogRow) -> Result<Head> {
    let Some(branch) = &log.branch else { return Ok(Head::EMPTY) };
    let first = look.entry(branch.identity().key(branch.fork.from))?;
    let hash = first.and_then(|row| Entry::from_bytes(&row.bytes).ok()).map(|entry| entry.prev_hash);
    Ok(Head { seq: branch.fork.from - 1, hash: hash.unwrap_or(Head::EMPTY.hash) })
}

fn check_entry(
    own: &OwnLog,
    written: Identity,
    head: Head,
    row: &EntryRow,
) -> std::result::Result<Head, Flaw> {
    if hash_entry(&row.bytes) != row.hash {
        return Err(Flaw::Changed);
    }
    let entry = Entry::from_bytes(&row.bytes).map_err(|_| Flaw::Changed)?;
    if row.key.seq > head.seq + 1 {
        return Err(Flaw::Missing);
    }
    let next = follow(own.event, written, head, &entry, &row.bytes).map_err(|_| Flaw::Chain)?;
    if written.station == own.i.station && !is_given_back(own, row) {
        let key = own.key_of(written, row.key.seq);
        let good = row.signature.is_some_and(|it| verify_entry(&key, row.hash, &it));
        return if good { Ok(next) } else { Err(Flaw::Signature) };
    }
    Ok(next)
}

/// The end of a desk's log against what the desk signed about it.
fn check_proof(
    look: &dyn Look,
    own: &OwnLog,
    i: Identity,
    log: &LogRow,
    seen: &BTreeMap<u64, EntryHash>,
) -> Result<Option<Flaw>> {
    let (Some((bytes, signature)), false) = (&log.proof, i.station == own.i.station) else { return Ok(None) };
    let Some(station) = look.station(i.station)? else { return Ok(Some(Flaw::Signature)) };
    let key: VerifyingKey = credential(station)?.key;
    let proof = RequestProof::from_bytes(bytes).ok().filter(|_| verify_request(&key, bytes, signature));
    let Some(proof) = proof else { return Ok(Some(Flaw::Signature)) };
    Ok(match seen.get(&proof.head.seq) {
        None if proof.head.seq > 0 => Some(Flaw::Truncated),
        Some(hash) if *hash != proof.head.hash => Some(Flaw::Chain),
        _ => None,
    })
}

/// The order in which entries were published against the server's checkpoints. One that came back after a restore commits to a feed
/// that is gone.
fn verify_order(look: &dyn Look, own: &OwnLog, done: &mut Verified) -> Result<()> {
    let (mut wanted, mut astray) = (Vec::new(), Vec::new());
    look.entries(&mut |row| {
        let entry = Entry::from_bytes(&row.bytes).ok().filter(|entry| entry.station == own.i.station);
        if let (Some(Body::Checkpoint(checkpoint)), false) =
            (entry.map(|entry| entry.body), is_given_back(own, &row))
        {
            wanted.push((row.key, checkpoint));
        }
        if look.log(row.key.identity())?.is_none() {
            astray.push(Finding { at: row.key, flaw: Flaw::Astray });
        }
        Ok(true)
    })?;
    done.findings.extend(astray);
    done.checkpoints = wanted.len() as u64;
    let (mut root, mut next) = (EntryHash([0; 32]), 0);
    let mut check = |root, upto: u64, next: &mut usize| {
        while let Some((key, checkpoint)) = wanted.get(*next).filter(|(_, one)| one.position < upto) {
            if checkpoint.root != root {
                done.findings.push(Finding { at: *key, flaw: Flaw::Checkpoint });
            }
            *next += 1;
        }
    };
    look.entries_after(0, &mut |position, row| {
        check(root, position, &mut next);
        root = root_after(root, row.hash);
        Ok(true)
    })?;
    check(root, u64::MAX, &mut next);
    Ok(())
}
