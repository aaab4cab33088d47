//! How the computer under a desk is: room on its disk, and its battery.

use std::{fs, path::Path};

use usher_protocol::window::BatteryView;

/// Where Linux tells of batteries and mains.
const POWER: &str = "/sys/class/power_supply";

/// Free bytes for this user where `folder` lies; none: the system does not say.
pub(crate) fn disk_free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// The first battery; none: there is none, or the system does not say.
pub(crate) fn battery() -> Option<BatteryView> {
    battery_in(Path::new(POWER))
}

fn battery_in(folder: &Path) -> Option<BatteryView> {
    let supplies: Vec<_> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    let says =
        |supply: &Path, what: &str| fs::read_to_string(supply.join(what)).map(|text| text.trim().to_owned());
    let is = |supply: &Path, kind: &str| says(supply, "type").is_ok_and(|found| found == kind);
    // A mouse or a pen has a battery too, and says that it is a device's.
    let own = |supply: &&std::path::PathBuf| {
        is(supply, "Battery") && says(supply, "scope").map_or(true, |scope| scope != "Device")
    };
    let battery = supplies.iter().find(own)?;
    let percent = says(battery, "capacity").ok()?.parse::<u8>().ok()?.min(100);
    let mains =
        supplies.iter().any(|supply| is(supply, "Mains") && says(supply, "online").is_ok_and(|on| on == "1"));
    let discharging = says(battery, "status").is_ok_and(|status| status == "Discharging");
    Some(BatteryView { percent, plugged: mains || !discharging })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supply(folder: &Path, name: &str, files: &[(&str, &str)]) {
        let supply = folder.join(name);
        fs::create_dir(&supply).unwrap();
        for (file, text) in files {
            fs::write(supply.join(file), format!("{text}\n")).unwrap();
        }
    }

    #[test]
    fn the_computers_own_battery_is_told_and_no_mouses() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(battery_in(folder.path()), None);
        supply(
            folder.path(),
            "hid",
            &[("type", "Battery"), ("scope", "Device"), ("capacity", "5"), ("status", "Discharging")],
        );
        assert_eq!(battery_in(folder.path()), None);
        supply(folder.path(), "BAT0", &[("type", "Battery"), ("capacity", "64"), ("status", "Discharging")]);
        assert_eq!(battery_in(folder.path()), Some(BatteryView { percent: 64, plugged: false }));
        supply(folder.path(), "AC", &[("type", "Mains"), ("online", "1")]);
        assert_eq!(battery_in(folder.path()), Some(BatteryView { percent: 64, plugged: true }));
    }

    #[test]
    fn a_folder_lies_on_a_disk_with_room_or_nowhere() {
        assert!(disk_free(&std::env::temp_dir()).is_some_and(|bytes| bytes > 0));
        assert_eq!(disk_free(Path::new("/nowhere/at/all")), None);
    }
}
