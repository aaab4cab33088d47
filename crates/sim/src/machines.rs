//! Computers are started and ended.

use std::collections::BTreeSet;

use usher_core::ids::Epoch;
use usher_disk::Choices;
use usher_replica::NewLife;

use crate::{
    chance::Chance,
    oracle::broken,
    world::{Outcome, World},
};

impl World {
    /// Starts a desk and compares its log with what it answered.
    ///
    /// # Errors
    /// A broken invariant.
    pub fn start(&mut self, d: usize) -> Outcome {
        self.seats[d].struck_before = self.seats[d].desk.disk.struck();
        if let Err(error) = self.seats[d].desk.start() {
            self.seats[d].desk.stop();
            return self.failed(d, "starting", &error);
        }
        if self.seats[d].desk.serves.is_none() {
            self.seats[d].desk.serves = self.sessions.get(d % self.sessions.len()).copied();
        }
        if self.seats[d].desk.who.is_some() {
            match self.seats[d].desk.goes_on() {
                // The mark that agrees is synced by then, unless the disk failed at just that.
                Ok(true) => self.seats[d].moved &= self.struck_since_start(d),
                Ok(false) if self.seats[d].moved => {
                    self.begin_again(d)?;
                    return self.look_lists_through(d);
                }
                Ok(false) => return broken(format!("desk {d} takes itself for a copy")),
                Err(error) => {
                    self.seats[d].desk.stop();
                    return self.failed(d, "reading the mark", &error);
                }
            }
        }
        self.compare(d)?;
        self.look_lists_through(d)
    }

    /// As the station does beside the door. On a sound disk lists are as they were written, but for what is left without their
    /// write-ahead log.
    fn look_lists_through(&mut self, d: usize) -> Outcome {
        if !self.seats[d].desk.is_up() {
            return Ok(());
        }
        match self.seats[d].desk.look_lists_through() {
            Ok(true) => Ok(()),
            Ok(false) if self.seats[d].torn => {
                self.report.sometimes("half a checkpoint of the lists was noticed");
                Ok(())
            }
            Ok(false) if self.seats[d].desk.disk.struck() > 0 => Ok(()),
            Ok(false) => broken(format!("P7: the lists of desk {d} changed on a sound disk")),
            Err(error) => self.failed(d, "looking the lists through", &error),
        }
    }

    fn struck_since_start(&self, d: usize) -> bool {
        self.seats[d].desk.disk.struck() != self.seats[d].struck_before
    }

    /// Its files are a copy, or older than what it wrote: its logs end here, and it goes on with a new one, as the station does before
    /// it lets anybody in.
    fn begin_again(&mut self, d: usize) -> Outcome {
        self.report.sometimes("a copied desk began a new life");
        let lives = match self.seats[d].desk.lives() {
            Ok(lives) => lives,
            Err(error) => return self.failed(d, "reading the log", &error),
        };
        for (i, log) in &lives {
            let end = log.last().map_or(0, |one| one.entry.seq);
            let known = self.seats[d].frozen.entry(*i).or_insert(end);
            *known = end.min(*known);
        }
        self.seats[d].lives = lives.iter().map(|(i, _)| *i).collect();
        let epoch = Epoch(Chance::part(self.now_ms.unsigned_abs(), d as u64).bits().max(1));
        let now_ms = self.now_ms;
        if let Err(error) = self.seats[d].desk.begin_life(NewLife::Copied, epoch, now_ms) {
            self.seats[d].desk.stop();
            return self.failed(d, "beginning a life", &error);
        }
        // The mark beside the log is synced by then, unless the disk failed: no power cut brings an earlier one back.
        self.seats[d].moved = self.struck_since_start(d);
        self.note(format_args!("  desk {d} begins a new life: its files are a copy"));
        self.compare(d)
    }

    /// Compares a desk's log with what it answered.
    ///
    /// # Errors
    /// A broken invariant.
    pub fn compare(&mut self, d: usize) -> Outcome {
        let desk = &self.seats[d].desk;
        let lives = match desk.disk.aside(|| desk.lives()) {
            Ok(lives) => lives,
            Err(error) => return self.failed(d, "reading the log", &error),
        };
        if let Some(who) = &self.seats[d].desk.who {
            self.seats[d].log = Some(who.identity);
        }
        let names: BTreeSet<_> = lives.iter().map(|(i, _)| *i).collect();
        if let Some(lost) = self.seats[d].lives.difference(&names).next() {
            return broken(format!("the life {lost:?} of desk {d} is lost"));
        }
        self.seats[d].lives = names;
        lives.iter().try_for_each(|(i, log)| match self.seats[d].frozen.get(i) {
            Some(end) => self.oracle.compare_old(*i, log, *end),
            None => self.oracle.compare(*i, log),
        })
    }

    /// Ends a desk's process, or its power.
    pub fn end(&mut self, d: usize, cut: bool, chance: &mut Chance) {
        let (now_ms, seat) = (self.now_ms, &mut self.seats[d]);
        seat.guests.clear();
        if cut {
            seat.desk.power_cut(&mut Choices::seeded(chance.bits()), now_ms, chance.wide());
        } else {
            seat.desk.kill();
        }
        self.note(format_args!("  desk {d} ends, {}", if cut { "power cut" } else { "killed" }));
    }

    /// Ends the server's process, or its power.
    pub fn end_server(&mut self, cut: bool, chance: &mut Chance) {
        if cut {
            self.server.power_cut(&mut Choices::seeded(chance.bits()));
        } else {
            self.server.kill();
        }
        self.note(format_args!("  the server ends, {}", if cut { "power cut" } else { "killed" }));
    }

    pub(crate) fn end_halted(&mut self, chance: &mut Chance) {
        for d in 0..self.seats.len() {
            if self.seats[d].desk.disk.is_halted() {
                self.report.sometimes("a desk ended in the middle of an I/O");
                self.end(d, self.seats[d].halts_with_cut, chance);
            }
        }
        if self.server.disk.is_halted() {
            self.report.sometimes("the server ended in the middle of an I/O");
            let cut = chance.one_in(2);
            self.end_server(cut, chance);
        }
    }
}
