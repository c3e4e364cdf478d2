//! The program in a fixture of its own: a temporary working directory, an environment with only the variables of the
//! test, and processes that end when their values are dropped.

mod events;
mod process;
mod server;
mod socket;
mod terminal;

pub(crate) use events::EventStream;
pub(crate) use process::{Finished, PATIENCE, Process};
pub(crate) use server::{Answer, Serving, activity};
pub(crate) use socket::Socket;
pub(crate) use terminal::said_on_a_terminal;

use std::{
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

const SEAL_KEY_FILE: &str = "seal-key-of-the-cluster";

/// Where one livetrail lives.
pub(crate) struct Fixture {
    directory: TempDir,
    /// Where its log is, if not in the data folder.
    database_url: Option<String>,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a folder"), database_url: None }
    }

    /// A fixture whose log is in PostgreSQL. Homes of one log have the same seal key.
    pub(crate) fn with_log_in(database_url: String) -> Self {
        let fixture = Self { database_url: Some(database_url), ..Self::new() };
        fixture.write(SEAL_KEY_FILE, "what every node of these tests seals secrets with");
        fixture
    }

    /// The same with a log that has nothing in it.
    pub(crate) fn begin(self) -> Self {
        self.succeed(&["migrate"]);
        self
    }

    /// The working directory of its commands.
    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The data folder, which livetrail itself makes.
    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.data().join("livetrail.db")
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.data().join("livetrail.sock")
    }

    /// Writes a file into the working directory.
    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path
    }

    /// The program with these arguments, on this fixture's data folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare_command(arguments);
        command.env("LIVETRAIL_DATA_DIR", self.data());
        if let Some(url) = &self.database_url {
            command.env("LIVETRAIL_DATABASE_URL", url).env("LIVETRAIL_SEAL_KEY_FILE", SEAL_KEY_FILE);
        }
        command
    }

    /// The program with these arguments and nothing in its environment.
    pub(crate) fn bare_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_livetrail"));
        command.args(arguments).env_clear().env("TZ", "UTC").current_dir(self.path());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Finished {
        Process::start(self.command(arguments)).finish()
    }

    /// Runs a command that has to succeed; what it printed.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let finished = self.run(arguments);
        assert_eq!(finished.code, Some(0), "{arguments:?}: {}", finished.stderr);
        finished.stdout
    }

    /// A new key of this role.
    pub(crate) fn key(&self, role: &str) -> String {
        self.succeed(&["key", "create", "--role", role, "--name", &format!("test {role}")]).trim().to_owned()
    }

    /// A server on a free port.
    pub(crate) fn serve(&self) -> Serving {
        self.serve_at("127.0.0.1:0")
    }

    pub(crate) fn serve_at(&self, listen: &str) -> Serving {
        Serving::start(self.command(&["serve", "--listen", listen]))
    }

    /// The same with further arguments.
    pub(crate) fn serve_with(&self, arguments: &[&str]) -> Serving {
        Serving::start(self.command(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat()))
    }
}
