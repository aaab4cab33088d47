//! Copies of a desk's computer that go on in one epoch, and copies of those: each course is kept whole, counts once, and means its own
//! entries (DESIGN section 4, *Any road*). The simulator's oracle tells entries by their keys, which such courses share; here they are
//! told by their hashes.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod naive;
mod stage;

use usher_sim::chance::Chance;

use crate::stage::Stage;

const SEEDS: u64 = 60;
const STEPS: u64 = 120;

#[test]
fn every_course_of_a_copied_log_is_kept_whole_and_counts_once() {
    let (mut forked, mut nested) = (0, 0);
    for seed in 1..=SEEDS {
        let mut stage = Stage::new(seed);
        for number in 0..STEPS {
            stage.step(&mut Chance::part(seed, number));
        }
        stage.converge();
        let (forks, deep) = naive::check(&stage, seed);
        (forked, nested) = (forked + forks, nested + deep);
    }
    assert!(forked > SEEDS && nested > SEEDS / 6, "{forked} branches, {nested} of them left another branch");
}
