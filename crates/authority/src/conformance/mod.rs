//! The conformance suite of stores: what the contract in [`crate::store`] says, tried on each of them.
//!
//! A store's tests call [`contract`] on an empty store; its own tests add what only it can show (durability, other
//! processes). The numbers in the function names are those of the contract.

pub mod desk;
mod sample;

use usher_core::{
    clock::Hlc,
    ids::{CodeDigest, Identity, IncidentId, PersonId, SessionId, StationId},
};
use usher_protocol::{
    enrol::Role,
    sync::{BranchEntry, Change, EntryBytes, LogProof, Signed},
};

use crate::{
    Error, Result,
    store::{EntryRow, EventRow, FeedRow, HoldState, HoldsRev, LogRow, Look, PersonRow, SessionSums, Store},
};
use sample::{
    GUEST, HIGH, LOG, RIGHTS, SUMS, accepted, bound_first, branch, branch_entry, check_ins, contact, ended,
    entry, event, evidence, exit, fill, hold, id, log, merged, messages, person, release, resolved, rev,
    session, settled, split_first, station, succession,
};

/// Everything that the contract says and that an empty store can be asked. A store that was filled by [`put_sample`]
/// and opened again is asked by [`holds_sample`].
///
/// # Errors
/// The store's own; a broken contract panics.
pub fn contract<S: Store>(store: &S) -> Result<()> {
    starts_empty(store)?;
    gives_up_whole_1(store)?;
    put_sample(store)?;
    holds_sample(store)?;
    reads_one_state_2(store)?;
    moves_records_3(store)?;
    keeps_facts_4(store)?;
    clears_caches_7(store)?;
    publishes_once_3(store)
}

fn starts_empty<S: Store>(store: &S) -> Result<()> {
    store.read(|look| {
        assert!(look.event()?.is_none(), "a new store has no event");
        assert_eq!((look.feed_end()?, look.feed_len()?, look.person_count()?), (0, 0, 0));
        assert_eq!(look.sums(SessionId(id(1)))?, SessionSums::default());
        Ok(())
    })
}

fn gives_up_whole_1<S: Store>(store: &S) -> Result<()> {
    let given_up: Result<()> = store.write(|txn| {
        fill(txn)?;
        Err(Error::Busy)
    });
    assert!(matches!(given_up, Err(Error::Busy)), "the closure's error comes back");
    starts_empty(store)
}

/// Puts the sample into an empty store.
///
/// # Errors
/// The store's own.
pub fn put_sample<S: Store>(store: &S) -> Result<()> {
    store.write(fill)
}

/// Checks that the store holds the sample: for stores that can be closed and opened again.
///
/// # Errors
/// The store's own; a difference panics.
pub fn holds_sample<S: Store>(store: &S) -> Result<()> {
    store.read(|look| {
        holds_records(look)?;
        holds_people(look)?;
        holds_logs(look)?;
        holds_evidence(look)?;
        holds_caches(look)?;
        holds_capacity(look)?;
        holds_messages(look)?;
        holds_who_is_one(look)?;
        holds_feed(look)
    })
}

fn holds_records(look: &dyn Look) -> Result<()> {
    let told = |row: EventRow| {
        let ticket_key = row.ticket_key.map(|key| *key);
        (row.record, *row.secret, *row.key, ticket_key, row.own, row.term)
    };
    assert_eq!(look.event()?.map(told), Some(told(event())));
    assert_eq!(look.successions()?, [succession(2), succession(1)], "in the order of the puts");
    assert_eq!(look.sessions()?, [session(12, 100), session(11, 200)], "sessions come by start");
    assert_eq!(look.session(SessionId(id(11)))?, Some(session(11, 200)));
    assert_eq!(look.session(SessionId(id(1)))?, None);
    let stations = [station(41, Role::Desk, "Desk"), station(42, Role::Supervisor, "Zoë")];
    assert_eq!(look.stations()?, stations, "stations come by name");
    assert_eq!(look.station(StationId(id(42)))?.as_ref(), stations.last());
    assert_eq!(look.contacts()?, [(StationId(id(41)), contact())]);
    let code = look.enrol_code(CodeDigest([1; 32]))?;
    assert_eq!(code.and_then(|row| row.used_by), Some(StationId(id(41))));
    assert_eq!(look.enrol_code(CodeDigest([2; 32]))?, None);
    Ok(())
}

