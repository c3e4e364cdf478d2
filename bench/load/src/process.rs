//! What a process has cost so far, as Linux counts it under `/proc`.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// CPU time and resident memory, summed over processes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    pub(crate) cpu_seconds: f64,
    pub(crate) resident_kb: u64,
}

/// What these processes have cost so far; a process that is gone costs nothing.
pub(crate) fn cost_of(pids: &[u32]) -> Cost {
    let ticks = rustix::param::clock_ticks_per_second();
    pids.iter().fold(Cost::default(), |sum, pid| {
        let read = |file| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
        Cost {
            cpu_seconds: sum.cpu_seconds + cpu_ticks(&read("stat")) as f64 / ticks as f64,
            resident_kb: sum.resident_kb + resident_kb(&read("status")),
        }
    })
}

/// User and system time: fields 14 and 15 (proc_pid_stat(5)). The name before them may hold spaces and brackets.
fn cpu_ticks(stat: &str) -> u64 {
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum()
}

fn resident_kb(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
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
    fn cpu_time_is_found_behind_any_name() {
        assert_eq!(cpu_ticks("42 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 30 12 0 0"), 42);
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
