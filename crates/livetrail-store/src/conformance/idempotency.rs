//! The same id again: by tenant, for as long as the activity is kept.

use super::{Log, sample::*};
use crate::Placement;
use livetrail_types::{NewActivity, Stamped};
use tokio::task::JoinSet;

fn otherwise(n: u64) -> NewActivity {
    NewActivity { status_code: Some(500), ..sent(n) }
}

fn of_tenant(n: u64, tenant: &str) -> Stamped {
    stamp(NewActivity { tenant_id: Some(tenant.into()), ..sent(n) }, n)
}

pub(super) async fn the_same_activity_again_is_a_duplicate_of_the_first(log: Log) {
    append(&*log, plains([1])).await;
    assert_eq!(place(&*log, stamp(sent(2), 2)).await, Placement::New(2));
    // Sent without a time of its own, the retry is stamped with a later one; the first counts.
    let again = Placement::Duplicate { position: 2, timestamp: at(2) };
    assert_eq!(place(&*log, stamp(sent(2), 60)).await, again);
    assert_eq!(place(&*log, stamp(sent(2), 61)).await, again);
    assert_eq!(head(&*log).await, 2);
}

pub(super) async fn the_same_id_with_other_content_is_a_conflict(log: Log) {
    let first = append(&*log, vec![stamp(sent(1), 1)]).await;
    assert_eq!(place(&*log, stamp(otherwise(1), 2)).await, Placement::Conflict);
    let row = log.get(id(1), None).await.expect("a look-up").expect("the first");
    assert_eq!((row.0, head(&*log).await), (first[0].clone(), 1));
}

pub(super) async fn a_batch_may_hold_the_same_activity_twice(log: Log) {
    let batch = vec![stamp(sent(1), 1), stamp(sent(1), 2), stamp(otherwise(1), 3)];
    let placements = log.append(batch).await.expect("an append").placements;
    let duplicate = Placement::Duplicate { position: 1, timestamp: at(1) };
    assert_eq!(placements, [Placement::New(1), duplicate, Placement::Conflict]);
    assert_eq!(head(&*log).await, 1);
}

pub(super) async fn duplicates_and_conflicts_take_no_position(log: Log) {
    append(&*log, vec![stamp(sent(1), 1), stamp(sent(2), 2)]).await;
    let batch = vec![stamp(sent(2), 9), stamp(sent(3), 3), stamp(otherwise(1), 9), stamp(sent(4), 4)];
    let appended = log.append(batch).await.expect("an append");
    let duplicate = Placement::Duplicate { position: 2, timestamp: at(2) };
    let placements = [duplicate, Placement::New(3), Placement::Conflict, Placement::New(4)];
    assert_eq!(appended.placements, placements);
    let stored: Vec<_> = appended.stored.iter().map(|activity| (activity.position, activity.id)).collect();
    assert_eq!(stored, [(3, id(3)), (4, id(4))]);
    assert_eq!(positions(&everything(&*log).await), [1, 2, 3, 4]);
}

pub(super) async fn a_duplicate_is_recognised_after_a_restart(mut log: Log) {
    append(&*log, vec![stamp(sent(1), 1)]).await;
    log.reopen().await;
    let duplicate = Placement::Duplicate { position: 1, timestamp: at(1) };
    assert_eq!(place(&*log, stamp(sent(1), 9)).await, duplicate);
    assert_eq!(place(&*log, stamp(otherwise(1), 9)).await, Placement::Conflict);
    assert_eq!(place(&*log, stamp(sent(2), 2)).await, Placement::New(2));
}

pub(super) async fn an_id_belongs_to_its_tenant(log: Log) {
    assert_eq!(place(&*log, stamp(sent(1), 1)).await, Placement::New(1));
    assert_eq!(place(&*log, of_tenant(1, "acme")).await, Placement::New(2));
    assert_eq!(place(&*log, of_tenant(1, "globex")).await, Placement::New(3));
    let duplicate = Placement::Duplicate { position: 2, timestamp: at(1) };
    assert_eq!(place(&*log, of_tenant(1, "acme")).await, duplicate);
}

pub(super) async fn an_id_that_the_server_made_is_in_conflict_with_a_sender_who_uses_it(log: Log) {
    append(&*log, plains([1])).await;
    assert_eq!(place(&*log, stamp(sent(1), 1)).await, Placement::Conflict);
}

pub(super) async fn of_many_who_send_the_same_activity_at_once_one_stores_it(log: Log) {
    let mut senders = JoinSet::new();
    for sender in 0..16 {
        let store = log.handle();
        senders.spawn(async move { place(&*store, stamp(sent(1), sender)).await });
    }
    let placements = senders.join_all().await;
    let new = placements.iter().filter(|placement| **placement == Placement::New(1)).count();
    assert_eq!(new, 1, "{placements:?}");
    let (stored, _) = log.get(id(1), None).await.expect("a look-up").expect("one is stored");
    let duplicate = Placement::Duplicate { position: 1, timestamp: stored.timestamp };
    assert_eq!(placements.iter().filter(|placement| **placement == duplicate).count(), 15, "{placements:?}");
    assert_eq!(head(&*log).await, 1);
}
