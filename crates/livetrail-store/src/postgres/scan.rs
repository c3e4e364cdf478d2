//! A connection that answers a question, and how an abandoned question ends.

use super::{connection::Connector, pools::Pools};
use crate::Result;
use deadpool_postgres::Object;
use std::{ops::Deref, sync::Arc, time::Duration};
use tokio::{runtime::Handle, time::timeout};

/// How often the server is asked to cancel: a request may come before the statement that it is about.
const ATTEMPTS: usize = 5;
/// How long a cancelled statement may take to end before the server is asked again.
const END: Duration = Duration::from_millis(500);

/// A connection of the pool of scans, until its question is answered or given up.
pub(super) struct Scan {
    client: Arc<Object>,
    connector: Connector,
    is_idle: bool,
}

impl Scan {
    pub(super) async fn begin(pools: &Pools, connector: &Connector) -> Result<Self> {
        let client = Arc::new(pools.for_scan().await?);
        Ok(Self { client, connector: connector.clone(), is_idle: false })
    }

    /// The question was answered, so the connection is idle and answers the next one.
    pub(super) fn finish(mut self) {
        self.is_idle = true;
    }
}

impl Deref for Scan {
    type Target = Object;

    fn deref(&self) -> &Object {
        &self.client
    }
}

impl Drop for Scan {
    fn drop(&mut self) {
        if let (false, Ok(runtime)) = (self.is_idle, Handle::try_current()) {
            runtime.spawn(end(Arc::clone(&self.client), self.connector.clone()));
        }
    }
}

/// Has the server stop what a connection is doing, and closes the connection. Until the statement has ended, the
/// connection keeps its place in the pool, so that no more statements run than the pool has connections. It is not used
/// again, since a request to cancel that comes late would hit the next question.
async fn end(client: Arc<Object>, connector: Connector) {
    for _ in 0..ATTEMPTS {
        let cancel = client.cancel_token();
        match timeout(connector.timeouts.connect, cancel.cancel_query(connector.tls())).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a statement cannot be cancelled"),
            Err(_) => tracing::debug!("a statement cannot be cancelled: the server does not answer"),
        }
        // The server answers in order, so an answer to this means that the statement has ended.
        if timeout(END, client.simple_query("")).await.is_ok() {
            break;
        }
    }
    drop(Arc::into_inner(client).map(Object::take));
}
