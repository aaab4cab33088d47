//! Desks' logs, compared with what desks answered.

use usher_core::{
    entry::Body,
    ids::{EntryKey, Identity},
};
use usher_replica::Logged;

use super::{Broken, Oracle, Said, broken};

impl Oracle {
    /// Compares with a whole log: nothing answered is missing, nothing is there that was never asked for, each thing once.
    ///
    /// # Errors
    /// What does not fit.
    pub fn compare(&mut self, i: Identity, log: &[Logged]) -> Result<(), Broken> {
        let mut doubtful = self.doubtful.remove(&i).unwrap_or_default();
        let mut closed = false;
        for one in log {
            if closed {
                return broken(format!("{:?} stands behind the end of its log", one.entry.key()));
            }
            closed = matches!(one.entry.body, Body::CloseEpoch(_));
            let (key, Some(said)) = (one.entry.key(), Said::of(&one.entry.body)) else { continue };
            self.read(&one.entry);
            match self.said.get(&key) {
                Some(known) if *known == said => {}
                Some(known) => return broken(format!("{key:?} was answered as {known:?} and says {said:?}")),
                None => self.turned_up(key, said, &mut doubtful)?,
            }
        }
        let end = log.last().map_or(0, |one| one.entry.seq);
        // What has not turned up yet may still do so: half a write over an old one can make the old one whole again. Only what is
        // written in its place ends that.
        self.doubtful.insert(i, doubtful);
        match self.said.range(i.key(end + 1)..=i.key(u64::MAX)).next() {
            Some((key, said)) => {
                broken(format!("{said:?} was answered as {key:?}, or was there before, and is lost"))
            }
            None => Ok(()),
        }
    }

    /// Compares with a log that its desk does not write any more, because its files were copied or put back: all of it up to `end` was
    /// said, and nothing comes behind that.
    ///
    /// # Errors
    /// What does not fit.
    pub fn compare_old(&mut self, i: Identity, log: &[Logged], end: u64) -> Result<(), Broken> {
        if log.len() as u64 != end {
            return broken(format!("the old log {i:?} ended at {end} and has {} entries", log.len()));
        }
        for one in log {
            let (key, Some(said)) = (one.entry.key(), Said::of(&one.entry.body)) else { continue };
            match self.said.get(&key) {
                Some(known) if *known == said => {}
                Some(known) => return broken(format!("{key:?} was {known:?} and says {said:?}")),
                // What failed on the disk just before the life ended may be there all the same.
                None => {
                    self.read(&one.entry);
                    let mut doubtful = self.doubtful.remove(&i).unwrap_or_default();
                    self.turned_up(key, said, &mut doubtful)?;
                    self.doubtful.insert(i, doubtful);
                }
            }
        }
        Ok(())
    }

    /// What stood in a log behind `end` is gone from its desk: it counts only if it had reached the server.
    pub fn forget_lost(&mut self, i: Identity, end: u64) {
        let lost: Vec<_> = self.said.range(i.key(end + 1)..=i.key(u64::MAX)).map(|(key, _)| *key).collect();
        for key in lost.into_iter().filter(|key| !self.books.keys.contains(key)) {
            self.said.remove(&key);
            self.facts.remove(&key);
            self.moved.remove(&key);
        }
        self.doubtful.remove(&i);
    }

    fn turned_up(&mut self, key: EntryKey, said: Said, doubtful: &mut Vec<Said>) -> Result<(), Broken> {
        if let Some(at) = doubtful.iter().position(|one| *one == said) {
            doubtful.swap_remove(at);
        } else if said != Said::Opened {
            return broken(format!("{key:?} says {said:?}, and nobody asked for that"));
        }
        self.said.insert(key, said);
        Ok(())
    }
}
