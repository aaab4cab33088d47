//! The three libraries, each as its documents show it.
#![expect(clippy::expect_used, reason = "a measurement that fails is none")]

use automerge::{AutoCommit, ChangeHash, ROOT, ReadDoc, ScalarValue, transaction::Transactable};
use loro::{ExportMode, LoroDoc, LoroValue, ValueOrContainer, VersionVector};
use yrs::{Any, Doc, Map, MapRef, Out, ReadTxn, StateVector, Transact, Update, updates::decoder::Decode};

use crate::library::Library;

const MAP: &str = "check_ins";

/// automerge: a change for each check-in, saved in its columnar form.
#[derive(Debug)]
pub struct Automerge {
    doc: AutoCommit,
    sent: Vec<ChangeHash>,
}

impl Library for Automerge {
    const NAME: &'static str = "automerge";

    fn new(peer: u64) -> Self {
        let doc = AutoCommit::new().with_actor(peer.to_be_bytes().as_slice().into());
        Self { doc, sent: Vec::new() }
    }

    fn write(&mut self, key: &str, facts: &[u8]) {
        self.doc.put(ROOT, key, ScalarValue::Bytes(facts.to_vec())).expect("it is put");
        self.doc.commit();
    }

    fn news(&mut self) -> Vec<u8> {
        let news = self.doc.save_after(&self.sent);
        self.sent = self.doc.get_heads();
        news
    }

    fn merge(&mut self, news: &[u8]) {
        self.doc.load_incremental(news).expect("it is merged");
    }

    fn each(&mut self, see: &mut dyn FnMut(&[u8])) {
        for (value, _) in self.doc.values(ROOT) {
            see(value.as_bytes().unwrap_or_default());
        }
    }

    fn save(&mut self) -> Vec<u8> {
        self.doc.save()
    }
}

/// yrs: updates in the form that its sync protocol speaks (v1), saved in the shorter one (v2).
#[derive(Debug)]
pub struct Yrs {
    doc: Doc,
    map: MapRef,
    sent: StateVector,
}

impl Library for Yrs {
    const NAME: &'static str = "yrs";

    fn new(peer: u64) -> Self {
        let doc = Doc::with_client_id(peer);
        let map = doc.get_or_insert_map(MAP);
        Self { doc, map, sent: StateVector::default() }
    }

    fn write(&mut self, key: &str, facts: &[u8]) {
        self.map.insert(&mut self.doc.transact_mut(), key, Any::Buffer(facts.into()));
    }

    fn news(&mut self) -> Vec<u8> {
        let read = self.doc.transact();
        let news = read.encode_state_as_update_v1(&self.sent);
        self.sent = read.state_vector();
        news
    }

    fn merge(&mut self, news: &[u8]) {
        let update = Update::decode_v1(news).expect("it is read");
        self.doc.transact_mut().apply_update(update).expect("it is merged");
    }

    fn each(&mut self, see: &mut dyn FnMut(&[u8])) {
        for (_, value) in self.map.iter(&self.doc.transact()) {
            if let Out::Any(Any::Buffer(facts)) = value {
                see(&facts);
            }
        }
    }

    fn save(&mut self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v2(&StateVector::default())
    }
}

/// loro: updates, saved as a snapshot.
#[derive(Debug)]
pub struct Loro {
    doc: LoroDoc,
    sent: VersionVector,
}

impl Library for Loro {
    const NAME: &'static str = "loro";

    fn new(peer: u64) -> Self {
        let doc = LoroDoc::new();
        doc.set_peer_id(peer).expect("it is named");
        Self { doc, sent: VersionVector::default() }
    }

    fn write(&mut self, key: &str, facts: &[u8]) {
        self.doc.get_map(MAP).insert(key, LoroValue::Binary(facts.to_vec().into())).expect("it is put");
        self.doc.commit();
    }

    fn news(&mut self) -> Vec<u8> {
        let news = self.doc.export(ExportMode::updates(&self.sent)).expect("it is written");
        self.sent = self.doc.oplog_vv();
        news
    }

    fn merge(&mut self, news: &[u8]) {
        self.doc.import(news).expect("it is merged");
    }

    fn each(&mut self, see: &mut dyn FnMut(&[u8])) {
        self.doc.get_map(MAP).for_each(|_, value| {
            if let ValueOrContainer::Value(LoroValue::Binary(facts)) = value {
                see(&facts);
            }
        });
    }

    fn save(&mut self) -> Vec<u8> {
        self.doc.export(ExportMode::Snapshot).expect("it is written")
    }
}
