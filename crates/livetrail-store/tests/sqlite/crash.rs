//! What a crash and a full disk leave behind. The process that crashes is this test program again: a child process that
//! runs a single test below, with its log in the folder `data` of its working directory. Without such a folder, the
//! test was not started as a child, and does nothing.

use super::{activity, append, head, open, positions, temporary};
use livetrail_store::{Log, SqliteStore, StoreError};
use livetrail_types::Epoch;
use rustix::process::{self, Resource, Rlimit};
use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

/// Starts the child's test in `folder`, by a shell that first runs `setup`.
fn child(folder: &Path, setup: &str, test: &str) -> Child {
    fs::create_dir(folder.join("data")).expect("a folder");
    let program = env::current_exe().expect("this program");
    let arguments = ["--exact", test, "--ignored", "--nocapture", "--test-threads=1"];
    Command::new("sh")
        .args(["-c", &format!(r#"{setup} exec "$0" "$@""#)])
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child")
}

/// What the child says was acknowledged, line by line until it ends.
fn acknowledged(child: &mut Child) -> impl Iterator<Item = u64> + use<> {
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok())
}

fn childs_store() -> Option<SqliteStore> {
    let data = Path::new("data");
    data.is_dir().then(|| open(data))
}

fn acknowledge(position: u64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "acknowledged {position}").and_then(|()| out.flush()).expect("the parent listens");
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = temporary();
    let mut child = child(folder.path(), "", "crash::child_that_appends_for_ever");
    let mut last = 0;
    for position in acknowledged(&mut child) {
        last = position;
        if last >= 500 {
            // Again and again until it is dead; what it acknowledged until then still counts.
            let _ = child.kill();
        }
    }
    child.wait().expect("it is dead");
    let store = SqliteStore::open(&folder.path().join("data"), Epoch(2)).expect("the store opens");
    assert_eq!(store.head().await.expect("a head").epoch, Epoch(1), "a kill does not count as a restore");
    let head = head(&store).await;
    assert!(last >= 500 && head >= last, "{last} was acknowledged, {head} is there");
    assert_eq!(positions(&store).await, (1..=head).collect::<Vec<_>>());
    append(&store, 1_000_000..=1_000_000).await;
}

#[tokio::test]
#[ignore = "is run by what_was_acknowledged_survives_a_kill"]
async fn child_that_appends_for_ever() {
    let Some(store) = childs_store() else { return };
    for batch in 0.. {
        append(&store, batch * 10..=batch * 10 + 9).await;
        acknowledge(batch * 10 + 10);
    }
}

#[tokio::test]
async fn a_disk_that_takes_no_more_costs_nothing_that_was_acknowledged() {
    let folder = temporary();
    // A file may not grow beyond 1,024 blocks; the signal that says so is ignored, so that the write fails.
    let setup = "trap '' XFSZ; ulimit -S -f 1024 || exit 99;";
    let mut child = child(folder.path(), setup, "crash::child_that_fills_the_disk");
    let last = acknowledged(&mut child).last().expect("something was acknowledged");
    assert!(child.wait().expect("it ended").success());
    let store = open(&folder.path().join("data"));
    assert_eq!(positions(&store).await, (1..=last).collect::<Vec<_>>());
    append(&store, 1_000_000..=1_000_000).await;
    assert_eq!(head(&store).await, last + 1);
}

#[tokio::test]
#[ignore = "is run by a_disk_that_takes_no_more_costs_nothing_that_was_acknowledged"]
async fn child_that_fills_the_disk() {
    let Some(store) = childs_store() else { return };
    let mut last = 0;
    let error = loop {
        match store.append((last..last + 10).map(activity).collect()).await {
            Ok(_) => last += 10,
            Err(error) => break error,
        }
        acknowledge(last);
    };
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert_eq!(positions(&store).await, (1..=last).collect::<Vec<_>>(), "reading goes on");

    // There is room again; the batch that failed left nothing behind.
    let limits = process::getrlimit(Resource::Fsize);
    process::setrlimit(Resource::Fsize, Rlimit { current: limits.maximum, ..limits }).expect("room");
    append(&store, last..=last + 9).await;
    assert_eq!(positions(&store).await, (1..=last + 10).collect::<Vec<_>>());
    acknowledge(last + 10);
}
