//! The evening from the organiser's tables to the count.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    process::{Command, ExitStatus},
    thread,
};

use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{
    Failure, Orders,
    cast::{self, Cast, Room},
    clock,
    organiser::{Organiser, Service},
    pictures,
    plan::{Act, Script},
    proxy::{Line, Proxy},
    record::{self, What},
    script::Writer,
    seat::Seat,
};

const DESKS: usize = 3;
/// What the cut is for each desk.
const CUT: [Line; DESKS] = [Line::Passes, Line::Refuses, Line::Hangs];

/// Carries the whole door out and runs the count over it; whether the count agrees.
///
/// # Errors
/// Something could not be carried out: a process that does not start, a call without an answer, a disk.
pub fn run(orders: &Orders, count: &Path) -> Result<bool, Failure> {
    let folders = ["pictures", "logs"].map(|name| orders.out.join(name));
    for folder in &folders {
        fs::create_dir_all(folder)?;
    }
    let cast = Cast::new(&mut StdRng::seed_from_u64(orders.seed));
    let organiser = Organiser::new(&orders.server, &orders.out);
    prepare(&organiser, &cast, &orders.out)?;
    let script = Writer::new(orders.seed, cast).write();
    say("drawing the pictures");
    pictures::draw_all(&script.arrivals().collect::<Vec<_>>(), &folders[0], orders.seed)?;
    let runtime = Runtime::new()?;
    let mut stage = Stage::open(orders, organiser, &runtime)?;
    stage.play(&script)?;
    stage.write()?;
    drop(stage);
    Ok(counted(count, &orders.out)?.success())
}

fn say(what: &str) {
    println!("scripted door: {what}");
}

/// The event, through the organiser's own commands.
fn prepare(organiser: &Organiser, cast: &Cast, out: &Path) -> Result<(), Failure> {
    say("making the event");
    let (sessions, people) = (out.join("sessions.csv"), out.join("people.csv"));
    cast::write_sessions(&sessions, clock::wall_ms())?;
    cast.write_people(&people)?;
    organiser.run(&["event", "create", "--name", "Scripted door", "--time-zone", "Europe/Madrid"])?;
    organiser.run(&["import", "sessions", &sessions.to_string_lossy()])?;
    organiser.run(&["import", "participants", &people.to_string_lossy()])?;
    Ok(())
}

/// Runs the independent count; its words go where this program's go.
fn counted(count: &Path, out: &Path) -> Result<ExitStatus, Failure> {
    let run = Command::new("python3").arg(count).arg(out).status();
    run.map_err(|error| {
        format!("the count needs python3, which could not be started ({error}): install python3").into()
    })
}

/// Everything that runs.
struct Stage<'a> {
    orders: &'a Orders,
    organiser: Organiser,
    seats: Vec<Seat>,
    proxies: Vec<Proxy>,
    service: Service,
}

impl<'a> Stage<'a> {
    fn open(orders: &'a Orders, organiser: Organiser, runtime: &Runtime) -> Result<Self, Failure> {
        say("opening the server and three desks");
        let service = organiser.serve()?;
        let (mut seats, mut proxies) = (Vec::new(), Vec::new());
        for index in 0..DESKS {
            let proxy = Proxy::start(runtime.handle(), service.address, orders.seed)?;
            let mut seat = Seat::new(index, orders)?;
            let address = format!("http://{}", proxy.address);
            let printed = organiser.run(&["enrol", "--name", &seat.name, "--address", &address, "--json"])?;
            let code: Value = serde_json::from_str(&printed)?;
            seat.connect(code["setup"].as_str().ok_or("the enrolment has no setup string")?)?;
            seats.push(seat);
            proxies.push(proxy);
        }
        Ok(Self { orders, organiser, seats, proxies, service })
    }

