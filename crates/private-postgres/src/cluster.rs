use crate::{Database, SHARED, folder};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Long enough for a machine under load; a server that takes longer is not coming.
const PATIENCE: Duration = Duration::from_secs(60);
const READY: &str = "database system is ready to accept connections";
/// Most lines of the server's log that are kept.
const MAX_LINES: usize = 200_000;

/// What every private server is started with. Tests connect a lot, and none needs much memory.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
max_connections = 300
shared_buffers = 256MB
max_wal_size = 4GB
log_line_prefix = '%d '
log_checkpoints = off
log_lock_waits = off
";

/// A server of one's own. It is stopped, and everything it wrote is deleted, when the value is dropped.
#[derive(Debug)]
pub struct Cluster {
    address: String,
    /// None for a cluster of another process.
    own: Option<Own>,
}

#[derive(Debug)]
struct Own {
    folder: TempDir,
    server: Mutex<Option<Child>>,
    log: Arc<Log>,
}

/// What the server says.
#[derive(Debug, Default)]
struct Log {
    lines: Mutex<Vec<String>>,
}

impl Cluster {
    /// The cluster of this run, if one was started for it.
    pub(crate) fn shared() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "the program that started the cluster says so here")]
        let address = std::env::var(SHARED).ok()?;
        Some(Self { address, own: None })
    }

    /// Starts a server with some more lines of `postgresql.conf`.
    ///
    /// # Panics
    /// When it does not start, with what it says.
    pub fn start(settings: &[&str]) -> Self {
        let folder = folder::temporary();
        let data = folder.path().join("data");
        let made = folder::program("initdb")
            .args([
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--no-sync",
                "--no-instructions",
            ])
            // An order of letters that is not that of their bytes, as most servers have.
            .args(["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"])
            .arg("-D")
            .arg(&data)
            .current_dir(folder.path())
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = free_port();
        let socket = folder.path().display();
        let mut conf = format!("{SETTINGS}\nport = {port}\nunix_socket_directories = '{socket}'\n");
        settings.iter().for_each(|line| conf.extend([line, "\n"]));
        append(&data.join("postgresql.conf"), &conf);
        let own = Own { folder, server: Mutex::new(None), log: Arc::default() };
        own.run();
        Self { address: format!("postgres://postgres@127.0.0.1:{port}"), own: Some(own) }
    }

    /// The address of one of its databases, for a superuser.
    pub fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.address)
    }

    /// The address without a database.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A new database in it.
    pub fn database(self: &Arc<Self>) -> Database {
        Database::create(Arc::clone(self))
    }

    /// The folder of its files, where it may be given more of them.
    ///
    /// # Panics
    /// When another process started it.
    pub fn folder(&self) -> &Path {
        self.own().folder.path()
    }

    /// Kills the server as a power switch does. Connections break.
    ///
    /// # Panics
    /// When it does not run, or another process started it.
    pub fn kill(&self) {
        let mut server = self.own().server();
        let mut child = server.take().expect("it runs");
        child.kill().expect("a process");
        child.wait().expect("its end");
    }

    /// Starts the server again after it was killed or stopped; when this returns, it takes connections.
    ///
    /// # Panics
    /// When it does not come up, with what it says.
    pub fn start_again(&self) {
        self.own().run();
    }

    /// Stops the server as an operator does who cannot wait: connections are ended, everything is written.
    ///
    /// # Panics
    /// When another process started it.
    pub fn stop(&self) {
        self.own().stop();
    }

    /// What the server has said so far.
    ///
    /// # Panics
    /// When another process started it, or when its log is longer than what is kept.
    pub fn log(&self) -> Vec<String> {
        let lines = self.own().log.lines.lock().unwrap_or_else(PoisonError::into_inner).clone();
        assert!(lines.len() < MAX_LINES, "the server has said more than is kept");
        lines
    }

    /// Runs a script with `psql` in one of its databases.
    ///
    /// # Panics
    /// At the first error, with its text.
    pub fn psql(&self, database: &str, script: &str) -> String {
        self.try_psql(database, script).unwrap_or_else(|error| panic!("{error}\n{script}"))
    }

    /// The same; an error is told.
    ///
    /// # Errors
    /// What `psql` says.
    pub fn try_psql(&self, database: &str, script: &str) -> Result<String, String> {
        let mut child = self
            .command(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("psql runs");
        // What it does not want of the script any more, it refuses to read; its own words tell more.
        let _ = child.stdin.take().expect("an input").write_all(script.as_bytes());
        let done = child.wait_with_output().expect("psql ends");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr)) }
    }

    /// See [`Database::dump_with`].
    pub(crate) fn dump(&self, database: &str, options: &[&str]) -> String {
        let mut command = Command::new(folder::installed().join("pg_dump"));
        let done = command.args(options).arg(self.url(database)).output().expect("pg_dump runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("a script")
    }

    /// Begins to run a statement without waiting for its end. It may outlive this process.
    pub(crate) fn begin_psql(&self, database: &str, statement: &str) {
        let mut command = self.command(database);
        command.args(["--command", statement]);
        let begun = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        drop(begun.expect("psql runs"));
    }

    fn command(&self, database: &str) -> Command {
        let mut command = Command::new(folder::installed().join("psql"));
        command.args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"]);
        command.arg(self.url(database));
        command
    }

    fn own(&self) -> &Own {
        self.own.as_ref().expect("a cluster of this process: others use the shared one too")
    }
}

impl Own {
    fn server(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the server until it stays: processes of one that was killed may still be in its memory.
    fn run(&self) {
        let mut server = self.server();
        assert!(server.is_none(), "it runs already");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (child, ready) = self.spawn();
            let started = ready.recv_timeout(deadline.saturating_duration_since(Instant::now())).is_ok();
            *server = Some(child);
            if started {
                return;
            }
            if let Some(mut child) = server.take() {
                let _ = child.kill();
                let _ = child.wait();
            }
            assert!(Instant::now() < deadline, "PostgreSQL does not start: {:?}", self.log.tail());
        }
    }

    /// A server that is starting; the receiver hears when it is ready and is closed when it has ended.
    fn spawn(&self) -> (Child, Receiver<()>) {
        let mut command = folder::program("postgres");
        command.arg("-D").arg(self.folder.path().join("data")).current_dir(self.folder.path());
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let (give, given) = sync_channel(1);
        let (say, ready) = sync_channel(1);
        let log = Arc::clone(&self.log);
        // The system ends the server with the thread that started it, which this one is until it has read the last
        // line.
        thread::spawn(move || {
            let mut child = command.spawn().expect("postgres runs");
            let stderr = child.stderr.take().expect("its log");
            let _ = give.send(child);
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if line.contains(READY) {
                    let _ = say.try_send(());
                }
                log.push(line);
            }
        });
        (given.recv().expect("postgres runs"), ready)
    }

    fn stop(&self) {
        if let Some(mut child) = self.server().take() {
            let _ = kill_process(Pid::from_child(&child), Signal::INT);
            let _ = child.wait();
        }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        // Nothing of it is to be kept, so it need not write anything.
        if let Some(mut child) = self.server().take() {
            let _ = kill_process(Pid::from_child(&child), Signal::QUIT);
            let _ = child.wait();
        }
    }
}

impl Log {
    fn push(&self, line: String) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() < MAX_LINES {
            lines.push(line);
        }
    }

    fn tail(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines[lines.len().saturating_sub(10)..].to_vec()
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

fn append(file: &Path, text: &str) {
    let mut file = std::fs::OpenOptions::new().append(true).open(file).expect("a configuration");
    file.write_all(text.as_bytes()).expect("a configuration");
}
