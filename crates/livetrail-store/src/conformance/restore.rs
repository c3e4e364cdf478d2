//! A database that is put back to an earlier state has another epoch, so that no position is given twice in one.

use super::{Log, sample::*};
use crate::Store;
use livetrail_types::Epoch;
use std::{collections::HashMap, time::Duration};
use uuid::Uuid;

/// Long enough for a machine under load.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Which activity was seen at which position of which epoch.
#[derive(Default)]
struct Seen(HashMap<(Epoch, u64), Uuid>);

impl Seen {
    /// Reads the whole log.
    async fn look(&mut self, store: &dyn Store) -> Epoch {
        let epoch = store.head().await.expect("a head").epoch;
        for (activity, _) in everything(store).await {
            let position = activity.position;
            let before = *self.0.entry((epoch, position)).or_insert(activity.id);
            assert_eq!(before, activity.id, "position {position} was given twice in epoch {epoch}");
        }
        epoch
    }
}

/// A log of 40 activities, and of 90 with those that came after its copy.
async fn with_a_copy(log: &Log, seen: &mut Seen) -> Epoch {
    append(&**log, plains(1..=40)).await;
    log.fixture.back_up().await;
    append(&**log, plains(41..=90)).await;
    seen.look(&**log).await
}

/// Opens what was put back and goes on with it.
async fn go_on(log: &mut Log, mut seen: Seen, before: Epoch) {
    log.reopen().await;
    assert_eq!(head(&**log).await, 40);
    append(&**log, plains(1_001..=1_080)).await;
    let epoch = seen.look(&**log).await;
    assert_ne!(epoch, before, "it was put back");
    log.reopen().await;
    assert_eq!(seen.look(&**log).await, epoch, "it was put back once");
}

pub(super) async fn a_log_that_is_put_back_while_it_is_closed_has_another_epoch(mut log: Log) {
    let mut seen = Seen::default();
    let before = with_a_copy(&log, &mut seen).await;
    log.store = None;
    log.fixture.restore().await;
    go_on(&mut log, seen, before).await;
}

pub(super) async fn a_log_that_is_put_back_under_its_store_takes_nothing_until_it_is_opened_again(
    mut log: Log,
) {
    let mut seen = Seen::default();
    let before = with_a_copy(&log, &mut seen).await;
    let mut remote = log.remote_changes();
    log.fixture.restore().await;
    for n in 91..=93 {
        log.append(plains([n])).await.expect_err("its positions are others' now");
    }
    let told = remote.wait_for(|remote| remote.restored);
    tokio::time::timeout(TIMEOUT, told).await.expect("in time").expect("the store is open");
    go_on(&mut log, seen, before).await;
}

pub(super) async fn a_log_may_be_put_back_again_and_again(mut log: Log) {
    let mut seen = Seen::default();
    let mut epochs = vec![with_a_copy(&log, &mut seen).await];
    for n in 1..=3 {
        log.store = None;
        log.fixture.restore().await;
        log.reopen().await;
        append(&*log, plains(n * 1_000..n * 1_000 + 30)).await;
        let epoch = seen.look(&*log).await;
        assert!(!epochs.contains(&epoch), "{epoch} again");
        epochs.push(epoch);
    }
}