fn holds_people(look: &dyn Look) -> Result<()> {
    assert_eq!(look.person(PersonId(id(31)))?, Some(person(31)));
    assert_eq!(look.person_by_code(CodeDigest([31; 32]))?, Some(person(31)));
    assert_eq!(look.person_by_code(CodeDigest([131; 32]))?, None, "an earlier code is not the current one");
    assert!(look.knows_code(CodeDigest([131; 32]))? && look.knows_code(CodeDigest([31; 32]))?);
    assert!(!look.knows_code(CodeDigest([200; 32]))?);
    assert_eq!(look.persons_like(&[3; 32])?, [person(32), person(31)], "people come as they were first put");
    assert_eq!(look.persons_like(&[4; 32])?, []);
    let mut first = Vec::new();
    look.persons(&mut |row| {
        first.push(row);
        Ok(false)
    })?;
    assert_eq!((first, look.person_count()?), (vec![person(32)], 2), "a visitor can stop");
    Ok(())
}

fn holds_logs(look: &dyn Look) -> Result<()> {
    let high = LogRow { proof: Some((vec![1, 2], [9; 64])), ..LOG };
    let second = LogRow { fenced: true, closed: true, branch: Some(branch()), ..LOG };
    let logs = [(log(41, 1), LOG), (branch().identity(), second), (log(41, HIGH), high.clone())];
    assert_eq!(look.logs()?, logs, "epochs sort unsigned");
    let roots =
        [2, 3, 6, u64::MAX].map(|position| look.root(position).map(|root| root.map(|it| it.position)));
    assert_eq!(roots.into_iter().collect::<Result<Vec<_>>>()?, [None, Some(3), Some(3), Some(7)]);
    let branches = look.branches(log(41, 1))?;
    assert_eq!(branches.into_iter().map(|(i, _)| i).collect::<Vec<_>>(), [branch().identity()]);
    assert_eq!(look.branches(log(41, HIGH))?, []);
    assert_eq!((look.unreported(6)?.len(), look.unreported(7)?.len()), (0, 3));
    assert_eq!((look.log(log(41, HIGH))?, look.log(log(41, 2))?), (Some(high), None));
    assert_eq!(look.entry(log(41, 1).key(3))?, Some(entry(log(41, 1), 3)), "unpublished entries are kept");
    let mut published = Vec::new();
    look.entries(&mut |row| {
        published.push(row);
        Ok(true)
    })?;
    let wanted = [entry(log(41, 1), 1), entry(log(41, HIGH), 1), entry(log(41, 1), 2), branch_entry()];
    assert_eq!(published, wanted);
    Ok(())
}

fn holds_evidence(look: &dyn Look) -> Result<()> {
    let i = log(41, 1);
    let wanted = [evidence(i, 7, 1, 30), evidence(i, 7, 2, 20), evidence(i, 8, 1, 10)];
    assert_eq!(look.evidence(i)?, wanted, "the same bytes again change nothing");
    assert_eq!((look.evidence_count(i)?, look.evidence_count(log(41, 2))?), (3, 0));
    assert_eq!(look.broken()?, [(i.key(7), 20)]);
    Ok(())
}

fn holds_caches(look: &dyn Look) -> Result<()> {
    let [first, code, withheld, other] = check_ins();
    let here = SessionId(id(11));
    assert_eq!((look.check_in(first.key)?, look.check_in(first.key.identity().key(9))?), (Some(first), None));
    assert_eq!(look.group(here, GUEST)?, [first, withheld, other]);
    assert_eq!(look.doubled(here)?, [GUEST]);
    assert_eq!(look.last_standing(here, 2)?, [code, other], "logical times and epochs sort unsigned");
    assert_eq!(look.standing_codes()?, [code]);
    assert_eq!((look.withheld(log(41, 1), 3)?, look.withheld(log(41, 1), 2)?), (vec![withheld], vec![]));
    let received = |since| look.received_since(StationId(id(41)), since);
    assert_eq!((received(50)?, received(51)?), (4, 0));
    let mut all = Vec::new();
    look.check_ins(&mut |row| {
        all.push(row);
        Ok(true)
    })?;
    assert_eq!(all, [first, code, withheld, other]);
    assert_eq!(look.releases_of(withheld.key)?, [release(5), release(6)]);
    assert_eq!((look.sums(here)?, look.all_sums()?), (SUMS, vec![(here, SUMS)]));
    assert_eq!(look.rights(here)?, [(log(41, 1), RIGHTS), (log(41, HIGH), RIGHTS)]);
    assert_eq!(look.rights_of(log(41, HIGH))?, [(here, RIGHTS)]);
    Ok(())
}

