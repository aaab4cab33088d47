//! Names, locks, copies and flipped bytes.

use usher_disk::{Choices, Disk};

use crate::*;

#[test]
fn a_rename_is_certain_after_the_folder_was_synced() {
    for (synced, seed) in [(true, 0), (true, 1), (false, 0)] {
        let disk = Disk::new(1);
        disk.make("/desk/a").unwrap();
        disk.make("/desk/b").unwrap();
        disk.sync_folder("/desk").unwrap();
        disk.rename("/desk/a", "/desk/b").unwrap();
        if synced {
            disk.sync_folder("/desk").unwrap();
        }
        disk.crash(&mut if synced { Choices::seeded(seed) } else { Choices::drop_all() });
        let names: Vec<_> = disk.files().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, if synced { vec!["/desk/b"] } else { vec!["/desk/a", "/desk/b"] });
    }
}

#[test]
fn a_lock_is_held_once_and_ends_with_the_process() {
    let disk = Disk::new(1);
    let held = disk.lock("/desk/lock").unwrap().unwrap();
    assert!(disk.lock("/desk/lock").unwrap().is_none());
    drop(held);
    let _dead = disk.lock("/desk/lock").unwrap().unwrap();
    disk.kill();
    assert!(disk.lock("/desk/lock").unwrap().is_some());
}

#[test]
fn a_copy_goes_its_own_way() {
    let disk = Disk::new(1);
    let connection = try_open(&disk).unwrap();
    make_table(&connection).unwrap();
    insert(&connection, 1).unwrap();
    let copy = disk.copy();
    insert(&connection, 2).unwrap();
    let other = try_open(&copy).unwrap();
    insert(&other, 3).unwrap();
    assert_eq!((rows(&connection), rows(&other)), (vec![1, 2], vec![1, 3]));
    assert_ne!(disk.vfs_name(), copy.vfs_name());
}

#[test]
fn a_flipped_byte_is_seen_by_whoever_reads_it() {
    let disk = Disk::new(1);
    let connection = try_open(&disk).unwrap();
    make_table(&connection).unwrap();
    insert(&connection, 1).unwrap();
    drop(connection);
    assert!(disk.flip(FILE, 100, 0xff) && !disk.flip(FILE, 1 << 40, 1));
    assert!(try_open(&disk).is_err() || !whole(&try_open(&disk).unwrap()));
}

#[test]
fn a_closed_database_leaves_one_file_and_temporary_files_leave_none() {
    let disk = Disk::new(1);
    let connection = try_open(&disk).unwrap();
    make_table(&connection).unwrap();
    (0..100).for_each(|n| insert(&connection, n).unwrap());
    connection.execute_batch("PRAGMA cache_size = 1; PRAGMA temp_store = FILE; CREATE TEMP TABLE t AS SELECT * FROM row, (SELECT 1 UNION SELECT 2)").unwrap();
    connection.execute_batch("VACUUM").unwrap();
    drop(connection);
    let names: Vec<_> = disk.files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, [FILE]);
}

#[test]
fn the_same_seed_gives_the_same_disk_after_a_cut() {
    let cut = || {
        let disk = Disk::new(1);
        (0..40_u8).for_each(|n| disk.make(&format!("/desk/{n}")).unwrap());
        disk.crash(&mut Choices::seeded(12));
        disk.files()
    };
    assert_eq!(cut(), cut());
}
