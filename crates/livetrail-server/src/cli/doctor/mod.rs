//! `livetrail doctor`: looks at everything that a server depends on, and says what to do. It changes no setting.
//!
//! Each file checks one thing. What it decides from is a plain value (free space, an offset, an answer), so that tests
//! need no full disk and no wrong clock.

mod alerts;
mod backup;
mod clock;
mod database;
mod disk;
mod finding;
mod limits;
mod public_url;
mod server;
mod settings;
mod stream;
mod websocket;

use super::{Misconfigured, own_key::OwnKey};
use crate::{
    config::{Config, http_url},
    environment::{Environment, System},
};
use anyhow::{Result, bail};
use finding::{Finding, Level, Report};
use jiff::SignedDuration;
use livetrail_types::Role;
use server::Running;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
It takes the settings of the server: --config, --data-dir, the environment. It works beside a
running server and without one. Exit code 1 if a check fails; warnings do not change it.

Examples:
  livetrail doctor --config /etc/livetrail.toml
  livetrail doctor --url https://log.example.com --backup /backup/livetrail.db
  livetrail doctor --json | jq '.findings[] | select(.level != \"ok\")'";

/// A doctor that is killed leaves its key behind; it ends by itself.
const KEY_LIFE: SignedDuration = SignedDuration::from_mins(5);

#[derive(clap::Args)]
pub(super) struct DoctorArgs {
    /// How browsers reach the server [default: the setting public-url]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// API key or token that may read, for the streams
    /// [default: a key of the running server, which is made and revoked]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// The same from the environment, where an application may have a key that may only write. It is used where no
    /// server runs.
    #[arg(long, env = "LIVETRAIL_KEY", hide = true, hide_env_values = true)]
    environment_key: Option<String>,
    /// The newest backup, whose age is checked
    #[arg(long, value_name = "FILE")]
    backup: Option<PathBuf>,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: DoctorArgs, config: &Config) -> Result<()> {
    let url =
        args.url.as_deref().map(|url| http_url("url", url.trim())).transpose().map_err(Misconfigured)?;
    let mut report = Report::default();
    report.extend(settings::check(config));
    report.extend(disk::check(config));
    report.extend(database::check(config).await);
    let running = Running::find(config).await;
    report.add(limits::check(config, running.as_ref()));
    match &running {
        None => report.add(Finding::ok("server", "no server runs on this data folder")),
        Some(running) => {
            report.extend(running.check().await);
            report.extend(alerts::check(running, config).await);
        }
    }
    if let Some(url) = url.as_ref().or(config.public_url.as_ref()) {
        let environment_key = args.environment_key.filter(|_| running.is_none());
        let key = args.key.or(environment_key);
        report.extend(outside(url, key.as_deref(), running.as_ref(), config).await);
    }
    if let Some(file) = &args.backup {
        report.add(backup::check(file, System.now()));
    }
    report.print(args.json)?;
    match report.count(Level::Failure) {
        0 => Ok(()),
        1 => bail!("1 check failed"),
        count => bail!("{count} checks failed"),
    }
}

/// How the server is reached from outside: with the key that was given, or one that lasts as long as the check.
async fn outside(url: &str, key: Option<&str>, running: Option<&Running>, config: &Config) -> Vec<Finding> {
    let mut findings = public_url::check(url, config).await;
    if findings.iter().any(|finding| finding.level == Level::Failure) {
        return findings;
    }
    let own = match (key, running) {
        (None, Some(running)) => {
            let expires_at = System.now() + KEY_LIFE;
            OwnKey::create(&running.connection, "livetrail doctor", Role::Viewer, expires_at).await.ok()
        }
        _ => None,
    };
    let Some(shown) = key.or(own.as_ref().map(OwnKey::secret)) else {
        let advice = "name a key of the role viewer with --key, or run this beside the server";
        findings.push(Finding::warning("stream", "live streams were not tried without a key", advice));
        return findings;
    };
    findings.push(stream::check(url, shown).await);
    findings.push(websocket::check(url, shown).await);
    if let (Some(own), Some(running)) = (own, running) {
        // Otherwise it ends within minutes.
        let _ = own.revoke(&running.connection).await;
    }
    findings
}