fn holds_capacity(look: &dyn Look) -> Result<()> {
    let here = SessionId(id(11));
    let found = |person| look.hold(here, PersonId(id(person)));
    assert_eq!((found(32)?, found(39)?), (Some(hold(32, HoldState::Cut)), None));
    let on = [hold(31, HoldState::On), hold(33, HoldState::On)];
    assert_eq!(look.holds(here, HoldState::On)?, on, "held seats come by person");
    assert_eq!(look.holds(SessionId(id(12)), HoldState::On)?, []);
    assert_eq!(
        (look.holds_before(here, HoldState::On, 3)?, look.holds_before(here, HoldState::On, 4)?),
        (vec![], on.to_vec())
    );
    assert_eq!(look.holds_freed(here)?, rev(3, 1), "a later term outweighs");
    assert_eq!(look.holds_freed(SessionId(id(12)))?, HoldsRev::default());
    assert_eq!(look.holds_ended(here)?, [ended(1), ended(HIGH)]);
    assert_eq!(look.settled(here)?, [settled(1), settled(HIGH)]);
    assert_eq!(look.resolved(IncidentId([1; 32]))?, Some(resolved(1)));
    assert_eq!(look.all_resolved()?, [resolved(1), resolved(2)], "the newest row stands");
    let ends = [accepted(41, 2, 9), accepted(41, 7, 1), accepted(41, 7, 2)];
    assert_eq!(look.accepted(StationId(id(41)))?, ends, "each once, also two of one number");
    assert_eq!(look.accepted(StationId(id(43)))?, []);
    let mut seqs = Vec::new();
    look.check_ins_of(log(41, 1), 1, &mut |row| {
        seqs.push(row.key.seq);
        Ok(true)
    })?;
    assert!(seqs.iter().all(|seq| *seq > 1) && !seqs.is_empty() && seqs.is_sorted());
    Ok(())
}

fn holds_messages(look: &dyn Look) -> Result<()> {
    let [newest, second, third] = messages();
    assert_eq!(look.messages(Hlc::default(), 9)?, [newest, second, third], "the newest first");
    assert_eq!(look.messages(Hlc(20), 2)?, [newest, second]);
    assert_eq!(look.messages(Hlc(21), 9)?, [newest], "times sort unsigned");
    assert_eq!(look.message_reads(newest.key)?, [42, 43].map(|desk| StationId(id(desk))), "each once");
    assert_eq!(look.message_reads(second.key)?, []);
    assert_eq!(look.message_reads(log(49, 1).key(9))?, [StationId(id(42))]);
    Ok(())
}

fn holds_who_is_one(look: &dyn Look) -> Result<()> {
    let of = |person| look.merges_of(PersonId(id(person)));
    assert_eq!((of(31)?, of(33)?, of(39)?), (vec![merged(2), merged(3)], vec![merged(3)], vec![]));
    assert_eq!(look.merge(merged(3).key)?, Some(merged(3)), "the newest row stands");
    assert_eq!((look.merge(split_first().key)?, look.merge(log(9, 1).key(8))?), (Some(split_first()), None));
    assert_eq!(look.merges()?, [split_first(), merged(2), merged(3)]);
    assert_eq!(look.open_exits(SessionId(id(11)))?, [exit(3, 31, false)], "unbound, and somebody is in");
    assert_eq!(look.open_exits(SessionId(id(12)))?, []);
    assert_eq!(look.exit(exit(4, 31, true).key)?, Some(exit(4, 31, true)));
    assert_eq!((look.exit(bound_first().key)?, look.exit(log(41, 1).key(3))?), (Some(bound_first()), None));
    Ok(())
}

fn proof(i: Identity) -> Change {
    Change::Proof(LogProof { log: i, head: LOG.head, signed: Signed::new(vec![1, 2], &[9; 64]) })
}

fn feed(look: &dyn Look, after: u64, without: Option<Identity>) -> Result<Vec<FeedRow>> {
    let mut rows = Vec::new();
    look.feed(after, without, &mut |row| {
        rows.push(row);
        Ok(true)
    })?;
    Ok(rows)
}

