//! A disk that is full.

use super::{activity, append, everything, open, small_disk::Disk};
use livetrail_store::{Log, StoreError};
use private_postgres::Cluster;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_nothing_acknowledged_is_lost_and_room_is_enough_to_go_on() {
    if !rustix::process::getuid().is_root() {
        eprintln!("only root may mount a disk; nothing was tested");
        return;
    }
    let cluster = Arc::new(Cluster::start(&["autovacuum = off"]));
    let disk = Disk::mount(cluster.folder().join("small"));
    let data = disk.0.join("data");
    cluster.psql(
        "postgres",
        &format!(
            "COPY (SELECT 1) TO PROGRAM 'mkdir -m 700 {0}'; CREATE TABLESPACE small LOCATION '{0}'; \
             CREATE DATABASE log TABLESPACE small",
            data.display()
        ),
    );
    let ballast = disk.0.join("ballast");
    std::fs::write(&ballast, vec![7_u8; 8 << 20]).expect("some of the room");
    let store = open(&cluster.url("log")).await;
    let mut stored = 0;
    let error = loop {
        let first = stored + 1;
        match store.append((first..first + 500).map(activity).collect()).await {
            Ok(appended) => stored += appended.stored.len() as u64,
            Err(error) => break error,
        }
    };
    assert!(matches!(&error, StoreError::Unavailable(reason) if reason.contains("53100")), "{error:?}");
    assert!(stored > 1_000, "{stored}");
    assert_eq!(everything(&store).await.len() as u64, stored);

    std::fs::remove_file(&ballast).expect("room again");
    assert_eq!(append(&store, stored + 1..=stored + 500).await.len(), 500);
    assert_eq!(everything(&store).await.len() as u64, stored + 500);
}
