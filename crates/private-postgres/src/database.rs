use crate::Cluster;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// An empty database. Soon after the value is dropped, the database is, too, and its connections end.
#[derive(Debug)]
pub struct Database {
    cluster: Arc<Cluster>,
    name: String,
}

impl Database {
    pub(crate) fn create(cluster: Arc<Cluster>) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("t_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        cluster.psql("postgres", &format!("CREATE DATABASE {name}"));
        Self { cluster, name }
    }

    /// Its address, for a superuser.
    pub fn url(&self) -> String {
        self.cluster.url(&self.name)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cluster that it is in.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// A script for [`Database::psql`] that puts the database back to what it is now (`pg_dump --clean`).
    ///
    /// # Panics
    /// When it cannot be read, with what `pg_dump` says.
    pub fn dump(&self) -> String {
        self.dump_with(&["--clean", "--if-exists"])
    }

    /// A script for [`Database::psql`], as `pg_dump` writes it with these options.
    ///
    /// # Panics
    /// When the database cannot be read, with what `pg_dump` says.
    pub fn dump_with(&self, options: &[&str]) -> String {
        self.cluster.dump(&self.name, options)
    }

    /// Runs what `psql` takes, statements and commands alike, and gives what it prints, unaligned and without headings.
    ///
    /// # Panics
    /// At the first error, with its text.
    pub fn psql(&self, script: &str) -> String {
        self.cluster.psql(&self.name, script)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // This thread does not wait for it. A session of any database that is in the middle of a COPY blocks it until
        // its client sends the rest, and that client may be a task of this thread.
        self.cluster.begin_psql("postgres", &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}