fn holds_feed(look: &dyn Look) -> Result<()> {
    let entry = |i, seq| Change::Entry(EntryBytes(entry(i, seq).bytes));
    let wanted = [
        Change::Event(event().record),
        Change::Session(session(12, 100).record),
        Change::Session(session(11, 200).record),
        Change::Person(person(32).record),
        Change::Person(person(31).record),
        Change::Station(station(41, Role::Desk, "Desk").record),
        proof(log(41, HIGH)),
        entry(log(41, 1), 1),
        entry(log(41, HIGH), 1),
        entry(log(41, 1), 2),
        Change::Branch(BranchEntry { mark: branch().into(), entry: EntryBytes(branch_entry().bytes) }),
    ];
    let rows = feed(look, 0, None)?;
    assert!(rows.iter().map(|row| &row.change).eq(&wanted), "the feed has the order of the puts");
    assert!(rows.windows(2).all(|pair| pair[0].position < pair[1].position));
    assert_eq!((look.feed_len()?, look.feed_end()?), (11, rows.last().map_or(0, |row| row.position)));
    let others = feed(look, rows[6].position, Some(log(41, 1)))?;
    assert!(
        others.iter().map(|row| &row.change).eq([&wanted[8], &wanted[10]]),
        "one log is left out, not its station"
    );
    Ok(())
}

fn reads_one_state_2<S: Store>(store: &S) -> Result<()> {
    store.read(|look| {
        let before = look.feed_end()?;
        store.write(|txn| txn.put_session(&session(12, 100)))?;
        assert_eq!(look.feed_end()?, before, "a read does not see what is committed while it lasts");
        Ok(())
    })
}

fn moves_records_3<S: Store>(store: &S) -> Result<()> {
    let end = store.read(|look| look.feed_end())?;
    store.write(|txn| {
        txn.put_person(&person(32))?;
        txn.put_person(&PersonRow { code: None, ..person(31) })?;
        txn.put_station(&station(42, Role::Supervisor, "Zoë"))
    })?;
    store.read(|look| {
        let rows = feed(look, end, None)?;
        let persons = [Change::Person(person(32).record), Change::Person(person(31).record)];
        assert!(
            rows.iter().map(|row| &row.change).eq(&persons),
            "changed records come last, supervisors never"
        );
        assert_eq!(look.feed_len()?, 11, "and leave their old places");
        assert_eq!(look.persons_like(&[3; 32])?.len(), 2);
        Ok(())
    })?;
    store.write(|txn| txn.put_person(&person(31)))
}

fn keeps_facts_4<S: Store>(store: &S) -> Result<()> {
    let other = EntryRow { bytes: vec![1], ..entry(log(41, 1), 2) };
    let refused = store.write(|txn| txn.put_entry(&other, true));
    assert!(matches!(refused, Err(Error::Damaged(_))), "a taken key is refused");
    store.read(|look| {
        assert_eq!(look.entry(other.key)?, Some(entry(log(41, 1), 2)), "the first entry stays");
        Ok(())
    })
}

fn clears_caches_7<S: Store>(store: &S) -> Result<()> {
    store.write(|txn| {
        txn.clear_derived()?;
        assert_eq!(txn.all_sums()?, []);
        assert_eq!(txn.rights(SessionId(id(11)))?, []);
        assert_eq!(txn.releases_of(log(41, 1).key(3))?, []);
        assert_eq!(txn.check_in(log(41, 1).key(1))?, None);
        assert_eq!(txn.holds(SessionId(id(11)), HoldState::On)?, []);
        assert_eq!((txn.settled(SessionId(id(11)))?, txn.all_resolved()?), (vec![], vec![]));
        assert_eq!(txn.accepted(StationId(id(41)))?, []);
        assert_eq!((txn.merges()?, txn.exit(exit(3, 31, false).key)?), (vec![], None));
        assert_eq!(
            (txn.messages(Hlc::default(), 9)?, txn.message_reads(messages()[0].key)?),
            (vec![], vec![])
        );
        assert_eq!(txn.holds_freed(SessionId(id(11)))?, HoldsRev::default());
        assert_eq!(txn.successions()?.len(), 2);
        holds_people(txn)?;
        holds_logs(txn)?;
        holds_evidence(txn)
    })
}

fn publishes_once_3<S: Store>(store: &S) -> Result<()> {
    let (end, kept) = (store.read(|look| look.feed_end())?, log(41, 1).key(3));
    let published = |i| store.read(|look| look.published_end(i));
    assert!(published(log(41, 1))? < 3 && published(log(49, 1))? == 0);
    assert!(store.write(|txn| txn.publish_entry(kept))?, "what was kept aside can be published");
    assert!(!store.write(|txn| txn.publish_entry(kept))?, "once");
    assert!(!store.write(|txn| txn.publish_entry(log(41, 1).key(9)))?);
    assert_eq!(published(log(41, 1))?, 3);
    store.read(|look| {
        let rows = feed(look, end, None)?;
        assert!(
            rows.iter().map(|row| &row.change).eq([&Change::Entry(EntryBytes(entry(log(41, 1), 3).bytes))])
        );
        Ok(())
    })
}
