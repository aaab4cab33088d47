//! VFSes registered with SQLite. They are never unregistered: SQLite may keep pointers to one for as long as it likes. A slot whose
//! disk is gone is used again for the next disk.

use std::{
    ffi::{CStr, CString, c_char},
    ptr,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use rusqlite::ffi;

use crate::{
    machine::{Machine, State},
    vfs,
};

/// The most disks that live at the same time in one process.
const SLOTS_MAX: usize = 4096;

/// A registered VFS and the disk that it leads to now.
#[derive(Debug)]
pub(crate) struct Slot {
    name: CString,
    text: String,
    disk: Mutex<Weak<Machine>>,
}

/// A slot in use; goes back to the pool when dropped.
#[derive(Debug)]
pub(crate) struct Claim(&'static Slot);

static FREE: Mutex<Vec<&'static Slot>> = Mutex::new(Vec::new());
static MADE: Mutex<usize> = Mutex::new(0);

impl Claim {
    pub(crate) fn name(&self) -> &str {
        &self.0.text
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        FREE.lock().unwrap_or_else(PoisonError::into_inner).push(self.0);
    }
}

impl Slot {
    /// The disk; none: it is gone.
    pub(crate) fn machine(&self) -> Option<Arc<Machine>> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }
}

/// A machine in a slot of its own.
pub(crate) fn machine(state: State) -> Arc<Machine> {
    let free = FREE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let slot = free.unwrap_or_else(make);
    let machine = Arc::new(Machine::new(Claim(slot), state));
    *slot.disk.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(&machine);
    machine
}

/// Makes and registers one more.
#[expect(
    clippy::panic,
    reason = "a simulation that leaks disks by the thousand, or a SQLite that takes none, cannot go on"
)]
fn make() -> &'static Slot {
    tune();
    let number = {
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        *made += 1;
        *made
    };
    let text = format!("usher-disk-{number}");
    let Ok(name) = CString::new(text.clone()) else { panic!("a name without zero bytes") };
    let slot: &'static Slot = Box::leak(Box::new(Slot { name, text, disk: Mutex::new(Weak::new()) }));
    let table = Box::leak(Box::new(vfs::table(slot.name.as_ptr(), ptr::from_ref(slot).cast_mut().cast())));
    // SAFETY: the table and all that it points to live for ever, and its functions keep the contract of `sqlite3_vfs`.
    let registered = unsafe { ffi::sqlite3_vfs_register(table, 0) };
    assert!(registered == ffi::SQLITE_OK && number <= SLOTS_MAX, "no room for one more simulated disk");
    slot
}

/// Tells SQLite once, before its first use, to keep no statistics of its memory: each allocation would take a lock for them. A process
/// that used SQLite before keeps them.
fn tune() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let off: std::ffi::c_int = 0;
        // SAFETY: the option takes one int; too late, it changes nothing and says so.
        let _too_late = unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_MEMSTATUS, off) };
    });
}

/// The name that SQLite hands over; none: a temporary file, or one that is not text.
///
/// # Safety
/// `name` is null or ends in a zero byte, and stays as it is for `'a`.
pub(crate) unsafe fn text<'a>(name: *const c_char) -> Option<&'a str> {
    if name.is_null() {
        return None;
    }
    // SAFETY: not null, and the caller vouches for the rest.
    unsafe { CStr::from_ptr(name) }.to_str().ok()
}
