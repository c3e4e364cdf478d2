//! Positions are gapless and become visible in order.

use super::{Log, sample::*};
use crate::{Placement, Store};
use livetrail_types::Stamped;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::task::JoinSet;

const APPENDERS: u64 = 8;
const BATCHES: u64 = 12;

pub(super) async fn a_fresh_log_is_empty(log: Log) {
    assert_eq!(head(&*log).await, 0);
    assert_eq!(everything(&*log).await, []);
}

pub(super) async fn positions_begin_at_one_and_follow_the_order_of_the_batch(log: Log) {
    // The later one happened first: the log is in the order of arrival.
    let appended = log.append(plains([3, 1, 2])).await.expect("an append");
    assert_eq!(appended.placements, [Placement::New(1), Placement::New(2), Placement::New(3)]);
    let ids: Vec<_> = everything(&*log).await.into_iter().map(|(activity, _)| activity.id).collect();
    assert_eq!(ids, [id(3), id(1), id(2)]);
}

pub(super) async fn an_empty_batch_stores_nothing(log: Log) {
    let appended = log.append(Vec::new()).await.expect("an append");
    assert!(appended.placements.is_empty() && appended.stored.is_empty());
    assert_eq!(head(&*log).await, 0);
}

pub(super) async fn a_large_batch_is_stored_whole(log: Log) {
    let stored = append(&*log, plains(1..=5_000)).await;
    assert_eq!(stored.len(), 5_000);
    assert_eq!(positions(&everything(&*log).await), (1..=5_000).collect::<Vec<_>>());
}

pub(super) async fn what_was_stored_is_told_with_its_positions(log: Log) {
    append(&*log, plains([1])).await;
    let stored = append(&*log, plains([2, 3])).await;
    let rows = log.range(1, 10).await.expect("a range").rows().expect("all are kept");
    assert_eq!(stored, rows.into_iter().map(|(activity, _)| activity).collect::<Vec<_>>());
}

fn batch(appender: u64, batch: u64) -> Vec<Stamped> {
    let first = (appender * BATCHES + batch) * 10;
    plains(first..first + 1 + batch % 5)
}

/// Lets many append at once, each batch after batch, and gives the positions of each batch.
async fn append_together(log: &Log) -> Vec<Vec<u64>> {
    let mut appenders = JoinSet::new();
    for appender in 0..APPENDERS {
        let store = log.handle();
        appenders.spawn(async move {
            let mut placed: Vec<Vec<u64>> = Vec::new();
            for number in 0..BATCHES {
                let stored = append(&*store, batch(appender, number)).await;
                placed.push(stored.iter().map(|activity| activity.position).collect());
            }
            placed
        });
    }
    appenders.join_all().await.into_iter().flatten().collect()
}

pub(super) async fn many_appenders_leave_no_gap_and_share_no_position(log: Log) {
    let mut placed = append_together(&log).await.concat();
    placed.sort_unstable();
    let all: Vec<u64> = (1..=head(&*log).await).collect();
    assert_eq!(placed, all);
    assert_eq!(positions(&everything(&*log).await), all);
}

pub(super) async fn each_batch_of_many_appenders_lies_together_and_in_order(log: Log) {
    for placed in append_together(&log).await {
        assert!(placed.is_sorted_by(|one, next| one + 1 == *next), "{placed:?}");
    }
}

/// Reads for as long as others write and checks that nothing is missing below any head.
async fn watch(store: Arc<dyn Store>, done: Arc<AtomicBool>) -> u64 {
    let mut seen = 0;
    loop {
        let last_look = done.load(Ordering::Acquire);
        let head = head(&*store).await;
        assert!(head >= seen, "the head went back from {seen} to {head}");
        let rows = store.range(seen, 100_000).await.expect("a range").rows().expect("all are kept");
        let read = positions(&rows);
        assert!(read.len() as u64 >= head - seen, "the head is {head}, but {read:?} is all after {seen}");
        assert_eq!(read, (seen + 1..=seen + read.len() as u64).collect::<Vec<_>>());
        seen += read.len() as u64;
        if last_look {
            return seen;
        }
    }
}

pub(super) async fn whoever_sees_a_position_can_read_everything_before_it(log: Log) {
    let done = Arc::new(AtomicBool::new(false));
    let watcher = tokio::spawn(watch(log.handle(), Arc::clone(&done)));
    append_together(&log).await;
    done.store(true, Ordering::Release);
    assert_eq!(watcher.await.expect("nothing was missing"), head(&*log).await);
}

pub(super) async fn what_was_acknowledged_can_be_read_at_once(log: Log) {
    let mut appenders = JoinSet::new();
    for appender in 0..APPENDERS {
        let store = log.handle();
        appenders.spawn(async move {
            for number in 0..BATCHES {
                for activity in append(&*store, batch(appender, number)).await {
                    assert!(head(&*store).await >= activity.position);
                    let row = store.get(activity.id, None).await.expect("a look-up");
                    assert_eq!(row.map(|(activity, _)| activity), Some(activity));
                }
            }
        });
    }
    appenders.join_all().await;
}

pub(super) async fn an_append_that_nobody_waits_for_leaves_no_gap(log: Log) {
    for n in 0..20 {
        let store = log.handle();
        let abandoned = tokio::spawn(async move { store.append(plains(n * 10..n * 10 + 5)).await });
        tokio::task::yield_now().await;
        abandoned.abort();
        // Whether it was stored is open; that it is stored whole or not at all is not.
        let _ = abandoned.await;
        append(&*log, plains([n * 10 + 9])).await;
    }
    let rows = everything(&*log).await;
    assert_eq!(positions(&rows), (1..=head(&*log).await).collect::<Vec<_>>());
    assert_eq!(rows.len() % 5, 0, "20 single ones, and batches of five");
}

pub(super) async fn the_log_and_its_epoch_survive_a_restart(mut log: Log) {
    append(&*log, plains(1..=30)).await;
    let (head, rows) = (log.head().await.expect("a head"), everything(&*log).await);
    for _ in 0..3 {
        log.reopen().await;
        assert_eq!(log.head().await.expect("a head"), head);
        assert_eq!(everything(&*log).await, rows);
    }
}

pub(super) async fn positions_go_on_after_a_restart(mut log: Log) {
    append(&*log, plains([1, 2])).await;
    log.reopen().await;
    assert_eq!(place(&*log, plain(3)).await, Placement::New(3));
}
