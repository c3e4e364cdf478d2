//! What the processes and folders of this machine have.

use serde::Serialize;
use std::{collections::BTreeMap, fs, path::Path};

/// Memory of a process in kB, as proc_pid_status(5) counts it.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Memory {
    /// All resident memory.
    pub resident_kb: u64,
    /// The part of it that is not a file's.
    pub anonymous_kb: u64,
    /// Pages of files, which the system reclaims when it needs them.
    pub file_kb: u64,
}

impl Memory {
    /// Of a process that runs; zeros of another one.
    pub(super) fn of(pid: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let kb = |name: &str| {
            let value = status.lines().find_map(|line| line.strip_prefix(name));
            value.and_then(|value| value.split_whitespace().next()?.parse().ok()).unwrap_or(0)
        };
        Self { resident_kb: kb("VmRSS:"), anonymous_kb: kb("RssAnon:"), file_kb: kb("RssFile:") }
    }
}

/// The machine that was measured.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// Cores that this process may use.
    pub cores: usize,
    /// The name of the processor.
    pub cpu: String,
}

impl Machine {
    pub(super) fn this() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        Self { cores, cpu: model.map_or("unknown CPU", |(_, name)| name.trim()).to_owned() }
    }
}

/// The bytes of each file and folder in a folder, by name.
pub(super) fn sizes(folder: &Path) -> BTreeMap<String, u64> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), size(&entry.path()))).collect()
}

fn size(path: &Path) -> u64 {
    let Ok(found) = fs::symlink_metadata(path) else { return 0 };
    match found.is_dir() {
        true => sizes(path).values().sum(),
        false => found.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_this_process_is_found_and_has_two_parts() {
        let memory = Memory::of(std::process::id());
        assert!(memory.anonymous_kb > 100 && memory.file_kb > 100, "{memory:?}");
        assert!(memory.resident_kb >= memory.anonymous_kb + memory.file_kb, "{memory:?}");
    }

    #[test]
    fn files_of_folders_are_counted_with_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("index")).unwrap();
        fs::write(folder.path().join("index/1"), [0; 10]).unwrap();
        fs::write(folder.path().join("index/2"), [0; 5]).unwrap();
        fs::write(folder.path().join("file"), [0; 7]).unwrap();
        assert_eq!(sizes(folder.path()), BTreeMap::from([("file".into(), 7), ("index".into(), 15)]));
    }
}
