//! A PostgreSQL of one's own for tests and benches.
//!
//! It is started from the installed binaries in a temporary folder, as the user `postgres` where root asks (PostgreSQL
//! refuses to run as root), on a free port and a socket. It is gone, folder and all, when its value is dropped. A run
//! of many processes shares one cluster: the program `private-postgres` starts it, names it in [`SHARED`] and runs the
//! processes.

mod cluster;
mod database;
mod folder;
mod pooler;

pub use cluster::Cluster;
pub use database::Database;
pub use pooler::Pooler;

use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The variable that names the cluster of a whole run, by its address without a database.
pub const SHARED: &str = "PRIVATE_POSTGRES";

/// A new database in the cluster that this run shares, or, where there is no such run, in one that this process starts
/// and ends with the last of its databases.
///
/// # Panics
/// When there is no PostgreSQL to start, with what would help.
pub fn database() -> Database {
    static OF_THIS_PROCESS: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
    if let Some(shared) = Cluster::shared() {
        return Database::create(Arc::new(shared));
    }
    let mut known = OF_THIS_PROCESS.lock().unwrap_or_else(PoisonError::into_inner);
    let cluster = known.upgrade().unwrap_or_else(|| Arc::new(Cluster::start(&[])));
    *known = Arc::downgrade(&cluster);
    Database::create(cluster)
}
