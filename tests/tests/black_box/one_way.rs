//! A network that is lost in one direction only, by the kernel and not by a proxy.

use std::{collections::BTreeSet, path::Path, time::Duration};

use serde_json::{Value, json};
use usher_tests::real::{Failure, clock, desk::Process, organiser::Organiser, programs::program};

use crate::network::{Lost, Network};

const SYNC: Duration = Duration::from_secs(60);
/// A call that nobody answers is given up after 8 s.
const OFFLINE: Duration = Duration::from_secs(30);

fn make_event(organiser: &Organiser, out: &Path) -> Result<(), Failure> {
    let time = |minutes: i64| {
        chrono::DateTime::from_timestamp_millis(clock::wall_ms() + minutes * 60_000).unwrap().to_rfc3339()
    };
    let (sessions, guests) = (out.join("sessions.csv"), out.join("guests.csv"));
    std::fs::write(&sessions, format!("name,start,end,capacity\nHall,{},{},20\n", time(-5), time(120)))?;
    let guest = |n: u32| format!("Guest {n},ONE-WAY-{n:03},Hall\n");
    std::fs::write(
        &guests,
        (0..20).map(guest).fold("name,code,sessions\n".to_owned(), |all, one| all + &one),
    )?;
    organiser.run(&["event", "create", "--name", "One way", "--time-zone", "Europe/Madrid"])?;
    organiser.run(&["import", "sessions", &sessions.to_string_lossy()])?;
    organiser.run(&["import", "participants", &guests.to_string_lossy()])?;
    Ok(())
}

fn connect(desk: &mut Process, setup: &Value) -> Result<(), Failure> {
    let answer = desk.call("connect", json!({"address": "", "code": setup["setup"]}))?;
    assert_eq!(answer["kind"], json!("connected"), "{answer}");
    assert!(desk.sync(SYNC)?);
    let session = desk.call("look", json!({}))?["sessions"][0]["id"].clone();
    desk.call("start", json!({"session": session, "initials": "OW"}))?;
    assert!(desk.sync(SYNC)?);
    Ok(())
}

/// Lets a guest in, whatever the network does.
fn let_in(desk: &mut Process, guest: u32) -> Result<(), Failure> {
    assert!(scan(desk, guest)?, "guest {guest} was not let in");
    Ok(())
}

/// Whether a guest is let in at the scan.
fn scan(desk: &mut Process, guest: u32) -> Result<bool, Failure> {
    let card = desk.call("scan", json!({"readings": [format!("ONE-WAY-{guest:03}")], "found": "camera"}))?;
    Ok(card["outcome"]["kind"] == json!("let_in"))
}

fn inside(desk: &mut Process) -> Result<Value, Failure> {
    Ok(desk.call("look", json!({}))?["room"]["inside"].clone())
}

/// The people in the server's export whose check-ins stand, and how many check-ins that are.
fn exported(organiser: &Organiser) -> Result<(usize, usize), Failure> {
    let table = organiser.run(&["export", "check-ins"])?;
    let rows: Vec<std::collections::HashMap<String, String>> =
        csv::Reader::from_reader(table.as_bytes()).deserialize().collect::<Result<_, _>>()?;
    let standing: Vec<_> =
        rows.iter().filter(|row| row["kind"] == "check_in" && row["released"] == "no").collect();
    let people: BTreeSet<_> = standing.iter().map(|row| &row["person_id"]).collect();
    Ok((people.len(), standing.len()))
}

#[test]
fn a_network_lost_in_one_direction_loses_nobody() {
    let network = match Network::lay() {
        Ok(network) => network,
        Err(why) => {
            println!("SKIPPED: a one-way partition by network namespaces is not possible here: {why}");
            return;
        }
    };
    partition(&network).unwrap();
}

fn partition(network: &Network) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let out = folder.path();
    std::fs::create_dir_all(out.join("logs"))?;
    let organiser = Organiser::new(&program("USHER_SERVER", "usher-server")?, out);
    make_event(&organiser, out)?;
    let service = organiser.serve_at(format!("{}:0", network.server()).parse()?, &["--tls-self-signed"])?;
    let address = format!("https://{}", service.address);
    let binary = program("USHER_DESK", "usher-desk")?;
    let log = |name: &str| out.join("logs").join(name);
    let mut far = Process::start_as(network.command(&binary), "Far", &out.join("far"), &log("far.log"))?;
    let mut near = Process::start(&binary, "Near", &out.join("near"), &log("near.log"))?;
    connect(&mut far, &organiser.enrol("desk", "Far", &address)?)?;
    connect(&mut near, &organiser.enrol("desk", "Near", &address)?)?;
    let (mut people, mut check_ins) = (0, 0);
    for (turn, lost) in [Lost::ToTheDesk, Lost::ToTheServer].into_iter().enumerate() {
        let first = turn as u32 * 10;
        network.lose(lost)?;
        let_in(&mut far, first)?;
        clock::wait_for("the far desk notices", OFFLINE, || {
            Ok((far.call("look", json!({}))?["link"]["kind"] == json!("offline")).then_some(()))
        })?;
        // One ticket at both desks, and a guest of its own at each. What the far desk sends on a line that stands still reaches the
        // server where only the answers are lost: then the near desk knows.
        let heard = lost == Lost::ToTheDesk && !scan(&mut near, first)?;
        if lost != Lost::ToTheDesk {
            let_in(&mut near, first)?;
        }
        let_in(&mut near, first + 1)?;
        let_in(&mut far, first + 2)?;
        assert!(near.sync(SYNC)?);
        assert_eq!(
            exported(&organiser)?,
            (people + 2, check_ins + 2),
            "{lost:?}: nothing of the far desk arrives"
        );
        network.lose(Lost::Nothing)?;
        (people, check_ins) = (people + 3, check_ins + 4 - usize::from(heard));
        for _ in 0..2 {
            assert!(far.sync(SYNC)? && near.sync(SYNC)?);
        }
        assert_eq!(
            exported(&organiser)?,
            (people, check_ins),
            "{lost:?}: everybody counts, the double admission too"
        );
        assert_eq!((inside(&mut far)?, inside(&mut near)?), (json!(people), json!(people)));
    }
    organiser.run(&["check"])?;
    organiser.run(&["verify"]).map(drop)
}
