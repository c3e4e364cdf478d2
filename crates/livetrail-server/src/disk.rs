//! Watches the disk of an embedded log, so that its operator hears of a lack of space before an activity is refused.

use crate::log_span;
use prometheus_client::{metrics::gauge::Gauge, registry::Registry};
use std::{
    path::{Path, PathBuf},
    sync::Weak,
    time::Duration,
};
use tokio::time::interval;

/// How often to look.
const LOOK: Duration = Duration::from_secs(30);
/// Less than one part of this many of the disk is little, …
const LITTLE_PART: u64 = 20;
/// … unless it is more than this, in bytes.
const ENOUGH: u64 = 5 << 30;

/// The space of a disk, in bytes.
#[derive(Clone, Copy)]
pub(crate) struct Space {
    pub(crate) free: u64,
    pub(crate) total: u64,
}

impl Space {
    pub(crate) fn of(folder: &Path) -> Option<Self> {
        let disk = rustix::fs::statvfs(folder).ok()?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        Some(Self { free: bytes(disk.f_bavail), total: bytes(disk.f_blocks) })
    }

    pub(crate) fn is_little(self) -> bool {
        self.free < ENOUGH.min(self.total / LITTLE_PART)
    }
}

/// Watches the disk of `folder` until `user` is dropped: a metric shows the free space, and a warning tells when there
/// is little.
pub(crate) fn watch<T: Send + Sync + 'static>(folder: PathBuf, user: Weak<T>, registry: &mut Registry) {
    let free = Gauge::<i64>::default();
    registry.register("disk_free_bytes", "Free space on the disk of the embedded log", free.clone());
    log_span::spawn("disk", async move {
        let (mut looks, mut was_little) = (interval(LOOK), false);
        while user.strong_count() > 0 {
            looks.tick().await;
            let Some(space) = Space::of(&folder) else { continue };
            free.set(i64::try_from(space.free).unwrap_or(i64::MAX));
            if space.is_little() && !was_little {
                let (free_mb, total_mb) = (space.free >> 20, space.total >> 20);
                tracing::warn!(
                    folder = %folder.display(), free_mb, total_mb,
                    "the disk of the log is nearly full: activities are refused (503) when nothing is left"
                );
            }
            was_little = space.is_little();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twentieth_is_little_but_not_of_a_large_disk() {
        const GIB: u64 = 1 << 30;
        for (free, total, is_little) in [
            (GIB, 10 * GIB, false),
            (GIB / 3, 10 * GIB, true),
            (6 * GIB, 4_000 * GIB, false),
            (4 * GIB, 4_000 * GIB, true),
        ] {
            assert_eq!(Space { free, total }.is_little(), is_little, "{free} of {total}");
        }
    }

    #[test]
    fn the_space_of_a_folder_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let space = Space::of(folder.path()).expect("its disk");
        assert!(0 < space.free && space.free <= space.total);
        assert!(Space::of(&folder.path().join("nothing")).is_none());
    }
}
