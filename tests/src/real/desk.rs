//! One real `usher-desk` process, spoken to in JSON lines.

use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::Duration,
};

use serde_json::{Value, json};

use super::Failure;

/// The longest that a call may take, beside what it was told to wait.
const ANSWER: Duration = Duration::from_secs(30);

/// A desk's process. Killed when it is dropped.
#[derive(Debug)]
pub struct Process {
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
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start(binary: &Path, name: &str, data: &Path, log: &Path) -> Result<Self, Failure> {
        Self::start_as(Command::new(binary), name, data, log)
    }

    /// Starts a desk on a folder by a command that the desk's arguments are added to.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start_as(mut command: Command, name: &str, data: &Path, log: &Path) -> Result<Self, Failure> {
        let log = OpenOptions::new().create(true).append(true).open(log)?;
        let program = command.get_program().to_string_lossy().into_owned();
        command.arg("--data").arg(data).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut child =
            command.spawn().map_err(|error| format!("{program} could not be started: {error}"))?;
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

    /// `kill -9`. What the desk had said before is still there to be read.
    ///
    /// # Errors
    /// The system refuses.
    pub fn kill(self) -> Result<(), Failure> {
        self.kill_in_a_call().map(drop)
    }

    /// `kill -9` with a call under way; the call's answer, where the desk had given it.
    ///
    /// # Errors
    /// The system refuses, or what the desk said last is no answer.
    pub fn kill_in_a_call(mut self) -> Result<Option<Value>, Failure> {
        self.child.kill()?;
        self.child.wait()?;
        let mut last = None;
        while let Ok(line) = self.answers.recv_timeout(ANSWER) {
            last = Some(line);
        }
        // A line that was cut off in the middle was read by nobody.
        let said = last.and_then(|line| serde_json::from_str::<Value>(&line).ok());
        Ok(said.filter(|answer| answer["id"] == json!(self.last)))
    }

    /// Calls and waits for the answer; an error of the desk is a failure here.
    ///
    /// # Errors
    /// The desk answers with an error, not at all, or not in time.
    pub fn call(&mut self, call: &str, args: Value) -> Result<Value, Failure> {
        self.call_within(call, args, ANSWER)
    }

    /// Waits until the desk has sent everything and knows everything.
    ///
    /// # Errors
    /// As [`Process::call`].
    pub fn sync(&mut self, longest: Duration) -> Result<bool, Failure> {
        let args = json!({"deadline_ms": longest.as_millis() as u64});
        let answer = self.call_within("sync", args, longest + ANSWER)?;
        Ok(answer["synced"] == json!(true) && answer["waiting"] == json!(0))
    }

    fn call_within(&mut self, call: &str, args: Value, longest: Duration) -> Result<Value, Failure> {
        self.ask(call, args)?;
        let Some(mut answer) = self.answer(longest)? else {
            return Err(self.words(call, &format!("no answer within {longest:?}")));
        };
        if answer.get("ok").is_none() {
            return Err(self.words(call, &answer));
        }
        Ok(answer["ok"].take())
    }

    /// Calls, and does not wait.
    ///
    /// # Errors
    /// The desk takes no line.
    pub fn ask(&mut self, call: &str, args: Value) -> Result<(), Failure> {
        self.last += 1;
        let ask = json!({"id": self.last, "call": call, "args": args});
        writeln!(self.input, "{ask}").map_err(|error| self.words(call, &error))
    }

    /// The whole answer to the last call; none within this time.
    ///
    /// # Errors
    /// The desk ended, or answers something else.
    pub fn answer(&mut self, longest: Duration) -> Result<Option<Value>, Failure> {
        let line = match self.answers.recv_timeout(longest) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => return Ok(None),
            Err(error) => return Err(self.words("the last call", &error)),
        };
        let answer: Value = serde_json::from_str(&line)?;
        if answer["id"] == json!(self.last) { Ok(Some(answer)) } else { Err(self.words("answer", &answer)) }
    }

    fn words(&self, call: &str, what: &dyn std::fmt::Display) -> Failure {
        format!("{} did not do \"{call}\": {what}", self.name).into()
    }
}
