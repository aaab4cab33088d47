//! Messages that can have no further effect are dropped, so that worlds which differ only in them are one.
//!
//! To drop too much would hide counterexamples, so whatever might become news again (after a restore, say) stays.

use crate::{
    configuration::Configuration,
    mutant::Mutant,
    state::{Answer, Message, Request, World},
    view::View,
};

/// Drops what is useless, after every step.
pub(crate) fn drop_useless(rules: &Configuration, after: &mut World) {
    let network = std::mem::take(&mut after.network);
    let view = View::of(rules, after);
    let useful = network.into_iter().filter(|message| match message {
        Message::Answer(answer) => is_answer_useful(view, answer),
        Message::Request(request) => is_request_useful(view, request),
    });
    after.network = useful.collect();
}

fn is_answer_useful(view: View<'_>, answer: &Answer) -> bool {
    if view.follows(Mutant::GrantFollowsMachine) {
        return true;
    }
    let station = &view.world.desks[usize::from(answer.desk)];
    let fresh = answer.at.term >= station.term;
    let more = answer.granted.iter().zip(station.granted).any(|(total, mine)| *total > mine);
    let revives = view.follows(Mutant::StaleHoldMessage) && !answer.held.without(station.holds).is_empty();
    let news = view.follows(Mutant::DeltaGrant)
        || more
        || answer.at.term > station.term
        || answer.at > station.seen
        || answer.at.term == station.term && revives
        || answer.stop && station.stopped_at.is_none();
    !station.dead && news && (fresh || more && view.follows(Mutant::StaleTermGrant))
}

fn is_request_useful(view: View<'_>, request: &Request) -> bool {
    let (desk, epoch) = (usize::from(request.desk), view.epoch(usize::from(request.desk)));
    let account = &view.world.server.epochs[desk];
    // A restore may still make it news.
    let restores = view.rules.restores > view.world.restores;
    let received = account.disputed.map_or(account.counted, |disputed| disputed.length.max(account.counted));
    let more = epoch.granted.iter().zip(request.granted).any(|(mine, theirs)| theirs > *mine);
    let reports = request.term == view.world.server.term || view.follows(Mutant::LearnFromStaleRequest);
    let copied = view.world.desks[1].copy.is_some();
    let handed = request.handed > account.handed && !epoch.revoked;
    restores
        || (if copied { is_branch_news(view, request) } else { request.length > received || handed })
        || more
        || !epoch.known
        || !epoch.reported && reports
        || request.claims > epoch.mistakes.claims
        || request.closing && !epoch.mistakes.closing
}

/// Of a copied epoch, a request below the fork speaks for the original's account.
fn is_branch_news(view: View<'_>, request: &Request) -> bool {
    let desk = usize::from(request.desk);
    let shared = view.shared(desk);
    let account = match request.length > shared {
        true => &view.world.server.epochs[desk],
        false => view.epoch(desk),
    };
    request.length > account.counted || request.handed > account.handed
}
