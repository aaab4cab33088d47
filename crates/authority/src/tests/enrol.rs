//! One-time codes: every refusal is its own, and a lost answer is given again.

use usher_protocol::{
    enrol::{EnrolAnswer, EnrolRequest, Role},
    error::ErrorCode,
};

use super::{NOW, World, world};
use crate::{
    Authority, Error, Fresh, MemoryStore, WRONG_TRIES_MAX,
    conformance::desk::{Desk, counter},
};

fn code(world: &World, role: Role, seed: u128) -> String {
    let mut random = counter(seed);
    let made = world.make_enrolment_code(role, " Desk 1 ", 1_000, Fresh { now_ms: NOW, random: &mut random });
    made.unwrap().code
}

fn ask(world: &World, request: &EnrolRequest, now_ms: i64) -> Result<EnrolAnswer, ErrorCode> {
    let mut random = counter(u128::try_from(now_ms).unwrap() << 40);
    world.enrol(request, Fresh { now_ms, random: &mut random }).unwrap()
}

#[test]
fn a_lost_answer_is_given_again_to_the_same_key_only() {
    let world = world();
    let code = code(&world, Role::Desk, 5);
    assert_eq!((code.len(), code.as_bytes()[4]), (9, b'-'));
    let (_, request) = Desk::enrolment(1, &code, Role::Desk);
    let first = ask(&world, &request, NOW).unwrap();
    assert_eq!((first.name.as_str(), first.event_secret.len(), first.actor), ("Desk 1", 64, None));
    let late = ask(&world, &request, NOW + 9_000).unwrap();
    assert_eq!(EnrolAnswer { server_ms: NOW, ..late }, first, "even after the code's time");
    let (_, other) = Desk::enrolment(2, &code, Role::Desk);
    assert_eq!(ask(&world, &other, NOW), Err(ErrorCode::CodeUsed));
    assert_eq!(world.credentials().unwrap().len(), 1);
}

#[test]
fn refusals_are_told_apart() {
    let world = world();
    let code = code(&world, Role::Desk, 5);
    let (_, good) = Desk::enrolment(1, &code, Role::Desk);
    assert_eq!(ask(&world, &good, NOW + 1_000), Err(ErrorCode::CodeExpired));
    let (_, supervisor) = Desk::enrolment(1, &code, Role::Supervisor);
    assert_eq!(ask(&world, &supervisor, NOW), Err(ErrorCode::WrongRole));
    let forged = EnrolRequest { signature: "00".repeat(64), ..good.clone() };
    assert_eq!(ask(&world, &forged, NOW), Err(ErrorCode::Unauthorised));
    let short = EnrolRequest { public_key: "abc".into(), ..good.clone() };
    assert_eq!(ask(&world, &short, NOW), Err(ErrorCode::BadRequest));
    assert_eq!(
        ask(&world, &EnrolRequest { protocol: 99, ..good.clone() }, NOW),
        Err(ErrorCode::ServerTooOld)
    );
    assert_eq!(ask(&world, &EnrolRequest { protocol: 0, ..good.clone() }, NOW), Err(ErrorCode::ClientTooOld));
    assert!(ask(&world, &good, NOW).is_ok(), "none of these used the code up");
}

#[test]
fn guessing_is_slowed_down() {
    let world = world();
    let code = code(&world, Role::Supervisor, 5);
    let (_, wrong) = Desk::enrolment(1, "0000-0000", Role::Supervisor);
    for _ in 0..WRONG_TRIES_MAX {
        assert_eq!(ask(&world, &wrong, NOW), Err(ErrorCode::CodeUnknown));
    }
    let (_, right) = Desk::enrolment(1, &code.to_lowercase().replace('-', " "), Role::Supervisor);
    assert_eq!(ask(&world, &right, NOW), Err(ErrorCode::TooManyTries));
    let later = world.make_enrolment_code(
        Role::Supervisor,
        "S",
        1_000_000,
        Fresh { now_ms: NOW, random: &mut counter(99) },
    );
    let (_, right) = Desk::enrolment(1, &later.unwrap().code, Role::Supervisor);
    let answer = ask(&world, &right, NOW + 60_001).unwrap();
    assert!(answer.event_secret.is_empty() && answer.actor.is_some());
}

#[test]
fn revoking_goes_down_the_feed_once_and_ends_a_repeated_enrolment() {
    let world = world();
    let code = code(&world, Role::Desk, 5);
    let (key, request) = Desk::enrolment(1, &code, Role::Desk);
    let id = ask(&world, &request, NOW).unwrap().station;
    let credential = world.credential(id).unwrap().unwrap();
    assert!(credential.key == key.verifying_key() && !credential.revoked);
    let before = world.feed_end().unwrap();
    assert!(world.revoke(id).unwrap());
    let after = world.feed_end().unwrap();
    assert!(after > before && world.revoke(id).unwrap());
    assert_eq!(world.feed_end().unwrap(), after);
    assert!(world.credential(id).unwrap().unwrap().revoked);
    assert_eq!(ask(&world, &request, NOW), Err(ErrorCode::Revoked));
    assert!(!world.revoke(usher_core::ids::StationId(uuid::Uuid::nil())).unwrap());
}

#[test]
fn a_database_without_an_event_says_what_to_do() {
    let error = Authority::open(MemoryStore::default()).unwrap_err();
    assert!(matches!(error, Error::NoEvent));
    assert!(error.to_string().contains("usher-server event create"));
}
