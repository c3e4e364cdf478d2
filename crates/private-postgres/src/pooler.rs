use crate::{Cluster, cluster::free_port, folder};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
    sync::mpsc::sync_channel,
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// Long enough for a machine under load.
const PATIENCE: Duration = Duration::from_secs(60);
const READY: &str = "process up";
/// Where Debian keeps it, which is not in every user's path.
const PLACE: &str = "/usr/sbin/pgbouncer";

/// A PgBouncer of one's own in front of a cluster. It is gone when the value is dropped.
#[derive(Debug)]
pub struct Pooler {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Pooler {
    /// Starts a pooler that gives out `size` sessions of the cluster for each database, by `mode` (`session` or
    /// `transaction`).
    ///
    /// # Panics
    /// When PgBouncer is not installed or does not start.
    pub fn start(cluster: &Cluster, mode: &str, size: u16) -> Self {
        let (folder, port) = (folder::temporary(), free_port());
        let (_, server_port) = cluster.address().rsplit_once(':').expect("a port");
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             auth_type = any\nunix_socket_dir =\npool_mode = {mode}\ndefault_pool_size = {size}\nmax_client_conn = 200\n",
            server_port.trim_end_matches('/')
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, settings).expect("a configuration");
        let name = if Path::new(PLACE).exists() { PLACE } else { "pgbouncer" };
        let mut command = folder::as_postgres(Path::new(name));
        command.arg(&file).stdout(Stdio::null()).stderr(Stdio::piped());
        let (give, given) = sync_channel(1);
        let (say, ready) = sync_channel(1);
        // The system ends it with the thread that started it, which this one is until it has read the last line.
        thread::spawn(move || {
            let mut child =
                command.spawn().expect("PgBouncer is installed; on Debian: apt-get install pgbouncer");
            let stderr = child.stderr.take().expect("its log");
            let _ = give.send(child);
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if line.contains(READY) {
                    let _ = say.try_send(());
                }
            }
        });
        let child = given.recv().expect("pgbouncer runs");
        ready.recv_timeout(PATIENCE).expect("PgBouncer starts");
        Self { child, port, _folder: folder }
    }

    /// The URL of a database through the pooler.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
