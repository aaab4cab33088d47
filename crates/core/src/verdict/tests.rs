//! The order of judgement, line by line and by property.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    entry::StateSet,
    ids::{Epoch, StationId},
    session::sample,
};

const MIN: i64 = 60_000;
const OPEN_MS: i64 = 100 * MIN;

fn known() -> Standing {
    Standing::Known { revoked: false, cancelled: false, valid: Validity::default(), registered: true }
}

fn standby() -> Standby {
    Standby {
        key: EntryKey { station: StationId(Uuid::from_u128(1)), epoch: Epoch(1), seq: 4 },
        at_ms: 95 * MIN,
    }
}

fn ask(session: &SessionRules, standing: Standing) -> Question<'_> {
    Question {
        standing,
        session,
        now_ms: OPEN_MS,
        admitted: None,
        available: 5,
        held: false,
        occupied: 0,
        held_for_others: 0,
    }
}

#[test]
fn a_used_and_revoked_ticket_reads_revoked() {
    let session = sample(Some(10));
    let valid = Validity { from_ms: None, until_ms: Some(1) };
    let standing = Standing::Known { revoked: true, cancelled: true, valid, registered: true };
    let question = Question { admitted: Some(standby()), ..ask(&session, standing) };
    assert_eq!(judge(&question).verdict, Verdict::Revoked);
}

#[test]
fn a_cancelled_booking_comes_before_expiry_and_expiry_before_the_schedule() {
    let mut session = sample(Some(10));
    session.set = StateSet::Ended;
    let valid = Validity { from_ms: None, until_ms: Some(1) };
    let cancelled = Standing::Known { revoked: false, cancelled: true, valid, registered: false };
    assert_eq!(judge(&ask(&session, cancelled)).verdict, Verdict::Cancelled);
    let expired = Standing::Known { revoked: false, cancelled: false, valid, registered: true };
    assert_eq!(judge(&ask(&session, expired)).verdict, Verdict::Expired(valid));
    assert_eq!(judge(&ask(&session, known())).verdict, Verdict::SessionEnded { ended_ms: session.ends_ms });
}

#[test]
fn already_in_comes_before_a_full_room() {
    let session = sample(Some(10));
    let question =
        Question { admitted: Some(standby()), available: 0, occupied: 10, ..ask(&session, known()) };
    assert_eq!(judge(&question).verdict, Verdict::AlreadyCheckedIn(standby()));
}

#[test]
fn a_full_room_and_a_desk_without_places_are_two_verdicts() {
    let session = sample(Some(10));
    let empty = Question { available: 0, occupied: 9, ..ask(&session, known()) };
    assert_eq!(judge(&empty).verdict, Verdict::GrantEmpty);
    assert_eq!(judge(&Question { occupied: 10, ..empty }).verdict, Verdict::SessionFull);
}

#[test]
fn a_supervisors_word_spends_a_place_where_there_is_one() {
    let (bounded, mut open) = (sample(Some(10)), sample(None));
    open.set = StateSet::Ended;
    let word = |question: &Question<'_>| judge(question).override_basis;
    let twice = Question { admitted: Some(standby()), ..ask(&bounded, known()) };
    assert_eq!(word(&twice), Some(Basis::Grant));
    assert_eq!(word(&Question { held: true, ..twice }), Some(Basis::Held));
    assert_eq!(word(&Question { available: 0, ..twice }), Some(Basis::OverGrant));
    let full = Question { available: 0, occupied: 10, ..ask(&bounded, known()) };
    assert_eq!(word(&full), Some(Basis::OverGrant));
    assert_eq!(word(&ask(&open, known())), Some(Basis::Unlimited));
}

#[test]
fn no_word_makes_a_ticket_of_what_is_none_and_a_clean_guest_needs_none() {
    let (bounded, mut paused) = (sample(Some(10)), sample(Some(10)));
    paused.set = StateSet::Paused;
    let none = [Standing::Forged, Standing::Unknown, Standing::OtherEvent, Standing::NotATicket];
    for (standing, session) in none.iter().flat_map(|one| [(*one, &bounded), (*one, &paused)]) {
        let question = Question { admitted: Some(standby()), ..ask(session, standing) };
        assert_eq!(judge(&question).override_basis, None, "{standing:?}");
    }
    assert_eq!(judge(&ask(&bounded, known())).override_basis, None);
}

