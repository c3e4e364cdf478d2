use super::{Connection, name_of, path_of};
use crate::{alerts::AlertInfo, http::AlertList};
use anyhow::Result;
use jiff::Timestamp;
use livetrail_types::{json, visible};
use reqwest::Method;
use std::{collections::BTreeMap, io::Write};

/// Alerts a request.
const PAGE: u32 = 200;

#[derive(clap::Args)]
pub(super) struct ListArgs {
    /// open, acknowledged or resolved
    #[arg(long)]
    state: Option<String>,
    /// Alerts of this rule
    #[arg(long, value_name = "RULE_ID")]
    rule: Option<String>,
    /// info, notice, warning or critical
    #[arg(long)]
    severity: Option<String>,
    /// Alerts about activities of this tenant
    #[arg(long, value_name = "TENANT_ID")]
    tenant: Option<String>,
    /// The number of alerts
    #[arg(long, short = 'n', default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Print each alert as JSON, one a line
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub(super) struct ShowArgs {
    /// Its id, as `alerts list` shows it
    id: String,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(connection: &Connection, args: ListArgs) -> Result<()> {
    let ListArgs { state, rule, severity, tenant, limit, json } = args;
    let which = [("state", state), ("rule", rule), ("severity", severity), ("tenant_id", tenant)];
    let mut out = std::io::stdout().lock();
    let (mut cursor, mut left) = (None, limit);
    let open = loop {
        let request = connection.request(Method::GET, "/api/admin/alerts").query(&which);
        let request = request.query(&[("limit", left.min(PAGE))]).query(&[("cursor", &cursor)]);
        let page: AlertList = connection.send(request).await?;
        left -= u32::try_from(page.data.len()).unwrap_or(left).min(left);
        for alert in &page.data {
            match json {
                true => writeln!(out, "{}", json::to_string(alert))?,
                false => write_row(&mut out, alert)?,
            }
        }
        cursor = page.next_cursor;
        if cursor.is_none() || left == 0 {
            break page.open;
        }
    };
    out.flush()?;
    eprintln!("{open} open in all");
    Ok(())
}

fn write_row(out: &mut impl Write, alert: &AlertInfo) -> Result<()> {
    let AlertInfo { id, rule, severity, state, last_at, count, .. } = alert;
    let (severity, state) = (name_of(severity), name_of(state));
    let goes_on = if alert.ongoing { "goes on" } else { "" };
    let group = group(alert);
    writeln!(
        out,
        "{id}  {severity:8}  {state:12}  {last_at:.0}  {goes_on:7}  {count:>7}  {rule:24}  {group}"
    )?;
    Ok(())
}

/// What activities have in common.
pub(super) struct Pairs<'a> {
    pub(super) tenant: Option<&'a str>,
    pub(super) group: &'a BTreeMap<String, String>,
}

impl Pairs<'_> {
    pub(super) fn joined(&self) -> String {
        let tenant = self.tenant.iter().map(|tenant| format!("tenant_id {}", visible(tenant)));
        let values = self.group.iter().map(|(name, value)| format!("{name} {}", visible(value)));
        tenant.chain(values).collect::<Vec<_>>().join(", ")
    }
}

fn group(alert: &AlertInfo) -> String {
    Pairs { tenant: alert.tenant_id.as_deref(), group: &alert.group }.joined()
}

pub(super) async fn show(connection: &Connection, args: ShowArgs) -> Result<()> {
    let path = path_of("alerts", &args.id)?;
    let alert: AlertInfo = connection.send(connection.request(Method::GET, &path)).await?;
    let mut out = std::io::stdout().lock();
    if args.json {
        return Ok(writeln!(out, "{}", json::to_string(&alert))?);
    }
    write_all(&mut out, &alert)
}

/// Writes an alert with everything that is known of it.
pub(super) fn write_all(out: &mut impl Write, alert: &AlertInfo) -> Result<()> {
    writeln!(out, "{} ({}, rule {})", visible(&alert.title), name_of(&alert.severity), alert.rule)?;
    let mut line = |name: &str, text: String| writeln!(out, "  {name:12} {text}");
    let time = |moment: Timestamp| format!("{moment:.0}");
    line("id", alert.id.to_string())?;
    line("about", group(alert))?;
    let how_many = if alert.count == 1 { "1 activity".into() } else { format!("{} activities", alert.count) };
    line("happened", format!("{how_many} from {} to {}", time(alert.first_at), time(alert.last_at)))?;
    let late = if alert.late { ", late" } else { "" };
    line("raised", format!("{} by position {}{late}", time(alert.raised_at), alert.position))?;
    line("goes on", if alert.ongoing { "yes".into() } else { "no".into() })?;
    let by = alert.decided_by.as_deref().map(|by| format!(" by {}", visible(by))).unwrap_or_default();
    let at = alert.decided_at.map(|at| format!(", {}", time(at))).unwrap_or_default();
    line("state", format!("{}{by}{at}", name_of(&alert.state)))?;
    if let Some(reason) = &alert.reason {
        line("reason", visible(reason).into_owned())?;
    }
    if let Some(until) = alert.muted_until {
        line("muted until", time(until))?;
    }
    if !alert.activities.is_empty() {
        line("activities", format!("/api/admin/activity?{}", alert.activities))?;
    }
    let positions: Vec<String> = alert.positions.iter().map(ToString::to_string).collect();
    line("positions", positions.join(" "))?;
    Ok(())
}
