//! Requests over connections that are kept.

use super::question::Question;
use anyhow::Result;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Says whether the index or SQL has answered. Older servers do not send it.
const ANSWERED_BY: &str = "livetrail-answered-by";
/// Longer than any deadline of the server.
const TIMEOUT: Duration = Duration::from_mins(10);

/// A client has as many connections as it has requests under way.
pub(super) const CONNECTIONS: usize = 4;

pub(super) struct Client {
    http: reqwest::Client,
    url: String,
    key: String,
}

/// An answer that was read to its end.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) answered_by: Option<String>,
    pub(super) body: Vec<u8>,
    /// From before the request until the body was read.
    pub(super) took: Duration,
}

impl Client {
    pub(super) fn new(url: &str, key: &str) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(CONNECTIONS).timeout(TIMEOUT);
        Ok(Self { http: http.build()?, url: url.into(), key: key.into() })
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.key)
    }

    pub(super) async fn ask(&self, question: &Question) -> Result<Answer> {
        let request = self.request(Method::GET, question.call.path()).query(&question.parameters);
        Answer::to(request).await
    }
}

impl Answer {
    pub(super) async fn to(request: RequestBuilder) -> Result<Self> {
        let begun = Instant::now();
        let response = request.send().await?;
        let (status, answered_by) = (response.status().as_u16(), answered_by(&response));
        let body = response.bytes().await?.to_vec();
        Ok(Self { status, answered_by, body, took: begun.elapsed() })
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

fn answered_by(response: &Response) -> Option<String> {
    Some(response.headers().get(ANSWERED_BY)?.to_str().ok()?.to_owned())
}
