//! Requests and answers (section 6), and what each side does with them.

use crate::{
    configuration::Configuration,
    copies::find_fork,
    desk::is_running,
    feature::Feature,
    holds::named,
    mutant::Mutant,
    state::{Answer, Desk, Disputed, Epoch, Hold, Message, Request, World},
    step::Step,
    terms::{Entry, Revision, desks, people, sessions},
    view::View,
};

/// Uploads by every road, and every message that is still under way.
pub(crate) fn offer(view: View<'_>, steps: &mut Vec<Step>) {
    for desk in desks().filter(|desk| is_running(view, *desk)) {
        let station = &view.world.desks[desk];
        steps.push(Step::Send { desk });
        if view.rules.has(Feature::Pages) {
            let pages = station.handed + 1..station.length();
            steps.extend(pages.map(|length| Step::SendPage { desk, length }));
        }
        if view.rules.has(Feature::Carry) && station.length() > view.world.server.epochs[desk].counted {
            steps.push(Step::Carry { desk });
        }
    }
    steps.extend(view.world.network.iter().map(|message| Step::Deliver(*message)));
}

/// Sends and delivers.
pub(crate) fn take(view: View<'_>, after: &mut World, step: Step) {
    match step {
        Step::Send { desk } | Step::Carry { desk } => {
            let length = view.world.desks[desk].length();
            let carried = matches!(step, Step::Carry { .. });
            let commits = !carried || !view.follows(Mutant::CarryWithoutHandover);
            send(view, after, desk, length, commits);
        }
        Step::SendPage { desk, length } => send(view, after, desk, length, true),
        Step::Deliver(Message::Request(request)) => receive(view, after, request),
        Step::Deliver(Message::Answer(answer)) => {
            let reopened = view.follows(Mutant::GrantFollowsMachine) && view.world.desks[1].exists;
            let desk = if reopened { 1 } else { usize::from(answer.desk) };
            apply(view.rules, &mut after.desks[desk], answer);
        }
        _ => {}
    }
}

/// "Before the first byte of the log leaves by any road the station commits `handed = its last seq`"; "paged uploads hand over
/// as a whole".
fn send(view: View<'_>, after: &mut World, desk: usize, length: u8, commits: bool) {
    let station = &mut after.desks[desk];
    let handed = if view.follows(Mutant::HandoverPerPage) { length } else { station.length() };
    if commits {
        station.handed = station.handed.max(handed);
    }
    let request = Request {
        desk: desk as u8,
        length,
        handed,
        granted: station.granted,
        term: station.term,
        holds: if view.follows(Mutant::HoldsNotReported) { Default::default() } else { station.holds },
        claims: if view.follows(Mutant::CutoffByField) { station.seen } else { Revision::default() },
        closing: view.follows(Mutant::CloseByAnnouncement) && station.is_closed(),
    };
    after.network.insert(Message::Request(request));
}

/// The server takes a request: "it never rejects an authentic entry".
fn receive(view: View<'_>, after: &mut World, request: Request) {
    let (desk, epoch) = (usize::from(request.desk), view.identity(usize::from(request.desk)));
    enlist(view, after, epoch);
    let known = &mut after.server.epochs[epoch];
    if known.revoked && !view.follows(Mutant::DisputedCounted) {
        dispute(&mut after.server.epochs[desk], request);
        return;
    }
    known.mistakes.claims = known.mistakes.claims.max(request.claims);
    known.mistakes.closing |= request.closing;
    count(view, after, desk, request.length, request.handed);
    learn(view, after, epoch, request);
}

/// An epoch that opened without the server comes on the roster, in the file outside the database as well.
fn enlist(view: View<'_>, after: &mut World, epoch: usize) {
    let known = &mut after.server.epochs[epoch];
    if !known.known {
        known.known = true;
        known.reported = true;
        after.roster[epoch] |= !view.follows(Mutant::RosterEnrolmentsOnly);
    }
}

/// "Entries first received after a revocation are disputed: kept, but as if unreceived until a supervisor accepts them."
fn dispute(account: &mut Epoch, request: Request) {
    let so_far = account.disputed.map_or(account.counted, |disputed| disputed.length);
    if request.length > so_far {
        account.disputed = Some(Disputed { length: request.length, handed: request.handed });
    }
}

/// A prefix counts from now on, and the handover that was stated with it once it is covered.
pub(crate) fn count(view: View<'_>, after: &mut World, desk: usize, length: u8, handed: u8) {
    let shared = view.shared(desk);
    if view.identity(desk) != desk {
        let original = &mut after.server.epochs[view.identity(desk)];
        advance(original, length.min(shared), handed.min(shared));
    }
    if view.identity(desk) == desk || length > shared {
        advance(&mut after.server.epochs[desk], length, handed);
    }
    find_fork(view.rules, after);
}

fn advance(known: &mut Epoch, length: u8, handed: u8) {
    known.counted = known.counted.max(length);
    if known.counted >= handed {
        known.handed = known.handed.max(handed);
    }
}

/// Grants are server-signed, so that they teach a restored server; a report bears the new term and brings the desk's holds.
fn learn(view: View<'_>, after: &mut World, epoch: usize, request: Request) {
    let term = after.server.term;
    let known = &mut after.server.epochs[epoch];
    for (mine, theirs) in known.granted.iter_mut().zip(request.granted) {
        *mine = (*mine).max(theirs);
    }
    if request.term != term && !view.follows(Mutant::LearnFromStaleRequest) {
        return;
    }
    if !known.reported {
        known.reported = true;
        learn_holds(after, request);
    }
}

fn learn_holds(after: &mut World, request: Request) {
    for (session, person) in sessions().flat_map(|session| people().map(move |person| (session, person))) {
        let hold = after.server.hold_mut(session, person);
        if request.holds.contains(session, person) && *hold == Hold::None {
            *hold = Hold::Held;
        }
    }
}

/// The desk takes an answer: totals, never deltas; "a message of an older term is ignored".
fn apply(rules: &Configuration, station: &mut Desk, answer: Answer) {
    let fresh = answer.at.term >= station.term;
    for (mine, total) in station.granted.iter_mut().zip(answer.granted) {
        if rules.follows(Mutant::DeltaGrant) {
            *mine = (*mine + u8::from(total > 0)).min(rules.grants_max + 1);
        } else if fresh || rules.follows(Mutant::StaleTermGrant) {
            *mine = (*mine).max(total);
        }
    }
    if !fresh {
        return;
    }
    station.term = answer.at.term;
    if rules.follows(Mutant::StaleHoldMessage) {
        station.holds = station.holds.with(answer.held);
    }
    if answer.at > station.seen {
        apply_settings(rules, station, answer);
    }
    if answer.stop && station.stopped_at.is_none() {
        station.stopped_at = Some(station.length());
    }
}

/// "The cursor is (term, position)"; an older one is ignored. A hold that ended is answered by an entry, "so that all earlier
/// held check-ins are in".
fn apply_settings(rules: &Configuration, station: &mut Desk, answer: Answer) {
    station.seen = answer.at;
    station.holds = station.holds.with(answer.held).without(answer.ended);
    for session in sessions().filter(|session| answer.ended.any_of(*session)) {
        if !station.is_closed() && !rules.follows(Mutant::CutoffByField) {
            station.log.push(Entry::HoldsEnded { session, revision: named(rules, answer.at) });
        }
    }
    let length = station.length();
    for (mine, limited) in station.limited_at.iter_mut().zip(answer.limited) {
        if limited && mine.is_none() {
            *mine = Some(length);
        }
    }
}
