//! Which channels are told of an alert.

use crate::app::App;
use jiff::Timestamp;
use livetrail_store::{Alert, AlertChannel, NewDelivery, StoreError};
use uuid::Uuid;

/// What channels are to be told of alerts that are new.
pub(in crate::alerts) async fn deliveries(
    app: &App,
    alerts: &[Alert],
    raised: &[Uuid],
) -> Result<Vec<NewDelivery>, StoreError> {
    if raised.is_empty() {
        return Ok(Vec::new());
    }
    let (channels, now) = (app.store.alert_channels().await?, app.environment.now());
    let new = alerts.iter().filter(|alert| raised.contains(&alert.id));
    Ok(new.flat_map(|alert| of_alert(&channels, alert, now)).collect())
}

fn of_alert(channels: &[AlertChannel], alert: &Alert, made_at: Timestamp) -> Vec<NewDelivery> {
    let told = channels.iter().filter(|channel| is_told(channel, alert));
    let delivery = |channel: &AlertChannel| NewDelivery {
        channel: channel.id,
        alert: alert.id,
        rule: alert.rule.clone(),
        thread: thread(alert),
        made_at,
    };
    told.map(delivery).collect()
}

fn is_told(channel: &AlertChannel, alert: &Alert) -> bool {
    channel.enabled
        && channel.severity <= alert.severity
        && (channel.rules.is_empty() || channel.rules.contains(&alert.rule))
        && (channel.tenant.is_none() || channel.tenant == alert.tenant)
}

/// A hash of rule and group: the outbox repeats no values of activities.
fn thread(alert: &Alert) -> String {
    let mut hash = blake3::Hasher::new();
    for text in [&alert.rule, &alert.group] {
        hash.update(&(text.len() as u64).to_be_bytes()).update(text.as_bytes());
    }
    hash.finalize().to_hex()[..32].to_owned()
}
