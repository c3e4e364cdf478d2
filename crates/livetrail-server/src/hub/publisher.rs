use super::Hub;
use livetrail_store::{Elsewhere, StoreError};
use livetrail_types::Activity;
use std::{sync::Weak, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::sleep,
};

/// How long to wait before a store that did not answer is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Shows what is durable, here or elsewhere, until the hub is dropped. It has a task of its own, so that whoever appends
/// never waits for what those who watch need: names, and what others have appended.
pub(super) async fn run(
    hub: Weak<Hub>,
    mut committed: mpsc::Receiver<Vec<Activity>>,
    mut elsewhere: watch::Receiver<Elsewhere>,
) {
    let mut shown = Ok(());
    loop {
        let group = tokio::select! {
            group = committed.recv() => match group {
                Some(group) => group,
                None => return,
            },
            Ok(()) = elsewhere.changed() => Vec::new(),
            () = sleep(PAUSE), if shown.is_err() => Vec::new(),
        };
        let Some(hub) = hub.upgrade() else { return };
        hub.reached(elsewhere.borrow_and_update().head);
        shown = show(&hub, group, committed.is_empty()).await;
        if let Err(error) = &shown {
            tracing::warn!(%error, "what is durable cannot be shown yet");
        }
    }
}

/// Shows a group, and after the last of those that wait, whatever had no room to wait.
async fn show(hub: &Hub, group: Vec<Activity>, is_last: bool) -> Result<(), StoreError> {
    hub.publish(group).await?;
    if is_last { hub.catch_up().await } else { Ok(()) }
}
