//! Sends a request to a receiver that is not trusted: it may be slow, answer without an end, or redirect to a place
//! that must not be reached.

use super::{
    addresses::{AddressError, AddressGuard},
    message::{cut, shown},
    sender::{Limits, SendError},
};
use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{
    Client, ClientBuilder, RequestBuilder, Response, StatusCode,
    header::{HeaderMap, RETRY_AFTER},
    redirect::{Action, Attempt, Policy},
};
use std::{error::Error, time::Duration};

/// Most redirects that are followed.
const MAX_REDIRECTS: usize = 3;
/// No more of an answer is read. A success is not read at all.
pub(super) const MAX_ANSWER_BYTES: usize = 65_536;
/// How much of it is shown, in characters.
const MAX_EXCERPT: usize = 200;
/// The longest wait that a receiver can ask for.
const MAX_WAIT: Duration = Duration::from_secs(3_600);

/// Why a redirect is not followed.
#[derive(Debug, thiserror::Error)]
enum RedirectError {
    #[error("it redirects more than {MAX_REDIRECTS} times")]
    TooMany,
    #[error("it redirects from https to http")]
    Insecure,
}

/// A client for receivers.
///
/// It uses no proxy of the environment: the proxy would look up names, so their addresses could not be checked. It
/// keeps no connection, because messages are rare and each one is to be checked. It sends no `Referer`, which would
/// show the secret path of a URL to the target of a redirect.
pub(super) fn client(guard: &AddressGuard, limits: Limits) -> ClientBuilder {
    let (of_redirects, of_names) = (guard.clone(), guard.clone());
    Client::builder()
        .connect_timeout(limits.connect)
        .timeout(limits.whole)
        .pool_max_idle_per_host(0)
        .no_proxy()
        .referer(false)
        .redirect(Policy::custom(move |attempt| follow(&of_redirects, attempt)))
        .dns_resolver(of_names)
        .user_agent(concat!("livetrail/", env!("CARGO_PKG_VERSION")))
}

/// Only 307 and 308 keep a POST as it is. After another redirect it would be a GET without the message, and its
/// success would mean nothing.
fn follow(guard: &AddressGuard, attempt: Attempt) -> Action {
    let is_kept = matches!(attempt.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
    if !is_kept {
        return attempt.stop();
    }
    if attempt.previous().len() > MAX_REDIRECTS {
        return attempt.error(RedirectError::TooMany);
    }
    if attempt.url().scheme() == "http" && attempt.previous().iter().any(|url| url.scheme() == "https") {
        return attempt.error(RedirectError::Insecure);
    }
    match guard.check_url(attempt.url()) {
        Ok(()) => attempt.follow(),
        Err(forbidden) => attempt.error(forbidden),
    }
}

/// Sends a request. Any success counts; its body is not read.
pub(super) async fn post(request: RequestBuilder, limits: Limits, now: Timestamp) -> Result<(), SendError> {
    let response = request.send().await.map_err(|error| failure(error, limits))?;
    match response.status().is_success() {
        true => Ok(()),
        false => Err(refusal(response, now).await),
    }
}

/// What an answer that is not a success means.
async fn refusal(response: Response, now: Timestamp) -> SendError {
    let (status, after) = (response.status(), wait(response.headers(), now));
    let said = match status.is_redirection() {
        true => ": only the redirects 307 and 308 are followed; use the URL that it redirects to".into(),
        false => excerpt(response).await.map(|text| format!(": {text}")).unwrap_or_default(),
    };
    let detail = format!("it answered {}{said}", status.as_u16());
    match status {
        StatusCode::GONE => SendError::refused(detail),
        _ => SendError::retry(detail, after),
    }
}

/// How long the receiver asks to wait, in seconds or until a time.
fn wait(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let seconds = text.parse::<u64>().ok().map(Duration::from_secs);
    let wait = seconds.or_else(|| {
        let until = rfc2822::parse(text).ok()?.timestamp();
        Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
    })?;
    Some(wait.min(MAX_WAIT))
}

/// The beginning of an answer, if it is a text for people and not a page.
async fn excerpt(mut response: Response) -> Option<String> {
    let mut bytes = Vec::new();
    // Four bytes are the longest character.
    while bytes.len() < 4 * MAX_EXCERPT {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk[..chunk.len().min(MAX_ANSWER_BYTES)]),
            Ok(None) | Err(_) => break,
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let text = cut(&shown(text.trim()), MAX_EXCERPT);
    (!text.is_empty() && !text.starts_with('<')).then_some(text)
}

/// What an error of the client means. Its own text would repeat the URL, whose path may be secret.
fn failure(error: reqwest::Error, limits: Limits) -> SendError {
    let error = error.without_url();
    let causes = || std::iter::successors(error.source(), |cause| (*cause).source());
    for cause in causes() {
        match (cause.downcast_ref(), cause.downcast_ref()) {
            (Some(AddressError::Forbidden(_)), _) | (_, Some(RedirectError::Insecure)) => {
                return SendError::refused(cause.to_string());
            }
            (Some(AddressError::Unknown(..)), _) | (_, Some(RedirectError::TooMany)) => {
                return SendError::retry(cause.to_string(), None);
            }
            (None, None) => {}
        }
    }
    let cause = causes().last().map_or_else(|| error.to_string(), ToString::to_string);
    let detail = match (error.is_timeout(), error.is_connect()) {
        (true, true) => format!("no connection within {:?}", limits.connect),
        (true, false) => format!("no answer within {:?}", limits.whole),
        (false, true) => format!("no connection: {cause}"),
        (false, false) => cause,
    };
    SendError::retry(detail, None)
}
