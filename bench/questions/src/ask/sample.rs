//! Values to ask for: those that are frequent among the newest activities of the generated log.

use super::{
    client::Client,
    question::{Call, Question},
};
use crate::log::END;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;

/// Values that occur in the log.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// A user with a profile.
    pub(super) user: String,
    /// The user's e-mail address.
    pub(super) email: String,
    /// The first word of the user's name.
    pub(super) name: String,
    /// An action.
    pub(super) action: String,
    /// An endpoint.
    pub(super) endpoint: String,
    /// A /16 network of IPv4 addresses.
    pub(super) network: String,
    /// A session of the user, if one is among the newest activities.
    pub(super) session: Option<String>,
    /// The tenant of the user, in a log with tenants.
    pub(super) tenant: Option<String>,
}

impl Sample {
    pub(super) async fn of(client: &Client) -> Result<Self> {
        let newest = Question {
            name: "sample".into(),
            call: Call::List,
            parameters: vec![
                ("limit", "100".into()),
                ("stats", "false".into()),
                ("anonymous", "false".into()),
                ("date_to", END.to_string()),
            ],
            is_of_tenant: false,
        };
        let answer = client.ask(&newest).await?;
        ensure!(answer.status == 200, "{}", String::from_utf8_lossy(&answer.body));
        let body = answer.json();
        Self::of_rows(body["data"].as_array().map_or(&[], Vec::as_slice))
            .context("the log has no activities before the end of a generated log: generate one first")
    }

    fn of_rows(rows: &[Value]) -> Option<Self> {
        let user = most_frequent(rows, |row| row["user_email"].as_str().and(row["user_id"].as_str()))?;
        let of_user = |row: &&Value| row["user_id"] == user && row["session_id"].is_string();
        let row = rows.iter().find(of_user).or(rows.iter().find(|row| row["user_id"] == user))?;
        let text = |field: &str| row[field].as_str().map(str::to_owned);
        let address = most_frequent(rows, |row| network(row["ip_address"].as_str()?))?;
        Some(Self {
            user: user.to_owned(),
            email: text("user_email")?,
            name: row["user_display_name"].as_str()?.split(' ').next()?.to_owned(),
            action: most_frequent(rows, |row| row["action_type"].as_str())?.to_owned(),
            endpoint: most_frequent(rows, |row| row["endpoint"].as_str())?.to_owned(),
            network: format!("{address}.0.0/16"),
            session: text("session_id"),
            tenant: text("tenant_id"),
        })
    }
}

fn most_frequent<'a>(rows: &'a [Value], field: impl Fn(&'a Value) -> Option<&'a str>) -> Option<&'a str> {
    let mut counts = BTreeMap::<_, usize>::new();
    for value in rows.iter().filter_map(field) {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(value, _)| value)
}

/// The first two bytes of an IPv4 address, as text.
fn network(address: &str) -> Option<&str> {
    let end = address.match_indices('.').nth(1)?.0;
    Some(&address[..end])
}
