//! Where a log begins and ends, and what is read at its edges.

use super::{Log, sample::*};
use crate::{Bounds, Placement, RangeRead};

async fn ends(log: &Log) -> (u64, u64) {
    let Bounds { floor, head, .. } = log.head().await.expect("a head");
    (floor, head)
}

/// The positions that are read after a position; the floor where they are no longer kept.
async fn range(log: &Log, after: u64, limit: usize) -> Result<Vec<u64>, u64> {
    let found = |read: RangeRead| match read {
        RangeRead::Rows(rows) => Ok(positions(&rows)),
        RangeRead::Trimmed { floor } => Err(floor),
    };
    let whole = found(log.range(after, limit).await.expect("a range"));
    assert_eq!(found(log.lean_range(after, limit).await.expect("a range")), whole);
    whole
}

pub(super) async fn a_whole_log_begins_at_zero(mut log: Log) {
    assert_eq!(ends(&log).await, (0, 0));
    append(&*log, plains(1..=200)).await;
    assert_eq!(ends(&log).await, (0, 200));
    log.reopen().await;
    let bounds = log.head().await.expect("a head");
    assert_eq!((bounds.floor, bounds.cursor().position), (0, 200));
    assert_eq!(bounds.cursor().epoch, bounds.epoch);
}

pub(super) async fn the_floor_stays_when_sql_deletes_the_oldest(mut log: Log) {
    append(&*log, plains(1..=200)).await;
    log.fixture.delete(1..=150).await;
    assert_eq!(ends(&log).await, (0, 200));
    assert_eq!(range(&log, 0, 152).await, Ok(vec![151, 152]));
    log.fixture.delete(151..=200).await;
    log.reopen().await;
    assert_eq!(ends(&log).await, (0, 200));
    assert_eq!(place(&*log, plain(201)).await, Placement::New(201));
}

pub(super) async fn a_range_below_the_floor_is_trimmed_and_goes_on_after_it(log: Log) {
    append(&*log, plains(1..=100)).await;
    drop_before(&*log, 70).await;
    for (after, limit) in [(0, 10), (0, 1_000), (69, 1), (69, 0), (10, 5)] {
        assert_eq!(range(&log, after, limit).await, Err(70), "{limit} after {after}");
    }
    assert_eq!(range(&log, 70, 3).await, Ok(vec![71, 72, 73]));
    assert_eq!(range(&log, 100, 3).await, Ok(vec![]));
    assert_eq!(range(&log, u64::MAX, 3).await, Ok(vec![]));
}

pub(super) async fn a_range_over_deleted_activities_above_the_floor_has_the_others(log: Log) {
    append(&*log, plains(1..=100)).await;
    log.fixture.delete(20..=25).await;
    assert_eq!(ends(&log).await, (0, 100));
    assert_eq!(range(&log, 18, 10).await, Ok(vec![19, 26, 27, 28]));
    assert_eq!(range(&log, 20, 3).await, Ok(vec![]));
    assert_eq!(log.next(20).await.expect("an answer"), Some(26));
}

pub(super) async fn rows_are_read_by_position_in_the_order_asked_for(log: Log) {
    append(&*log, plains(1..=100)).await;
    log.fixture.delete(1..=3).await;
    let asked = [99, 5, 3, 5, 0, 101, 4, u64::MAX, i64::MAX as u64];
    let rows = log.rows(&asked).await.expect("rows");
    let found: Vec<_> = rows.iter().map(|row| row.as_ref().map(|(one, _)| (one.position, one.id))).collect();
    let there = |n: u64| Some((n, id(n)));
    assert_eq!(found, [there(99), there(5), None, there(5), None, None, there(4), None, None]);
    assert_eq!(log.rows(&[]).await.expect("rows"), []);
    let whole = log.get(id(99), None).await.expect("a look-up");
    assert_eq!(rows[0], whole);
}
