//! The evening: opened, worked through, healed, and handed to the observer.

mod gather;

use std::{collections::BTreeMap, fs, sync::Arc, thread};

use tokio::{runtime::Runtime, sync::watch};

use super::{
    Orders, Report,
    beside::Beside,
    diary::Diary,
    doors, lost,
    meanwhile::Meanwhile,
    observer,
    office::Office,
    plan::{DESKS, Plan},
    server_life::{Keeper, Life},
    volunteer::Volunteer,
};
use crate::real::{
    Failure,
    organiser::{Organiser, Service},
    proxy::{Proxy, Seen},
    supervisor::Supervisor,
};

/// Carries the evening out and has it observed.
///
/// # Errors
/// Something could not be carried out: a process that does not start or does not come back, a call without an answer, a disk.
pub fn run(orders: &Orders) -> Result<Report, Failure> {
    fs::create_dir_all(orders.out.join("logs"))?;
    let mut plan = Plan::new(orders.seed, orders.steps);
    if orders.older.is_some() {
        // Earlier versions know none of this.
        plan.meanwhile = Meanwhile::default();
    }
    plan.write(&orders.out.join("plan.txt"))?;
    let first = Organiser::new(orders.first_server(), &orders.out);
    let organiser = first.with(orders.last_server());
    doors::make(&first, &orders.out, orders.first_server() == orders.server)?;
    let runtime = Runtime::new()?;
    let service = first.serve()?;
    let evening = Evening { orders, plan, organisers: (&first, &organiser), runtime, beside: Arc::default() };
    let mut volunteers = evening.open(&service)?;
    let mut report = Report::default();
    let (service, diary) = evening.work(&mut volunteers, service, &mut report)?;
    // Twice: what one desk sent last, the others know after the second.
    for _ in 0..2 {
        volunteers.iter_mut().filter(|one| !one.is_gone()).try_for_each(Volunteer::settle)?;
    }
    gather::tell(&volunteers, &mut report);
    let evidence = evening.gather(&service, &mut volunteers, diary)?;
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

/// The evening, and whoever and whatever stands for its length.
struct Evening<'a> {
    orders: &'a Orders,
    plan: Plan,
    /// As the first and as the last version.
    organisers: (&'a Organiser, &'a Organiser),
    runtime: Runtime,
    beside: Arc<Beside>,
}

