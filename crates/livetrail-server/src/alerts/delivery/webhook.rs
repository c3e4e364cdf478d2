//! Webhooks as Standard Webhooks 1.0 signs them: <https://www.standardwebhooks.com>.

use super::{
    destination::WebhookSecret,
    message::{Links, Message},
    sender::SendError,
};
use crate::alerts::AlertInfo;
use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use livetrail_types::json;
use reqwest::{RequestBuilder, header::CONTENT_TYPE};
use serde::Serialize;

/// What a receiver reads.
#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    timestamp: Timestamp,
    /// As the API shows it.
    data: &'a AlertInfo,
    further: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    silent_until: Option<Timestamp>,
    links: Links,
}

/// The body, as it is signed.
pub(super) fn body(message: &Message, public_url: &str) -> Vec<u8> {
    json::to_vec(&Body {
        r#type: message.kind.name(),
        timestamp: message.at,
        data: &message.alert,
        further: message.further,
        silent_until: message.silent_until,
        links: message.links(public_url),
    })
}

/// The request with its three headers. The time is that of the attempt: receivers refuse old ones.
pub(super) fn signed(
    request: RequestBuilder,
    secrets: &[WebhookSecret],
    key: &str,
    now: Timestamp,
    body: Vec<u8>,
) -> Result<RequestBuilder, SendError> {
    let seconds = now.as_second();
    let content = [format!("{key}.{seconds}.").as_bytes(), &body].concat();
    let signatures = secrets.iter().map(|secret| Ok(signature(&secret.bytes()?, &content)));
    let signatures = signatures.collect::<Result<Vec<_>, SendError>>()?.join(" ");
    Ok(request
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", key)
        .header("webhook-timestamp", seconds.to_string())
        .header("webhook-signature", signatures)
        .body(body))
}

fn signature(secret: &[u8], content: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    format!("v1,{}", BASE64_STANDARD.encode(hmac::sign(&key, content)))
}
