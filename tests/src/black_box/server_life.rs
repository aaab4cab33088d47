//! The server's life: killed in the middle of its work, and started again.

use std::time::Duration;

use tokio::{runtime::Handle, sync::watch};

use super::{plan::Outage, versions::SERVER_UPGRADED_AT};
use crate::real::{
    Failure,
    organiser::{Organiser, Service},
    proxy::Seen,
};

/// How long a kill waits for the sync that it shall hit: the networks may all be down.
const SYNC_SOON: Duration = Duration::from_secs(2);

/// Kills the server as planned while the volunteers work, and starts it again, from some time on as its last version. `done` counts their steps, and is closed when they have ended.
/// Gives the running server and how often it was killed in the middle of a sync, and in all.
pub(super) fn live(
    runtime: &Handle,
    (first, last): (&Organiser, &Organiser),
    mut service: Service,
    outages: &[Outage],
    mut done: watch::Receiver<u64>,
    networks: &[watch::Receiver<Seen>],
) -> Result<(Service, u64, u64), Failure> {
    let (mut hits, mut kills) = (0, 0);
    for (nr, outage) in outages.iter().enumerate() {
        if runtime.block_on(done.wait_for(|steps| *steps >= outage.from_step)).is_err() {
            break;
        }
        hits += u64::from(runtime.block_on(syncs(networks, outage.syncs)));
        let address = service.address;
        if !service.runs()? {
            return Err("the server ended by itself; see logs/server.log".into());
        }
        service.kill()?;
        kills += 1;
        let _ = runtime.block_on(done.wait_for(|steps| *steps >= outage.until_step));
        let organiser = if nr < SERVER_UPGRADED_AT { first } else { last };
        service = organiser.serve_at(address, &[])?;
    }
    Ok((service, hits, kills))
}

/// Waits until so many syncs have reached the server through flaky networks; whether they did in time.
async fn syncs(networks: &[watch::Receiver<Seen>], more: u64) -> bool {
    let (tell, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let listening: Vec<_> = networks
        .iter()
        .map(|network| {
            let (mut network, tell) = (network.clone(), tell.clone());
            let mut delivered = network.borrow_and_update().delivered;
            tokio::spawn(async move {
                while network.changed().await.is_ok() {
                    let now = network.borrow_and_update().delivered;
                    if now > delivered && tell.send(now - delivered).is_err() {
                        return;
                    }
                    delivered = now;
                }
            })
        })
        .collect();
    drop(tell);
    let count = async {
        let mut left = more;
        while left > 0 {
            left = left.saturating_sub(heard.recv().await?);
        }
        Some(())
    };
    let reached = matches!(tokio::time::timeout(SYNC_SOON, count).await, Ok(Some(())));
    listening.iter().for_each(tokio::task::JoinHandle::abort);
    reached
}
