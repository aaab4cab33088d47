//! Writes the real examples that the corpora begin with into `corpus/`: `cargo +nightly run --example seeds`, in this folder. The same
//! every time; what the fuzzer found beside them is named by its hash.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a tool for developers stops where it cannot go on"
)]

use std::{fs, path::Path};

use usher_authority::conformance::desk::{Desk, Sent};
use usher_core::{
    entry::{Basis, Body, Recall, Settle, SettleReason, Subject},
    ids::{ActorId, PersonId, SessionId},
    ticket::own_code,
};
use usher_fuzz::decoders::house::{House, NOW_MS, Server};
use usher_protocol::{
    carry::{CARRY_VERSION, CarryEnd, CarryHead, CarryPage},
    sync::{BranchEntry, BranchMark, Change, EntryBytes, LogEnd, Positioned, Signed, SyncAnswer, Want},
};
use uuid::Uuid;

const VECTORS: &str = include_str!("../../docs/vectors/entries.tsv");
const SIGNED: &str = include_str!("../../docs/vectors/signed_tickets.tsv");
const GUESTS: &str = include_str!("../../assets/demo/guests.csv");
const PRETIX: &str = include_str!("../../crates/server/tests/import_pretix.rs");
const SESSIONS: &str = "code,name,room,start,end,capacity,mode,open to all,hold seats,late after\n\
    K,\"Opening, keynote\",Great Hall,2027-01-15 09:00,2027-01-15 10:30,300,strict,no,yes,10\n\
    L,Letters,Room 3,15/01/2027 09:05,15/01/2027 11:05,24,optimistic,yes,,\n\
    M,Maps,,2027-03-28T02:30:00+01:00,2027-03-28T04:00Z,,,,,\n";

fn keep(target: &str, name: &str, bytes: &[u8]) {
    let folder = Path::new("corpus").join(target);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("seed-{name}")), bytes).unwrap();
}

fn main() {
    entries();
    tickets();
    signed_tickets();
    tables();
    let house = House::get();
    let (_disk, server) = house.open();
    let [mut one, mut two] = <[Desk; 2]>::try_from(house.desks()).unwrap_or_else(|_| unreachable!());
    let session = server.sessions().unwrap()[0].rules.id;
    let sent = evening(&server, &mut one, &mut two, session);
    for (n, sent) in sent.iter().enumerate() {
        keep("sync_request", &n.to_string(), &serde_json::to_vec(&sent.body).unwrap());
        keep("proof", &format!("request-{n}"), &sent.bytes);
    }
    carry(&one, &sent[2]);
    answers(&server, &mut two, session);
    snapshot(&server);
}

fn entries() {
    for (n, line) in VECTORS.lines().filter(|line| !line.starts_with('#')).enumerate() {
        let mut cells = line.split('\t');
        let (kind, hex) = (cells.next().unwrap(), cells.next().unwrap());
        let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
        keep("entry", &format!("{n:02}-{kind}"), &bytes);
    }
}

fn tickets() {
    let event = usher_core::ids::EventId(Uuid::from_u128(7));
    let own = own_code(event, 5);
    let others = [" wifi:S:door;; ", "https://example.org/t/1", "ü¿señal-77", "a b", "UT1:6BF A$%*+-./:"];
    for (n, text) in [own.as_str(), "8xkf3-TICKET"].iter().chain(&others).enumerate() {
        let tagged = [event.0.as_bytes().as_slice(), text.as_bytes()].concat();
        keep("ticket", &n.to_string(), &tagged);
        keep("ticket", &format!("other-{n}"), &[&[1; 16], text.as_bytes()].concat());
    }
}

/// The vectors: the first byte says whether the text or the token follows.
fn signed_tickets() {
    for line in SIGNED.lines().filter(|line| !line.starts_with('#')) {
        let [name, token, text] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
        keep("signed_ticket", &format!("{name}-text"), &[&[0], text.as_bytes()].concat());
        let pairs = token.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
        let token = pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap());
        keep("signed_ticket", &format!("{name}-token"), &[1].into_iter().chain(token).collect::<Vec<u8>>());
    }
}

