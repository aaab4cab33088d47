//! A real full disk under the desk's log: nobody turns green, the window says what to do, and the scan succeeds once there is room.

use std::{fs, io::Write, path::PathBuf, process::Command};

use crate::{
    alone,
    door::{chip, connect, let_in_by_scanner, start_session},
    driver::{App, Start},
    scene::Scene,
    server::{CAPACITY, OPENING, Server},
    step,
    trouble::{Context, Done, demand},
    window::Card,
};

/// The size of the disk that the log is on.
const DISK: &str = "size=2m";

/// A small file system of its own; unmounted with its guard.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None without the right to mount.
    fn mount(scene: &Scene) -> Done<Option<Self>> {
        let place = scene.path("small-disk");
        fs::create_dir(&place).doing("a folder to mount on")?;
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", DISK, "usher-test"]).arg(&place).output();
        let out = mounted.doing("mount")?;
        if out.status.success() {
            return Ok(Some(Self(place)));
        }
        eprintln!(
            "\nSKIPPED: a full disk was NOT tried, because a tmpfs could not be mounted ({}). Run this test as root.\n",
            String::from_utf8_lossy(&out.stderr).trim()
        );
        Ok(None)
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    /// Leaves no byte free.
    fn fill(&self) -> Done {
        let mut filler = fs::File::create(self.filler()).doing("filling the disk")?;
        for size in [64 * 1024, 4 * 1024, 512, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
        Ok(())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_in_words_and_the_scan_succeeds_when_there_is_room() -> Done {
    let _alone = alone().await;
    let scene = Scene::set("full-disk")?;
    let Some(disk) = SmallDisk::mount(&scene)? else { return Ok(()) };
    let data = scene.path("desk");
    fs::create_dir(&data).doing("the desk's folder")?;
    // SQLite follows the link, so that log.db and its write-ahead log are on the small disk and everything else is not.
    std::os::unix::fs::symlink(disk.0.join("log.db"), data.join("log.db"))
        .doing("a link to the small disk")?;
    let server = Server::open(&scene).await?;
    let app = App::start(&scene, &Start { windows: "desk", data }).await?;
    let desk = app.window("desk").await?;
    connect(&desk, &server, "Desk 1").await?;
    start_session(&desk, "").await?;
    let_in_by_scanner(&desk, OPENING[0]).await?;
    demand(disk.0.join("log.db-wal").exists(), || "the log is not on the small disk".into())?;
    step("the disk is full: red, in words, and nobody is in");
    disk.fill()?;
    scene.hold_up(OPENING[1].1)?;
    let not_saved = Card {
        verdict: "registered",
        outcome: "not_saved",
        class: "F",
        title: "Not saved",
        name: OPENING[1].0,
    };
    let card = desk.card(&not_saved).await?;
    let words = card.text().await.doing("the card")?;
    demand(words.contains("disk is full") && words.contains("another desk"), || {
        format!("the card says \"{words}\"")
    })?;
    desk.screenshot("01-not-saved").await?;
    chip(&desk, "room", &format!("1 of {CAPACITY}")).await?;
    step("room again: the same ticket succeeds");
    fs::remove_file(disk.filler()).doing("making room")?;
    scene.take_away()?;
    let_in_by_scanner(&desk, OPENING[1]).await?;
    chip(&desk, "room", &format!("2 of {CAPACITY}")).await?;
    chip(&desk, "waiting", "0").await?;
    desk.screenshot("02-saved").await?;
    let inside = server.inside("Opening")?;
    demand(inside == 2, || format!("the server has {inside} inside, the desk 2"))?;
    app.end().await
}
