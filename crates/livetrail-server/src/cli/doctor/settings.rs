//! Settings that are allowed and dangerous.

use super::finding::Finding;
use crate::config::{Config, is_local_url};

const CHECK: &str = "settings";

pub(super) fn check(config: &Config) -> Vec<Finding> {
    let dangers: Vec<Finding> = dangers(config).collect();
    if dangers.is_empty() { vec![Finding::ok(CHECK, "no setting is dangerous")] } else { dangers }
}

fn dangers(config: &Config) -> impl Iterator<Item = Finding> {
    let is_public = |address: std::net::SocketAddr| !address.ip().to_canonical().is_loopback();
    let is_plain = |url: &String| url.starts_with("http://") && !is_local_url(url);
    // A proxy on another machine may speak TLS to clients.
    let speaks_plainly = config.tls.is_none() && config.trusted_proxies.is_empty();
    let found = [
        (
            config.public_url.as_ref().is_some_and(is_plain),
            "public-url begins with http://: keys, sessions and activities can be read on the way",
            "use TLS: --tls-cert and --tls-key, or a proxy (docs/proxies.md)",
        ),
        (
            is_public(config.listen) && speaks_plainly,
            "the server listens on other addresses than loopback, without TLS and without a trusted proxy",
            "set --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy and name it with --trusted-proxy",
        ),
        (
            config.metrics_listen.is_some_and(is_public),
            "metrics-listen answers every client that can reach it, without a credential",
            "listen on 127.0.0.1 or on an address that only your Prometheus reaches",
        ),
        (
            config.trusted_proxies.iter().any(|network| network.prefix_len() == 0),
            "trusted-proxy names every address: any client can make up the address that is recorded of it",
            "name the addresses of your proxies alone",
        ),
        (
            config.tokens.allow_no_exp,
            "jwt-allow-no-exp: a token that has leaked is valid for as long as its key is",
            "issue tokens with exp, and remove the setting",
        ),
        (
            !config.redaction.is_on(),
            "redact is off: passwords and tokens in details are stored as they were sent",
            "remove the setting, or use --redact-key to add keys to the rules",
        ),
        (
            config.demo,
            "demo is on: made-up traffic is stored in this log",
            "remove the setting, and begin a new log for real activities",
        ),
    ];
    found
        .into_iter()
        .filter(|(is_so, ..)| *is_so)
        .map(|(_, message, advice)| Finding::warning(CHECK, message, advice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RawConfig;

    fn messages(raw: RawConfig) -> Vec<String> {
        let data_dir = Some("/tmp/none".into());
        let config = RawConfig { data_dir, ..raw }.resolve(None).expect("a configuration");
        dangers(&config).map(|finding| finding.message).collect()
    }

    #[test]
    fn the_defaults_are_not_dangerous() {
        assert_eq!(messages(RawConfig::default()), Vec::<String>::new());
    }

    #[test]
    fn each_dangerous_setting_is_named() {
        let listen = |listen: &str| RawConfig { listen: Some(listen.into()), ..RawConfig::default() };
        for (raw, setting) in [
            (
                RawConfig { public_url: Some("http://log.example.com".into()), ..RawConfig::default() },
                "public-url",
            ),
            (listen("0.0.0.0:7777"), "listens on other addresses"),
            (
                RawConfig { metrics_listen: Some("0.0.0.0:9477".into()), ..RawConfig::default() },
                "metrics-listen",
            ),
            (RawConfig { trusted_proxy: vec!["0.0.0.0/0".into()], ..RawConfig::default() }, "trusted-proxy"),
            (RawConfig { jwt_allow_no_exp: Some(true), ..RawConfig::default() }, "jwt-allow-no-exp"),
            (RawConfig { redact: Some(false), ..RawConfig::default() }, "redact"),
            (RawConfig { demo: Some(true), ..RawConfig::default() }, "demo"),
        ] {
            let found = messages(raw);
            assert!(found.len() == 1 && found[0].contains(setting), "{setting}: {found:?}");
        }
        for raw in [
            listen("[::1]:7777"),
            RawConfig { trusted_proxy: vec!["10.0.0.7".into()], ..listen("0.0.0.0:7777") },
            RawConfig { public_url: Some("http://localhost:7777".into()), ..RawConfig::default() },
        ] {
            assert_eq!(messages(raw), Vec::<String>::new());
        }
    }
}
