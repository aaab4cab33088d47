//! Which of a desk's logs a request is about: the log itself, or a branch of it (DESIGN section 4, *Any road*).

use std::collections::BTreeSet;

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

/// The logs under revoked credentials of which nothing counts: whoever stole such a credential can invent as many as it likes.
pub(super) fn of_nobody(look: &dyn Look) -> Result<BTreeSet<Identity>> {
    let revoked = look.stations()?.into_iter().filter(|row| row.record.revoked);
    let revoked: BTreeSet<_> = revoked.map(|row| row.record.id).collect();
    let mut found = BTreeSet::new();
    for (i, _) in look.logs()?.into_iter().filter(|(i, _)| revoked.contains(&i.station)) {
        // The rights are few, and many a log has some.
        if look.rights_of(i)?.iter().all(|(_, rights)| rights.granted == 0) && look.published_end(i)? == 0 {
            found.insert(i);
        }
    }
    Ok(found)
}
