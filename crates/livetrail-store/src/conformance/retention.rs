//! How activities leave the log, and the holds that keep them.

use super::{
    Log,
    alerts::{alert, keep},
    sample::*,
};
use crate::{
    Aged, Alert, AlertQuery, AlertState, Bounds, Decision, Hold, OldAlerts, Placement, RangeRead, Sweep,
};
use jiff::Timestamp;
use livetrail_types::{Filter, NewActivity, Sort};
use uuid::Uuid;

async fn bounds(log: &Log) -> Bounds {
    log.head().await.expect("a head")
}

async fn holds_version(log: &Log) -> u64 {
    log.holds().await.expect("holds").version
}

async fn remove(log: &Log, positions: &[u64]) -> u64 {
    let version = holds_version(log).await;
    log.remove(positions.to_vec(), version).await.expect("a removal").expect("the same holds")
}

/// The positions of all rows above the floor.
async fn kept(log: &Log) -> Vec<u64> {
    let floor = bounds(log).await.floor;
    positions(&log.range(floor, 100_000).await.expect("a range").rows().expect("all are kept"))
}

/// Every removal that the log tells. They are told within a moment.
async fn removed(log: &Log, count: u64) -> Vec<u64> {
    while bounds(log).await.removals < count {}
    let removals = log.removed(0, 100_000).await.expect("removals");
    assert!(removals.is_sorted_by_key(|(number, _)| *number), "{removals:?}");
    assert_eq!(removals.last().map_or(0, |(number, _)| *number), bounds(log).await.removals);
    removals.into_iter().map(|(_, position)| position).collect()
}

pub(super) async fn the_oldest_are_dropped_and_the_floor_is_kept(mut log: Log) {
    append(&*log, plains(1..=300)).await;
    for floor in [1, 63, 64, 65, 130, 200] {
        drop_before(&*log, floor).await;
        assert_eq!(bounds(&log).await.floor, floor);
        assert_eq!(kept(&log).await, (floor + 1..=300).collect::<Vec<_>>());
        let below = log.range(floor - 1, 10).await.expect("a range");
        assert_eq!(below, RangeRead::Trimmed { floor });
        assert_eq!(log.rows(&[floor]).await.expect("rows"), [None]);
    }
    log.reopen().await;
    assert_eq!((bounds(&log).await.floor, bounds(&log).await.head), (200, 300));
    assert_eq!(removed(&log, 0).await, [0; 0], "what the floor says is said once");
}

pub(super) async fn a_log_that_is_dropped_whole_goes_on_after_its_last_position(mut log: Log) {
    append(&*log, plains(1..=200)).await;
    let epoch = bounds(&log).await.epoch;
    drop_before(&*log, 200).await;
    assert_eq!(kept(&log).await, [0; 0]);
    log.reopen().await;
    let empty = bounds(&log).await;
    assert_eq!((empty.epoch, empty.floor, empty.head), (epoch, 200, 200));
    assert_eq!(place(&*log, plain(201)).await, Placement::New(201));
}

pub(super) async fn an_append_between_two_steps_is_stored(log: Log) {
    append(&*log, plains(1..=12_000)).await;
    let (mut steps, mut floor) = (0, 0);
    while floor < 12_000 {
        floor = log.drop_before(12_000, 0).await.expect("a step").expect("no holds");
        steps += 1;
        assert_eq!(place(&*log, plain(12_000 + steps)).await, Placement::New(12_000 + steps));
    }
    assert!(steps > 1, "a log of 12,000 is more than a step");
    assert_eq!(kept(&log).await, (12_001..=12_000 + steps).collect::<Vec<_>>());
}

pub(super) async fn a_floor_beyond_the_head_is_the_head(log: Log) {
    append(&*log, plains(1..=5)).await;
    assert_eq!(log.drop_before(u64::MAX, 0).await.expect("a step"), Some(5));
    assert_eq!((bounds(&log).await.floor, bounds(&log).await.head), (5, 5));
}

