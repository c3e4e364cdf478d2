//! Activities with few words.

use crate::{Placement, Row, Store};
use jiff::Timestamp;
use livetrail_types::{Activity, Filter, ListQuery, NewActivity, PageStart, Sort, Stamped, json};
use uuid::Uuid;

/// 2026-03-01T12:00:00Z, when the logs under test happen.
pub(super) const NOON: i64 = 1_772_366_400;

/// So many seconds after noon.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(NOON + seconds).expect("a moment")
}

/// So many microseconds after noon.
pub(super) fn at_micro(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(NOON * 1_000_000 + micros).expect("a moment")
}

/// The n-th id: of version 7, in order.
pub(super) fn id(n: u64) -> Uuid {
    Uuid::from_u128(0x0198_c0de_7a3b_7000_8000_0000_0000_0000 | u128::from(n))
}

/// An activity as it is on its way into the log, where the server makes it the n-th.
pub(super) fn stamp(activity: NewActivity, n: u64) -> Stamped {
    let now = at(i64::try_from(n).expect("a small number"));
    activity.stamp(now, id(n), &[7; 32])
}

/// The n-th activity of a log of which nothing but its order matters.
pub(super) fn plain(n: u64) -> Stamped {
    stamp(NewActivity::new(format!("u-{}", n % 7), "user_login"), n)
}

/// The n-th activity, with the id that its sender chose.
pub(super) fn sent(n: u64) -> NewActivity {
    NewActivity { id: Some(id(n)), ..NewActivity::new("u-1", "user_login") }
}

/// Plain activities with these numbers.
pub(super) fn plains(numbers: impl IntoIterator<Item = u64>) -> Vec<Stamped> {
    numbers.into_iter().map(plain).collect()
}

/// Appends and gives what is new in the log.
pub(super) async fn append(store: &dyn Store, batch: Vec<Stamped>) -> Vec<Activity> {
    store.append(batch).await.expect("an append").stored
}

/// Appends activities, the n-th of them becoming the log's n-th.
pub(super) async fn append_new(store: &dyn Store, activities: Vec<NewActivity>) -> Vec<Activity> {
    let numbered = activities.into_iter().zip(1..).map(|(activity, n)| stamp(activity, n));
    append(store, numbered.collect()).await
}

/// Appends one activity and gives what became of it.
pub(super) async fn place(store: &dyn Store, activity: Stamped) -> Placement {
    store.append(vec![activity]).await.expect("an append").placements[0]
}

/// Every row of the log, by position.
pub(super) async fn everything(store: &dyn Store) -> Vec<Row> {
    store.range(0, 100_000).await.expect("a range").rows().expect("all are kept")
}

/// The positions of rows.
pub(super) fn positions(rows: &[Row]) -> Vec<u64> {
    rows.iter().map(|(activity, _)| activity.position).collect()
}

/// The head's position.
pub(super) async fn head(store: &dyn Store) -> u64 {
    store.head().await.expect("a head").head
}

/// The n-th page of a list.
pub(super) fn page(filter: &Filter, sort: Sort, limit: u32, n: u32) -> ListQuery {
    ListQuery { filter: filter.clone(), sort, limit, start: PageStart::Number(n) }
}

/// An object, given as JSON.
pub(super) fn object(text: &str) -> json::Object {
    json::parse(text.as_bytes()).expect("JSON").as_object().cloned().expect("an object")
}

/// Drops the oldest activities up to and with a position, step by step.
pub(super) async fn drop_before(store: &dyn Store, floor: u64) {
    let holds = store.holds().await.expect("holds").version;
    while store.drop_before(floor, holds).await.expect("a step").expect("the same holds") < floor {}
}
