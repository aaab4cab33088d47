//! The binary as a script meets it: lines in, lines out, whatever comes in.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

/// Runs a desk on a folder with this input, to the end of the input.
fn desk(data: &Path, more: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_usher-desk"))
        .arg("--data")
        .arg(data)
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn answers(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn bad_lines_are_answered_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("{{\"id\":3,\"call\":\"{}\"}}\n", "x".repeat(usher_headless::LINE_BYTES_MAX));
    let input = [
        b"{\"id\":1,\"call\":\"look\"}\nnot json\n\n\xff\n".as_slice(),
        long.as_bytes(),
        b"{\"id\":4,\"call\":\"dance\"}\n{\"id\":5,\"call\":\"picture\",\"args\":{}}\n{\"id\":6,\"call\":\"closing\"}",
    ]
    .concat();
    let output = desk(folder.path(), &[], &input);
    assert!(output.status.success());
    let answers = answers(&output);
    let kinds: Vec<_> = answers.iter().map(|one| (one["id"].clone(), one["error"]["kind"].clone())).collect();
    let bad = |id: Value, kind: &str| (id, json!(kind));
    assert_eq!(
        kinds,
        [
            (json!(1), Value::Null),
            bad(Value::Null, "bad_line"),
            bad(Value::Null, "bad_line"),
            bad(Value::Null, "bad_line"),
            bad(json!(4), "bad_call"),
            bad(json!(5), "bad_line"),
            (json!(6), Value::Null),
        ]
    );
    assert_eq!(answers[0]["ok"]["phase"], json!({"kind": "connect"}));
    assert_eq!(answers[6]["ok"], json!({"serving": false, "waiting": 0}));
}

#[test]
fn quit_ends_before_the_rest_of_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let output = desk(folder.path(), &[], b"{\"id\":1,\"call\":\"quit\"}\n{\"id\":2,\"call\":\"look\"}\n");
    assert!(output.status.success());
    assert_eq!(answers(&output), [json!({"id": 1, "ok": {}})]);
}

#[test]
fn a_picture_without_a_code_is_a_value_and_a_missing_one_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wall.png");
    image::GrayImage::from_pixel(640, 360, [128].into()).save(&path).unwrap();
    let missing = folder.path().join("none.png");
    let ask = |path: &Path| json!({"id": 1, "call": "picture", "args": {"path": path}}).to_string();
    let input = [ask(&path), ask(&missing)].join("\n");
    let answers = answers(&desk(&folder.path().join("desk"), &[], input.as_bytes()));
    assert_eq!(answers[0]["ok"]["unread"], json!(true));
    assert_eq!(answers[1]["error"]["kind"], json!("picture"));
    assert!(answers[1]["error"]["detail"].as_str().unwrap().contains("none.png"));
}

#[test]
fn a_desk_that_is_not_connected_says_so_to_every_call() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("log.csv");
    let calls = [
        json!({"id": 1, "call": "export", "args": {"path": out}}),
        json!({"id": 2, "call": "scan", "args": {"readings": ["SOME-CODE"], "found": "typed"}}),
        json!({"id": 3, "call": "sync", "args": {"deadline_ms": 50}}),
    ];
    let input: String = calls.iter().map(|call| format!("{call}\n")).collect();
    let answers = answers(&desk(&folder.path().join("desk"), &[], input.as_bytes()));
    assert_eq!(answers[0]["error"], json!({"kind": "not_ready"}));
    assert_eq!(answers[1]["error"], json!({"kind": "not_ready"}));
    assert_eq!(answers[2]["ok"], json!({"synced": false, "waiting": 0}));
    assert!(!out.exists());
}

#[test]
fn views_are_printed_where_they_are_wished_for() {
    let folder = tempfile::tempdir().unwrap();
    let output = desk(
        folder.path(),
        &["--views"],
        b"{\"id\":1,\"call\":\"set_door\",\"args\":{\"mode\":\"ask_first\"}}\n",
    );
    let views: Vec<_> = answers(&output).into_iter().filter(|line| line.get("view").is_some()).collect();
    assert!(views.iter().any(|line| line["view"]["door"] == json!("ask_first")), "{views:?}");
}
