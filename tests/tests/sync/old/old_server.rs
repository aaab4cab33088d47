//! A server of protocol 1, as it answered: recorded from version 0.1.0.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use usher_protocol::{
    enrol::Role,
    limits::PROTOCOL,
    window::{ConnectOutcome, LinkView},
};

use super::fixture::{self, Exchange, UNSENT, exchanges};
use crate::{
    event::Event,
    seat::{Seat, TestHost},
};

/// The recorded server: what it was asked, and what it answers.
#[derive(Default)]
struct Old {
    asked: Mutex<Vec<Value>>,
    recorded: Vec<Exchange>,
}

/// Refuses what is not protocol 1, as recorded; answers that in the recorded order, and the last answer again and again.
/// It takes bodies plain or in zstd, as 0.1.0 does.
async fn sync(State(old): State<Arc<Old>>, headers: HeaderMap, body: Bytes) -> Response {
    let packed = headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "zstd");
    let body = if packed { zstd::decode_all(&body[..]).unwrap() } else { body.to_vec() };
    let body: Value = serde_json::from_slice(&body).unwrap();
    let spoken = body["protocol"].clone();
    let fits =
        |exchange: &&Exchange| serde_json::from_str::<Value>(&exchange.body).unwrap()["protocol"] == spoken;
    let mut asked = old.asked.lock().unwrap();
    let before = asked.iter().filter(|one| one["protocol"] == spoken).count();
    asked.push(body);
    let answers: Vec<_> = old.recorded.iter().filter(fits).collect();
    let answer = answers[before.min(answers.len() - 1)];
    let status = StatusCode::from_u16(answer.status).unwrap();
    (status, [(CONTENT_TYPE, "application/json")], answer.answer.clone()).into_response()
}

/// Enrolment at a server of protocol 1: it reads the protocol before anything else.
async fn enrol(State(old): State<Arc<Old>>, Json(body): Json<Value>) -> Response {
    let spoken = body["protocol"].clone();
    old.asked.lock().unwrap().push(body);
    let refused = if spoken == json!(1) { "code_unknown" } else { "server_too_old" };
    let status = if spoken == json!(1) { StatusCode::FORBIDDEN } else { StatusCode::UPGRADE_REQUIRED };
    (status, Json(json!({"service": "usher", "error": refused}))).into_response()
}

async fn serve(old: &Arc<Old>) -> (SocketAddr, tokio::task::JoinHandle<()>) {
    let routes = Router::new().route("/v1/sync", post(sync)).route("/v1/enrol", post(enrol));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = routes.with_state(Arc::clone(old));
    (address, tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_speaks_the_protocol_of_an_old_server() {
    let event = Event::new();
    let old = Arc::new(Old { recorded: exchanges("sync-of-a-newer-desk.jsonl"), ..Old::default() });
    let (address, serving) = serve(&old).await;
    let folder = event.folder("Desk 1");
    fixture::desk(&folder, &format!("http://{address}"));
    let seat = Seat::open_with(&folder, TestHost::on(fixture::machine()));
    assert_eq!(seat.look().await.waiting, UNSENT as u64);
    let view = seat.until_online().await;
    assert_eq!(
        (view.link, view.waiting),
        (LinkView::Online, 0),
        "an answer that nobody signed is taken from such a server"
    );
    let asked = old.asked.lock().unwrap().clone();
    let spoken: Vec<_> = asked.iter().map(|body| body["protocol"].as_u64().unwrap()).collect();
    assert_eq!(spoken[0], u64::from(PROTOCOL));
    assert!(
        spoken[1..].iter().all(|spoken| *spoken == 1),
        "told once, it goes on with the older one: {spoken:?}"
    );
    let recorded: Value = serde_json::from_str(&old.recorded[1].body).unwrap();
    assert_eq!(asked[1]["entries"], recorded["entries"], "the same entries, byte for byte");
    serving.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_desk_can_be_enrolled_at_an_old_server() {
    let event = Event::new();
    let old = Arc::new(Old::default());
    let (address, serving) = serve(&old).await;
    let seat = Seat::open(&event.folder("desk"));
    let said = seat.connect(&format!("http://{address}"), &event.code(Role::Desk, "Desk 1", 10)).await;
    let why = usher_protocol::window::ConnectRefusal::CodeUnknown;
    assert_eq!(said, ConnectOutcome::Refused { why }, "its code was looked at, in the old protocol");
    serving.abort();
}
