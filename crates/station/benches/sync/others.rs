//! The others' day: plain desks hand their check-ins to the rules directly, without HTTP.

use std::time::Instant;

use usher_authority::conformance::desk::Desk;
use usher_core::{clock::Hlc, entry::Basis, entry::Subject, ids::PersonId, ids::SessionId};
use usher_protocol::{limits::ENTRIES_PER_REQUEST_MAX, sync::Change};
use usher_server::store::{Server, fresh};

use crate::{cpu::here_s, house::House};

/// Each of `desks` lets `each` in: half of them at the session that all serve, the same guests once more at another one. Gives how many
/// came into the first; they are the guests behind those of the two desks that are measured.
pub(crate) fn check_in(house: &House, desks: usize, each: usize) -> usize {
    let rules = house.rules();
    let (sessions, people) = ids(&rules);
    let now_ms = fresh(|fresh| fresh.now_ms);
    let (began, mut spent_s) = (Instant::now(), 0.0);
    for number in 0..desks {
        let mut desk = Desk::enrol(&rules, u8::try_from(number + 1).unwrap(), now_ms).unwrap();
        let guests = &people[2 * each + number * each / 2..][..each / 2];
        for (session, person) in [sessions[0], sessions[1]]
            .into_iter()
            .flat_map(|id| guests.iter().map(move |person| (id, person)))
        {
            desk.check_in(session, Subject::Person(*person), Basis::Unlimited, Hlc::from_ms(now_ms).0);
        }
        spent_s += hand_in(&rules, &mut desk, now_ms);
    }
    let count = desks * each;
    println!(
        "{count} entries of others handed to the rules and the store: {:.1} s",
        began.elapsed().as_secs_f64()
    );
    println!(
        "  for an entry: {:.0} us of processor, without HTTP, JSON and signature",
        spent_s * 1e6 / count as f64
    );
    desks * each / 2
}

/// Seconds of processor that the rules and the store took.
fn hand_in(rules: &Server, desk: &mut Desk, now_ms: i64) -> f64 {
    let mut spent_s = 0.0;
    while desk.acknowledged < desk.head.seq {
        desk.cursor = rules.feed_end().unwrap();
        let sent = desk.request(Vec::new(), ENTRIES_PER_REQUEST_MAX, now_ms);
        let before_s = here_s();
        let answer = sent.to(rules, now_ms).unwrap().unwrap();
        spent_s += here_s() - before_s;
        desk.apply(&answer).unwrap();
    }
    spent_s
}

/// Sessions and guests in the order in which they were imported.
fn ids(rules: &Server) -> (Vec<SessionId>, Vec<PersonId>) {
    let (mut sessions, mut people) = (Vec::new(), Vec::new());
    let mut line = |line: &[u8]| {
        match serde_json::from_slice(line) {
            Ok(Change::Session(record)) => sessions.push(record.rules.id),
            Ok(Change::Person(record)) => people.push(record.id),
            _ => {}
        }
        Ok(())
    };
    rules.snapshot(&mut line).unwrap();
    (sessions, people)
}