pub(super) async fn a_floor_does_not_fall(log: Log) {
    append(&*log, plains(1..=10)).await;
    drop_before(&*log, 7).await;
    assert_eq!(log.drop_before(3, 0).await.expect("a step"), Some(7));
    assert_eq!(bounds(&log).await.floor, 7);
}

pub(super) async fn removed_activities_leave_their_positions_empty(log: Log) {
    append(&*log, plains(1..=10)).await;
    assert_eq!(remove(&log, &[3, 4, 8, 99]).await, 3);
    assert_eq!(remove(&log, &[3]).await, 0, "it is removed once");
    assert_eq!(kept(&log).await, [1, 2, 5, 6, 7, 9, 10]);
    assert_eq!(log.next(2).await.expect("an answer"), Some(5));
    for (after, up_to, expected) in [(0, 10, 3), (2, 4, 2), (3, 4, 1), (4, 7, 0), (8, 10, 0)] {
        assert_eq!(log.count_removed(after, up_to).await.expect("a count"), expected, "({after}, {up_to}]");
    }
}

pub(super) async fn the_newest_activity_may_be_removed_and_its_position_is_not_given_again(mut log: Log) {
    append(&*log, plains(1..=10)).await;
    let epoch = bounds(&log).await.epoch;
    assert_eq!(remove(&log, &[9, 10]).await, 2);
    log.reopen().await;
    assert_eq!((bounds(&log).await.head, bounds(&log).await.epoch), (10, epoch));
    assert_eq!(place(&*log, plain(11)).await, Placement::New(11));
}

pub(super) async fn removals_are_numbered_in_the_order_of_their_commits(mut log: Log) {
    append(&*log, plains(1..=20)).await;
    for position in [7, 3, 12] {
        remove(&log, &[position]).await;
    }
    log.reopen().await;
    assert_eq!(removed(&log, 3).await, [7, 3, 12]);
    let seen = log.removed(0, 2).await.expect("removals");
    let (last, _) = seen[1];
    let rest = log.removed(last, 100).await.expect("removals");
    assert_eq!(rest.iter().map(|(_, position)| *position).collect::<Vec<_>>(), [12]);
}

pub(super) async fn what_sql_deletes_is_numbered_like_any_removal(log: Log) {
    append(&*log, plains(1..=200)).await;
    log.fixture.delete(60..=70).await;
    remove(&log, &[1]).await;
    let mut all = removed(&log, 12).await;
    all.sort_unstable();
    assert_eq!(all, std::iter::once(1).chain(60..=70).collect::<Vec<_>>());
}

pub(super) async fn removals_below_the_floor_are_forgotten(log: Log) {
    append(&*log, plains(1..=20)).await;
    remove(&log, &[2, 15]).await;
    drop_before(&*log, 10).await;
    assert_eq!(removed(&log, 2).await, [15]);
    drop_before(&*log, 20).await;
    let after = bounds(&log).await;
    assert_eq!((after.removals, log.removed(0, 10).await.expect("removals")), (2, Vec::new()));
    append(&*log, plains(21..=22)).await;
    remove(&log, &[21]).await;
    assert_eq!(log.removed(2, 10).await.expect("removals"), [(3, 21)], "no number is given twice");
}

pub(super) async fn the_id_of_a_removed_activity_is_free_again(log: Log) {
    let again = |n| stamp(sent(n), n);
    append(&*log, vec![again(1), again(2), again(3)]).await;
    drop_before(&*log, 1).await;
    remove(&log, &[3]).await;
    assert_eq!(place(&*log, again(1)).await, Placement::New(4));
    assert!(matches!(place(&*log, again(2)).await, Placement::Duplicate { position: 2, .. }));
    assert_eq!(place(&*log, again(3)).await, Placement::New(5));
}

