//! `GET /health`: for people and monitors. It names no person and asks for no proof.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use serde::Serialize;
use usher_protocol::{enrol::Role, error::SERVICE, limits::PROTOCOL};

use super::{App, answer::json};

#[derive(Serialize)]
struct Health {
    service: &'static str,
    protocol: u32,
    version: &'static str,
    uptime_s: u64,
    database_ok: bool,
    #[serde(flatten)]
    event: Option<Held>,
}

#[derive(Serialize)]
struct Held {
    event: String,
    term: u64,
    stations: usize,
    feed_position: u64,
}

pub(crate) async fn health(State(app): State<Arc<App>>) -> (StatusCode, Response) {
    let held = app.blocking("the health", |app| {
        let stations = app.server.credentials()?;
        let at_work = stations.iter().filter(|c| c.role == Role::Desk && !c.revoked).count();
        let end = app.server.feed_end()?;
        Ok(Held {
            event: app.server.event()?.name,
            term: end.term,
            stations: at_work,
            feed_position: end.position,
        })
    });
    let event = held.await.ok();
    let status = if event.is_some() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let health = Health {
        service: SERVICE,
        protocol: PROTOCOL,
        version: env!("CARGO_PKG_VERSION"),
        uptime_s: app.started.elapsed().as_secs(),
        database_ok: event.is_some(),
        event,
    };
    (status, json(health))
}
