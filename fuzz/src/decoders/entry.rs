//! Entries: what decodes encodes again, to bytes that mean the same and stay as they are from then on; the fold takes all of them.

use usher_core::{
    branch::{Branch, Fork},
    chain::{follow, hash_entry},
    entry::{Body, ENTRY_BYTES_MAX, Entry, Head},
    fold::effect,
};

/// Takes any bytes.
pub fn take(bytes: &[u8]) {
    let Ok(entry) = Entry::from_bytes(bytes) else { return };
    let canonical = entry.to_bytes();
    assert!(canonical.len() <= ENTRY_BYTES_MAX.min(bytes.len()), "the canonical form is the shortest");
    assert_eq!(Entry::from_bytes(&canonical).as_ref(), Ok(&entry), "what decodes encodes again");
    assert_eq!(Entry::from_bytes(&canonical).map(|again| again.to_bytes()), Ok(canonical.clone()));
    if let Body::Unknown(unknown) = &entry.body {
        assert!(canonical.ends_with(&unknown.fields), "what is not known is kept as it came");
    }
    count(&entry, &canonical);
}

/// What the rules do with an entry of any content, as its writer's, the server's and a branch's.
fn count(entry: &Entry, bytes: &[u8]) {
    let _ = effect(entry, None);
    let _ = effect(entry, Some(entry.station));
    let head = Head { seq: entry.seq.wrapping_sub(1).min(u64::MAX - 1), hash: entry.prev_hash };
    let followed = follow(entry.event, entry.identity(), head, entry, bytes);
    assert_eq!(followed.is_ok(), entry.seq >= 1, "an entry follows the head that it names");
    let branch = Branch::new(entry.identity(), None, Fork::new(entry.seq, hash_entry(bytes)));
    assert_eq!(branch.place(entry.clone()).identity(), branch.identity());
}
