//! Whether a server is alive, for containers and supervisors.

use super::{Misconfigured, advice, connection::is_served};
use crate::{
    config::{Config, http_url},
    server::socket_path,
};
use anyhow::{Result, bail};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

/// A server that takes longer to say that it is alive is not.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) const EXAMPLES: &str = "\
With the settings of a server (--config, --data-dir, the environment), it asks that server at the address that it
listens on. Where no address is set, it asks by the socket in the data folder.";

#[derive(clap::Args)]
pub(super) struct HealthcheckArgs {
    /// Address of the server [default: where a server with these settings listens]
    #[arg(long, env = "LIVETRAIL_URL", value_name = "URL")]
    url: Option<String>,
}

pub(super) async fn run(args: HealthcheckArgs, settings: impl FnOnce() -> Result<Config>) -> Result<()> {
    let client = reqwest::Client::builder().timeout(PATIENCE);
    if let Some(url) = args.url {
        return ask(client, &http_url("url (LIVETRAIL_URL)", url.trim()).map_err(Misconfigured)?).await;
    }
    let config = settings()?;
    // The server is on this machine, so no proxy is used. Its certificate names another host than this address.
    let client = client.no_proxy().danger_accept_invalid_certs(true);
    let socket = socket_path(&config.data_dir);
    let names_address = config.names_address && config.listen.port() != 0;
    if !names_address && is_served(&socket).await {
        return ask(client.unix_socket(socket), "http://livetrail").await;
    }
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    ask(client, &format!("{scheme}://{}", reached_at(config.listen))).await
}

async fn ask(client: reqwest::ClientBuilder, url: &str) -> Result<()> {
    let url = format!("{url}/healthz");
    let answer = client.build()?.get(&url).send().await;
    let response = answer.map_err(|error| advice::no_answer(&format!("{url} does not answer"), error))?;
    if !response.status().is_success() {
        bail!("{url} answers {}", response.status());
    }
    Ok(())
}

/// The address at which this machine reaches a server that listens there. A server on all addresses is reached by
/// loopback.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    let address = match listen.ip().to_canonical() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        named => named,
    };
    SocketAddr::new(address, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_all_addresses_is_asked_on_this_machine() {
        for (listen, asked) in [
            ("0.0.0.0:7777", "127.0.0.1:7777"),
            ("[::]:80", "[::1]:80"),
            ("[::ffff:0.0.0.0]:80", "127.0.0.1:80"),
            ("192.0.2.7:7777", "192.0.2.7:7777"),
            ("127.0.0.1:9", "127.0.0.1:9"),
        ] {
            assert_eq!(reached_at(listen.parse().expect("an address")).to_string(), asked);
        }
    }
}
