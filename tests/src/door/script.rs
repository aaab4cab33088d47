//! The plan: who comes to which desk, in which order, and what the plan says about each.
//!
//! Four acts: everybody online; desks that know each other's check-ins; the cut; healed. The first desk stays online.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};

use super::{
    cast::{Cast, Room, secret},
    plan::{Act, Arrival, Expect, Script, Standing, Step},
};

/// Arrivals in all.
pub(super) const ARRIVALS: usize = 600;

/// A group of arrivals that stay together when the order is shuffled.
type Group = Vec<(Option<String>, Standing, Expect)>;

/// Makes the plan out of the cast.
pub(super) struct Writer {
    rng: StdRng,
    cast: Cast,
    nr: usize,
}

/// Codes that come to several desks.
struct Shared {
    first_second: Vec<String>,
    second_third: Vec<String>,
    first_third: Vec<String>,
    all: Vec<String>,
}

impl Writer {
    pub(super) fn new(seed: u64, cast: Cast) -> Self {
        Self { rng: StdRng::seed_from_u64(seed ^ 0x5eed), cast, nr: 0 }
    }

    pub(super) fn write(mut self) -> Script {
        let (online, shown) = self.online();
        let (together, late) = self.together(&shown);
        let (cut, shared) = self.cut(&late);
        let healed = self.healed(&shown, &shared);
        Script { online, together, cut, healed }
    }

    /// Gives also the codes let in to the exhibition at the second desk.
    fn online(&mut self) -> (Act, Vec<String>) {
        let mut first = registered(take(&mut self.cast.main, 60));
        first.extend(self.oddities(4, 2, 2, 2));
        first.extend(self.unregistered(3, 3));
        first.extend(twice(take(&mut self.cast.main, 3)));
        first.push(no_code());
        let shown = take(&mut self.cast.exhibition, 60);
        let mut second = registered(shown.clone());
        second.extend(self.oddities(2, 2, 0, 1));
        second.extend(self.unregistered(1, 1));
        second.extend(twice(take(&mut self.cast.exhibition, 2)));
        second.push(no_code());
        let mut third = registered(take(&mut self.cast.workshop, 12));
        third.extend(self.oddities(2, 2, 1, 1));
        third.extend(self.unregistered(0, 2));
        let act = [(Room::Main, first), (Room::Exhibition, second), (Room::Workshop, third)];
        let mut act = act.map(|(room, groups)| self.scene(room, groups));
        // The check-in was handed over long before it is taken back.
        act[0].extend([Step::Sync, Step::Undo(Room::Main)]);
        (act, shown)
    }

    /// The first desk moves to the exhibition and knows who came to the second. Gives also who comes new.
    fn together(&mut self, shown: &[String]) -> (Act, Vec<String>) {
        let late = take(&mut self.cast.exhibition, 5);
        let mut first = already_in(&shown[..5]);
        first.extend(registered(late.clone()));
        ([self.scene(Room::Exhibition, first), Vec::new(), Vec::new()], late)
    }

    fn cut(&mut self, late: &[String]) -> (Act, Shared) {
        let mut fresh = |count| take(&mut self.cast.exhibition, count);
        let shared =
            Shared { first_second: fresh(12), second_third: fresh(12), first_third: fresh(6), all: fresh(3) };
        let first = self.cut_first(&shared);
        let second = self.cut_second(&shared, late);
        let third = self.cut_third(&shared);
        ([first, second, third], shared)
    }

    fn cut_first(&mut self, shared: &Shared) -> Vec<Step> {
        let workshop = maybe(take(&mut self.cast.workshop, 22));
        let mut steps = self.scene(Room::Workshop, workshop);
        let mut groups = registered(take(&mut self.cast.exhibition, 20));
        for codes in [&shared.first_second, &shared.first_third, &shared.all] {
            groups.extend(registered(codes.clone()));
        }
        groups.extend(self.oddities(1, 2, 1, 1));
        steps.extend(self.scene(Room::Exhibition, groups));
        steps
    }

    fn cut_second(&mut self, shared: &Shared, late: &[String]) -> Vec<Step> {
        let before = registered(take(&mut self.cast.exhibition, 12));
        let mut steps = self.scene(Room::Exhibition, before);
        // Not handed over: the desk cannot reach the server.
        steps.push(Step::Undo(Room::Exhibition));
        let mut groups = registered(take(&mut self.cast.exhibition, 48));
        for codes in [&shared.first_second, &shared.second_third, &shared.all] {
            groups.extend(registered(codes.clone()));
        }
        groups.extend(already_in(late));
        groups.extend(twice(take(&mut self.cast.exhibition, 3)));
        groups.extend(self.oddities(2, 2, 1, 1));
        groups.extend(self.unregistered(1, 1));
        steps.extend(self.arrivals(groups));
        steps.push(Step::Undo(Room::Exhibition));
        steps
    }

    fn cut_third(&mut self, shared: &Shared) -> Vec<Step> {
        let before = maybe(take(&mut self.cast.workshop, 6));
        let mut steps = self.scene(Room::Workshop, before);
        steps.push(Step::Undo(Room::Workshop));
        let more = maybe(take(&mut self.cast.workshop, 8));
        steps.extend(self.arrivals(more));
        steps.push(Step::Kill);
        let mut after = maybe(take(&mut self.cast.workshop, 16));
        after.extend(self.oddities(1, 2, 0, 0));
        steps.extend(self.arrivals(after));
        let mut groups = registered(take(&mut self.cast.exhibition, 15));
        for codes in [&shared.second_third, &shared.first_third, &shared.all] {
            groups.extend(registered(codes.clone()));
        }
        steps.extend(self.scene(Room::Exhibition, groups));
        steps
    }

