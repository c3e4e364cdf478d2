//! Whether a live stream comes through a proxy as it happens, or is held back.
//!
//! A stream is opened as a browser opens it. Its first event has to arrive although nothing follows it. Then the log is
//! read with the same key. The server records that as an activity, which has to arrive next. If the server has recorded
//! such a read a moment ago, the heartbeat arrives instead.

use super::{finding::Finding, public_url};
use crate::cli::{advice, tail::events::EventReader};
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE},
};
use std::time::Duration;
use tokio::time::{Instant, timeout};

const CHECK: &str = "stream";
const STREAM: &str = "/api/admin/activity/stream";
/// A first event that takes longer is held back.
const FIRST: Duration = Duration::from_secs(5);
/// There is a heartbeat every 15 seconds.
const NEXT: Duration = Duration::from_secs(20);
const HELD_BACK: &str = "the proxy holds live streams back, so that pages stay empty or lag";
const BUFFERING: &str = "switch off buffering and compression for event streams in the proxy (nginx: proxy_buffering off; \
    gzip off), as docs/proxies.md shows";

pub(super) async fn check(url: &str, key: &str) -> Finding {
    let client = match public_url::client() {
        Ok(client) => client,
        Err(error) => {
            return Finding::failure(CHECK, error.to_string(), "check the certificates of this machine");
        }
    };
    let begun = Instant::now();
    let asking = client
        .get(format!("{url}{STREAM}"))
        .bearer_auth(key)
        .header(ACCEPT, "text/event-stream")
        // What browsers send. A proxy that compresses gathers what it compresses.
        .header(ACCEPT_ENCODING, "gzip, br")
        .send();
    let response = match timeout(FIRST, asking).await {
        Err(_) => {
            let message = format!("{HELD_BACK}: no answer within {} s", FIRST.as_secs());
            return Finding::failure(CHECK, message, BUFFERING);
        }
        Ok(Err(error)) => {
            let message = format!("{:#}", advice::no_answer("a stream cannot be opened", error));
            return Finding::failure(CHECK, message, BUFFERING);
        }
        Ok(Ok(response)) => response,
    };
    match refusal(&response) {
        Some(finding) => finding,
        None => parts(&client, url, key, response, begun).await,
    }
}

/// What is wrong with the head of the answer.
fn refusal(response: &Response) -> Option<Finding> {
    let header =
        |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match response.status() {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            let message = format!("the key is refused at this address ({})", response.status());
            let advice = "check that the address leads to this server, that the proxy passes the header Authorization, \
                and that the key may read";
            return Some(Finding::failure(CHECK, message, advice));
        }
        status if status != StatusCode::OK => {
            let advice = "see the logs of the proxy and of the server";
            return Some(Finding::failure(CHECK, format!("a stream is answered {status}"), advice));
        }
        _ => {}
    }
    let (kind, encoding) = (header(CONTENT_TYPE), header(CONTENT_ENCODING));
    if !kind.starts_with("text/event-stream") {
        let message = format!("a stream is answered with {kind:?} instead of text/event-stream");
        return Some(Finding::failure(CHECK, message, "check which requests the proxy passes on"));
    }
    let message = format!("{HELD_BACK}: it compresses them ({encoding})");
    (!encoding.is_empty()).then(|| Finding::failure(CHECK, message, BUFFERING))
}

/// Whether the events come one by one.
async fn parts(client: &Client, url: &str, key: &str, response: Response, begun: Instant) -> Finding {
    let mut events = EventReader::new(response);
    match timeout(FIRST, events.next()).await {
        Err(_) => {
            let message = format!("{HELD_BACK}: the first event did not come within {} s", FIRST.as_secs());
            return Finding::failure(CHECK, message, BUFFERING);
        }
        Ok(None) => return ended(),
        Ok(Some(_)) => {}
    }
    let first = begun.elapsed();
    let list = client.get(format!("{url}/api/admin/activity?limit=1")).bearer_auth(key);
    if let Err(error) = list.timeout(FIRST).send().await {
        let message = format!("{:#}", advice::no_answer("a list is not answered beside a stream", error));
        return Finding::failure(CHECK, message, "allow several requests at once for a client in the proxy");
    }
    let asked = Instant::now();
    match timeout(NEXT, events.next()).await {
        Err(_) => {
            let message = format!("{HELD_BACK}: no event came within {} s after the first", NEXT.as_secs());
            Finding::failure(CHECK, message, BUFFERING)
        }
        Ok(None) => ended(),
        Ok(Some(_)) => Finding::ok(
            CHECK,
            format!(
                "events come one by one: the first after {} ms, the next after {} ms",
                first.as_millis(),
                asked.elapsed().as_millis()
            ),
        ),
    }
}

fn ended() -> Finding {
    let advice =
        "raise the time that the proxy lets a quiet answer take to 60 s: there is a heartbeat every 15 s";
    Finding::failure(CHECK, "a stream was cut within seconds", advice)
}
