//! Which of a desk's logs a request is about: the log itself, or a branch of it (DESIGN section 4, *Any road*).

use usher_core::{entry::Head, ids::Identity};

use crate::{Result, store::Look};

/// Under which identity the point of the log `i` is held; none: it is not held.
pub(super) fn holding(look: &dyn Look, i: Identity, point: Head) -> Result<Option<Identity>> {
    if point.seq == 0 || holds(look, i, point)? {
        return Ok(Some(i));
    }
    for (branch, _) in look.branches(i)? {
        if holds(look, branch, point)? {
            return Ok(Some(branch));
        }
    }
    Ok(None)
}

fn holds(look: &dyn Look, at: Identity, point: Head) -> Result<bool> {
    Ok(look.entry(at.key(point.seq))?.is_some_and(|row| row.hash == point.hash))
}
