//! `GET /`: what somebody sees who opens the address in a browser.

use axum::{
    http::{HeaderMap, header},
    response::{Html, IntoResponse, Response},
};

const WORDS: &str = "This is an Usher server. It checks people in at the door of an event. There is nothing to see here: \
open the Usher app at the desk and type this address there. GET /health tells whether the server is well.";

pub(crate) async fn page(headers: HeaderMap) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/html") {
        let page = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Usher server</title><p>{WORDS}</p></html>\n"
        );
        ([(header::CONTENT_SECURITY_POLICY, "default-src 'none'")], Html(page)).into_response()
    } else {
        format!("{WORDS}\n").into_response()
    }
}
