//! A raised alert as an activity of Livetrail's own, which has the alert's id: so however often it is written, the
//! log has it once.

use super::{Ended, stored};
use crate::{access::OPERATOR, app::App};
use livetrail_store::Alert;
use livetrail_types::{LIVETRAIL, NewActivity, actions, json};
use serde_json::{Map, Value, json};

/// Alerts that are recorded together.
const BATCH: u32 = 100;
/// The weight of a record in the queue of activities, in bytes.
const RECORD_BYTES: usize = 2_048;

/// Writes the activities of all alerts that have none yet.
pub(super) async fn record(app: &App) -> Result<(), Ended> {
    loop {
        let alerts = app.store.unrecorded_alerts(BATCH).await?;
        if alerts.is_empty() {
            return Ok(());
        }
        let batch: Vec<_> = alerts.iter().map(|alert| app.ingest.stamp(activity(alert))).collect();
        let bytes = batch.len() * RECORD_BYTES;
        let appended = app.ingest.append_own(batch, bytes).await;
        appended.map_err(|error| Ended::Failed(error.to_string()))?;
        app.store.alerts_are_recorded(alerts.iter().map(|alert| alert.id).collect()).await?;
    }
}

fn activity(alert: &Alert) -> NewActivity {
    NewActivity {
        id: Some(alert.id),
        timestamp: Some(alert.raised_at),
        success: Some(true),
        is_admin: true,
        tenant_id: alert.tenant.clone(),
        resource_type: Some(LIVETRAIL.into()),
        target_resource_id: Some(alert.rule.clone()),
        details: Some(json::object(details(alert))),
        ..NewActivity::new(OPERATOR, actions::ALERT_RAISED)
    }
}

fn details(alert: &Alert) -> Map<String, Value> {
    let known = stored::read(alert).ok();
    let group = known.as_ref().map(|known| {
        let names = known.group_by.iter().map(|field| field.name().to_owned());
        names.zip(known.group.values.iter().map(|value| json!(value))).collect::<Map<_, _>>()
    });
    let alert = json!({
        "rule": alert.rule, "title": alert.title, "severity": alert.severity, "group": group,
        "count": known.as_ref().map(|known| known.count), "late": known.as_ref().map(|known| known.late),
        "positions": known.as_ref().map(|known| &known.positions),
    });
    Map::from_iter([("alert".to_owned(), alert)])
}
