//! The files of a server are its user's alone: the log says who did what, and the socket gives every right.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

/// What others may do with a file or folder.
const OF_OTHERS: u32 = 0o077;

/// Warns of a data folder, and of files of ours in it, that others can read or write. They are made for their owner
/// alone; a copy or a backup that was put back may not be.
pub(crate) fn warn_of_lax(data_dir: &Path) {
    for path in lax(data_dir) {
        tracing::warn!("{path} can be read by other users of this machine: chmod go= {path}");
    }
}

/// The data folder, and files of ours in it, that others can read or write.
pub(crate) fn lax(data_dir: &Path) -> Vec<String> {
    let files = fs::read_dir(data_dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let ours = files.filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("livetrail") || name.ends_with(".key")
    });
    let is_lax = |path: &Path| {
        fs::symlink_metadata(path)
            .is_ok_and(|found| !found.is_symlink() && found.permissions().mode() & OF_OTHERS != 0)
    };
    let all = std::iter::once(data_dir.to_owned()).chain(ours);
    all.filter(|path| is_lax(path)).map(|path| path.display().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_files_that_others_can_read_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("livetrail.db");
        fs::write(&database, "").expect("a file");
        let set =
            |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
        set(folder.path(), 0o700);
        set(&database, 0o600);
        assert!(lax(folder.path()).is_empty());
        set(&database, 0o640);
        assert_eq!(lax(folder.path()), [database.display().to_string()]);
        set(folder.path(), 0o755);
        assert_eq!(lax(folder.path()).len(), 2);
    }
}
