//! Calls to an issuer: short, small, and to the address that the configuration names.

use crate::config::issuer_url;
use reqwest::{Client, RequestBuilder, StatusCode, Url, redirect};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long an issuer may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Largest answer that is read. A set of a hundred RSA keys has 60 KiB.
const MAX_ANSWER_BYTES: usize = 1_000_000;

/// Why an issuer's answer cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// It did not answer, or not in time.
    #[error("{0}")]
    Away(#[from] reqwest::Error),
    /// It answered something else than a success.
    #[error("it answered {0}")]
    Refused(StatusCode),
    /// It answered more than is read.
    #[error("its answer has more than {MAX_ANSWER_BYTES} bytes")]
    TooLarge,
    /// Its answer is not of the expected form.
    #[error("its answer is not as expected: {0}")]
    Unreadable(String),
}

/// A client that follows no redirect: an issuer is where the configuration says, and a secret is sent nowhere else.
///
/// # Errors
/// That the system's certificates cannot be read.
pub(super) fn client() -> Result<Client, reqwest::Error> {
    Client::builder()
        .timeout(TIMEOUT)
        .redirect(redirect::Policy::none())
        .user_agent(concat!("livetrail/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Sends a request and reads the JSON of its answer.
pub(super) async fn json<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, FetchError> {
    let mut response = request.header("accept", "application/json").send().await?;
    if response.status() != StatusCode::OK {
        return Err(FetchError::Refused(response.status()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(FetchError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&bytes).map_err(|error| FetchError::Unreadable(error.to_string()))
}

/// An address that an issuer's answer names.
pub(super) fn named_url(name: &str, text: &str) -> Result<Url, FetchError> {
    issuer_url(name, text).map_err(|error| FetchError::Unreadable(error.to_string()))
}
