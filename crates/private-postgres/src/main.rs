//! Runs a command with a PostgreSQL of its own, whose address it finds in its environment.

use private_postgres::{Cluster, SHARED};
use std::{
    env,
    process::{Command, ExitCode},
};

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("usage: private-postgres COMMAND [ARGUMENT…]\n\nThe command finds the server's address in {SHARED}.");
        return ExitCode::from(2);
    };
    // What is tested is what a crash of the server leaves, not what one of the machine does; that is tested elsewhere.
    let cluster = Cluster::start(&["fsync = off", "full_page_writes = off", "synchronous_commit = off"]);
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
