//! Whether a proxy passes the upgrade to a WebSocket on.

use super::finding::Finding;
use crate::cli::advice;
use reqwest::{
    Client, StatusCode,
    header::{CONNECTION, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE},
};
use std::time::Duration;
use tokio::{io::AsyncReadExt, time::timeout};

const CHECK: &str = "websocket";
const WEBSOCKET: &str = "/api/admin/activity/ws";
const PATIENCE: Duration = Duration::from_secs(5);
/// Sixteen bytes in base64, as RFC 6455 wants them. No client waits for them to be random.
const NONCE: &str = "bGl2ZXRyYWlsLWRvY3Rvcg==";
const UPGRADES: &str =
    "pass the headers Upgrade and Connection on (docs/proxies.md); event streams work without";

pub(super) async fn check(url: &str, key: &str) -> Finding {
    match timeout(PATIENCE, open(url, key)).await {
        Ok(Ok(())) => Finding::ok(CHECK, "a WebSocket opens, and its first message arrives"),
        Ok(Err(error)) => Finding::warning(CHECK, format!("a WebSocket does not open: {error:#}"), UPGRADES),
        Err(_) => {
            let message = format!("a WebSocket says nothing within {} s", PATIENCE.as_secs());
            Finding::warning(CHECK, message, UPGRADES)
        }
    }
}

/// Opens one over HTTP/1.1, and reads the beginning of its first message.
async fn open(url: &str, key: &str) -> anyhow::Result<()> {
    let client = Client::builder().no_proxy().http1_only().build()?;
    let request = client
        .get(format!("{url}{WEBSOCKET}"))
        .bearer_auth(key)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, NONCE);
    let response = request.send().await.map_err(|error| advice::no_answer("it is not answered", error))?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        anyhow::bail!("the upgrade is answered {}", response.status());
    }
    let mut socket = response.upgrade().await?;
    socket.read_exact(&mut [0; 2]).await?;
    Ok(())
}
