//! The absorbing loop: own entries go into the cached sums as soon as they are written, whether or not the server answers, so
//! that judging the next guest stays short. What it has not done yet is counted on top, so it never changes a number.

use std::sync::Arc;

use crate::{Desk, Host, sync_loop::with_files};

/// Runs until the task is aborted.
pub(crate) async fn run<H: Host>(desk: Desk<H>) {
    loop {
        let who = desk.state().who.clone();
        if let Some(who) = who {
            let whose = Arc::clone(&who);
            let done = with_files(&desk, move |files| {
                while files.absorb(&whose)? > 0 {}
                Ok(())
            });
            if let Err(error) = done.await {
                tracing::warn!(%error, "own entries could not be absorbed");
            }
        }
        desk.0.grown.notified().await;
    }
}