pub(super) async fn lists_and_figures_follow_removals(log: Log) {
    append(&*log, plains(1..=100)).await;
    drop_before(&*log, 60).await;
    remove(&log, &[70, 71]).await;
    let listed = log.list(page(&Filter::default(), Sort::default(), 100, 1)).await.expect("a page");
    let mut found = positions(&listed.rows);
    found.reverse();
    assert_eq!(found, (61..=100).filter(|n| ![70, 71].contains(n)).collect::<Vec<_>>());
    let stats = log.stats(Filter::default(), listed.head, at(100)).await.expect("figures");
    assert_eq!(stats.total_logs, 38);
}

fn hold(n: u64) -> Hold {
    let id = id(n);
    Hold {
        id,
        reason: "case 4711".into(),
        created_at: at(i64::try_from(n).expect("small")),
        ..Hold::default()
    }
}

pub(super) async fn a_hold_is_kept_as_it_was_given_and_released_once(mut log: Log) {
    let full = Hold {
        tenant: Some("acme".into()),
        user_id: Some("u-1".into()),
        from: Some(at(1)),
        until: Some(at_micro(7)),
        made_by: Some("admin".into()),
        ..hold(2)
    };
    log.put_hold(full.clone()).await.expect("a hold");
    log.put_hold(hold(1)).await.expect("a hold");
    log.reopen().await;
    let found = log.holds().await.expect("holds");
    assert_eq!(found.holds, [hold(1), full.clone()]);
    assert_eq!(log.release_hold(id(2)).await.expect("a release"), Some(full));
    assert_eq!(log.release_hold(id(2)).await.expect("a release"), None);
    let rest = log.holds().await.expect("holds");
    assert_eq!(rest.holds, [hold(1)]);
    assert_ne!(rest.version, found.version);
}

pub(super) async fn a_removal_that_was_decided_before_a_hold_is_refused(log: Log) {
    append(&*log, plains(1..=10)).await;
    let before = holds_version(&log).await;
    log.put_hold(hold(1)).await.expect("a hold");
    assert_eq!(log.drop_before(5, before).await.expect("a step"), None);
    assert_eq!(log.remove(vec![7], before).await.expect("a step"), None);
    assert_eq!(kept(&log).await, (1..=10).collect::<Vec<_>>());
    let now = holds_version(&log).await;
    assert_eq!(log.drop_before(5, now).await.expect("a step"), Some(5));
}

pub(super) async fn activities_are_swept_by_position_and_by_time(log: Log) {
    let happened = |n: i64, tenant: Option<&str>| NewActivity {
        timestamp: Some(at(-n)),
        tenant_id: tenant.map(str::to_owned),
        target_user_id: Some("u-9".into()),
        ..NewActivity::new("u-1", "user_login")
    };
    // The later ones arrived first; two happened at the same time.
    let stored = append_new(
        &*log,
        vec![happened(1, None), happened(5, Some("acme")), happened(9, None), happened(5, None)],
    )
    .await;
    let sweep = async |sweep, limit| log.aged(sweep, limit).await.expect("a sweep");
    let all = sweep(Sweep::Positions { after: 0, up_to: 4 }, 10).await;
    assert_eq!(all, stored.iter().map(Aged::from).collect::<Vec<_>>());
    let places = |found: Vec<Aged>| found.iter().map(|aged| aged.position).collect::<Vec<_>>();
    assert_eq!(places(sweep(Sweep::Positions { after: 1, up_to: 3 }, 10).await), [2, 3]);
    assert_eq!(places(sweep(Sweep::Positions { after: 0, up_to: 4 }, 1).await), [1]);
    let times = |after, until| Sweep::Times { after, until: at(until) };
    let begin = (Timestamp::MIN, 0);
    assert_eq!(places(sweep(times(begin, -1), 10).await), [3, 2, 4, 1]);
    assert_eq!(places(sweep(times(begin, -2), 2).await), [3, 2]);
    assert_eq!(places(sweep(times((at(-5), 2), -1), 10).await), [4, 1]);
    assert_eq!(places(sweep(times(begin, -10), 10).await), [0; 0]);
}