impl Evening<'_> {
    fn open(&self, service: &Service) -> Result<Vec<Volunteer>, Failure> {
        let mut volunteers = Vec::new();
        for index in 0..DESKS + usize::from(self.plan.meanwhile.lost.is_some()) {
            let seed = self.orders.seed.wrapping_mul(31).wrapping_add(index as u64);
            let proxy = Proxy::start(self.runtime.handle(), service.address, seed)?;
            let address = format!("http://{}", proxy.address);
            let mut volunteer = Volunteer::new(index, self.orders, proxy, &self.beside)?;
            let code = self.organisers.0.enrol("desk", &volunteer.name, &address)?;
            volunteer.connect(code["setup"].as_str().ok_or("the enrolment has no setup string")?)?;
            volunteers.push(volunteer);
        }
        Ok(volunteers)
    }

    /// A supervisor, unless an earlier version takes part.
    fn office<'a>(&'a self, service: &Service, lost: &'a str) -> Result<Option<Office<'a>>, Failure> {
        if self.orders.older.is_some() {
            return Ok(None);
        }
        let organiser = self.organisers.1;
        let supervisor = supervisor(organiser, service, &format!("the office of seed {}", self.orders.seed))?;
        let (beside, diary, wanted) = (&*self.beside, Diary::default(), BTreeMap::new());
        Ok(Some(Office { supervisor, organiser, beside, lost, diary, wanted }))
    }

    /// Everybody at work, while the server is killed beside them.
    fn work(
        &self,
        volunteers: &mut [Volunteer],
        service: Service,
        report: &mut Report,
    ) -> Result<(Service, Diary), Failure> {
        let lost = volunteers.get(DESKS).map(|one| one.name.clone()).unwrap_or_default();
        let mut office = self.office(&service, &lost)?;
        let life = self.all_at_once(volunteers, office.as_mut(), service)?;
        report.figures.push(("server killed", life.kills));
        report.figures.push(("server killed right behind a sync", life.hits));
        let mut diary = Diary::default();
        if let Some(mut office) = office {
            office.close(volunteers.iter().any(Volunteer::is_gone))?;
            diary = office.diary;
        }
        diary.put_back = life.put_back;
        Ok((life.service, diary))
    }

    fn all_at_once(
        &self,
        volunteers: &mut [Volunteer],
        office: Option<&mut Office<'_>>,
        service: Service,
    ) -> Result<Life, Failure> {
        let (done, _) = watch::channel(0);
        let done = &done;
        let networks: Vec<_> = volunteers.iter().map(|volunteer| volunteer.proxy.seen()).collect();
        thread::scope(|scope| {
            let life = scope.spawn(|| self.keep(service, done, &networks));
            let decided = scope.spawn(|| self.decide(office, done));
            let at_work: Vec<_> = volunteers
                .iter_mut()
                .enumerate()
                .map(|(index, volunteer)| scope.spawn(move || self.one(index, volunteer, done)))
                .collect();
            let worked: Vec<_> = at_work.into_iter().map(joined).collect();
            // No more steps come: whatever the server's life and the office still wait for.
            done.send_replace(u64::MAX);
            let (life, decided) = (joined(life), joined(decided));
            worked.into_iter().collect::<Result<Vec<()>, _>>().and(decided).and(life)
        })
    }

    /// The server's life. When it ends badly, nobody waits for the backup.
    fn keep(
        &self,
        service: Service,
        done: &watch::Sender<u64>,
        networks: &[watch::Receiver<Seen>],
    ) -> Result<Life, Failure> {
        let keeper = Keeper {
            runtime: self.runtime.handle(),
            organisers: self.organisers,
            outages: &self.plan.outages,
            backup: self.plan.meanwhile.backup,
            beside: &self.beside,
        };
        let life = keeper.live(service, done.subscribe(), networks);
        self.beside.put_back.tell();
        life
    }

    /// The office's evening. When it ends badly, the lost desk does not wait for it.
    fn decide(&self, office: Option<&mut Office<'_>>, done: &watch::Sender<u64>) -> Result<(), Failure> {
        let (deeds, runtime) = (&self.plan.meanwhile.office, self.runtime.handle());
        let worked = office.map_or(Ok(()), |office| office.work(deeds, runtime, done.subscribe()));
        self.beside.settled.tell();
        worked
    }

    /// A volunteer's evening. When it ends badly, nobody waits for it.
    fn one(&self, index: usize, volunteer: &mut Volunteer, done: &watch::Sender<u64>) -> Result<(), Failure> {
        let (beside, runtime) = (&*self.beside, self.runtime.handle());
        let worked = match (self.plan.desks.get(index), &self.plan.meanwhile.lost) {
            (Some(steps), _) => volunteer.carry_out(steps, done),
            (None, Some(lost)) => lost::carry_out(volunteer, lost, beside, runtime, done),
            (None, None) => Err("a desk without a plan".into()),
        };
        if worked.is_err() {
            done.send_replace(u64::MAX);
            beside.gone.tell();
        }
        worked
    }
}

/// Enrols a supervisor.
fn supervisor(organiser: &Organiser, service: &Service, word: &str) -> Result<Supervisor, Failure> {
    let code = organiser.enrol("supervisor", "Ines", &format!("http://{}", service.address))?;
    Supervisor::enrol(service.address, code["code"].as_str().ok_or("the enrolment has no code")?, word)
}

fn joined<T>(one: thread::ScopedJoinHandle<'_, Result<T, Failure>>) -> Result<T, Failure> {
    one.join().unwrap_or_else(|_| Err("somebody fell over".into()))
}
