//! The table of C functions of an open file.

use std::{
    ffi::{c_int, c_void},
    ptr, slice,
};

use rusqlite::ffi;

use crate::{SECTOR_BYTES, handle::Handle};

/// What SQLite allocates for an open file.
#[repr(C)]
pub(crate) struct File {
    _base: ffi::sqlite3_file,
    handle: Option<Box<Handle>>,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

impl File {
    /// An open file, or what stands in the place of one that did not open: without methods SQLite does not close it.
    pub(crate) fn new(handle: Option<Handle>) -> Self {
        let methods = if handle.is_some() { &raw const METHODS } else { ptr::null() };
        Self { _base: ffi::sqlite3_file { pMethods: methods }, handle: handle.map(Box::new) }
    }
}

/// The handle of an open file; none after closing.
///
/// # Safety
/// `file` is one that the disk opened, and nobody else uses it meanwhile: SQLite uses a file from one thread at a time.
unsafe fn handle<'a>(file: *mut ffi::sqlite3_file) -> Option<&'a mut Handle> {
    // SAFETY: opening wrote a whole `File` there.
    let file = unsafe { &mut *file.cast::<File>() };
    file.handle.as_deref_mut()
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes what it opened, once.
    let file = unsafe { &mut *file.cast::<File>() };
    drop(file.handle.take());
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, out: *mut c_void, len: c_int, offset: i64) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    // SAFETY: SQLite gives room for `len` bytes; it came from its own allocator or cache and is initialised memory or is about to
    // be overwritten as plain bytes.
    let out = unsafe { slice::from_raw_parts_mut(out.cast::<u8>(), usize::try_from(len).unwrap_or(0)) };
    handle.map_or(ffi::SQLITE_IOERR_READ, |handle| handle.read(offset, out))
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    len: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    // SAFETY: SQLite gives `len` bytes to read.
    let bytes = unsafe { slice::from_raw_parts(bytes.cast::<u8>(), usize::try_from(len).unwrap_or(0)) };
    handle.map_or(ffi::SQLITE_IOERR_WRITE, |handle| handle.write(offset, bytes))
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, len: i64) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    handle.map_or(ffi::SQLITE_IOERR_TRUNCATE, |handle| handle.truncate(len))
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    handle.map_or(ffi::SQLITE_IOERR_FSYNC, Handle::sync)
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    match handle.map_or(Err(ffi::SQLITE_IOERR_FSTAT), |handle| handle.size()) {
        Ok(size) => {
            // SAFETY: SQLite gives a place for the answer.
            unsafe { out.write(size) };
            ffi::SQLITE_OK
        }
        Err(code) => code,
    }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    handle.map_or(ffi::SQLITE_IOERR_LOCK, |handle| handle.lock(level))
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    handle.map_or(ffi::SQLITE_IOERR_UNLOCK, |handle| handle.unlock(level))
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let reserved = handle.is_some_and(|handle| handle.reserved());
    // SAFETY: SQLite gives a place for the answer.
    unsafe { out.write(c_int::from(reserved)) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(file: *mut ffi::sqlite3_file, what: c_int, out: *mut c_void) -> c_int {
    if what != ffi::SQLITE_FCNTL_HAS_MOVED {
        return ffi::SQLITE_NOTFOUND;
    }
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let moved = handle.is_some_and(|handle| handle.moved());
    // SAFETY: for this question SQLite gives a place for one int.
    unsafe { out.cast::<c_int>().write(c_int::from(moved)) };
    ffi::SQLITE_OK
}

const unsafe extern "C" fn sector_size(_file: *mut ffi::sqlite3_file) -> c_int {
    SECTOR_BYTES as c_int
}

/// Nothing is promised: no atomic writes, no order, no safe overwriting.
const unsafe extern "C" fn device_characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    0
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    bytes: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let (region, bytes) = (usize::try_from(region).unwrap_or(0), usize::try_from(bytes).unwrap_or(0));
    let mapped =
        handle.map_or(Err(ffi::SQLITE_IOERR_SHMMAP), |handle| handle.map(region, bytes, extend != 0));
    let (memory, code) = match mapped {
        Ok(memory) => (memory, ffi::SQLITE_OK),
        Err(code) => (ptr::null_mut(), code),
    };
    // SAFETY: SQLite gives a place for the pointer.
    unsafe { out.write(memory.cast()) };
    code
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    first: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let (first, count) = (usize::try_from(first).unwrap_or(0), usize::try_from(count).unwrap_or(0));
    handle.map_or(ffi::SQLITE_IOERR_SHMLOCK, |handle| handle.lock_shared_memory(first, count, flags))
}

unsafe extern "C" fn shm_barrier(_file: *mut ffi::sqlite3_file) {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _delete: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    handle.map_or(ffi::SQLITE_OK, Handle::unmap)
}
