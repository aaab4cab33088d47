//! The pure rules of Usher: ids, clocks, entries, the fold, verdicts, capacity arithmetic.
