//! P4 in the end: incidents.

use std::collections::BTreeSet;

use usher_authority::Found;
use usher_core::incident::IncidentKind;
use usher_protocol::records::SessionRecord;

use crate::{
    oracle::broken,
    world::{Outcome, World},
};

/// P4: each double admission and each overshoot once, and nothing invented.
pub(super) fn all(world: &mut World) -> Outcome {
    let authority = world.server.authority();
    let found = authority.and_then(|authority| Ok((authority.incidents()?, authority.sessions()?)));
    let (found, sessions) = found.or_else(|error| broken(format!("no incidents in the end: {error}")))?;
    let ids: BTreeSet<_> = found.iter().map(|one| one.incident.id).collect();
    if ids.len() != found.len() {
        return broken("P4: an incident stands twice");
    }
    for session in &sessions {
        incidents_of(world, session, &found)?;
    }
    match found.iter().find(|one| one.incident.kind == IncidentKind::BrokenChain) {
        Some(one) => broken(format!("P4: no log was forked, and the server says {one:?}")),
        None => Ok(()),
    }
}

fn incidents_of(world: &mut World, session: &SessionRecord, found: &[Found]) -> Outcome {
    let id = session.rules.id;
    let of =
        |kind| found.iter().filter(move |one| one.incident.kind == kind && one.incident.session == Some(id));
    let due: Vec<_> = world.oracle.doubles(id).into_iter().map(Vec::from).collect();
    let mut seen: Vec<_> =
        of(IncidentKind::DoubleAdmission).map(|one| one.incident.entries.clone()).collect();
    seen.sort();
    if due != seen {
        return broken(format!("P4: the doubles of {id} are {due:?}, the server says {seen:?}"));
    }
    let (occupied, _) = world.oracle.counts(id);
    let over = session.rules.capacity.and_then(|places| occupied.checked_sub(u64::from(places)));
    let (over, noted) = (over.filter(|over| *over > 0), world.oracle.noted(id));
    let due: Vec<_> = over.filter(|over| *over > noted).map(Some).into_iter().collect();
    let seen: Vec<_> = of(IncidentKind::OverCapacity).map(|one| one.over_by).collect();
    if due != seen {
        return broken(format!(
            "P4: {id} is over by {over:?}, noted up to {noted}; the server says {seen:?}"
        ));
    }
    match (over, noted, due.is_empty()) {
        (Some(_), 0, _) => world.report.sometimes("over capacity"),
        (Some(_), _, true) => world.report.sometimes("an overshoot was noted for good"),
        (Some(_), _, false) => world.report.sometimes("more were over capacity than were noted"),
        (None, ..) => {}
    }
    let unknown = of(IncidentKind::UnknownAdmitted).flat_map(|one| one.incident.entries.iter().copied());
    world.oracle.check_unknown(id, unknown.collect())
}
