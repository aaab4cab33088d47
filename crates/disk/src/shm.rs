//! The memory that connections in WAL mode share. SQLite keeps pointers into it, so it stays where it is for as long as any of
//! them has it mapped, also after the simulated machine is gone.

use std::{
    alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error},
    ptr::NonNull,
    sync::{Mutex, PoisonError},
};

use crate::locks::Slots;

/// The most regions of one shared memory: enough for a log of some hundred megabytes.
const REGIONS_MAX: usize = 64;
/// Regions are aligned as SQLite's own allocations would be.
const ALIGN: usize = 16;

/// One shared memory.
#[derive(Debug, Default)]
pub(crate) struct Shm(Mutex<Inside>);

#[derive(Debug, Default)]
pub(crate) struct Inside {
    regions: Vec<Region>,
    /// Its locks.
    pub(crate) slots: Slots,
    /// How many connections have it mapped.
    pub(crate) users: usize,
}

#[derive(Debug)]
struct Region {
    memory: NonNull<u8>,
    layout: Layout,
}

// SAFETY: a region is plain memory that only SQLite reads and writes, under the locks of its own protocol; this crate never looks
// inside, and frees it once.
unsafe impl Send for Region {}

impl Shm {
    pub(crate) fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    /// The region `index` of `bytes` bytes; null where there is none and `extend` does not ask for one, or no more are allowed.
    pub(crate) fn region(&mut self, index: usize, bytes: usize, extend: bool) -> *mut u8 {
        while extend && self.regions.len() <= index && index < REGIONS_MAX {
            let Some(region) = Region::new(bytes) else { break };
            self.regions.push(region);
        }
        self.regions.get(index).map_or(std::ptr::null_mut(), |region| region.memory.as_ptr())
    }
}

impl Region {
    fn new(bytes: usize) -> Option<Self> {
        let layout = Layout::from_size_align(bytes.max(1), ALIGN).ok()?;
        // SAFETY: the layout's size is not zero.
        let memory = unsafe { alloc_zeroed(layout) };
        let memory = NonNull::new(memory).unwrap_or_else(|| handle_alloc_error(layout));
        Some(Self { memory, layout })
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: `memory` was allocated with this layout and is freed only here. The last connection that had it mapped is gone:
        // each holds the shared memory by a counted reference.
        unsafe { dealloc(self.memory.as_ptr(), self.layout) };
    }
}
