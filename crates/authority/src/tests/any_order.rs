//! Entries in any order of arrival: the tables say what the fold of all of them says.

use proptest::prelude::*;
use usher_core::{
    capacity::Rights,
    clock::Hlc,
    entry::*,
    fold::{Ledger, Tally},
    ids::*,
    incident::double_id,
};
use uuid::Uuid;

use crate::{
    MemoryStore, Result, derive,
    store::{LogRow, Store},
};

const SESSION: SessionId = SessionId(Uuid::from_u128(9));
const SHIFT: ShiftId = ShiftId(Uuid::from_u128(3));
const SERVER: u128 = 200;

#[derive(Clone, Debug)]
enum Says {
    In(u128, u128),
    Out(u128, usize),
    Undo(usize),
    Exit(u128, u128),
    Bind(usize, usize),
    Merge(u128, u128),
    Split(usize),
    Resolve(usize, usize, bool),
}

fn says() -> impl Strategy<Value = Vec<Says>> {
    let which = 0..30_usize;
    let says = prop_oneof![
        6 => (1..4_u128, 1..5_u128).prop_map(|(desk, person)| Says::In(desk, person)),
        1 => (1..4_u128, which.clone()).prop_map(|(desk, of)| Says::Out(desk, of)),
        1 => which.clone().prop_map(Says::Undo),
        1 => (1..4_u128, 1..5_u128).prop_map(|(desk, person)| Says::Exit(desk, person)),
        1 => (which.clone(), which.clone()).prop_map(|(exit, of)| Says::Bind(exit, of)),
        2 => (1..5_u128, 1..5_u128).prop_map(|(a, b)| Says::Merge(a, b)),
        1 => which.clone().prop_map(Says::Split),
        2 => (which.clone(), which, any::<bool>()).prop_map(|(a, b, one)| Says::Resolve(a, b, one)),
    ];
    proptest::collection::vec(says, 1..40)
}

/// What was said as entries of logs; what names an entry that is not there is left out.
fn entries(says: &[Says]) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    for (time, one) in (1..).zip(says) {
        let keys = |wanted: fn(&Body) -> bool| -> Vec<EntryKey> {
            all.iter().filter(|entry| wanted(&entry.body)).map(Entry::key).collect()
        };
        let nth = |wanted, n: usize| {
            let keys = keys(wanted);
            keys.get(n % keys.len().max(1)).copied()
        };
        let ins: fn(&Body) -> bool = |body| matches!(body, Body::CheckIn(_));
        let Some((station, body)) = said(
            one,
            |n| nth(ins, n),
            |n| nth(|body| matches!(body, Body::Exit(_)), n),
            |n| nth(|body| matches!(body, Body::Merge(_)), n),
        ) else {
            continue;
        };
        let seq = all.iter().filter(|entry| entry.station.0.as_u128() == station).count() as u64 + 1;
        // Logical times jump, so that the order of arrival is not theirs.
        all.push(entry(station, seq, (time * 7) % 23, body));
    }
    all
}

fn said(
    says: &Says,
    check_in: impl Fn(usize) -> Option<EntryKey>,
    exit: impl Fn(usize) -> Option<EntryKey>,
    merge: impl Fn(usize) -> Option<EntryKey>,
) -> Option<(u128, Body)> {
    let person = |number| PersonId(Uuid::from_u128(number));
    Some(match *says {
        Says::In(desk, number) => {
            let (session, subject) = (SESSION, Subject::Person(person(number)));
            let (found, shift) = (Found::Camera, SHIFT);
            let (registered, late, rev, override_by) = (true, false, 1, None);
            let basis = if number % 2 == 0 { Basis::Grant } else { Basis::OverGrant };
            let override_reason = None;
            let body = CheckIn {
                session,
                subject,
                basis,
                found,
                registered,
                late,
                rev,
                shift,
                override_by,
                override_reason,
            };
            (desk, Body::CheckIn(body))
        }
        Says::Out(desk, of) => (desk, Body::CheckOut(CheckOut { of: check_in(of)?, shift: SHIFT })),
        Says::Undo(of) => {
            let of = check_in(of)?;
            let undo = Undo { of, refund: of.seq % 2 == 0, reason: UndoReason::Left, shift: SHIFT };
            (of.station.0.as_u128(), Body::Undo(undo))
        }
        Says::Exit(desk, number) => {
            (desk, Body::Exit(Exit { person: person(number), session: SESSION, shift: None }))
        }
        Says::Bind(left, of) => (SERVER, Body::Bind(Bind { exit: exit(left)?, check_in: check_in(of)? })),
        Says::Merge(a, b) => (SERVER, Body::Merge(Merge { a: person(a), b: person(b) })),
        Says::Split(of) => (SERVER, Body::Split(Split { merge: merge(of)? })),
        Says::Resolve(a, b, one) => {
            let outcome = if one { Outcome::OnePerson } else { Outcome::TwoPeople };
            let incident = double_id(check_in(a)?, check_in(b)?);
            (SERVER, Body::Resolve(Resolve { incident, outcome, actor: ActorId(Uuid::nil()), over_by: None }))
        }
    })
}

fn entry(station: u128, seq: u64, hlc: u64, body: Body) -> Entry {
    Entry {
        v: ENTRY_VERSION,
        event: EventId(Uuid::from_u128(1)),
        station: StationId(Uuid::from_u128(station)),
        epoch: Epoch(5),
        seq,
        prev_hash: EntryHash([0; 32]),
        hlc: Hlc(hlc),
        wall_ms: 0,
        mono_ms: 0,
        boot_id: BootId(Uuid::from_u128(2)),
        body,
    }
}

/// The sum, seats withheld, rights, and how many double admissions are found.
type Said = (Tally, u64, Vec<(Identity, Rights)>, u64);

/// What the tables say after these entries.
fn tables(entries: &[Entry]) -> Result<Said> {
    let server = StationId(Uuid::from_u128(SERVER));
    MemoryStore::default().write(|txn| {
        for one in entries {
            txn.put_log(one.identity(), &LogRow { handed: 100, ..LogRow::empty(0) })?;
        }
        entries.iter().try_for_each(|one| derive::apply(txn, one, 0, server))?;
        let sums = txn.sums(SESSION)?;
        let open = derive::doubled(txn, SESSION)?.iter().map(|group| group.unsettled().count() as u64).sum();
        Ok((sums.tally, sums.withheld, txn.rights(SESSION)?, open))
    })
}

proptest! {
    #[test]
    fn tables_say_what_the_fold_says_in_any_order(says in says(), seed: u64) {
        let all = entries(&says);
        let mut shuffled = all.clone();
        let len = shuffled.len().max(1);
        (0..shuffled.len()).for_each(|i| shuffled.swap(i, (seed as usize).wrapping_mul(i + 7) % len));
        let mut ledger = Ledger::of(StationId(Uuid::from_u128(SERVER)));
        all.iter().for_each(|one| ledger.apply(one));
        let (held, other) = (tables(&all).unwrap(), tables(&shuffled).unwrap());
        prop_assert_eq!(&held, &other);
        prop_assert_eq!((held.0, held.3), (ledger.tally(SESSION), ledger.tally(SESSION).unsettled));
        prop_assert_eq!(held.1, 0, "everything is handed over");
    }
}
