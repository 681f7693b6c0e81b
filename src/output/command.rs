//! `command`: a program is run for each change and gets it as one line of JSON on its standard input. What it prints goes
//! nowhere but the end of its complaint; exit code 0 means that it took the change.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStderr, ChildStdin};
use tokio::time::timeout;

use crate::output::line;
use crate::output::refusal::Refusal;
use crate::store::KeyedChange;

/// How much of the end of what a program complains of is kept, in bytes.
const KEPT: usize = 1_000;
/// How long an ended program's complaint is waited for: a child of its own may still hold the pipe.
const REST: Duration = Duration::from_millis(200);

/// What the daemon was given for itself.
const PRIVATE: [&str; 7] =
    ["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "JOURNAL_STREAM"];

/// A program with its arguments.
#[derive(Debug)]
pub(super) struct Command {
    line: Vec<String>,
    timeout: Duration,
}

/// A running program and all that it started. Whoever lets go of it kills them.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            // One that has ended is as good.
            kill_process_group(pid, Signal::KILL).ok();
        }
    }
}

impl Command {
    pub(super) fn new(line: &[String], timeout: Duration) -> Self {
        Self { line: line.to_owned(), timeout }
    }

    /// Runs the program once.
    pub(super) async fn deliver(&self, change: &KeyedChange) -> Result<(), Refusal> {
        let mut child = self.started(change)?;
        let mut group = Group(child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)));
        let mut complaint = Vec::new();
        let run = run(&mut child, format!("{}\n", line(change)), &mut complaint);
        let ended = timeout(self.timeout, run).await;
        let Ok(ended) = ended else {
            drop(group);
            // It was killed, so that this is no wait.
            drop(child.wait().await);
            let seconds = self.timeout.as_secs();
            return Err(self.failed(&format!("took longer than {seconds} s and was killed"), &complaint));
        };
        // What it left running on purpose goes on.
        group.0 = None;
        match ended {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(self.failed(&format!("ended with {status}"), &complaint)),
            Err(error) => Err(self.failed(&format!("was lost: {error}"), &complaint)),
        }
    }

    fn started(&self, change: &KeyedChange) -> Result<Child, Refusal> {
        let (program, arguments) = self.line.split_first().ok_or_else(|| Refusal::passing("no program is named"))?;
        let mut command = tokio::process::Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        for name in PRIVATE {
            command.env_remove(name);
        }
        command.env("TOLLWATCH_EVENT", &change.entry.event).env("TOLLWATCH_KEY", change.key.to_string());
        command.process_group(0).kill_on_drop(true).spawn().map_err(|error| {
            let is_forbidden = error.kind() == std::io::ErrorKind::PermissionDenied;
            let remedy = if is_forbidden { "; under systemd a drop-in must name it in ExecPaths=" } else { "" };
            Refusal::passing(format!("{program} cannot be run: {error}{remedy}"))
        })
    }

    fn failed(&self, how: &str, complaint: &[u8]) -> Refusal {
        let program = self.line.first().map_or("", String::as_str);
        let complaint = String::from_utf8_lossy(complaint);
        let last = complaint.lines().rev().map(str::trim).find(|line| !line.is_empty());
        Refusal::passing(last.map_or_else(|| format!("{program} {how}"), |last| format!("{program} {how}: {last}")))
    }
}

/// Feeds a program and hears it out until it ends.
async fn run(child: &mut Child, input: String, complaint: &mut Vec<u8>) -> std::io::Result<std::process::ExitStatus> {
    let (stdin, mut stderr) = (child.stdin.take(), child.stderr.take());
    let status = {
        let along = async {
            tokio::join!(fed(stdin, &input), heard(stderr.as_mut(), complaint));
            std::future::pending::<std::convert::Infallible>().await
        };
        tokio::select! {
            status = child.wait() => status?,
            never = along => match never {},
        }
    };
    // It may have ended before all that it said was heard.
    drop(timeout(REST, heard(stderr.as_mut(), complaint)).await);
    Ok(status)
}

/// A program that does not want to read decides for itself whether that is well.
async fn fed(stdin: Option<ChildStdin>, input: &str) {
    if let Some(mut stdin) = stdin {
        stdin.write_all(input.as_bytes()).await.ok();
    }
}

/// Keeps the end of what a program says, however much it says.
async fn heard(stderr: Option<&mut ChildStderr>, complaint: &mut Vec<u8>) {
    let Some(stderr) = stderr else { return };
    let mut chunk = [0; 4_096];
    while let Ok(read) = stderr.read(&mut chunk).await {
        if read == 0 {
            break;
        }
        complaint.extend_from_slice(chunk.get(..read).unwrap_or_default());
        complaint.drain(..complaint.len().saturating_sub(KEPT));
    }
}