#[test]
fn an_optimistic_session_admits_without_a_right_and_says_so() {
    let mut session = sample(Some(10));
    let empty = Question { available: 0, ..ask(&session, known()) };
    assert_eq!(judge(&empty).basis, None);
    session.when_empty = WhenEmpty::Optimistic;
    let empty = Question { available: 0, ..ask(&session, known()) };
    assert_eq!(
        judge(&empty),
        Judgement {
            verdict: Verdict::GrantEmpty,
            late_min: None,
            basis: Some(Basis::OverGrant),
            override_basis: Some(Basis::OverGrant),
        }
    );
}

#[test]
fn a_session_without_a_limit_needs_no_right() {
    let session = sample(None);
    let judgement = judge(&Question { available: 0, occupied: 5000, ..ask(&session, known()) });
    assert_eq!((judgement.verdict, judgement.basis), (Verdict::Registered, Some(Basis::Unlimited)));
}

#[test]
fn a_held_seat_is_used_before_a_right_and_stands_when_no_right_is_left() {
    let session = sample(Some(10));
    let held = Question { held: true, ..ask(&session, known()) };
    assert_eq!(judge(&held).basis, Some(Basis::Held));
    let none_left = judge(&Question { available: 0, occupied: 10, ..held });
    assert_eq!((none_left.verdict, none_left.basis), (Verdict::Registered, Some(Basis::Held)));
}

#[test]
fn three_reasons_for_no_place_are_told_apart() {
    let session = sample(Some(10));
    let none = |occupied, held_for_others| {
        judge(&Question { available: 0, occupied, held_for_others, ..ask(&session, known()) }).verdict
    };
    assert_eq!(
        (none(10, 0), none(9, 1), none(8, 1)),
        (Verdict::SessionFull, Verdict::SeatsHeld { until_ms: None }, Verdict::GrantEmpty)
    );
}

#[test]
fn how_long_seats_are_held_is_told_until_that_time() {
    let session = SessionRules { hold_seats: true, hold_for_ms: Some(5 * MIN), ..sample(Some(10)) };
    let at = |now_ms| {
        let question = Question { available: 0, held_for_others: 10, now_ms, ..ask(&session, known()) };
        judge(&question).verdict
    };
    assert_eq!(at(OPEN_MS), Verdict::SeatsHeld { until_ms: Some(105 * MIN) });
    assert_eq!(
        at(105 * MIN),
        Verdict::SeatsHeld { until_ms: None },
        "still held as far as is known, but not until then"
    );
}

fn signed(revoked: bool, until_ms: Option<i64>) -> Standing {
    Standing::Signed { revoked, valid: Validity { from_ms: None, until_ms } }
}

#[test]
fn a_signed_ticket_that_no_list_knows_asks_and_is_never_let_in_by_the_scan() {
    let mut session = sample(Some(10));
    let judged = judge(&ask(&session, signed(false, None)));
    assert_eq!((judged.verdict, judged.basis), (Verdict::SignedUnknown, Some(Basis::Grant)));
    session.open_to_all = true;
    session.capacity = None;
    let judged = judge(&ask(&session, signed(false, None)));
    assert_eq!((judged.verdict, judged.basis), (Verdict::SignedUnknown, Some(Basis::Unlimited)));
}

