//! The evening: opened, worked through, healed, and handed to the observer.

use std::{fs, thread};

use serde_json::json;
use tokio::{runtime::Runtime, sync::watch};

use super::{
    Orders, Report,
    doors::{self, ROOMS},
    observer::{self, Evidence},
    plan::{DESKS, Plan},
    said,
    server_life::live,
    volunteer::Volunteer,
};
use crate::real::{
    Failure,
    organiser::{Organiser, Service},
    proxy::{FAULTS, Line, Proxy},
};

/// Carries the evening out and has it observed.
///
/// # Errors
/// Something could not be carried out: a process that does not start or does not come back, a call without an answer, a disk.
pub fn run(orders: &Orders) -> Result<Report, Failure> {
    fs::create_dir_all(orders.out.join("logs"))?;
    let plan = Plan::new(orders.seed, orders.steps);
    plan.write(&orders.out.join("plan.txt"))?;
    let first = Organiser::new(orders.first_server(), &orders.out);
    let organiser = first.with(orders.last_server());
    doors::make(&first, &orders.out, orders.first_server() == orders.server)?;
    let runtime = Runtime::new()?;
    let service = first.serve()?;
    let mut volunteers = open(orders, &first, &service, &runtime)?;
    let mut report = Report::default();
    let service = work(&plan, &mut volunteers, (&first, &organiser), service, &runtime, &mut report)?;
    // Twice: what one desk sent last, the others know after the second.
    for _ in 0..2 {
        volunteers.iter_mut().try_for_each(Volunteer::settle)?;
    }
    let evidence = gather(orders, &organiser, &service, &mut volunteers)?;
    tell(&volunteers, &mut report);
    observer::compare(&evidence, &mut report);
    drop(service);
    own_checks(orders, &organiser, &mut report);
    Ok(report)
}

/// What Usher says of itself, in this version; and an earlier version must not touch what this one has had in its hands.
fn own_checks(orders: &Orders, organiser: &Organiser, report: &mut Report) {
    let newest = organiser.with(&orders.server);
    for command in ["check", "verify"] {
        if let Err(error) = newest.run(&[command]) {
            report.wrong.push(format!("usher-server {command}: {error}"));
        }
    }
    let Some(older) = &orders.older else { return };
    match organiser.with(&older.server).run(&["check"]) {
        Err(words) if words.to_string().contains("newer version") => {}
        other => report
            .wrong
            .push(format!("the earlier server does not refuse the newer database in words: {other:?}")),
    }
}

fn open(
    orders: &Orders,
    organiser: &Organiser,
    service: &Service,
    runtime: &Runtime,
) -> Result<Vec<Volunteer>, Failure> {
    let mut volunteers = Vec::new();
    for index in 0..DESKS {
        let seed = orders.seed.wrapping_mul(31).wrapping_add(index as u64);
        let proxy = Proxy::start(runtime.handle(), service.address, seed)?;
        let address = format!("http://{}", proxy.address);
        let mut volunteer = Volunteer::new(index, orders, proxy)?;
        let code = organiser.enrol("desk", &volunteer.name, &address)?;
        volunteer.connect(code["setup"].as_str().ok_or("the enrolment has no setup string")?)?;
        volunteers.push(volunteer);
    }
    Ok(volunteers)
}

/// Everybody at work, while the server is killed beside them.
fn work(
    plan: &Plan,
    volunteers: &mut [Volunteer],
    organisers: (&Organiser, &Organiser),
    service: Service,
    runtime: &Runtime,
    report: &mut Report,
) -> Result<Service, Failure> {
    let (done, steps) = watch::channel(0);
    let networks: Vec<_> = volunteers.iter().map(|volunteer| volunteer.proxy.seen()).collect();
    let (service, hits, kills) = thread::scope(|scope| {
        let life =
            scope.spawn(|| live(runtime.handle(), organisers, service, &plan.outages, steps, &networks));
        let at_work: Vec<_> = volunteers
            .iter_mut()
            .zip(&plan.desks)
            .map(|(volunteer, steps)| {
                let done = &done;
                scope.spawn(move || volunteer.carry_out(steps, done))
            })
            .collect();
        let worked: Vec<_> = at_work.into_iter().map(joined).collect();
        // No more steps come: whatever the server's life still waits for.
        done.send_replace(u64::MAX);
        let service = joined(life);
        worked.into_iter().collect::<Result<Vec<()>, _>>().and(service)
    })?;
    report.figures.push(("server killed", kills));
    report.figures.push(("server killed right behind a sync", hits));
    Ok(service)
}

fn joined<T>(one: thread::ScopedJoinHandle<'_, Result<T, Failure>>) -> Result<T, Failure> {
    one.join().unwrap_or_else(|_| Err("somebody fell over".into()))
}

/// What happened, for the report: a black box in which nothing went wrong proves nothing.
fn tell(volunteers: &[Volunteer], report: &mut Report) {
    report.figures.push(("desks killed", volunteers.iter().map(|one| one.kills).sum()));
    let seen: Vec<_> = volunteers.iter().map(|one| *one.proxy.seen().borrow()).collect();
    report.figures.push(("syncs through flaky networks", seen.iter().map(|seen| seen.delivered).sum()));
    for fault in FAULTS {
        let name = match fault {
            crate::real::proxy::Fault::Delays => "exchanges delayed",
            crate::real::proxy::Fault::Cuts => "requests cut",
            crate::real::proxy::Fault::LosesAnswer => "answers lost",
            crate::real::proxy::Fault::Truncates => "answers truncated",
            crate::real::proxy::Fault::AsksTwice => "requests delivered twice",
            crate::real::proxy::Fault::RepeatsEarlier => "earlier answers repeated",
        };
        report.figures.push((name, seen.iter().map(|seen| seen.faults[fault as usize]).sum()));
    }
}

/// Everything that the observer may look at.
fn gather(
    orders: &Orders,
    organiser: &Organiser,
    service: &Service,
    volunteers: &mut [Volunteer],
) -> Result<Evidence, Failure> {
    let out = |name: String| orders.out.join(name);
    let mut rooms = Vec::new();
    let mut desk_logs = Vec::new();
    for (index, volunteer) in volunteers.iter_mut().enumerate() {
        volunteer.proxy.turn(Line::Passes)?;
        let path = out(format!("desk-{}.csv", index + 1));
        volunteer.call("export", json!({"path": path}))?;
        desk_logs.push(path);
        rooms.push(volunteer.call("look", json!({}))?);
    }
    let (server_log, guests) = (out("server.csv".into()), out("guests.csv".into()));
    organiser.run(&["export", "check-ins", "--out", &server_log.to_string_lossy()])?;
    organiser.run(&["export", "guests", "--out", &guests.to_string_lossy()])?;
    let said: Vec<_> = volunteers.iter().flat_map(|one| one.rows.iter().cloned()).collect();
    said::write(&out("said.csv".into()), &said)?;
    let code = organiser.enrol("supervisor", "Observer", &format!("http://{}", service.address))?;
    Ok(Evidence {
        said,
        desk_logs,
        views: rooms,
        server_log,
        guests,
        carried: volunteers.iter().flat_map(|one| one.saved.iter().cloned()).collect(),
        server: service.address,
        code: code["code"].as_str().ok_or("the enrolment has no code")?.to_owned(),
        seed: orders.seed,
        rooms: ROOMS.map(|room| (room.name.to_owned(), room.places)).into(),
    })
}
