//! What is kept of an evening: figures for the report, and everything that the observer may look at.

use std::path::PathBuf;

use serde_json::json;

use super::{
    super::{
        Report,
        diary::Diary,
        doors::ROOMS,
        observer::{Evidence, Lost},
        said,
        volunteer::Volunteer,
    },
    Evening, supervisor,
};
use crate::real::{
    Failure,
    organiser::Service,
    proxy::{FAULTS, Fault, Line},
};

impl Evening<'_> {
    /// Everything that the observer may look at.
    pub(super) fn gather(
        &self,
        service: &Service,
        volunteers: &mut [Volunteer],
        diary: Diary,
    ) -> Result<Evidence, Failure> {
        let (orders, organiser) = (self.orders, self.organisers.1);
        let out = |name: String| orders.out.join(name);
        let mut evidence = Evidence::default();
        for (index, volunteer) in volunteers.iter_mut().enumerate() {
            let path = out(format!("desk-{}.csv", index + 1));
            if volunteer.is_gone() {
                evidence.lost = Some(Lost { desk: index, by_file: self.beside.disk().is_some() });
                volunteer.turn(Line::Refuses)?;
                volunteer.restart()?;
            } else {
                volunteer.turn(Line::Passes)?;
                evidence.views.push(volunteer.call("look", json!({}))?);
            }
            volunteer.call("export", json!({"path": path}))?;
            evidence.desk_logs.push(path);
            evidence.said.extend(volunteer.rows.iter().cloned());
            evidence.synced.push(volunteer.synced.clone());
            let imported = |file: &&PathBuf| diary.carried.iter().any(|one| one.file == **file);
            // What a desk that stays lost had saved, and nobody imported, is as lost as the desk.
            let stays_lost = evidence.lost.is_some_and(|lost| lost.desk == index && !lost.by_file);
            evidence
                .carried
                .extend(volunteer.saved.iter().filter(|file| !stays_lost || imported(file)).cloned());
        }
        (evidence.server_log, evidence.guests) = (out("server.csv".into()), out("guests.csv".into()));
        organiser.run(&["export", "check-ins", "--out", &evidence.server_log.to_string_lossy()])?;
        organiser.run(&["export", "guests", "--out", &evidence.guests.to_string_lossy()])?;
        said::write(&out("said.csv".into()), &evidence.said)?;
        let observer = supervisor(organiser, service, &format!("the observer of seed {}", orders.seed))?;
        evidence.board = observer.board()?;
        evidence.diary = diary;
        evidence.rooms = ROOMS.map(|room| (room.name.to_owned(), room.places)).into();
        std::fs::write(out("beside.txt".into()), format!("{:#?}\n{:#}", evidence.diary, evidence.board))?;
        Ok(evidence)
    }
}

/// What happened, for the report: a black box in which nothing went wrong proves nothing.
pub(super) fn tell(volunteers: &[Volunteer], report: &mut Report) {
    report.figures.push(("desks killed", volunteers.iter().map(|one| one.kills).sum()));
    let seen: Vec<_> = volunteers.iter().map(|one| *one.proxy.seen().borrow()).collect();
    report.figures.push(("syncs through flaky networks", seen.iter().map(|seen| seen.delivered).sum()));
    for fault in FAULTS {
        let name = match fault {
            Fault::Delays => "exchanges delayed",
            Fault::Cuts => "requests cut",
            Fault::LosesAnswer => "answers lost",
            Fault::Truncates => "answers truncated",
            Fault::AsksTwice => "requests delivered twice",
            Fault::RepeatsEarlier => "earlier answers repeated",
        };
        report.figures.push((name, seen.iter().map(|seen| seen.faults[fault as usize]).sum()));
    }
}
