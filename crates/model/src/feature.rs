//! What may happen beside admitting, syncing and granting; a configuration switches it on.

/// Makes [`Feature`] and the list of all of them.
macro_rules! features {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// Something that may happen beside admitting, syncing and granting.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Feature {
            $($(#[$doc])+ $name,)+
        }

        impl Feature {
            /// Every feature.
            pub const ALL: &[Self] = &[$(Self::$name),+];
        }
    };
}

features! {
    /// A desk takes back a check-in of its own.
    Undo,
    /// A desk records that somebody left, naming the check-in.
    CheckOut,
    /// A desk records that somebody left whose check-in it does not know; the server binds it later.
    Exit,
    /// A desk gives rights back (a recall is a wish for that).
    Return,
    /// A desk closes its epoch.
    Close,
    /// A closed machine goes on as desk 1 with a new epoch.
    Reopen,
    /// Uploads in pages.
    Pages,
    /// The log leaves by another road: a carry file, another desk.
    Carry,
    /// The server holds seats.
    Holds,
    /// Registrations are cancelled.
    Cancel,
    /// A desk without rights admits all the same and marks it `over_grant`; also what a supervisor's override writes.
    Optimistic,
    /// The capacity is lowered by one.
    Lower,
    /// The capacity is raised by one.
    Raise,
    /// The first session has no capacity until one is set.
    Unlimited,
    /// A machine is out of use.
    Die,
    /// A supervisor settles an epoch.
    Settle,
    /// A log is read from a dead machine's disk.
    Recover,
    /// Desk 1 is enrolled late.
    Late,
    /// Desk 1 opens its epoch without the server.
    Offline,
    /// Persons 0 and 1 turn out to be one, or two again.
    Merge,
    /// A supervisor says of a double admission that it was one person.
    Resolve,
    /// A desk's credential is revoked; a supervisor accepts what came after.
    Revoke,
    /// Desk 0's machine is copied, and the copy goes on as well.
    Copy,
    /// Desk 0's disk is put back to an older state, and the machine goes on.
    RollBack,
}
