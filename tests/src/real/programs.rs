//! Where the programs under test are.

use std::path::{Path, PathBuf};

use super::Failure;

/// The program at the path that the environment's `variable` names, else `name` beside the running test or program.
///
/// # Errors
/// It is not there; the words say how to get it.
pub fn program(variable: &str, name: &str) -> Result<PathBuf, Failure> {
    let there = |place: &Path| place.is_file().then(|| place.to_owned());
    let missing = |place: &Path| {
        format!(
            "{} is not there: build it (cargo build -p usher-server -p usher-headless), or name it with {variable}",
            place.display()
        )
    };
    if let Some(given) = std::env::var_os(variable).map(PathBuf::from) {
        return there(&given).ok_or_else(|| missing(&given).into());
    }
    let here = std::env::current_exe()?;
    let folders = here.ancestors().skip(1).take(2).map(|folder| folder.join(name));
    let found = folders.clone().find_map(|place| there(&place));
    found.ok_or_else(|| missing(&folders.last().unwrap_or_default()).into())
}