    fn healed(&mut self, shown: &[String], shared: &Shared) -> Act {
        let first = self.healed_first();
        let mut groups = already_in(&shared.first_third);
        groups.extend(again(&shared.second_third[..4]));
        groups.extend(registered(take(&mut self.cast.exhibition, 40)));
        groups.extend(again(&shown[5..8]));
        groups.extend(self.oddities(2, 2, 1, 1));
        let second = self.scene(Room::Exhibition, groups);
        let mut groups = already_in(&shown[8..13]);
        groups.extend(self.oddities(1, 2, 1, 2));
        groups.extend(self.unregistered(1, 1));
        groups.push(no_code());
        // As many as are missing to the round number.
        let missing = ARRIVALS.saturating_sub(self.nr + groups.iter().map(Vec::len).sum::<usize>());
        groups.extend(registered(take(&mut self.cast.exhibition, missing)));
        [first, second, self.scene(Room::Exhibition, groups)]
    }

    /// A seat in the full workshop is freed, and given again; then the main hall.
    fn healed_first(&mut self) -> Vec<Step> {
        let mut steps = vec![Step::Start(Room::Workshop), Step::Sync, Step::Undo(Room::Workshop), Step::Sync];
        let next = maybe(take(&mut self.cast.workshop, 2));
        steps.extend(self.arrivals(next));
        let mut groups = registered(take(&mut self.cast.main, 40));
        groups.extend(self.oddities(2, 2, 1, 1));
        steps.extend(self.scene(Room::Main, groups));
        steps
    }

    fn scene(&mut self, room: Room, groups: Vec<Group>) -> Vec<Step> {
        let mut steps = vec![Step::Start(room)];
        steps.extend(self.arrivals(groups));
        steps
    }

    fn arrivals(&mut self, mut groups: Vec<Group>) -> Vec<Step> {
        groups.shuffle(&mut self.rng);
        let numbered = groups.into_iter().flatten().map(|(code, standing, expect)| {
            self.nr += 1;
            Step::Arrive(Arrival { nr: self.nr, code, standing, expect })
        });
        numbered.collect()
    }

    fn oddities(&mut self, cancelled: usize, unknown: usize, other: usize, addresses: usize) -> Vec<Group> {
        let refused = |standing| move |code| vec![(Some(code), standing, Expect::Refused)];
        let mut groups: Vec<Group> =
            take(&mut self.cast.cancelled, cancelled).into_iter().map(refused(Standing::Cancelled)).collect();
        groups.extend((0..unknown).map(|_| secret(&mut self.rng)).map(refused(Standing::Unknown)));
        groups.extend((0..other).map(|_| self.other_events_code()).map(refused(Standing::OtherEvent)));
        let address = |n: u32| format!("https://example.org/menu/{n}");
        let addresses = (0..addresses).map(|_| address(self.rng.random()));
        groups.extend(addresses.map(|code| vec![(Some(code), Standing::NotATicket, Expect::Silent)]));
        groups
    }

    /// A code of the form that Usher prints, for an event that is not this one.
    fn other_events_code(&mut self) -> String {
        const LETTERS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut letters = |count: usize| {
            (0..count).map(|_| char::from(LETTERS[self.rng.random_range(0..32)])).collect::<String>()
        };
        format!("U-{}-{}", letters(6), letters(26))
    }

    fn unregistered(&mut self, anyway: usize, away: usize) -> Vec<Group> {
        let expect =
            std::iter::repeat_n(Expect::Anyway, anyway).chain(std::iter::repeat_n(Expect::Away, away));
        let codes = take(&mut self.cast.unregistered, anyway + away);
        codes
            .into_iter()
            .zip(expect)
            .map(|(code, expect)| vec![(Some(code), Standing::Unregistered, expect)])
            .collect()
    }
}

fn take(from: &mut std::collections::VecDeque<String>, count: usize) -> Vec<String> {
    from.drain(..count.min(from.len())).collect()
}

fn each(codes: impl IntoIterator<Item = String>, expect: Expect) -> Vec<Group> {
    codes.into_iter().map(|code| vec![(Some(code), Standing::Registered, expect)]).collect()
}

fn registered(codes: Vec<String>) -> Vec<Group> {
    each(codes, Expect::In)
}

fn maybe(codes: Vec<String>) -> Vec<Group> {
    each(codes, Expect::InOrNoPlace)
}

fn already_in(codes: &[String]) -> Vec<Group> {
    each(codes.iter().cloned(), Expect::AlreadyIn)
}

fn again(codes: &[String]) -> Vec<Group> {
    each(codes.iter().cloned(), Expect::Again)
}

fn twice(codes: Vec<String>) -> Vec<Group> {
    let pair = |code: String| {
        let first = (Some(code.clone()), Standing::Registered, Expect::In);
        vec![first, (Some(code), Standing::Registered, Expect::Again)]
    };
    codes.into_iter().map(pair).collect()
}

fn no_code() -> Group {
    vec![(None, Standing::NoCode, Expect::Silent)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_gives_a_whole_plan() {
        for seed in 0..50 {
            let script = Writer::new(seed, Cast::new(&mut StdRng::seed_from_u64(seed))).write();
            let numbers: Vec<_> = script.arrivals().map(|arrival| arrival.nr).collect();
            assert_eq!(numbers, (1..=ARRIVALS).collect::<Vec<_>>(), "seed {seed}");
            let kills = |steps: &Vec<Step>| steps.iter().filter(|step| matches!(step, Step::Kill)).count();
            assert_eq!(script.cut.each_ref().map(kills), [0, 0, 1], "seed {seed}");
        }
    }
}
