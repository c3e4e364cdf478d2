use std::{path::PathBuf, process::Command};

/// A small disk, unmounted when it is dropped.
pub(super) struct Disk(pub(super) PathBuf);

impl Disk {
    pub(super) fn mount(at: PathBuf) -> Self {
        std::fs::create_dir(&at).expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=48m,mode=777", "livetrail-test"])
            .arg(&at)
            .status();
        assert!(mounted.expect("mount runs").success(), "root may mount");
        Self(at)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
