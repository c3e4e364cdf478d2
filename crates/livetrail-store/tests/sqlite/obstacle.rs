//! What keeps a log from taking activities is known although none was tried.

use super::{append, open, small_disk::Disk, temporary};
use livetrail_store::Log;
use std::{fs::File, io::Write, process::Command};

#[tokio::test]
async fn a_disk_that_is_full_or_read_only_takes_nothing() {
    if !rustix::process::getuid().is_root() {
        eprintln!("only root may mount a disk; nothing was tested");
        return;
    }
    let folder = temporary();
    let disk = Disk::mount(folder.path().join("small"));
    let store = open(&disk.0.join("data"));
    append(&store, 1..=1).await;
    assert_eq!(store.obstacle().await.expect("an answer"), None);
    let mut ballast = File::create(disk.0.join("ballast")).expect("a file");
    while ballast.write_all(&[0; 65_536]).is_ok() {}
    assert_eq!(store.obstacle().await.expect("an answer"), Some("the disk of the log is full"));
    ballast.set_len(0).expect("room");
    let remounted = Command::new("mount").args(["-o", "remount,ro"]).arg(&disk.0).status();
    // While a file is open for writing a disk cannot be made read-only.
    if remounted.is_ok_and(|status| status.success()) {
        assert_eq!(store.obstacle().await.expect("an answer"), Some("the disk of the log is read-only"));
    }
}