fn tables() {
    let read = |target: &str, name: &str, how: u8, text: &[u8]| keep(target, name, &[&[how], text].concat());
    let guests: Vec<_> = GUESTS.lines().take(12).collect();
    read("participants", "demo", 0, guests.join("\r\n").as_bytes());
    read("participants", "tabs", 32, guests[..4].join("\n").replace(',', "\t").as_bytes());
    let utf16: Vec<u8> = guests[..3].join("\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    read("participants", "utf16", 2, &[&[0xff, 0xfe], utf16.as_slice()].concat());
    for line in PRETIX.lines().filter(|line| line.starts_with("const ")) {
        let (name, header) =
            line.strip_prefix("const ").and_then(|line| line.split_once(": &str = \"")).unwrap();
        let header = header.trim_end_matches("\";").replace('|', "\";\"");
        let cells: Vec<_> =
            header.split("\";\"").enumerate().map(|(n, _)| format!("c{n}@example.org")).collect();
        let text = format!("\"{header}\"\r\n\"{}\"\r\n", cells.join("\";\""));
        read("participants", &format!("pretix-{}", name.to_lowercase()), 64, text.as_bytes());
    }
    read("sessions", "plain", 0, SESSIONS.as_bytes());
    read("sessions", "tabs", 5, SESSIONS.replace(',', "\t").as_bytes());
    read("sessions", "demo", 2, include_bytes!("../../assets/demo/sessions.csv"));
}

/// Two desks at one door: check-ins with and without rights, one person twice, an undo, a check-out, rights given back.
fn evening(server: &Server, one: &mut Desk, two: &mut Desk, session: SessionId) -> Vec<Sent> {
    let person = |n: u128| Subject::Person(PersonId(Uuid::from_u128(n)));
    let mut sent = Vec::new();
    sync(server, one, session, &mut sent);
    sync(server, two, session, &mut sent);
    for n in 1..4 {
        one.check_in(session, person(n), Basis::Grant, (NOW_MS as u64) << 16 | n as u64);
    }
    one.undo(2, 5);
    let of = one.i.key(3);
    one.check_out(of, 6);
    sync(server, one, session, &mut sent);
    two.check_in(session, person(3), Basis::OverGrant, 3);
    two.give_back(session, 1);
    sync(server, two, session, &mut sent);
    sent
}

fn sync(server: &Server, desk: &mut Desk, session: SessionId, sent: &mut Vec<Sent>) {
    let request = desk.request(vec![Want { session, rights: 3 }], 50, NOW_MS);
    let answer = request.to(server, NOW_MS).unwrap().unwrap();
    desk.apply(&answer).unwrap();
    sent.push(request);
}

fn carry(desk: &Desk, sent: &Sent) {
    let body = EntryBytes(serde_json::to_vec(&sent.body).unwrap());
    let page = CarryPage {
        proof: EntryBytes(sent.bytes.clone()),
        signature: EntryBytes(sent.signature.to_vec()),
        body,
    };
    let (event, station) = (sent.proof.event, desk.i.station);
    let head = CarryHead {
        service: "usher".into(),
        carry: CARRY_VERSION,
        event,
        station,
        name: "Desk 1".into(),
        saved_ms: NOW_MS,
    };
    let lines = [line(&head), line(&page), line(&CarryEnd { end: 1 })];
    keep("carry", "whole", &lines.concat());
    keep("carry", "torn", &lines[..2].concat());
}

fn line(value: &impl serde::Serialize) -> Vec<u8> {
    [serde_json::to_vec(value).expect("it is plain data"), b"\n".to_vec()].concat()
}

fn answers(server: &Server, desk: &mut Desk, session: SessionId) {
    let late = desk.request(Vec::new(), 50, NOW_MS).to(server, NOW_MS).unwrap().unwrap();
    desk.cursor = usher_protocol::sync::Cursor::default();
    let whole =
        desk.request(vec![Want { session, rights: 3 }], 50, NOW_MS).to(server, NOW_MS).unwrap().unwrap();
    let strange = strange(&whole, desk, session);
    for (name, answer) in [("late", late), ("whole", whole), ("strange", strange)] {
        let body = serde_json::to_vec(&answer).unwrap();
        let Signed { proof, .. } = server.sign_answer(desk.i, &answer, &body).unwrap();
        keep("proof", &format!("answer-{name}"), &proof.0);
        keep("sync_answer", name, &body);
    }
}

/// Everything that is seldom in an answer.
fn strange(whole: &SyncAnswer, desk: &mut Desk, session: SessionId) -> SyncAnswer {
    let mut answer = whole.clone();
    let (i, actor) = (desk.i, ActorId(Uuid::from_u128(4)));
    desk.write(1, Body::Recall(Recall { session, from: i, total: 2, term: 1 }));
    desk.write(
        2,
        Body::Settle(Settle { i, session, spent: 1, after: Some(1), actor, reason: SettleReason::Lost }),
    );
    let entry = EntryBytes(desk.log[desk.log.len() - 1].clone());
    let mark = BranchMark { from: 2, epoch: usher_core::ids::Epoch(99) };
    let unknown = serde_json::from_str(r#"{"hologram":{"colour":"blue"}}"#).unwrap();
    for change in [Change::Branch(BranchEntry { mark, entry }), Change::Unknown(unknown)] {
        answer.cursor.position += 1;
        answer.changes.push(Positioned { position: answer.cursor.position, change });
    }
    (answer.fenced, answer.learning, answer.branch) = (true, true, Some(mark));
    answer.lacks = Some(vec![LogEnd { log: i, seq: 1 }]);
    answer.recalls = answer.grants.clone();
    answer
}

fn snapshot(server: &Server) {
    let mut lines = Vec::new();
    server
        .snapshot(&mut |line| {
            lines.push(line.to_vec());
            Ok(())
        })
        .unwrap();
    keep("snapshot", "whole", &[&[0], lines.concat().as_slice()].concat());
    let changes = lines[1..lines.len() - 1].concat();
    keep("snapshot", "changes", &[&[255], changes.as_slice()].concat());
}
