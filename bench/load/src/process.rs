//! What a process has cost so far, as Linux counts it under `/proc`.

use rustix::{
    param::clock_ticks_per_second,
    process::{Resource, Rlimit, getrlimit, setrlimit},
};

/// CPU time and resident memory, summed over processes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    pub(crate) cpu_seconds: f64,
    pub(crate) resident_kb: u64,
}

/// What these processes and their children have cost so far. A child that has ended counts with its parent; one of
/// these processes that has ended counts nothing.
pub(crate) fn cost_of(pids: &[u32]) -> Cost {
    let children = children_of(pids);
    // A server of many processes shares most of their memory: what all of them see must not count once for each.
    let all = pids.iter().map(|pid| (pid, "VmRSS:")).chain(children.iter().map(|pid| (pid, "RssAnon:")));
    all.fold(Cost::default(), |sum, (pid, memory)| Cost {
        cpu_seconds: sum.cpu_seconds
            + cpu_ticks(&read(*pid, "stat")) as f64 / clock_ticks_per_second() as f64,
        resident_kb: sum.resident_kb + kilobytes(&read(*pid, "status"), memory),
    })
}

fn children_of(pids: &[u32]) -> Vec<u32> {
    if pids.is_empty() {
        return Vec::new();
    }
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let all = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    all.filter(|pid| !pids.contains(pid) && parent(&read(*pid, "stat")).is_some_and(|of| pids.contains(&of)))
        .collect()
}

fn read(pid: u32, file: &str) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default()
}

/// The fields of proc_pid_stat(5) from the third on: the second, a name, may hold spaces and brackets.
fn fields(stat: &str) -> impl Iterator<Item = &str> {
    stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace()
}

/// Field 4.
fn parent(stat: &str) -> Option<u32> {
    fields(stat).nth(1)?.parse().ok()
}

/// User and system time, of the process and of its children that have ended: fields 14 to 17.
fn cpu_ticks(stat: &str) -> u64 {
    fields(stat).skip(11).take(4).filter_map(|field| field.parse::<u64>().ok()).sum()
}

fn kilobytes(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|value| value.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap_or(0)
}

/// Allows as many connections as the system lets this process have.
pub(crate) fn raise_file_limit() {
    let maximum = getrlimit(Resource::Nofile).maximum;
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        eprintln!("the limit of open files stays as it is: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parent_and_cpu_time_are_found_behind_any_name() {
        let stat = "42 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 30 12 7 3 20 0";
        assert_eq!((parent(stat), cpu_ticks(stat)), (Some(1), 52));
    }

    #[test]
    fn a_child_counts_with_its_parent() {
        let mut child =
            std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        assert!(children_of(&[std::process::id()]).contains(&child.id()));
        drop(child.stdin.take());
        child.wait().unwrap();
    }

    #[test]
    fn this_process_has_memory() {
        assert!(cost_of(&[std::process::id()]).resident_kb > 100);
    }

    #[test]
    fn a_process_that_is_gone_costs_nothing() {
        assert_eq!(cost_of(&[u32::MAX]), Cost::default());
    }
}
