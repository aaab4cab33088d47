//! The folders of this computer that a log can be saved in: sticks first, then the user's own folders.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use usher_protocol::window::{SavePlace, SavePlaceKind};

/// The most places that are offered.
const PLACES_MAX: usize = 8;

/// The places of the user who runs this program.
pub(crate) fn of_this_user() -> Vec<SavePlace> {
    let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).map(PathBuf::from);
    let user = env::var("USER").unwrap_or_default();
    let roots = [Path::new("/media").join(&user), Path::new("/run/media").join(&user), "/Volumes".into()];
    places(&roots, home.as_deref())
}

/// Folders below the roots on a disk of their own, then documents, downloads and the home itself, as far as they are there.
fn places(roots: &[PathBuf], home: Option<&Path>) -> Vec<SavePlace> {
    let mut found: Vec<_> = roots.iter().flat_map(|root| sticks(root)).collect();
    if let Some(home) = home {
        let named = fs::read_to_string(home.join(".config/user-dirs.dirs")).unwrap_or_default();
        let own =
            |key: &str, usual: &str| named_folder(&named, key, home).unwrap_or_else(|| home.join(usual));
        found.push((own("XDG_DOCUMENTS_DIR", "Documents"), SavePlaceKind::Documents));
        found.push((own("XDG_DOWNLOAD_DIR", "Downloads"), SavePlaceKind::Downloads));
        found.push((home.to_owned(), SavePlaceKind::Home));
    }
    found.retain(|(path, _)| path.is_dir());
    found.dedup_by(|a, b| a.0 == b.0);
    let place = |(path, kind): (PathBuf, _)| SavePlace { path: path.to_string_lossy().into_owned(), kind };
    found.into_iter().take(PLACES_MAX).map(place).collect()
}

/// What is mounted below `root`.
fn sticks(root: &Path) -> Vec<(PathBuf, SavePlaceKind)> {
    let Ok(entries) = fs::read_dir(root) else { return Vec::new() };
    let mut found: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    found.retain(|path| on_another_disk(path, root));
    found.sort();
    found.into_iter().map(|path| (path, SavePlaceKind::Stick)).collect()
}

#[cfg(unix)]
fn on_another_disk(path: &Path, root: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let disk = |path: &Path| fs::metadata(path).map(|about| about.dev()).ok();
    disk(path).is_some_and(|it| Some(it) != disk(root))
}

#[cfg(not(unix))]
fn on_another_disk(_: &Path, _: &Path) -> bool {
    false
}

/// A folder as the desktop names it, `XDG_DOCUMENTS_DIR="$HOME/Dokumente"`.
fn named_folder(named: &str, key: &str, home: &Path) -> Option<PathBuf> {
    let value = named.lines().find_map(|line| line.trim().strip_prefix(key)?.trim().strip_prefix('='))?;
    let value = value.trim().trim_matches('"');
    let inside = value.strip_prefix("$HOME/").map(|rest| home.join(rest));
    inside.or_else(|| value.starts_with('/').then(|| PathBuf::from(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(found: &[SavePlace]) -> Vec<SavePlaceKind> {
        found.iter().map(|place| place.kind).collect()
    }

    #[test]
    fn the_users_folders_are_found_as_the_desktop_names_them() {
        let home = tempfile::tempdir().unwrap();
        let places = || places(&[], Some(home.path()));
        assert_eq!(kinds(&places()), [SavePlaceKind::Home]);
        fs::create_dir_all(home.path().join(".config")).unwrap();
        fs::create_dir(home.path().join("Dokumente")).unwrap();
        let named = "# made by the desktop\nXDG_DOCUMENTS_DIR=\"$HOME/Dokumente\"\n";
        fs::write(home.path().join(".config/user-dirs.dirs"), named).unwrap();
        assert_eq!(kinds(&places()), [SavePlaceKind::Documents, SavePlaceKind::Home]);
        assert!(places()[0].path.ends_with("/Dokumente"));
    }

    #[test]
    fn a_folder_on_the_same_disk_is_no_stick() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("not a stick")).unwrap();
        assert_eq!(places(&[root.path().to_owned()], None), []);
        // Another disk that every Linux has.
        if cfg!(target_os = "linux") {
            assert!(on_another_disk(Path::new("/proc"), root.path()));
        }
    }
}
