//! Signed tickets: made again they are the same, revoked they are others, and what was printed outlives the server's database.

use usher_protocol::{
    records::PersonRecord,
    sync::{Change, Positioned},
    ticket::{Checked, Kid, SignedTicket, TicketId, check},
};

use super::{
    NOW, World, guest, people,
    restored::{Two, event, reopened, two_desks},
    sync, talk, tickets, unused,
};
use crate::{
    Authority, Fresh, MemoryStore, PersonSpec, ProblemKind, Revocation, Secret, SignedTicketRow, Withdrawal,
    conformance::desk::{Desk, counter},
};

fn export(world: &World, until_ms: Option<i64>) -> Vec<SignedTicketRow> {
    let mut random = unused(world);
    let signer = world.ticket_signer(until_ms, Fresh { now_ms: NOW, random: &mut random }).unwrap().unwrap();
    let mut rows = Vec::new();
    world
        .export_signed_tickets(&signer, &mut |row| {
            rows.push(row);
            Ok(())
        })
        .unwrap();
    rows
}

fn texts(world: &World) -> Vec<String> {
    export(world, None).into_iter().map(|row| row.text).collect()
}

/// What a desk that has the event's record makes of a text.
fn checked(world: &World, text: &str) -> Checked {
    check(text, world.event_id(), &world.ticket_keys().unwrap())
}

fn good(world: &World, text: &str) -> SignedTicket {
    match checked(world, text) {
        Checked::Good { ticket, key_until_ms: None } => ticket,
        other => panic!("not good: {other:?}"),
    }
}

fn rotate(world: &World) -> Kid {
    let mut random = unused(world);
    world.rotate_ticket_key(Fresh { now_ms: NOW + 5, random: &mut random }).unwrap().unwrap()
}

fn three() -> World {
    let world = super::world();
    let cancelled = PersonSpec { cancelled: true, ..guest("Gone", Some("G-0003")) };
    people(&world, &[guest("Ana", Some("A-0001")), guest("Bo", None), cancelled]);
    world
}

#[test]
fn every_guest_who_is_not_cancelled_has_a_ticket_that_is_the_same_each_time() {
    let world = three();
    let rows = export(&world, None);
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Ana", "Bo"]);
    for row in &rows {
        let ticket = good(&world, &row.text);
        assert_eq!((ticket.person, ticket.id), (row.person_id, row.id));
    }
    assert_ne!(rows[0].id, rows[1].id);
    assert_eq!(export(&world, None), rows);
    assert_eq!(world.ticket_keys().unwrap().len(), 1, "one key is enough");
}

#[test]
fn a_ticket_is_good_as_long_as_the_guests_line_says_and_no_longer_than_the_export() {
    let world = super::world();
    let mut short = guest("Ana", Some("A-0001"));
    short.valid.until_ms = Some(NOW + 999);
    people(&world, &[short, guest("Bo", Some("B-0002"))]);
    let until = |rows: Vec<SignedTicketRow>| -> Vec<_> {
        rows.iter().map(|row| good(&world, &row.text).valid().until_ms).collect()
    };
    assert_eq!(until(export(&world, None)), [Some(NOW + 999), None]);
    assert_eq!(until(export(&world, Some(NOW + 9_999))), [Some(NOW + 999), Some(NOW + 9_999)]);
}

#[test]
fn a_revoked_ticket_stands_among_the_guests_earlier_codes_and_the_next_one_is_another() {
    let world = three();
    let before = export(&world, None);
    for called in [before[0].id.to_string(), before[0].text.clone()] {
        let revoked = world.revoke_ticket(&called).unwrap();
        assert!(
            matches!(revoked, Revocation::Done { id, .. } | Revocation::Already { id, .. } if id == before[0].id)
        );
    }
    let digest = before[0].id.digest(&world.secret_for_tests());
    let feed = persons(&world);
    assert!(feed[0].revoked_codes.contains(&digest), "desks hear of it");
    assert_eq!(tickets(&world)[0].code, "A-0001", "the code of the list stays");
    let after = export(&world, None);
    assert_ne!(after[0].id, before[0].id);
    assert_eq!(after[1], before[1]);
    for called in ["bo@example.org", "BO"] {
        let id = export(&world, None)[1].id;
        assert_eq!(world.revoke_ticket(called).unwrap(), Revocation::Done { name: "Bo".into(), id });
    }
    assert_ne!(export(&world, None)[1].id, before[1].id);
    let again = world.revoke_ticket(&before[1].id.to_string()).unwrap();
    assert_eq!(again, Revocation::Already { name: "Bo".into(), id: before[1].id });
}

/// The guests as a desk hears of them.
fn persons(world: &World) -> Vec<PersonRecord> {
    let mut desk = Desk::enrol(world, 1, NOW).unwrap();
    let changes = sync(world, &mut desk, Vec::new(), NOW).changes.into_iter();
    let person =
        |item: Positioned| if let Change::Person(person) = item.change { Some(person) } else { None };
    let mut found: Vec<_> = changes.filter_map(person).collect();
    found.sort_by_key(|person| person.name.clone());
    found
}

