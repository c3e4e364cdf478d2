//! The way that browsers take to the server: its certificate, its clock, and a proxy in between.

use super::{clock, finding::Finding};
use crate::{
    cli::advice,
    config::{Config, is_local_url},
    environment::{Environment, System},
};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimeParser};
use reqwest::{
    Client, Response,
    header::{DATE, HeaderMap, SERVER, VIA},
};
use serde_json::Value;
use std::time::Duration;

const CHECK: &str = "public-url";
/// A proxy or a server that takes longer is not usable.
const PATIENCE: Duration = Duration::from_secs(10);
/// The header has whole seconds.
const HALF_SECOND: SignedDuration = SignedDuration::from_millis(500);

pub(super) async fn check(url: &str, config: &Config) -> Vec<Finding> {
    let before = System.now();
    let answer = match client() {
        Ok(client) => client.get(format!("{url}/config")).timeout(PATIENCE).send().await,
        Err(error) => Err(error),
    };
    let response = match answer {
        Ok(response) => response,
        Err(error) => {
            let message = format!("{:#}", advice::no_answer(&format!("{url} does not answer"), error));
            let advice = "check the name, the certificate and the proxy (docs/proxies.md)";
            return vec![Finding::failure(CHECK, message, advice)];
        }
    };
    let after = System.now();
    let headers = response.headers().clone();
    let mut findings = vec![identity(url, response).await];
    findings.extend(plain(url));
    findings.extend(forwarding(&headers, config));
    findings.extend(date(&headers, before, after));
    findings
}

/// What speaks to the proxy as a browser does, without a proxy of this machine's own.
pub(super) fn client() -> reqwest::Result<Client> {
    Client::builder().no_proxy().connect_timeout(PATIENCE).build()
}

async fn identity(url: &str, response: Response) -> Finding {
    let status = response.status();
    let answer: Value = response.json().await.unwrap_or_default();
    match (answer["name"].as_str(), answer["version"].as_str()) {
        (Some("livetrail"), Some(version)) => {
            Finding::ok(CHECK, format!("{url} leads to livetrail {version}"))
        }
        _ => Finding::failure(
            CHECK,
            format!("{url}/config is not answered by livetrail ({status})"),
            "check public-url and the address that the proxy passes requests to",
        ),
    }
}

fn plain(url: &str) -> Option<Finding> {
    let is_plain = url.starts_with("http://") && !is_local_url(url);
    let message =
        "keys, sessions and activities can be read on the way, because the address begins with http://";
    is_plain.then(|| Finding::warning("tls", message, "use TLS at the proxy, or --tls-cert and --tls-key"))
}

/// The server itself sends neither header.
fn forwarding(headers: &HeaderMap, config: &Config) -> Option<Finding> {
    let proxy = headers.get(SERVER).or_else(|| headers.get(VIA))?.to_str().unwrap_or("a proxy");
    let message =
        format!("a proxy answers ({proxy}), and trusted-proxy is not set: every client has its address");
    let advice =
        "name the proxy's network with --trusted-proxy, and have it send X-Forwarded-For or Forwarded";
    config.trusted_proxies.is_empty().then(|| Finding::warning("addresses", message, advice))
}

/// The clock of whatever wrote the answer's `Date`, at some moment between the two.
fn date(headers: &HeaderMap, before: Timestamp, after: Timestamp) -> Option<Finding> {
    let text = headers.get(DATE)?.to_str().ok()?;
    let said = DateTimeParser::new().parse_timestamp(text).ok()? + HALF_SECOND;
    let ahead =
        if said < before { said.duration_since(before) } else { said.duration_since(after.min(said)) };
    Some(clock::compared("the public address", ahead))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::doctor::finding::Level, config::RawConfig};
    use reqwest::header::HeaderValue;

    fn headers(name: reqwest::header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_proxy_that_is_not_trusted_hides_the_addresses_of_clients() {
        let config = |trusted_proxy: Vec<String>| {
            RawConfig { trusted_proxy, ..RawConfig::default() }.resolve(None).expect("a configuration")
        };
        let trusting = config(vec!["10.0.0.1".into()]);
        let nginx = headers(SERVER, "nginx/1.26");
        assert_eq!(forwarding(&nginx, &config(Vec::new())).map(|found| found.level), Some(Level::Warning));
        assert_eq!(forwarding(&nginx, &trusting), None);
        assert_eq!(forwarding(&HeaderMap::new(), &config(Vec::new())), None);
    }

    #[test]
    fn the_date_of_an_answer_is_compared_with_the_clock() {
        let headers = headers(DATE, "Mon, 30 Nov 2026 08:00:00 GMT");
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        for (now, level) in [
            ("2026-11-30T08:00:00Z", Level::Ok),
            ("2026-11-30T08:00:01Z", Level::Ok),
            ("2026-11-30T08:00:20Z", Level::Warning),
            ("2026-11-30T07:00:00Z", Level::Failure),
        ] {
            assert_eq!(date(&headers, at(now), at(now)).map(|found| found.level), Some(level), "{now}");
        }
    }
}