#[test]
fn a_signed_ticket_is_judged_in_the_order_of_any_other() {
    let mut session = sample(Some(10));
    let verdict =
        |session: &SessionRules, question: Question<'_>| judge(&Question { session, ..question }).verdict;
    let over = Validity { from_ms: None, until_ms: Some(1) };
    let full = Question { available: 0, occupied: 10, ..ask(&session, signed(false, None)) };
    assert_eq!(verdict(&session, full), Verdict::SessionFull);
    let inside = Question { admitted: Some(standby()), ..full };
    assert_eq!(verdict(&session, inside), Verdict::AlreadyCheckedIn(standby()));
    let expired = Question { standing: signed(false, Some(1)), ..inside };
    assert_eq!(verdict(&session, expired), Verdict::Expired(over));
    let revoked = Question { standing: signed(true, Some(1)), ..inside };
    assert_eq!(verdict(&session, revoked), Verdict::Revoked);
    let forged = Question { standing: Standing::Forged, ..inside };
    assert_eq!((verdict(&session, forged), judge(&forged).basis), (Verdict::ForgedTicket, None));
    assert_eq!(Verdict::ForgedTicket.decline_reason(), Some(DeclineReason::Forged));
    let question = ask(&session, signed(false, None));
    let ended = SessionRules { set: StateSet::Ended, ..session.clone() };
    assert_eq!(verdict(&ended, question), Verdict::SessionEnded { ended_ms: session.ends_ms });
    session.when_empty = WhenEmpty::Optimistic;
    let empty = Question { available: 0, ..ask(&session, signed(false, None)) };
    assert_eq!((judge(&empty).verdict, judge(&empty).basis), (Verdict::GrantEmpty, Some(Basis::OverGrant)));
}

#[test]
fn a_ticket_is_good_while_both_it_and_the_list_say_so() {
    let list = Validity { from_ms: Some(5), until_ms: Some(90) };
    let ticket = Validity { from_ms: Some(7), until_ms: None };
    assert_eq!(list.and(ticket), Validity { from_ms: Some(7), until_ms: Some(90) });
    assert_eq!(ticket.and(list), list.and(ticket));
    assert_eq!(list.and(Validity::default()), list);
    assert_eq!(list.and(Validity { from_ms: None, until_ms: Some(8) }).until_ms, Some(8));
}

#[test]
fn lateness_is_told_on_any_verdict() {
    let session = sample(Some(10));
    let question = Question { now_ms: OPEN_MS + 14 * MIN, ..ask(&session, Standing::Unknown) };
    assert_eq!(judge(&question).late_min, Some(14));
}

fn standings() -> impl Strategy<Value = Standing> {
    let valid = (proptest::option::of(0..200 * MIN), proptest::option::of(0..200 * MIN))
        .prop_map(|(from_ms, until_ms)| Validity { from_ms, until_ms });
    let signed =
        (any::<bool>(), valid.clone()).prop_map(|(revoked, valid)| Standing::Signed { revoked, valid });
    let known = (any::<bool>(), any::<bool>(), valid, any::<bool>()).prop_map(
        |(revoked, cancelled, valid, registered)| Standing::Known { revoked, cancelled, valid, registered },
    );
    prop_oneof![4 => known, 2 => signed, 1 => Just(Standing::Forged), 1 => Just(Standing::Unknown), 1 => Just(Standing::OtherEvent), 1 => Just(Standing::NotATicket)]
}

proptest! {
    #[test]
    fn nobody_is_admitted_on_a_right_that_is_not_there(
        standing in standings(), capacity in proptest::option::of(0..20_u32), now_ms in 0..200 * MIN,
        was_in: bool, available in 0..3_u64, occupied in 0..30_u64, held: bool, held_for_others in 0..10_u64,
    ) {
        let session = sample(capacity);
        let admitted = was_in.then(standby);
        let question =
            Question { standing, session: &session, now_ms, admitted, available, held, occupied, held_for_others };
        let judgement = judge(&question);
        match judgement.basis {
            Some(Basis::Grant) => prop_assert!(available > 0 && capacity.is_some()),
            Some(Basis::Unlimited) => prop_assert!(capacity.is_none()),
            Some(Basis::Held) => prop_assert!(held && capacity.is_some()),
            Some(Basis::OverGrant) => prop_assert!(false, "strict sessions overrun nothing"),
            None => {}
        }
        if judgement.basis.is_some() {
            prop_assert!(!was_in && session.phase(now_ms) == Phase::Open);
            let good = matches!(
                standing,
                Standing::Known { revoked: false, cancelled: false, .. } | Standing::Signed { revoked: false, .. }
            );
            prop_assert!(good);
        }
    }
}