    fn play(&mut self, script: &Script) -> Result<(), Failure> {
        say("doors open, everybody online");
        self.act("online", &script.online)?;
        self.settle()?;
        self.act("together", &script.together)?;
        self.settle()?;
        say("the network is cut: desk 2 is refused, desk 3 hears nothing");
        self.cut(true)?;
        self.act("cut", &script.cut)?;
        say("the network is back");
        self.cut(false)?;
        self.settle()?;
        self.act("healed", &script.healed)?;
        self.settle()?;
        self.compare_rooms()?;
        match self.service.runs()? {
            true => Ok(()),
            false => Err("the server ended during the evening; see logs/server.log".into()),
        }
    }

    /// Three volunteers at work at the same time.
    fn act(&mut self, name: &'static str, steps: &Act) -> Result<(), Failure> {
        thread::scope(|scope| {
            let at_work = |(seat, steps): (&'_ mut Seat, &'_ Vec<_>)| seat.carry_out(name, steps);
            let all: Vec<_> =
                self.seats.iter_mut().zip(steps).map(|both| scope.spawn(move || at_work(both))).collect();
            all.into_iter()
                .try_for_each(|one| one.join().unwrap_or_else(|_| Err("a volunteer fell over".into())))
        })
    }

    /// Everything is sent, then everybody knows everything.
    fn settle(&mut self) -> Result<(), Failure> {
        self.seats.iter_mut().try_for_each(Seat::sync)?;
        self.seats.iter_mut().try_for_each(Seat::sync)
    }

    fn cut(&mut self, begins: bool) -> Result<(), Failure> {
        for ((seat, proxy), line) in self.seats.iter_mut().zip(&self.proxies).zip(CUT) {
            if line == Line::Passes {
                continue;
            }
            // Between the two marks nothing passes, whichever way the change itself went.
            if begins {
                proxy.turn(line)?;
                seat.mark("cut_start");
            } else {
                seat.mark("cut_end");
                proxy.turn(Line::Passes)?;
            }
            seat.lined = !begins;
        }
        Ok(())
    }

    /// What each desk says about each room, when all of them know everything.
    fn compare_rooms(&mut self) -> Result<(), Failure> {
        for room in Room::ALL {
            for seat in &mut self.seats {
                seat.start(room)?;
                let inside = seat.look()?["room"]["inside"].as_u64().ok_or("a desk knows no room")?;
                seat.write_down(clock::wall_ms(), What::Inside(inside));
            }
        }
        // Changing rooms gave places back.
        self.settle()
    }

    /// The plan as carried out, and the exports.
    fn write(&mut self) -> Result<(), Failure> {
        for seat in &mut self.seats {
            seat.export(&format!("desk-{}.csv", seat.index + 1))?;
            seat.call("quit", json!({}))?;
        }
        let (server, guests) = (self.orders.out.join("server.csv"), self.orders.out.join("guests.csv"));
        self.organiser.run(&["export", "check-ins", "--out", &server.to_string_lossy()])?;
        self.organiser.run(&["export", "guests", "--out", &guests.to_string_lossy()])?;
        let people = people(&guests)?;
        let rows = self.seats.iter_mut().flat_map(|seat| std::mem::take(&mut seat.rows)).collect();
        record::write(&self.orders.out.join("plan.csv"), rows, |code| {
            people.get(code).cloned().unwrap_or_default()
        })
    }
}

/// The ids of those who have a code.
fn people(guests: &Path) -> Result<HashMap<String, String>, Failure> {
    let mut csv = csv::Reader::from_path(guests)?;
    let headers = csv.headers()?.clone();
    let column =
        |name: &str| headers.iter().position(|one| one == name).ok_or(format!("guests.csv has no {name}"));
    let (code, person) = (column("code")?, column("person_id")?);
    let pair = |row: csv::StringRecord| (row[code].to_owned(), row[person].to_owned());
    Ok(csv.records().map(|row| row.map(pair)).collect::<Result<_, _>>()?)
}
