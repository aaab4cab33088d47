//! A carry file: head, pages, end; the server takes what its pages ask as if their signatures had been good.

use usher_authority::{Fresh, Proven, conformance::desk::counter};
use usher_server::carry::{CarryPart, CarryReader, Page};

use super::house::{House, NOW_MS, Server, look_around};

/// Takes any bytes.
pub fn take(bytes: &[u8]) {
    let mut file = CarryReader::new(bytes);
    if file.head().is_err() {
        return;
    }
    let mut pages = Vec::new();
    while let Ok(Some(CarryPart::Page(page))) = file.part() {
        pages.push(page);
    }
    assert!(file.line() <= bytes.len() as u64 + 2);
    if pages.is_empty() {
        return;
    }
    let (_disk, server) = House::get().open();
    for page in &pages {
        take_page(&server, page);
    }
    look_around(&server);
}

fn take_page(server: &Server, page: &Page) {
    let Ok(request) = page.request() else { return };
    let proven = Proven { proof: &page.proof, bytes: &page.proof_bytes, signature: &page.signature };
    let mut random = counter(7);
    let mut take = || server.take_carried(proven, &request, Fresh { now_ms: NOW_MS, random: &mut random });
    let (first, again) = (take(), take());
    assert!(first.is_ok(), "no page is too much for the store: {first:?}");
    assert_eq!(again.ok().map(|again| again.entries), Some(0), "taking it again changes nothing");
}
