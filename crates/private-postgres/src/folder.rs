use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// Where distributions keep the programs of the servers; the newest is taken.
const PLACES: [&str; 2] = ["/usr/lib/postgresql", "/usr/pgsql"];

/// A temporary folder that the server's user owns.
pub(crate) fn temporary() -> TempDir {
    let folder = tempfile::Builder::new().prefix("private-postgres-").tempdir().expect("a temporary folder");
    fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).expect("a mode");
    if let Some((user, group)) = unprivileged() {
        chown(folder.path(), Some(user), Some(group)).expect("a folder of the user postgres");
    }
    folder
}

/// A program of PostgreSQL's, to be run as a user that it accepts.
pub(crate) fn program(name: &str) -> Command {
    as_postgres(&installed().join(name))
}

/// A program, to be run as a user that PostgreSQL's programs accept.
pub(crate) fn as_postgres(program: &Path) -> Command {
    if unprivileged().is_none() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    // A server does not outlive the process that started it, however that process ends.
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=INT"]).arg(program);
    command
}

/// The folder of the installed programs.
pub(crate) fn installed() -> PathBuf {
    let versions = PLACES.iter().filter_map(|place| fs::read_dir(place).ok()).flatten().flatten();
    let number = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = versions.map(|entry| entry.path()).filter(|path| path.join("bin/postgres").exists());
    let newest = newest.max_by_key(|path| number(path));
    newest.expect("PostgreSQL is not installed; on Debian: apt-get install postgresql").join("bin")
}

/// User and group of the server, where the caller is root.
fn unprivileged() -> Option<(u32, u32)> {
    if !rustix::process::getuid().is_root() {
        return None;
    }
    let passwd = fs::read_to_string("/etc/passwd").expect("the users of this machine");
    let line = passwd.lines().find(|line| line.starts_with("postgres:")).expect("a user named postgres");
    let mut numbers = line.split(':').skip(2).map(|number| number.parse().expect("a number"));
    numbers.next().zip(numbers.next())
}
