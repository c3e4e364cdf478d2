//! The name of the log. It changes when positions may mean other activities than before: after a restore from a copy,
//! or when a standby took over that lacks the last commits.
//!
//! At the start, [`marks`] tell whether the log was restored. While nodes run, each one remembers how far the log was.
//! A log that ends earlier was put back, and the node that notices it first gives it a new epoch. The others read the
//! epoch with every batch and every look, so no two nodes serve different epochs.

use super::{Shared, internal, marks, removed};
use crate::{Result, StoreError, restored};
use livetrail_types::Epoch;
use std::fmt::Display;
use tokio_postgres::{Client, GenericClient};

/// The epoch as it is kept.
pub(super) const READ: &str = "SELECT value FROM livetrail_settings WHERE name = 'epoch'";

/// The epoch at the start of a node; `fresh` is that of a log which is new or was restored.
pub(super) async fn at_start(client: &Client, fresh: Epoch, database: impl Display) -> Result<Epoch> {
    let fresh = fresh.0.to_be_bytes();
    let is_restored = marks::tell_of_a_restore(client).await?;
    marks::set(client, is_restored.then_some(&fresh[..])).await?;
    if is_restored {
        restored::warn(database);
    }
    internal::setting(client, "epoch", fresh).await.map(|bytes| Epoch(u32::from_be_bytes(bytes)))
}

/// What a node that has another epoch than the log answers.
pub(super) fn changed() -> StoreError {
    StoreError::Unavailable(
        "the log was restored while this server was running; the server begins anew with it".into(),
    )
}

impl Shared {
    /// Whether an epoch, as it is kept, is the one that this node serves.
    pub(super) fn is_served(&self, kept: Option<&[u8]>) -> bool {
        kept == Some(&self.epoch.0.to_be_bytes()[..])
    }

    /// Gives the log another epoch, because it ends at `head` although it had reached `known`. If several nodes notice
    /// it, one of them changes the epoch.
    pub(super) async fn renew_epoch(&self, client: &impl GenericClient, known: u64, head: u64) -> Result<()> {
        let renew = "UPDATE livetrail_settings SET value = substring(uuid_send(gen_random_uuid()) FOR 4) WHERE name = 'epoch' AND value = $1";
        let ours = self.epoch.0.to_be_bytes();
        if client.execute(renew, &[&&ours[..]]).await? == 1 {
            tracing::warn!(
                known,
                head,
                "the log ends earlier than it did: a copy was restored, or commits were lost by a failover"
            );
            restored::warn(self.connector.address());
            removed::forget_above(client, head).await?;
        }
        self.heard(|remote| remote.restored = true);
        Ok(())
    }
}
