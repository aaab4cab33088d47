//! `usher-server verify FILE.usherlog`: the program itself, on files that a desk saved, wrote anew with its own key, or cut short.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use ed25519_dalek::SigningKey;
use usher_core::{
    chain::{RequestProof, hash_entry, sha256, sign_request},
    entry::{Body, Entry, Head, Subject},
    ids::PersonId,
};
use usher_protocol::{
    carry::{CarryEnd, CarryHead, CarryPage},
    sync::{EntryBytes, SyncRequest},
};
use usher_replica::Replica;
use usher_tests::real::programs::program;

use crate::{
    event::{Event, code},
    seat::Seat,
};

/// How the program ended, and everything that it said.
fn verify(event: &Event, file: &Path) -> (i32, String) {
    let server = program("USHER_SERVER", "usher-server").unwrap();
    let ran = Command::new(server).arg("--data").arg(&event.data).arg("verify").arg(file).output().unwrap();
    let words = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    (ran.status.code().unwrap(), words)
}

/// A saved log of one page, to be written anew.
struct Saved {
    head: CarryHead,
    proof: RequestProof,
    request: SyncRequest,
    entries: Vec<Entry>,
}

impl Saved {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let [head, page, end] = text.lines().collect::<Vec<_>>()[..] else {
            panic!("one page was expected: {text}")
        };
        let page: CarryPage = serde_json::from_str(page).unwrap();
        assert_eq!(serde_json::from_str::<CarryEnd>(end).unwrap(), CarryEnd { end: 1 });
        let request: SyncRequest = serde_json::from_slice(&page.body.0).unwrap();
        let entries = request.entries.iter().map(|bytes| Entry::from_bytes(&bytes.0).unwrap()).collect();
        let proof = RequestProof::from_bytes(&page.proof.0).unwrap();
        Self { head: serde_json::from_str(head).unwrap(), proof, request, entries }
    }

    /// Chains the entries again, signs their end with the desk's key, and writes the file as the desk would.
    fn write(mut self, key: &SigningKey, path: &Path) {
        let mut end = Head::EMPTY;
        self.request.entries.clear();
        for mut entry in self.entries {
            entry.prev_hash = end.hash;
            let bytes = entry.to_bytes();
            end = Head { seq: entry.seq, hash: hash_entry(&bytes) };
            self.request.entries.push(EntryBytes(bytes));
        }
        let body = serde_json::to_vec(&self.request).unwrap();
        let proof = RequestProof { head: end, handed: end.seq, body: sha256(&body), ..self.proof }.to_bytes();
        let signature = EntryBytes(sign_request(key, &proof).to_vec());
        let page = CarryPage { proof: EntryBytes(proof), signature, body: EntryBytes(body) };
        let lines = [
            serde_json::to_string(&self.head).unwrap(),
            serde_json::to_string(&page).unwrap(),
            serde_json::to_string(&CarryEnd { end: 1 }).unwrap(),
        ];
        std::fs::write(path, lines.join("\n") + "\n").unwrap();
    }
}

/// Three guests in, all of it acknowledged, and the log saved; the desk's key, its log's name, and the number of the last check-in.
struct Scene {
    event: Event,
    file: PathBuf,
    key: SigningKey,
    log: String,
    last: u64,
}

impl Scene {
    async fn new() -> Self {
        let event = Event::new();
        let server = event.serve().await;
        let seat = Seat::at_door(&event, server.url(), "Desk 1", "Garden").await;
        for n in 0..3 {
            seat.let_in(&code(n)).await;
        }
        seat.until_online().await;
        let file = event.folder("desk-1.usherlog");
        seat.desk.save_log(&file).unwrap();
        server.shutdown().await.unwrap();
        let folder = event.folder("Desk 1");
        drop(seat);
        drop(crate::door::reopened(&folder).await);
        let who = loop {
            match Replica::open(&folder) {
                Ok(files) => break files.identity().unwrap().unwrap(),
                Err(usher_replica::StoreError::OpenElsewhere) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}"),
            }
        };
        let last = Saved::read(&file).entries.last().unwrap().seq;
        Self { event, file, key: who.key, log: format!("of Desk 1 (log {})", who.identity.epoch), last }
    }

    #[track_caller]
    fn finds(&self, file: &Path, seq: u64, what: &str) {
        let (code, words) = verify(&self.event, file);
        let line = format!("{}: entry {seq} {}: {what}", file.display(), self.log);
        assert!(code == 1 && words.contains(&line), "wanted \"{line}\"; exit code {code}: {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_log_that_nobody_touched_holds() {
    let scene = Scene::new().await;
    let (code, words) = verify(&scene.event, &scene.file);
    assert!(code == 0 && words.contains("every entry is the one that was signed"), "{code}: {words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_wrote_its_history_anew_is_named_with_the_entry() {
    let scene = Scene::new().await;
    let mut saved = Saved::read(&scene.file);
    let check_in = |entry: &&mut Entry| matches!(entry.body, Body::CheckIn(_));
    let changed = saved.entries.iter_mut().find(check_in).unwrap();
    let seq = changed.seq;
    let Body::CheckIn(of) = &mut changed.body else { panic!("a check-in was looked for") };
    of.subject = Subject::Person(PersonId(uuid::Uuid::from_u128(1)));
    let file = scene.event.folder("anew.usherlog");
    saved.write(&scene.key, &file);
    assert!(seq < scene.last, "others follow it");
    scene.finds(&file, seq, "the server holds another entry under this number");
    // A server that has lost the log knows by its own signature.
    let changes = rusqlite::Connection::open(&scene.event.data).unwrap();
    changes
        .execute_batch(
            "DELETE FROM entries WHERE signature IS NULL; DELETE FROM logs WHERE proof IS NOT NULL",
        )
        .unwrap();
    drop(changes);
    scene.finds(&file, scene.last, "the server signed that it held another entry under this number");
    let (code, words) = verify(&scene.event, &scene.file);
    let lost = format!("\nentry {} {}: the server signed to a desk that it held this", scene.last, scene.log);
    assert!(code == 1 && format!("\n{words}").contains(&lost), "{words}");
    assert!(!words.contains(".usherlog: entry"), "nothing is said against the file itself: {words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_log_that_was_cut_short_is_named_with_its_last_entry() {
    let scene = Scene::new().await;
    let mut saved = Saved::read(&scene.file);
    saved.entries.truncate(saved.entries.len() - 1);
    let shorter = scene.event.folder("shorter.usherlog");
    saved.write(&scene.key, &shorter);
    scene.finds(
        &shorter,
        scene.last,
        "the server signed that it held this, and the saved log ends before it",
    );
    let whole = std::fs::read(&scene.file).unwrap();
    let torn = scene.event.folder("torn.usherlog");
    std::fs::write(&torn, &whole[..whole.len() - 4]).unwrap();
    scene.finds(&torn, scene.last, "the file ends here, before its end");
    let mut forged = whole;
    let at = forged.len() / 2;
    forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
    std::fs::write(&torn, &forged).unwrap();
    let (code, words) = verify(&scene.event, &torn);
    assert!(code == 1 && words.contains("Line 2 of "), "{code}: {words}");
}
