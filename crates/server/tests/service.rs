//! The service over real HTTP on a free port: who may ask, what is refused and how, what is kept.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod support;

use std::time::Duration;

use support::{Answer, Desk, House, client, enrol_request, import_guests, next_event, post_enrol};
use tokio::time::timeout;
use usher_core::entry::Head;
use usher_protocol::{
    board::Board,
    enrol::{EnrolAnswer, Role},
    error::ErrorCode,
    limits::{ENTRIES_PER_REQUEST_MAX, REQUEST_BYTES_MAX},
    sync::{Change, EntryBytes, SnapshotEnd, SnapshotHead, SyncAnswer, Wake},
};
use usher_server::run::{ServeProblem, Tls, own_fingerprint, serve};

const SOON: Duration = Duration::from_secs(20);

/// The one session and the people, as a desk learns them from the feed.
async fn learn(desk: &mut Desk) -> (usher_core::ids::SessionId, Vec<usher_core::ids::PersonId>) {
    let (mut session, mut people) = (None, Vec::new());
    loop {
        let answer = desk.sync(Vec::new()).await;
        for item in answer.changes {
            match item.change {
                Change::Session(record) => session = Some(record.rules.id),
                Change::Person(record) => people.push(record.id),
                _ => {}
            }
        }
        if !answer.more {
            return (session.unwrap(), people);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn enrolment_takes_a_code_once_and_repeats_a_lost_answer() {
    let house = House::new(1);
    let running = house.serve().await;
    let code = house.code(Role::Desk, 60_000);
    let key = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
    let request = enrol_request(&code.to_lowercase().replace('-', " "), Role::Desk, &key, 3);
    let first: EnrolAnswer = post_enrol(running.url(), &request).await.read();
    assert_eq!((first.name.as_str(), first.role), ("Desk 1", Role::Desk));
    let again: EnrolAnswer = post_enrol(running.url(), &request).await.read();
    assert_eq!((again.station, again.event_secret), (first.station, first.event_secret));
    // Somebody else with the same code.
    assert_eq!(Desk::enrol(running.url(), &code, Role::Desk, 4).await.err(), Some(ErrorCode::CodeUsed));
    let expired = house.code(Role::Desk, 0);
    assert_eq!(Desk::enrol(running.url(), &expired, Role::Desk, 5).await.err(), Some(ErrorCode::CodeExpired));
    let desk_code = house.code(Role::Desk, 60_000);
    let as_supervisor = Desk::enrol(running.url(), &desk_code, Role::Supervisor, 6).await;
    assert_eq!(as_supervisor.err(), Some(ErrorCode::WrongRole));
    // A signature by another key than the one presented.
    let mut forged = enrol_request(&desk_code, Role::Desk, &key, 7);
    forged.public_key =
        enrol_request(&desk_code, Role::Desk, &ed25519_dalek::SigningKey::from_bytes(&[8; 32]), 7).public_key;
    assert_eq!(post_enrol(running.url(), &forged).await.code(), ErrorCode::Unauthorised);
    running.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_is_stopped() {
    let house = House::new(0);
    let running = house.serve().await;
    let mut codes = Vec::new();
    for number in 10..20 {
        codes.push(Desk::enrol(running.url(), "AAAA-AAAA", Role::Desk, number).await.err().unwrap());
    }
    assert_eq!(codes[0], ErrorCode::CodeUnknown);
    assert_eq!(codes[9], ErrorCode::TooManyTries);
    running.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_is_kept_once_however_often_it_comes() {
    let house = House::new(3);
    let running = house.serve().await;
    let mut desk = house.desk(&running, 1).await;
    let (session, people) = learn(&mut desk).await;
    let entries =
        vec![desk.open_epoch(), desk.check_in(session, people[0]), desk.check_in(session, people[1])];
    let body = desk.sync_body(entries.clone());
    for _ in 0..3 {
        let answer: SyncAnswer = desk.post("/v1/sync", body.clone()).await.read();
        assert_eq!(answer.acknowledged, desk.head);
    }
    // The same bytes under zstd and gzip, with the same proof: it names the body before any encoding.
    let packed = zstd::encode_all(&body[..], 3).unwrap();
    let request = desk.request("/v1/sync", &body).header("content-encoding", "zstd").body(packed);
    assert_eq!(Answer::of(request).await.read::<SyncAnswer>().acknowledged, desk.head);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packer, &body).unwrap();
    let packed = packer.finish().unwrap();
    let request = desk.request("/v1/sync", &body).header("content-encoding", "gzip").body(packed);
    assert_eq!(Answer::of(request).await.read::<SyncAnswer>().acknowledged, desk.head);
    let mut other = house.desk(&running, 2).await;
    other.cursor = usher_protocol::sync::Cursor::default();
    let seen = other.sync(Vec::new()).await;
    let logged =
        seen.changes.iter().filter(|item| matches!(&item.change, Change::Entry(e) if entries.contains(e)));
    assert_eq!(logged.count(), 3);
    running.shutdown().await.unwrap();
    let mut rows = 0;
    house
        .beside()
        .export_door(&mut |row| {
            rows += usize::from(row.kind == "check_in");
            Ok(())
        })
        .unwrap();
    assert_eq!(rows, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_prove_itself_is_refused() {
    let house = House::new(1);
    let running = house.serve().await;
    let mut desk = house.desk(&running, 1).await;
    let open = desk.open_epoch();
    let body = desk.sync_body(vec![open]);
    let mut tampered = body.clone();
    let last = tampered.len() - 2;
    tampered[last] ^= 1;
    let answer = Answer::of(desk.request("/v1/sync", &body).body(tampered)).await;
    assert_eq!((answer.status, answer.code()), (401, ErrorCode::Unauthorised));
    let unsigned = client().post(format!("{}/v1/sync", running.url())).body(body.clone());
    assert_eq!(Answer::of(unsigned).await.code(), ErrorCode::Unauthorised);
    let garbled = client()
        .post(format!("{}/v1/sync", running.url()))
        .header("usher-proof", "%%")
        .header("usher-signature", "");
    assert_eq!(Answer::of(garbled.body(body.clone())).await.code(), ErrorCode::Unauthorised);
    // Another key under this station's name.
    let mut thief = house.desk(&running, 2).await;
    thief.enrolled.station = desk.enrolled.station;
    assert_eq!(thief.post("/v1/sync", body.clone()).await.code(), ErrorCode::Unauthorised);
    // A desk is no supervisor, and a supervisor no desk.
    assert_eq!(desk.post("/v1/board", Vec::new()).await.code(), ErrorCode::WrongRole);
    let code = house.code(Role::Supervisor, 60_000);
    let supervisor = Desk::enrol(running.url(), &code, Role::Supervisor, 9).await.unwrap();
    assert_eq!(supervisor.enrolled.event_secret, "");
    for path in ["/v1/sync", "/v1/snapshot"] {
        assert_eq!(supervisor.post(path, body.clone()).await.code(), ErrorCode::WrongRole);
    }
    assert!(house.beside().revoke(desk.enrolled.station).unwrap());
    for path in ["/v1/sync", "/v1/snapshot", "/v1/wake"] {
        let answer = desk.post(path, body.clone()).await;
        assert_eq!((answer.status, answer.code()), (403, ErrorCode::Revoked), "{path}");
    }
    running.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_bodies_and_paths_are_told_by_code() {
    let house = House::new(0);
    let running = house.serve().await;
    let mut desk = house.desk(&running, 1).await;
    let garbage = b"<!doctype html><html><body>Sign in to the hotel's network</body></html>".to_vec();
    assert_eq!(desk.post("/v1/sync", garbage.clone()).await.code(), ErrorCode::BadRequest);
    let enrol = client().post(format!("{}/v1/enrol", running.url())).body(garbage);
    assert_eq!(Answer::of(enrol).await.code(), ErrorCode::BadRequest);
    let huge = vec![b'x'; REQUEST_BYTES_MAX + 1];
    let answer = desk.post("/v1/sync", huge.clone()).await;
    assert_eq!((answer.status, answer.code()), (413, ErrorCode::TooLarge));
    let bomb = zstd::encode_all(&vec![b' '; 256 * 1024 * 1024][..], 1).unwrap();
    assert!(bomb.len() < REQUEST_BYTES_MAX);
    let bombed = desk.request("/v1/sync", &huge).header("content-encoding", "zstd").body(bomb);
    assert_eq!(Answer::of(bombed).await.code(), ErrorCode::TooLarge);
    let odd = desk.request("/v1/sync", b"{}").header("content-encoding", "br").body("{}");
    let odd = Answer::of(odd).await;
    assert_eq!((odd.status, odd.code()), (415, ErrorCode::BadRequest));
    let many = (0..=ENTRIES_PER_REQUEST_MAX).map(|_| EntryBytes(vec![1])).collect();
    let body = desk.sync_body(many);
    assert_eq!(desk.post("/v1/sync", body).await.code(), ErrorCode::TooLarge);
    let later = br#"{"protocol":99,"entries":[],"cursor":{"term":0,"position":0}}"#.to_vec();
    assert_eq!(desk.post("/v1/sync", later).await.code(), ErrorCode::ServerTooOld);
    let missing = Answer::of(client().get(format!("{}/wp-login.php", running.url()))).await;
    assert_eq!((missing.status, missing.code()), (404, ErrorCode::BadRequest));
    let method = Answer::of(client().get(format!("{}/v1/sync", running.url()))).await;
    assert_eq!((method.status, method.code()), (405, ErrorCode::BadRequest));
    // An entry that is none is refused or set aside, and the server goes on.
    let body = desk.sync_body(vec![EntryBytes(vec![0xff; 40])]);
    let _ = desk.post("/v1/sync", body).await;
    desk.head = Head::EMPTY;
    let open = desk.open_epoch();
    assert_eq!(desk.sync(vec![open]).await.acknowledged.seq, 1);
    running.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_monitors_get_an_answer() {
    let house = House::new(0);
    let running = house.serve().await;
    let page = Answer::of(client().get(format!("{}/", running.url())).header("accept", "text/html")).await;
    assert!(page.status == 200 && page.text.contains("<html") && page.text.contains("Usher server"));
    let text = Answer::of(client().get(format!("{}/", running.url()))).await;
    assert!(text.status == 200 && !text.text.contains('<'));
    house.desk(&running, 1).await;
    let health: serde_json::Value =
        Answer::of(client().get(format!("{}/health", running.url()))).await.read();
    assert_eq!(health["service"], "usher");
    assert_eq!(health["protocol"], usher_protocol::limits::PROTOCOL);
    assert_eq!(health["event"], "Open Days");
    assert_eq!(health["stations"], 1);
    assert_eq!(health["database_ok"], true);
    assert!(health["feed_position"].as_u64().unwrap() > 0 && health["term"].as_u64().is_some());
    running.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_is_whole_and_says_so() {
    let house = House::new(5_000);
    let running = house.serve().await;
    let mut desk = house.desk(&running, 1).await;
    desk.http = reqwest::Client::builder().no_zstd().no_proxy().build().unwrap();
    for packed in [true, false] {
        let coding = if packed { "gzip, zstd" } else { "identity" };
        let request = desk.request("/v1/snapshot", b"{}").header("accept-encoding", coding).body("{}");
        let answer = request.send().await.unwrap();
        let encoding = answer.headers().get("content-encoding").map(|value| value.to_str().unwrap());
        assert_eq!(encoding, packed.then_some("zstd"));
        let bytes = answer.bytes().await.unwrap();
        let bytes = if packed { zstd::decode_all(&bytes[..]).unwrap() } else { bytes.to_vec() };
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let head: SnapshotHead = serde_json::from_slice(lines[0]).unwrap();
        let end: SnapshotEnd = serde_json::from_slice(lines[lines.len() - 1]).unwrap();
        let changes = &lines[1..lines.len() - 1];
        assert_eq!((head.changes, end.end), (changes.len() as u64, changes.len() as u64));
        let digest = usher_core::chain::sha256(&changes.concat());
        assert_eq!(end.sha256, data_encoding::HEXLOWER.encode(&digest));
        let people =
            changes.iter().filter(|l| matches!(serde_json::from_slice(l).unwrap(), Change::Person(_)));
        assert_eq!(people.count(), 5_000);
    }
    running.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bell_rings_for_others_and_for_commands() {
    let house = House::new(2);
    let running = house.serve().await;
    let mut writer = house.desk(&running, 1).await;
    let (session, people) = learn(&mut writer).await;
    let listener = house.desk(&running, 2).await;
    let mut stream = listener.request("/v1/wake", b"").send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut kept = String::new();
    let mut bell = async || -> Wake {
        let (name, data) = timeout(SOON, next_event(&mut stream, &mut kept)).await.unwrap().unwrap();
        assert_eq!(name, "wake");
        serde_json::from_str(&data).unwrap()
    };
    let at_first = bell().await;
    let entries = vec![writer.open_epoch(), writer.check_in(session, people[0])];
    writer.sync(entries).await;
    let after_sync = bell().await;
    assert!(after_sync.cursor > at_first.cursor);
    import_guests(&house.beside(), 10..11);
    assert!(bell().await.cursor > after_sync.cursor);
    // A stopping server ends the stream instead of waiting for it.
    timeout(SOON, running.shutdown()).await.unwrap().unwrap();
    while let Ok(Some(_)) = timeout(SOON, next_event(&mut stream, &mut kept)).await {}
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_is_pushed_as_it_changes() {
    let house = House::new(2);
    let running = house.serve().await;
    let mut desk = house.desk(&running, 1).await;
    let (session, people) = learn(&mut desk).await;
    let code = house.code(Role::Supervisor, 60_000);
    let supervisor = Desk::enrol(running.url(), &code, Role::Supervisor, 2).await.unwrap();
    let mut stream = supervisor.request("/v1/board", b"").send().await.unwrap();
    let mut kept = String::new();
    let mut board = async || -> Board {
        let (name, data) = timeout(SOON, next_event(&mut stream, &mut kept)).await.unwrap().unwrap();
        assert_eq!(name, "board");
        serde_json::from_str(&data).unwrap()
    };
    assert_eq!(board().await.sessions[0].inside, 0);
    let entries = vec![desk.open_epoch(), desk.check_in(session, people[0])];
    desk.sync(entries).await;
    let shown = timeout(SOON, async {
        loop {
            let b = board().await;
            if b.sessions[0].inside == 1 {
                return b;
            }
        }
    });
    let shown = shown.await.unwrap();
    assert_eq!((shown.event.as_str(), shown.stations.len()), ("Open Days", 1));
    // A revoked supervisor sees nothing more.
    assert!(house.beside().revoke(supervisor.enrolled.station).unwrap());
    let ended = timeout(SOON, async { while next_event(&mut stream, &mut kept).await.is_some() {} });
    ended.await.expect("the stream ends");
    running.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_server_for_one_file() {
    let house = House::new(0);
    let running = house.serve().await;
    let second = serve(house.config()).await.err().unwrap();
    assert!(matches!(second, ServeProblem::Lock(_)), "{second}");
    running.shutdown().await.unwrap();
    house.serve().await.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_this_computer_only_tls_is_served() {
    let house = House::new(0);
    let mut config = house.config();
    config.listen = ([0, 0, 0, 0], 0).into();
    assert!(matches!(serve(config.clone()).await, Err(ServeProblem::NotSecure(_))));
    config.tls = Tls::SelfSigned;
    let running = serve(config).await.unwrap();
    let url = format!("https://127.0.0.1:{}", running.address().port());
    let health: serde_json::Value = Answer::of(client().get(format!("{url}/health"))).await.read();
    assert_eq!(health["service"], "usher");
    assert_eq!(own_fingerprint(&house.data).unwrap().unwrap().len(), 64);
    running.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_server_stops_under_load() {
    let house = House::new(50);
    let running = house.serve().await;
    let mut desks = Vec::new();
    for number in 1..=4 {
        let mut desk = house.desk(&running, number).await;
        let (session, people) = learn(&mut desk).await;
        let open = desk.open_epoch();
        desk.sync(vec![open]).await;
        desks.push((desk, session, people));
    }
    let (count, mut counted) = tokio::sync::mpsc::unbounded_channel();
    let loads: Vec<_> = desks
        .into_iter()
        .map(|(mut desk, session, people)| {
            let count = count.clone();
            tokio::spawn(async move {
                let mut acknowledged = desk.head;
                for turn in 0.. {
                    let entry = desk.check_in(session, people[turn % people.len()]);
                    let body = desk.sync_body(vec![entry]);
                    let Ok(answer) = desk.request("/v1/sync", &body).body(body).send().await else { break };
                    let Ok(answer) = answer.json::<SyncAnswer>().await else { break };
                    acknowledged = answer.acknowledged;
                    let _ = count.send(());
                }
                (desk, acknowledged)
            })
        })
        .collect();
    for _ in 0..40 {
        timeout(SOON, counted.recv()).await.unwrap().unwrap();
    }
    timeout(SOON, running.shutdown()).await.unwrap().unwrap();
    let again = house.serve().await;
    for load in loads {
        let (mut desk, acknowledged) = load.await.unwrap();
        assert!(acknowledged.seq > 1);
        desk.url = again.url().into();
        desk.head = acknowledged;
        let held = desk.sync(Vec::new()).await.acknowledged;
        assert!(held.seq >= acknowledged.seq, "{held:?} {acknowledged:?}");
    }
    again.shutdown().await.unwrap();
    assert_eq!(house.beside().check().unwrap(), Vec::<String>::new());
}
