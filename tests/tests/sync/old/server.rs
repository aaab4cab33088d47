//! The server takes over the database of an older one, and answers the older desks.

use std::collections::BTreeSet;

use serde_json::Value;
use usher_server::run::Running;
use usher_tests::real::http::{Answer, post};

use super::fixture::{self, Exchange, exchanges, export, table};

/// Sends a recorded request again, to this server.
async fn again(server: &Running, exchange: &Exchange) -> Answer {
    let (address, headers, body) = (server.address(), exchange.headers.clone(), exchange.body.clone());
    let asked = tokio::task::spawn_blocking(move || {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        post(address, "/v1/sync", &headers, body.as_bytes())
    });
    asked.await.unwrap().unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn keys(value: &Value) -> BTreeSet<&String> {
    value.as_object().unwrap().keys().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_database_is_taken_over_and_counts_the_same() {
    let event = fixture::event();
    assert_eq!(export(&event), table(&fixture::text("server.csv")));
    event.run(&["check"]).unwrap();
    event.run(&["verify"]).unwrap();
    let rooms = ["Hall", "Studio", "Garden"].map(|name| event.room(name));
    assert_eq!(rooms.each_ref().map(|room| (room.inside, room.occupied)), [(9, 9), (3, 3), (1, 1)]);
    assert_eq!(rooms.each_ref().map(|room| room.over_grant), [0, 2, 0]);
    let term = usher_server::store::open(&event.data).unwrap().feed_end().unwrap().term;
    let server = event.serve().await;
    let served = usher_server::store::open(&event.data).unwrap();
    assert_eq!(
        served.feed_end().unwrap().term,
        term,
        "a database that is merely older is not one that was put back"
    );
    assert_eq!(served.incidents().unwrap().len(), 0);
    server.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_old_desk_said_is_answered_so_that_it_understands() {
    let event = fixture::event();
    let server = event.serve().await;
    let (sent, newer) = (exchanges("sync-sent.jsonl"), exchanges("sync-of-a-newer-desk.jsonl"));
    assert!(sent.len() > 5);
    let before = export(&event);
    for exchange in &sent {
        let (answer, recorded) = (again(&server, exchange).await, json(&exchange.answer));
        assert_eq!(answer.status, 200);
        let answer = json(&answer.text().unwrap());
        assert!(keys(&answer).is_superset(&keys(&recorded)), "{answer:#}");
        assert_eq!((&answer["term"], &answer["oldest"]), (&recorded["term"], &recorded["oldest"]));
        assert!(answer["acknowledged"]["seq"].as_u64() >= recorded["acknowledged"]["seq"].as_u64());
        for change in answer["changes"].as_array().unwrap() {
            assert!(change.get("proof").is_none() && change.get("branch").is_none(), "{change}");
        }
    }
    assert_eq!(export(&event), before, "a repeated request changes nothing");
    let last: Vec<_> = newer.iter().filter(|exchange| exchange.status == 200).collect();
    for exchange in &last {
        let (answer, recorded) =
            (json(&again(&server, exchange).await.text().unwrap()), json(&exchange.answer));
        assert_eq!(answer["acknowledged"], recorded["acknowledged"]);
    }
    assert_eq!(export(&event), table(&fixture::text("server-after.csv")), "what was unsent arrived");
    server.shutdown().await.unwrap();
    event.run(&["check"]).unwrap();
    event.run(&["verify"]).unwrap();
}
