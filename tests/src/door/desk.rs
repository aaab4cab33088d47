//! One real `usher-desk` process, spoken to in JSON lines.

use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::{Value, json};

use super::Failure;

/// The longest that a call may take, beside what it was told to wait.
const ANSWER: Duration = Duration::from_secs(30);

/// A desk's process. Killed when it is dropped.
#[derive(Debug)]
pub(super) struct Process {
    name: String,
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
    last: u64,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    /// Starts a desk on a folder.
    pub(super) fn start(binary: &Path, name: &str, data: &Path, log: &Path) -> Result<Self, Failure> {
        let log = OpenOptions::new().create(true).append(true).open(log)?;
        let mut child = Command::new(binary)
            .arg("--data")
            .arg(data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("{} could not be started: {error}", binary.display()))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (Some(input), Some(output)) = (input, output) else { return Err("a desk without pipes".into()) };
        let (tell, answers) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { name: name.into(), child, input, answers, last: 0 })
    }

    /// `kill -9`.
    pub(super) fn kill(mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Calls and waits for the answer; an error of the desk is a failure here.
    pub(super) fn call(&mut self, call: &str, args: Value) -> Result<Value, Failure> {
        self.call_within(call, args, ANSWER)
    }

    /// Waits until the desk has sent everything and knows everything.
    pub(super) fn sync(&mut self, longest: Duration) -> Result<bool, Failure> {
        let args = json!({"deadline_ms": longest.as_millis() as u64});
        let answer = self.call_within("sync", args, longest + ANSWER)?;
        Ok(answer["synced"] == json!(true) && answer["waiting"] == json!(0))
    }

    fn call_within(&mut self, call: &str, args: Value, longest: Duration) -> Result<Value, Failure> {
        self.last += 1;
        let ask = json!({"id": self.last, "call": call, "args": args});
        writeln!(self.input, "{ask}").map_err(|error| self.words(call, &error))?;
        let line = self.answers.recv_timeout(longest).map_err(|error| self.words(call, &error))?;
        let mut answer: Value = serde_json::from_str(&line)?;
        if answer["id"] != json!(self.last) || answer.get("ok").is_none() {
            return Err(self.words(call, &answer));
        }
        Ok(answer["ok"].take())
    }

    fn words(&self, call: &str, what: &dyn std::fmt::Display) -> Failure {
        format!("{} did not do \"{call}\": {what}", self.name).into()
    }
}