#[test]
fn who_is_called_so_must_be_one() {
    let world = super::world();
    people(
        &world,
        &[guest("Ana", Some("A-0001")), PersonSpec { email: None, ..guest("Ana", Some("A-0002")) }],
    );
    people(&world, &[guest("Di", Some("00ff00ff00ff00ff"))]);
    assert!(
        matches!(world.revoke_ticket("00ff00ff00ff00ff").unwrap(), Revocation::Done { name, .. } if name == "Di")
    );
    assert_eq!(world.revoke_ticket("Ana").unwrap(), Revocation::Several(2));
    assert_eq!(world.revoke_ticket("Nobody").unwrap(), Revocation::Unknown);
    assert_eq!(world.revoke_ticket(&TicketId([0; 8]).to_string()).unwrap(), Revocation::Unknown);
    let by_code = world.revoke_ticket("A-0002").unwrap();
    let person = export(&world, None)[1].person_id;
    assert!(matches!(by_code, Revocation::Done { .. }));
    assert!(matches!(world.revoke_ticket(&person.to_string()).unwrap(), Revocation::Done { .. }));
}

#[test]
fn a_new_key_signs_and_the_old_ones_tickets_stay_good_until_it_is_withdrawn() {
    let world = three();
    let old = texts(&world);
    let kid = world.ticket_keys().unwrap()[0].kid;
    rotate(&world);
    let new = texts(&world);
    assert_ne!(old, new);
    assert_eq!(good(&world, &old[0]), good(&world, &new[0]), "the same ticket under another key");
    assert_eq!(world.withdraw_ticket_key(kid, NOW + 9).unwrap(), Withdrawal::Done);
    assert_eq!(world.withdraw_ticket_key(kid, NOW + 99).unwrap(), Withdrawal::Already);
    assert_eq!(world.withdraw_ticket_key(Kid([0; 4]), NOW).unwrap(), Withdrawal::Unknown);
    assert!(
        matches!(checked(&world, &old[0]), Checked::Good { key_until_ms: Some(at), .. } if at == NOW + 9)
    );
    assert_eq!(texts(&world), new);
    let newest = world.ticket_keys().unwrap()[1].kid;
    assert_eq!(world.withdraw_ticket_key(newest, NOW + 10).unwrap(), Withdrawal::Done);
    good(&world, &texts(&world)[0]);
    assert_eq!(world.ticket_keys().unwrap().len(), 3, "what signs is never a key that was withdrawn");
}

#[test]
fn the_number_of_keys_is_bounded() {
    let world = super::world();
    for n in 1..usher_protocol::limits::TICKET_KEYS_MAX {
        rotate(&world);
        assert_eq!(world.ticket_keys().unwrap().len(), n);
    }
    let last = rotate(&world);
    let mut random = unused(&world);
    assert_eq!(world.rotate_ticket_key(Fresh { now_ms: NOW, random: &mut random }).unwrap(), None);
    world.withdraw_ticket_key(last, NOW).unwrap();
    assert!(world.ticket_signer(None, Fresh { now_ms: NOW, random: &mut random }).unwrap().is_none());
}

#[test]
fn a_ticket_is_no_code_to_import() {
    let world = three();
    let text = texts(&world).remove(0);
    let report = people(&world, &[guest("Cy", Some(&text))]);
    assert_eq!(report.problems[0].kind, ProblemKind::SignedTicket);
}

#[test]
fn an_event_whose_database_is_lost_keeps_its_keys_and_its_guests_get_the_tickets_that_they_had() {
    let roster = super::restored::Kept::default();
    let (world, _) = event(&roster, 10);
    let guests = [guest("Ana", Some("A-0001")), guest("Bo", None)];
    people(&world, &guests);
    let old = texts(&world);
    rotate(&world);
    let new = texts(&world);
    let mut random = counter(6);
    let fresh = Fresh { now_ms: NOW + 1, random: &mut random };
    let restored = Authority::restore(MemoryStore::default(), Box::new(roster), fresh).unwrap();
    super::sessions(&restored, &[talk("Talk", Some(10))]);
    people(&restored, &guests);
    assert_eq!(restored.ticket_keys().unwrap(), world.ticket_keys().unwrap());
    assert_eq!(texts(&restored), new);
    good(&restored, &old[0]);
}

#[test]
fn a_server_put_back_to_before_its_keys_takes_them_from_the_roster() {
    let Two { world, backup, roster, .. } = two_desks();
    people(&world, &[guest("Ana", Some("A-0001"))]);
    let printed = texts(&world);
    let first = world.ticket_keys().unwrap()[0].kid;
    rotate(&world);
    world.withdraw_ticket_key(first, NOW + 9).unwrap();
    let put_back = reopened(backup, &roster);
    assert_eq!(put_back.ticket_keys().unwrap(), world.ticket_keys().unwrap());
    assert!(put_back.term() > world.term(), "that it was put back is noticed");
    people(&put_back, &[guest("Ana", Some("A-0001"))]);
    assert_eq!(texts(&put_back), texts(&world), "the newest key signs");
    assert!(matches!(checked(&put_back, &printed[0]), Checked::Good { key_until_ms: Some(_), .. }));
}

#[test]
fn nobody_sees_the_secret() {
    let world = three();
    texts(&world);
    let row = crate::Store::read(world.store_for_tests(), |look| look.event()).unwrap().unwrap();
    let secret = row.ticket_key.clone().unwrap();
    let hex = data_encoding::HEXLOWER.encode(secret.as_slice());
    for shown in
        [format!("{row:?}"), serde_json::to_string(&row.record).unwrap(), format!("{:?}", Secret(*secret))]
    {
        assert!(!shown.contains(&hex) && !shown.contains(&format!("{:?}", secret.as_slice())), "{shown}");
    }
}
