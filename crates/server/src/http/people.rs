//! `POST /v1/people`: a supervisor looks for guests by name. The role is checked here as well as in the window.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use usher_protocol::{
    enrol::Role,
    error::SERVICE,
    people::{PeopleAnswer, PeopleRequest},
};

use super::{
    App,
    answer::{Refusal, json},
    auth, body,
};

pub(crate) async fn people(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let caller = auth::caller(&app, request, &[Role::Supervisor]).await?.in_force()?;
    let asked: PeopleRequest = body::parse(&caller.body)?;
    let people = app.blocking("a search", move |app| app.server.find_persons(&asked.text)).await?;
    Ok(json(PeopleAnswer { service: SERVICE.into(), people }))
}
