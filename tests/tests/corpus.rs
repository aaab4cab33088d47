//! What the fuzzer begins with, and what it has found, through the same decoders without the nightly compiler (`fuzz/`).

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

#[path = "corpus/changed.rs"]
mod changed;
#[path = "../../fuzz/src/decoders/mod.rs"]
pub mod decoders;

use std::{
    collections::BTreeSet,
    env, fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
};

/// The most that the examples of one decoder may take in this repository, in bytes.
const CORPUS_BYTES_MAX: u64 = 200_000;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_example_passes_its_decoder() {
    for (name, decoder) in decoders::ALL {
        let files = files(&corpus().join(name));
        assert!(!files.is_empty(), "{name} has no examples");
        for file in files {
            let bytes = fs::read(&file).unwrap();
            assert!(catch_unwind(|| decoder(&bytes)).is_ok(), "{} is a find", file.display());
        }
    }
}

/// A find is kept in the folder for temporary files, under the name that the test's message says.
#[test]
fn examples_changed_by_chance_pass_their_decoders() {
    let number = |name, or| env::var(name).map_or(or, |text| text.parse().unwrap());
    let (seed, each) = (number("USHER_CHANGES_SEED", 1), number("USHER_CHANGES", 10));
    println!("USHER_CHANGES_SEED={seed} USHER_CHANGES={each}");
    let mut finds = Vec::new();
    for (name, decoder) in decoders::ALL {
        let examples: Vec<_> =
            files(&corpus().join(name)).iter().map(|file| fs::read(file).unwrap()).collect();
        let mut changes = changed::Changes::new(seed, &examples);
        for _ in 0..each * examples.len() as u64 {
            let bytes = changes.next_input();
            if catch_unwind(|| decoder(&bytes)).is_err() {
                let path = env::temp_dir().join(format!("usher-find-{name}-{}", finds.len()));
                fs::write(&path, &bytes).unwrap();
                finds.push(path);
            }
        }
    }
    assert!(finds.is_empty(), "{finds:?}");
}

#[test]
fn each_decoder_has_its_folder_and_its_target() {
    let names = |folder: &Path| -> BTreeSet<String> {
        files(folder).iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let decoders: BTreeSet<String> = decoders::ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names(&corpus()), decoders);
    assert_eq!(names(&corpus().join("../fuzz_targets")), decoders);
}

#[test]
fn the_examples_stay_few() {
    for folder in files(&corpus()) {
        let bytes: u64 = files(&folder).iter().map(|file| fs::metadata(file).unwrap().len()).sum();
        assert!(bytes <= CORPUS_BYTES_MAX, "{} has {bytes} bytes", folder.display());
    }
}
