//! The table of C functions of a disk. Each turns pointers into references and calls safe code; none decides anything.

use std::{
    ffi::{c_char, c_int, c_void},
    ptr, slice,
    sync::Arc,
};

use rusqlite::ffi;

use crate::{
    Disk, Io,
    choices::random,
    handle::{Handle, code},
    inode::Inode,
    machine::Machine,
    methods::File,
    slots::{Slot, text},
};

/// The longest name, in bytes.
const NAME_BYTES_MAX: c_int = 512;
/// Julian day 2461000.5 in milliseconds: the time never moves but by what SQLite sleeps.
const NOW_MS: i64 = 212_630_443_200_000;

/// The table of one VFS. `slot` points to a [`Slot`] that lives for ever.
pub(crate) fn table(name: *const c_char, slot: *mut c_void) -> ffi::sqlite3_vfs {
    ffi::sqlite3_vfs {
        iVersion: 2,
        szOsFile: size_of::<File>() as c_int,
        mxPathname: NAME_BYTES_MAX,
        pNext: ptr::null_mut(),
        zName: name,
        pAppData: slot,
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(get_last_error),
        xCurrentTimeInt64: Some(current_time_ms),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }
}

/// The disk behind a table.
///
/// # Safety
/// `vfs` is one that [`table`] made.
unsafe fn machine(vfs: *mut ffi::sqlite3_vfs) -> Option<Arc<Machine>> {
    // SAFETY: the caller vouches for `vfs`; SQLite never changes `pAppData`.
    let slot = unsafe { (*vfs).pAppData }.cast::<Slot>();
    // SAFETY: `pAppData` points to a slot that lives for ever and is only read.
    unsafe { &*slot }.machine()
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let (opened, result) = {
        // SAFETY: SQLite passes the table that it was registered with.
        let machine = unsafe { machine(vfs) };
        // SAFETY: null or a text that lives as long as the file is open.
        let name = unsafe { text(name) };
        match machine.map(|machine| Handle::open(&machine, name, flags)) {
            Some(Ok(handle)) => (Some(handle), ffi::SQLITE_OK),
            Some(Err(code)) => (None, code),
            None => (None, ffi::SQLITE_CANTOPEN),
        }
    };
    // SAFETY: SQLite gives room for `szOsFile` bytes, aligned for pointers, with nothing in it that would have to be dropped.
    unsafe { file.cast::<File>().write(File::new(opened)) };
    if !out_flags.is_null() {
        // SAFETY: not null, so SQLite wants the flags there.
        unsafe { out_flags.write(flags) };
    }
    result
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: SQLite passes the table that it was registered with.
    let machine = unsafe { machine(vfs) };
    // SAFETY: a text that lives as long as this call.
    let name = unsafe { text(name) };
    let (Some(machine), Some(name)) = (machine, name) else { return ffi::SQLITE_IOERR_DELETE };
    match Disk::delete(&machine, name, sync != 0) {
        Ok(true) => ffi::SQLITE_OK,
        Ok(false) => ffi::SQLITE_IOERR_DELETE_NOENT,
        Err((io, kind)) => code(io, kind),
    }
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes the table that it was registered with.
    let machine = unsafe { machine(vfs) };
    // SAFETY: a text that lives as long as this call.
    let name = unsafe { text(name) };
    let (Some(machine), Some(name)) = (machine, name) else { return ffi::SQLITE_IOERR_ACCESS };
    let mut state = machine.state();
    let life = state.life;
    if let Err(kind) = state.io(life, Io::Exists) {
        return code(Io::Exists, kind);
    }
    // As SQLite's Unix VFS has it: an empty file counts as none.
    let inode = state.names.get(name).and_then(|file| state.files.get(&file));
    let there = inode.is_some_and(|inode: &Inode| inode.len() > 0);
    // SAFETY: SQLite gives a place for the answer.
    unsafe { out.write(c_int::from(there)) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: a text that lives as long as this call.
    let Some(name) = (unsafe { text(name) }) else { return ffi::SQLITE_CANTOPEN };
    if name.len() >= usize::try_from(room).unwrap_or(0) {
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: `room` bytes are there, more than the name has, and the two do not overlap.
    let out = unsafe { slice::from_raw_parts_mut(out.cast::<u8>(), name.len() + 1) };
    out[..name.len()].copy_from_slice(name.as_bytes());
    out[name.len()] = 0;
    ffi::SQLITE_OK
}

unsafe extern "C" fn randomness(vfs: *mut ffi::sqlite3_vfs, len: c_int, out: *mut c_char) -> c_int {
    let len_bytes = usize::try_from(len).unwrap_or(0);
    // SAFETY: SQLite gives room for `len` bytes.
    let out = unsafe { slice::from_raw_parts_mut(out.cast::<u8>(), len_bytes) };
    // SAFETY: SQLite passes the table that it was registered with.
    if let Some(machine) = unsafe { machine(vfs) } {
        let mut state = machine.state();
        out.fill_with(|| random(&mut state.random) as u8);
    }
    len
}

unsafe extern "C" fn sleep(vfs: *mut ffi::sqlite3_vfs, us: c_int) -> c_int {
    // SAFETY: SQLite passes the table that it was registered with.
    if let Some(machine) = unsafe { machine(vfs) } {
        machine.state().slept_us += u64::try_from(us).unwrap_or(0);
    }
    us
}

unsafe extern "C" fn current_time_ms(vfs: *mut ffi::sqlite3_vfs, out: *mut i64) -> c_int {
    // SAFETY: SQLite passes the table that it was registered with.
    let slept_us = unsafe { machine(vfs) }.map_or(0, |machine| machine.state().slept_us);
    // SAFETY: SQLite gives a place for the answer.
    unsafe { out.write(NOW_MS.saturating_add_unsigned(slept_us / 1000)) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn current_time(vfs: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    let mut now_ms = 0;
    // SAFETY: the same table, and a place for the answer.
    let code = unsafe { current_time_ms(vfs, &raw mut now_ms) };
    // SAFETY: SQLite gives a place for the answer.
    unsafe { out.write(now_ms as f64 / 86_400_000.0) };
    code
}

const unsafe extern "C" fn get_last_error(
    _vfs: *mut ffi::sqlite3_vfs,
    _len: c_int,
    _out: *mut c_char,
) -> c_int {
    0
}
