//! A place for the newest thing: whoever is slow sees the newest, not the next.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Holds at most one thing.
#[derive(Debug)]
pub(crate) struct Latest<T> {
    slot: Mutex<Slot<T>>,
    news: Condvar,
}

#[derive(Debug)]
struct Slot<T> {
    thing: Option<T>,
    over: bool,
}

impl<T> Latest<T> {
    pub(crate) const fn new() -> Self {
        Self { slot: Mutex::new(Slot { thing: None, over: false }), news: Condvar::new() }
    }

    /// Puts a thing in the place of one that nobody took.
    pub(crate) fn put(&self, thing: T) {
        self.slot().thing = Some(thing);
        self.news.notify_one();
    }

    /// Waits for the newest thing. None: nothing will come any more.
    pub(crate) fn take(&self) -> Option<T> {
        let waited = self.news.wait_while(self.slot(), |slot| slot.thing.is_none() && !slot.over);
        let mut slot = waited.unwrap_or_else(PoisonError::into_inner);
        if slot.over { None } else { slot.thing.take() }
    }

    /// Nothing will come any more.
    pub(crate) fn end(&self) {
        self.slot().over = true;
        self.news.notify_all();
    }

    fn slot(&self) -> MutexGuard<'_, Slot<T>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread};

    use super::*;

    #[test]
    fn the_newest_replaces_what_nobody_took() {
        let latest = Latest::new();
        latest.put(1);
        latest.put(2);
        assert_eq!(latest.take(), Some(2));
    }

    #[test]
    fn an_end_wakes_whoever_waits() {
        let latest = Arc::new(Latest::<u8>::new());
        let waiting = {
            let latest = Arc::clone(&latest);
            thread::spawn(move || latest.take())
        };
        latest.end();
        assert_eq!(waiting.join().unwrap(), None);
        latest.put(3);
        assert_eq!(latest.take(), None);
    }
}
