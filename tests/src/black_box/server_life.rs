//! The server's life: killed in the middle of its work, and started again; and once put back to a copy of its database.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{runtime::Handle, sync::watch};

use super::{
    beside::Beside, diary::PutBack, meanwhile::Backup, office::lines, plan::Outage,
    versions::SERVER_UPGRADED_AT,
};
use crate::real::{
    Failure, clock,
    organiser::{Organiser, Service},
    proxy::Seen,
};

/// How long a kill waits for the sync that it shall hit: the networks may all be down.
const SYNC_SOON: Duration = Duration::from_secs(2);

/// The server's life as it went.
pub(super) struct Life {
    /// As it runs in the end.
    pub(super) service: Service,
    pub(super) kills: u64,
    /// Of these in the middle of a sync.
    pub(super) hits: u64,
    pub(super) put_back: Option<PutBack>,
}

/// Whoever keeps the server, and what is planned for it.
pub(super) struct Keeper<'a> {
    pub(super) runtime: &'a Handle,
    /// As its first and as its last version.
    pub(super) organisers: (&'a Organiser, &'a Organiser),
    pub(super) outages: &'a [Outage],
    pub(super) backup: Option<Backup>,
    pub(super) beside: &'a Beside,
}

impl Keeper<'_> {
    /// Kills the server as planned while the volunteers work, and starts it again, from some time on as its last version. `done`
    /// counts their steps, and says that there are no more when they have ended.
    pub(super) fn live(
        &self,
        service: Service,
        mut done: watch::Receiver<u64>,
        networks: &[watch::Receiver<Seen>],
    ) -> Result<Life, Failure> {
        let mut life = Life { service, kills: 0, hits: 0, put_back: None };
        let mut taken_ms = 0;
        for (nr, outage) in self.outages.iter().enumerate() {
            let _ = self.runtime.block_on(done.wait_for(|steps| *steps >= outage.from_step));
            life.hits += u64::from(self.runtime.block_on(syncs(networks, outage.syncs)));
            let address = life.service.address;
            if !life.service.runs()? {
                return Err("the server ended by itself; see logs/server.log".into());
            }
            let from_ms = clock::wall_ms();
            life.service.kill()?;
            life.kills += 1;
            if self.backup.is_some_and(|backup| backup.taken == nr) {
                taken_ms = from_ms;
                self.copy()?;
            }
            let _ = self.runtime.block_on(done.wait_for(|steps| *steps >= outage.until_step));
            if self.backup.is_some_and(|backup| backup.put_back == nr) {
                let lacked = self.put_back()?;
                life.put_back = Some(PutBack { taken_ms, from_ms, until_ms: clock::wall_ms(), lacked });
            }
            let organiser = if nr < SERVER_UPGRADED_AT { self.organisers.0 } else { self.organisers.1 };
            life.service = organiser.serve_at(address, &[])?;
            if life.put_back.is_some() {
                self.beside.put_back.tell();
            }
        }
        Ok(life)
    }

    /// The dead server's files, with what a crash left in its write-ahead log, are a whole database.
    fn copy(&self) -> Result<(), Failure> {
        let _alone = self.beside.database();
        let data = self.organisers.1.data();
        for end in FILES {
            copy(&with_end(data, end), &with_end(data, &format!("{COPY}{end}")))?;
        }
        Ok(())
    }

    /// The copy takes the database's place; the roster beside it stays. How many lines of the export the copy lacks.
    fn put_back(&self) -> Result<u64, Failure> {
        let _alone = self.beside.database();
        let data = self.organisers.1.data();
        let before = lines(self.organisers.1)?;
        let _ = fs::remove_file(with_end(data, "-shm"));
        for end in FILES {
            copy(&with_end(data, &format!("{COPY}{end}")), &with_end(data, end))?;
        }
        let after = lines(self.organisers.1)?;
        Ok(before.difference(&after).count() as u64)
    }
}

/// The database and its write-ahead log.
const FILES: [&str; 2] = ["", "-wal"];
/// What a copy is called.
const COPY: &str = ".copy";

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Copies a file over another; one that is not there is not there afterwards either.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    if to.exists() {
        fs::remove_file(to)?;
    }
    if from.exists() {
        fs::copy(from, to)?;
    }
    Ok(())
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
