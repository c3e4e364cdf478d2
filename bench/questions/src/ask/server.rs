//! A server that is started, and keys for it.

use crate::place::Place;
use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::Instant,
};
use tempfile::TempDir;

/// A question over a large log without an index takes longer than the default allows.
const QUESTION_TIMEOUT: [&str; 2] = ["--question-timeout", "60"];

/// The program to measure, and the log it serves.
pub(super) struct Program {
    binary: PathBuf,
    place: Place,
    data_dir: PathBuf,
    /// Further arguments of `serve`.
    arguments: Vec<String>,
    _temporary: Option<TempDir>,
}

/// A server that is running. It is killed when the value is dropped.
pub(super) struct Server {
    process: Child,
    /// Kept open, because a write to a closed pipe would end the server.
    output: BufReader<ChildStdout>,
    pub(super) url: String,
    /// When the process was started.
    pub(super) begun: Instant,
}

impl Program {
    /// Over PostgreSQL, the server has its files in `data_dir`, or in a folder that is deleted afterwards.
    pub(super) fn new(
        binary: PathBuf,
        place: Place,
        data_dir: Option<PathBuf>,
        arguments: Vec<String>,
    ) -> Result<Self> {
        let given = place.sqlite.clone().or(data_dir);
        let temporary = given.is_none().then(tempfile::tempdir).transpose()?;
        let own = temporary.as_ref().map(|folder| folder.path().join("data"));
        let data_dir = given.or(own).context("no data folder")?;
        Ok(Self { binary, place, data_dir, arguments, _temporary: temporary })
    }

    pub(super) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Deletes the files of the index, so that the next server makes it again.
    pub(super) fn delete_index(&self) -> Result<()> {
        let folder = self.data_dir.join("index");
        fs::remove_dir_all(&folder).with_context(|| format!("cannot delete {}", folder.display()))
    }

    /// The settings of the caller's environment could name a real database.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(words).env_clear().env("LIVETRAIL_DATA_DIR", &self.data_dir);
        if let Some(url) = &self.place.postgres {
            command.env("LIVETRAIL_DATABASE_URL", url);
        }
        command
    }

    pub(super) fn start(&self) -> Result<Server> {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0", "--log", "warn"]);
        if !self.arguments.iter().any(|argument| argument.starts_with(QUESTION_TIMEOUT[0])) {
            command.args(QUESTION_TIMEOUT);
        }
        let begun = Instant::now();
        let process = command.args(&self.arguments).stdout(Stdio::piped()).spawn();
        let mut process = process.with_context(|| format!("cannot start {}", self.binary.display()))?;
        let output = process.stdout.take().context("the server has no standard output")?;
        let mut server = Server { process, output: BufReader::new(output), url: String::new(), begun };
        server.url = server.announced()?;
        Ok(server)
    }

    /// The secret of a new key. A server has to be running.
    pub(super) fn key(&self, role: &str, tenant: Option<&str>) -> Result<String> {
        let mut command = self.command(&["key", "create", "--role", role, "--name", "bench/questions"]);
        if let Some(tenant) = tenant {
            command.args(["--tenant", tenant]);
        }
        let output = command.stderr(Stdio::inherit()).output()?;
        ensure!(output.status.success(), "livetrail key create: {}", output.status);
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}

impl Server {
    pub(super) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// The address in the first line that the server prints.
    fn announced(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let url = line.trim().strip_prefix("listening on ");
        Ok(url.with_context(|| format!("the server did not say where it listens: {line:?}"))?.to_owned())
    }

    /// Ends it as an operator does.
    pub(super) fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.process), Signal::TERM)?;
        let status = self.process.wait()?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
