//! Runs a command with a PostgreSQL of its own, whose address it finds in its environment.

use private_postgres::{Cluster, SHARED};
use std::{
    env,
    process::{Command, ExitCode},
};

/// Set to anything, it has the server keep what it commits, which benches want.
const DURABLE: &str = "PRIVATE_POSTGRES_DURABLE";
/// Tests are not about what a crash of the machine leaves.
const FAST: [&str; 3] = ["fsync = off", "full_page_writes = off", "synchronous_commit = off"];

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!(
            "usage: private-postgres COMMAND [ARGUMENT…]\n\nThe command finds the server's address in {SHARED}. The \
             server does not sync what it writes, unless {DURABLE} is set."
        );
        return ExitCode::from(2);
    };
    #[expect(clippy::disallowed_methods, reason = "this program has no other configuration")]
    let durable = env::var_os(DURABLE).is_some();
    let cluster = Cluster::start(if durable { &[] } else { &FAST });
    let status = Command::new(&program).args(arguments).env(SHARED, cluster.address()).status();
    drop(cluster);
    match status {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            eprintln!("private-postgres: cannot run {}: {error}", program.display());
            ExitCode::FAILURE
        }
    }
}
