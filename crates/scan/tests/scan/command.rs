//! The command `usher-scan` as a script meets it.

use std::fs;
use std::process::{Command, Output};

use crate::made::{bytes_as_picture, canvas, png};

fn run(arguments: &[&std::path::Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_usher-scan"))
        .args(["--budget-ms", "30000"])
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn a_line_for_each_code_and_for_each_picture_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let (odd, blank) = (folder.path().join("odd name.png"), folder.path().join("blank.png"));
    fs::write(&odd, png(&bytes_as_picture(b"a\tb\nc\\d\re", 6))).unwrap();
    fs::write(&blank, png(&canvas(640, 480))).unwrap();
    let output = run(&[&odd, &blank]);
    assert!(output.status.success());
    let lines: Vec<Vec<String>> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|l| l.split('\t').map(str::to_owned).collect())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0][..2], [odd.to_str().unwrap().to_owned(), "a\\tb\\nc\\\\d\\re".to_owned()]);
    assert_eq!(lines[1][..2], [blank.to_str().unwrap().to_owned(), String::new()]);
    assert!(lines.iter().all(|l| l.len() == 3 && l[2].parse::<f64>().unwrap() > 0.0));
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (missing, broken, good) =
        (folder.path().join("missing.png"), folder.path().join("broken.jpg"), folder.path().join("good.png"));
    fs::write(&broken, b"\xff\xd8\xff").unwrap();
    fs::write(&good, png(&bytes_as_picture(b"GOOD", 6))).unwrap();
    let output = run(&[&missing, &broken, &good]);
    assert_eq!(output.status.code(), Some(1));
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(out.lines().count() == 1 && out.contains("\tGOOD\t"), "{out}");
    assert!(
        err.contains("missing.png: cannot be read") && err.contains("broken.jpg: is a broken picture"),
        "{err}"
    );
}
