//! How many files may be open: each connection is one.

use super::{finding::Finding, server::Running};
use crate::{cli::serve::OPEN_FILES_WANTED, config::Config, connections::OTHER_FILES};
use rustix::process::{Resource, getrlimit};

const CHECK: &str = "limits";

/// Of the running server, or else of this process: the server raises its limit up to the hard one.
pub(super) fn check(config: &Config, running: Option<&Running>) -> Finding {
    let of_server = running.and_then(|running| open_files(running.process()?));
    let (files, whose) = match of_server {
        Some(files) => (files, "the server"),
        None => (getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX), "a server that is started here"),
    };
    finding(files, whose, config.max_connections)
}

/// The limit of a process, as the system tells it (proc_pid_limits(5)).
fn open_files(process: i32) -> Option<u64> {
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).ok()?;
    parsed(&limits)
}

fn parsed(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let soft = line.split_whitespace().next()?;
    if soft == "unlimited" { Some(u64::MAX) } else { soft.parse().ok() }
}

fn finding(files: u64, whose: &str, max_connections: Option<usize>) -> Finding {
    let wanted = max_connections.map_or(0, |connections| (connections + OTHER_FILES) as u64);
    let advice = format!("raise the limit to {}: LimitNOFILE= in systemd", wanted.max(OPEN_FILES_WANTED));
    if files < wanted {
        let message = format!("{whose} may open {files} files, which is too few for max-connections");
        return Finding::failure(CHECK, message, advice);
    }
    match files {
        files if files < OPEN_FILES_WANTED => Finding::warning(
            CHECK,
            format!("{whose} may open only {files} files, and each client is one"),
            advice,
        ),
        u64::MAX => Finding::ok(CHECK, format!("{whose} may open any number of files")),
        files => Finding::ok(CHECK, format!("{whose} may open {files} files")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::Level;

    #[test]
    fn few_files_are_a_warning_and_fewer_than_the_connections_a_failure() {
        for (files, connections, level) in [
            (65_536, None, Level::Ok),
            (u64::MAX, Some(100_000), Level::Ok),
            (1_024, None, Level::Warning),
            (1_024, Some(100), Level::Warning),
            (1_024, Some(1_000), Level::Failure),
            (20_000, Some(20_000), Level::Failure),
        ] {
            assert_eq!(finding(files, "the server", connections).level, level, "{files} {connections:?}");
        }
    }

    #[test]
    fn the_limit_of_a_process_is_read() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(parsed(limits), Some(1_024));
        assert_eq!(parsed(&limits.replace("1024  ", "unlimited  ")), Some(u64::MAX));
        assert!(open_files(std::process::id().cast_signed()).is_some());
    }
}
