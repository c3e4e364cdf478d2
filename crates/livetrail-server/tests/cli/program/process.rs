use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    thread,
    time::{Duration, Instant},
};

/// Long enough that a machine under load does not fail a test, short enough that a hang does.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// Lines that may wait to be read; no test has a program say more.
const MAX_LINES: usize = 100_000;

/// A program that is running. It is killed when the value is dropped.
pub(crate) struct Process {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Its exit code; none if a signal ended it.
    pub(crate) code: Option<i32>,
    /// What it printed that was not read before.
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Process {
    pub(crate) fn start(command: Command) -> Self {
        Self::start_with_input(command, Vec::new())
    }

    pub(crate) fn start_with_input(mut command: Command, input: Vec<u8>) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a process");
        let mut stdin = child.stdin.take().expect("an input");
        // A program that does not want all of it closes the pipe.
        thread::spawn(move || stdin.write_all(&input));
        let stdout = lines(child.stdout.take().expect("an output"));
        let stderr = lines(child.stderr.take().expect("an output"));
        Self { child, stdout, stderr }
    }

    /// The next line on standard output.
    pub(crate) fn line(&self) -> String {
        self.stdout.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no line; it said {:?}", self.said()))
    }

    /// The next line on standard error that has `words` in it.
    pub(crate) fn says(&self, words: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self.stderr.recv_timeout(left).unwrap_or_else(|_| panic!("it never said {words:?}"));
            if line.contains(words) {
                return line;
            }
        }
    }

    fn said(&self) -> Vec<String> {
        self.stderr.try_iter().collect()
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("a process that runs");
    }

    /// Waits for its end.
    pub(crate) fn finish(self) -> Finished {
        self.finish_within(PATIENCE)
    }

    /// A program has ended when both of its outputs have.
    pub(crate) fn finish_within(mut self, patience: Duration) -> Finished {
        let deadline = Instant::now() + patience;
        let [stdout, stderr] =
            [&self.stdout, &self.stderr].map(|output| rest(output, deadline).expect("it ends in time"));
        let code = self.child.wait().expect("its exit").code();
        Finished { code, stdout, stderr }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(output: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = sync_channel(MAX_LINES);
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            if send.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
    receive
}

/// What is said until the end; none if it does not come by `deadline`.
fn rest(output: &Receiver<String>, deadline: Instant) -> Option<String> {
    let mut text = String::new();
    loop {
        match output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => text.extend([&line, "\n"]),
            Err(RecvTimeoutError::Disconnected) => return Some(text),
            Err(RecvTimeoutError::Timeout) => return None,
        }
    }
}
