//! A desk whose list has rows in every table that can have some: guests let in elsewhere too, gone past another door, merged, settled
//! and held for.

use usher_core::{
    entry::Outcome,
    ids::{ActorId, PersonId},
    incident::IncidentKind,
};
use usher_disk::Disk;
use usher_protocol::decide::Decision;
use usher_replica::{Act, Ticket};
use usher_sim::{
    chance::Chance,
    desk::{Card, Desk, wire},
    event::code,
};
use uuid::Uuid;

use crate::workload::{Op, Stage};

const SUPERVISOR: ActorId = ActorId(Uuid::from_u128(7));

/// The stage with its desk running, and every desk's entries known there.
pub(crate) fn busy() -> Stage {
    let mut stage = Stage::new();
    for op in [Op::Start, Op::Enrol, Op::Snapshot, Op::Request, Op::Apply] {
        stage.run(op, false).unwrap();
    }
    let mut other = other_desk(&mut stage);
    (0..3).for_each(|guest| stage.run(Op::LetIn(guest), false).unwrap());
    sync(&mut stage, None);
    [0, 1, 4, 5, 6].iter().for_each(|guest| admit(&other, *guest, stage.now_ms));
    for guest in [4, 7] {
        let card = card(&other, guest, stage.now_ms);
        other.check_out(&card, stage.now_ms).unwrap();
    }
    added(&other, stage.now_ms);
    sync(&mut stage, Some(&mut other));
    decisions(&mut stage, [5, 6, 8].map(|guest| person(&other, guest)));
    sync(&mut stage, None);
    stage.run(Op::Absorb, false).unwrap();
    stage
}

/// A second desk that knew the list before anybody was let in.
fn other_desk(stage: &mut Stage) -> Desk {
    let mut other = Desk::new(1, Disk::new(3));
    other.start().unwrap();
    let code = stage.server.invite("Desk 1", stage.now_ms).unwrap();
    let (key, request) = other.enrol_request(&code, &mut Chance::new(10));
    let answer = stage.server.enrol(&request, stage.now_ms).unwrap().unwrap();
    other.enrol(key, &request, &answer, stage.now_ms).unwrap();
    other.take_snapshot(&stage.server.snapshot().unwrap(), stage.now_ms).unwrap();
    other.serves = stage.desk.serves;
    sync(stage, Some(&mut other));
    other
}

fn sync(stage: &mut Stage, other: Option<&mut Desk>) {
    for desk in [other.unwrap_or(&mut stage.desk)] {
        for _ in 0..3 {
            let sent = desk.request(stage.now_ms).unwrap();
            let answer = stage.server.sync(&wire(&sent), stage.now_ms).unwrap().unwrap();
            desk.apply(&sent, &answer, stage.now_ms).unwrap();
            desk.absorb().unwrap();
        }
    }
}

/// Somebody without a ticket, whose name comes down the feed.
fn added(desk: &Desk, now_ms: i64) {
    let id = PersonId(Uuid::from_u128(0xadded));
    let mut card = card(desk, 0, now_ms);
    (card.verdict, card.asked.ticket) = (Uuid::from_u128(0xadd), Ticket::Person { id, revoked: false });
    desk.walk_in(&card, id, false, now_ms).unwrap();
}

fn card(desk: &Desk, guest: i64, now_ms: i64) -> Card {
    let verdict = 0x2000 + guest.cast_unsigned() as u128;
    desk.scan(&code(guest), verdict, now_ms).unwrap().unwrap().0
}

fn person(desk: &Desk, guest: i64) -> PersonId {
    match desk.files().unwrap().look_up(desk.who().unwrap(), &[code(guest)]).unwrap() {
        Ticket::Person { id, .. } => id,
        other => panic!("guest {guest} is not known: {other:?}"),
    }
}

fn admit(desk: &Desk, guest: i64, now_ms: i64) {
    desk.let_in(&card(desk, guest, now_ms), Act::LetInAnyway, now_ms).unwrap();
}

/// Two people are one, two others were until that was taken back; one double admission was one person, the other was not; seats were
/// held for a while; a message.
fn decisions(stage: &mut Stage, [a, b, c]: [PersonId; 3]) {
    let session = stage.desk.serves.unwrap();
    let authority = stage.server.authority().unwrap();
    let decide = |decision| authority.decide(&decision, SUPERVISOR, stage.now_ms).unwrap().unwrap();
    let doubles = authority.incidents().unwrap().into_iter().map(|found| found.incident);
    let doubles: Vec<_> = doubles.filter(|one| one.kind == IncidentKind::DoubleAdmission).collect();
    assert_eq!(doubles.len(), 2, "guests 0 and 1 were let in twice");
    decide(Decision::Resolve { incident: doubles[0].id, outcome: Outcome::OnePerson, over_by: None });
    decide(Decision::Resolve { incident: doubles[1].id, outcome: Outcome::TwoPeople, over_by: None });
    decide(Decision::Merge { a, b });
    decide(Decision::Merge { a, b: c });
    decide(Decision::HoldSeats { session, hold: true });
    decide(Decision::HoldSeats { session, hold: false });
    let text = "Ten minutes to go".to_owned();
    decide(Decision::Message { to: None, session: None, urgent: false, text, comes: None, refuses: None });
}