pub(super) async fn a_lease_is_given_when_the_one_before_has_ended(log: Log) {
    drop(log.lease().await.expect("an answer").expect("it is free"));
    while log.lease().await.expect("an answer").is_none() {}
}

/// Resolved alerts of before 100 s are old, and others of before 50 s.
fn old() -> OldAlerts {
    OldAlerts { resolved: at(100), undecided: at(50) }
}

/// Keeps the n-th alert, whose last activity happened at a second, and its activity.
async fn raise(log: &Log, n: u64, second: i64) {
    keep(log, vec![Alert { last_at: at(second), ..alert(n) }]).await;
    append(&**log, vec![stamp(NewActivity { id: Some(id(n)), ..NewActivity::new("u", "alert_raised") }, n)])
        .await;
    log.alerts_are_recorded(vec![id(n)]).await.expect("a note");
}

async fn decide(log: &Log, n: u64, state: AlertState) {
    let decision = Decision { state, ..Decision::default() };
    log.decide(id(n), decision).await.expect("an answer").expect("an alert");
}

/// Removes what is old, page by page. How many that were, and which alerts are left.
async fn remove_old(log: &Log) -> (u64, Vec<u64>) {
    let (mut after, mut removed) = ((0, Uuid::nil()), 0);
    loop {
        let found = log.old_alerts(after, old(), 2).await.expect("alerts");
        let Some(last) = found.last() else { break };
        after = *last;
        let ids = found.iter().map(|(_, id)| *id).collect();
        removed += log.remove_alerts(ids, old()).await.expect("a removal");
    }
    let left = log.alerts(AlertQuery { limit: 20, ..AlertQuery::default() }).await.expect("alerts");
    (removed, left.iter().rev().map(|alert| alert.position).collect())
}

pub(super) async fn alerts_whose_activities_are_gone_are_removed_when_they_are_old_enough(mut log: Log) {
    for (n, second) in [(1, 99), (2, 100), (3, 49), (4, 50), (5, 49), (6, 0)] {
        raise(&log, n, second).await;
    }
    for n in [1, 2, 6] {
        decide(&log, n, AlertState::Resolved).await;
    }
    decide(&log, 5, AlertState::Acknowledged).await;
    keep(
        &log,
        vec![Alert { last_at: at(0), open_ended: true, ..alert(7) }, Alert { last_at: at(0), ..alert(8) }],
    )
    .await;
    decide(&log, 7, AlertState::Resolved).await;
    assert_eq!(remove_old(&log).await, (0, (1..=8).collect()), "the log has their activities");
    let holds = log.holds().await.expect("holds").version;
    assert_eq!(log.drop_before(4, holds).await.expect("a step"), Some(4));
    assert_eq!(log.remove(vec![5], holds).await.expect("a step"), Some(1));
    assert_eq!(remove_old(&log).await, (3, vec![2, 4, 6, 7, 8]));
    log.reopen().await;
    assert_eq!(remove_old(&log).await, (0, vec![2, 4, 6, 7, 8]));
}

pub(super) async fn an_alert_that_has_changed_is_looked_at_again_before_it_is_removed(log: Log) {
    for n in 1..=3 {
        raise(&log, n, 99).await;
        decide(&log, n, AlertState::Resolved).await;
    }
    let holds = log.holds().await.expect("holds").version;
    log.drop_before(3, holds).await.expect("a step");
    let found: Vec<Uuid> = log
        .old_alerts((0, Uuid::nil()), old(), 9)
        .await
        .expect("alerts")
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    assert_eq!(found, [1, 2, 3].map(id));
    decide(&log, 1, AlertState::Open).await;
    keep(&log, vec![Alert { last_at: at(100), ..alert(2) }]).await;
    assert_eq!(log.remove_alerts(found, old()).await.expect("a removal"), 1);
    assert_eq!(remove_old(&log).await, (0, vec![1, 2]));
}
