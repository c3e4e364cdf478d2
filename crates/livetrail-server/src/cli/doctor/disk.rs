//! The disk of the data folder.

use super::finding::Finding;
use crate::{config::Config, disk::Space, private_files};
use livetrail_store::MIN_SPACE;
use std::path::Path;

const CHECK: &str = "disk";

pub(super) fn check(config: &Config) -> Vec<Finding> {
    let folder = &config.data_dir;
    let mut findings = vec![space(folder, Space::of(existing(folder)), config.database.folder().is_some())];
    findings.extend(private_files::lax(folder).into_iter().map(|path| {
        let message = format!("{path} can be read by other users of this machine");
        Finding::warning("files", message, format!("chmod go= {path}"))
    }));
    findings
}

/// A data folder that is not there yet is made on the disk of the folder above it.
fn existing(folder: &Path) -> &Path {
    let mut above = folder.ancestors().filter(|path| path.exists());
    above.next().unwrap_or(Path::new("."))
}

/// What the free space means. `has_log` says whether the log itself is there.
fn space(folder: &Path, space: Option<Space>, has_log: bool) -> Finding {
    let folder = folder.display();
    let Some(space) = space else {
        let advice = "check that the disk is mounted, and that this user may open the folder";
        return Finding::failure(CHECK, format!("the disk of {folder} cannot be looked at"), advice);
    };
    let (free, total) = (space.free >> 20, space.total >> 20);
    let message = format!("{free} MiB of {total} MiB are free for {folder}");
    let what = if has_log { "activities are refused (503)" } else { "the index cannot write its files" };
    match space {
        Space { free, .. } if free < MIN_SPACE => Finding::failure(
            CHECK,
            format!("the disk is full: {message}; {what}"),
            "free space, or use a larger disk",
        ),
        space if space.is_little() => {
            let advice = format!("free space before the disk is full, because then {what}");
            Finding::warning(CHECK, message, advice)
        }
        _ => Finding::ok(CHECK, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::Level;

    #[test]
    fn a_full_disk_is_a_failure_and_a_nearly_full_one_a_warning() {
        const MIB: u64 = 1 << 20;
        let folder = Path::new("/var/lib/livetrail");
        for (free, level) in [
            (9_000 * MIB, Level::Ok),
            (100 * MIB, Level::Warning),
            (MIB / 2, Level::Failure),
            (0, Level::Failure),
        ] {
            let found = space(folder, Some(Space { free, total: 10_000 * MIB }), true);
            assert_eq!(found.level, level, "{found:?}");
            assert!(found.message.contains("/var/lib/livetrail"), "{found:?}");
            assert_eq!(found.advice.is_some(), level != Level::Ok, "{found:?}");
        }
        assert_eq!(space(folder, None, true).level, Level::Failure);
    }

    #[test]
    fn a_data_folder_that_is_yet_to_be_made_is_judged_by_the_disk_above_it() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(existing(&folder.path().join("not/yet")), folder.path());
    }
}
