//! How often one address may try a wrong enrolment code. The authority bounds wrong tries over all clients together, and then right
//! codes wait as well; the lower bound here keeps one guessing client from locking the others out.

use std::{collections::HashMap, net::IpAddr, sync::Mutex};

/// The span that tries are counted in, milliseconds.
const SPAN_MS: i64 = 60_000;
/// Wrong codes in a span from one address: half of what the authority takes from all.
const PER_ADDRESS: u32 = 5;
/// Addresses remembered in a span; the authority's own bound is reached long before.
const ADDRESSES_MAX: usize = 200;

/// Wrong tries of the current span.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    since_ms: i64,
    by_address: HashMap<IpAddr, u32>,
}

impl Tries {
    /// Whether another try from `address` may be made now.
    pub(crate) fn allowed(&self, address: IpAddr, now_ms: i64) -> bool {
        self.with(now_ms, |counted| counted.by_address.get(&address).is_none_or(|tries| *tries < PER_ADDRESS))
    }

    /// Counts a wrong one.
    pub(crate) fn wrong(&self, address: IpAddr, now_ms: i64) {
        self.with(now_ms, |counted| {
            if counted.by_address.len() < ADDRESSES_MAX || counted.by_address.contains_key(&address) {
                *counted.by_address.entry(address).or_default() += 1;
            }
        });
    }

    fn with<T>(&self, now_ms: i64, work: impl FnOnce(&mut Counted) -> T) -> T {
        let mut counted = self.counted.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if now_ms.saturating_sub(counted.since_ms).unsigned_abs() >= SPAN_MS.unsigned_abs() {
            *counted = Counted { since_ms: now_ms, ..Counted::default() };
        }
        work(&mut counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_slow_and_takes_no_memory() {
        let (tries, here) = (Tries::default(), IpAddr::from([127, 0, 0, 1]));
        for _ in 0..PER_ADDRESS {
            assert!(tries.allowed(here, 100_000));
            tries.wrong(here, 100_000);
        }
        assert!(!tries.allowed(here, 159_999));
        assert!(tries.allowed(IpAddr::from([127, 0, 0, 2]), 100_001));
        assert!(tries.allowed(here, 160_000));
        for n in 0..1_000_u32 {
            tries.wrong(IpAddr::from(n.to_be_bytes()), 160_001);
        }
        assert_eq!(tries.with(160_002, |counted| counted.by_address.len()), ADDRESSES_MAX);
    }
}
