//! Statements on channels and their outbox.

macro_rules! columns {
    (channel) => {
        "id, name, kind, destination, tenant, severity, rules, cooldown, enabled, created_by, created_at, \
         last_success, last_failure, failure, failing_since"
    };
    (delivery) => {
        "channel, alert, rule, thread, made_at, next_at, state, kind, begun_at, attempts, sent_at, failure"
    };
}

pub(crate) const CHANNELS: &str =
    concat!("SELECT ", columns!(channel), " FROM livetrail_alert_channels ORDER BY created_at, id");
pub(crate) const PUT_CHANNEL: &str = concat!(
    "INSERT INTO livetrail_alert_channels (",
    columns!(channel),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (id) DO UPDATE SET \
     name = excluded.name, kind = excluded.kind, destination = excluded.destination, tenant = excluded.tenant, \
     severity = excluded.severity, rules = excluded.rules, cooldown = excluded.cooldown, enabled = excluded.enabled"
);
pub(crate) const REMOVE_CHANNEL: &str =
    concat!("DELETE FROM livetrail_alert_channels WHERE id = $1 RETURNING ", columns!(channel));
pub(crate) const REMOVE_OUTBOX: &str = "DELETE FROM livetrail_deliveries WHERE channel = $1";
pub(crate) const CHANNEL_SUCCESS: &str =
    "UPDATE livetrail_alert_channels SET last_success = $1, failing_since = NULL WHERE id = $2";
pub(crate) const CHANNEL_FAILURE: &str = "UPDATE livetrail_alert_channels SET last_failure = $1, failing_since = COALESCE(failing_since, $1), failure = $2 \
     WHERE id = $3";

pub(crate) const PUT_DELIVERY: &str = "INSERT INTO livetrail_deliveries \
     (channel, alert, rule, thread, made_at, next_at, state, attempts, trying) \
     SELECT id, $1, $2, $3, $4, $4, 'waiting', 0, 0 FROM livetrail_alert_channels WHERE id = $5 ON CONFLICT DO NOTHING";
pub(crate) const DUE_CHANNELS: &str = "SELECT id FROM livetrail_alert_channels WHERE enabled = 1 \
     AND EXISTS (SELECT 1 FROM livetrail_deliveries WHERE channel = id AND state = 'waiting' AND next_at <= $1) \
     ORDER BY id";
pub(crate) const DUE_DELIVERY: &str = concat!(
    "SELECT ",
    columns!(delivery),
    " FROM livetrail_deliveries WHERE channel = $1 AND state = 'waiting' AND next_at <= $2 \
      ORDER BY next_at, made_at, alert LIMIT 1"
);
/// Only the row of a message's first alert counts, so that an index has few rows.
pub(crate) const HISTORY: &str = "SELECT MAX(CASE WHEN thread = $1 THEN sent_at END), \
     MAX(CASE WHEN thread = $1 AND state = 'waiting' THEN next_at END), \
     COUNT(CASE WHEN begun_at > $2 AND kind <> 'flood' THEN 1 END), \
     MAX(CASE WHEN kind = 'flood' THEN begun_at END) \
     FROM livetrail_deliveries WHERE channel = $3 AND rule = $4 AND begun_at > $5 AND alert = message";
pub(crate) const DEFER: &str = "UPDATE livetrail_deliveries SET next_at = $1 WHERE channel = $2 AND rule = $3 \
     AND (CAST($4 AS TEXT) IS NULL OR thread = $4) AND state = 'waiting' AND message IS NULL AND next_at < $1";
/// A message with further alerts is sent, whatever was decided about its first one.
pub(crate) const DEFER_MUTED: &str = "UPDATE livetrail_deliveries \
     SET next_at = (SELECT muted_until FROM livetrail_alerts WHERE id = alert) \
     WHERE channel = $1 AND state = 'waiting' AND next_at <= $2 AND (message IS NULL OR kind = 'raised') \
     AND EXISTS (SELECT 1 FROM livetrail_alerts WHERE id = alert AND muted_until > $2)";

pub(crate) const CLAIM: &str = "UPDATE livetrail_deliveries SET message = alert, kind = $1, begun_at = $2, \
     attempts = 1, trying = 1, next_at = $3 WHERE channel = $4 AND alert = $5 AND state = 'waiting' AND message IS NULL \
     AND $6 = (SELECT turn FROM livetrail_alert_progress)";
/// They never become due.
pub(crate) const CLAIM_OTHERS: &str = "UPDATE livetrail_deliveries SET message = $1, kind = $2, begun_at = $3, \
     next_at = 9223372036854775807 WHERE channel = $4 AND rule = $5 AND (CAST($6 AS TEXT) IS NULL OR thread = $6) \
     AND state = 'waiting' AND message IS NULL AND next_at <= $3";
pub(crate) const FURTHER: &str = "UPDATE livetrail_deliveries SET kind = 'further' WHERE channel = $1 AND message = $2 AND kind = 'raised'";
pub(crate) const ATTEMPT: &str = "UPDATE livetrail_deliveries SET attempts = attempts + 1, trying = 1, next_at = $1 \
     WHERE channel = $2 AND alert = $3 AND message = alert AND state = 'waiting' AND attempts = $4 \
     AND $5 = (SELECT turn FROM livetrail_alert_progress)";
pub(crate) const MESSAGE_COUNT: &str =
    "SELECT COUNT(*) FROM livetrail_deliveries WHERE channel = $1 AND message = $2";
pub(crate) const MESSAGE_LATEST: &str = "SELECT alert FROM livetrail_deliveries \
     WHERE channel = $1 AND message = $2 ORDER BY made_at DESC, alert DESC LIMIT 1";
pub(crate) const SENT: &str = "UPDATE livetrail_deliveries SET state = 'sent', sent_at = $1, trying = 0, failure = $2 \
     WHERE channel = $3 AND message = $4 AND state <> 'sent'";
pub(crate) const RETRIED: &str = "UPDATE livetrail_deliveries SET trying = 0, next_at = $1, failure = $2 \
     WHERE channel = $3 AND alert = $4 AND state = 'waiting'";
pub(crate) const PARKED: &str = "UPDATE livetrail_deliveries SET state = 'parked', trying = 0, failure = $1 \
     WHERE channel = $2 AND message = $3 AND state = 'waiting'";
pub(crate) const RESUME: &str =
    "UPDATE livetrail_deliveries SET trying = 0, next_at = $1 WHERE state = 'waiting' AND trying = 1";
pub(crate) const REPLAY: &str = "UPDATE livetrail_deliveries SET state = 'waiting', begun_at = $1, attempts = 0, \
     next_at = CASE WHEN alert = message THEN $1 ELSE next_at END WHERE channel = $2 AND state = 'parked'";
pub(crate) const COUNT_PARKED: &str = "SELECT COUNT(*) FROM livetrail_deliveries \
     WHERE channel = $1 AND state = 'parked' AND alert = message";
pub(crate) const DELIVERIES: &str = concat!(
    "SELECT ",
    columns!(delivery),
    ", CASE WHEN message IS NULL THEN 1 ELSE (SELECT COUNT(*) FROM livetrail_deliveries m \
      WHERE m.channel = d.channel AND m.message = d.message) END FROM livetrail_deliveries d \
     WHERE channel = $1 AND (CAST($2 AS TEXT) IS NULL OR state = $2) AND (message IS NULL OR message = alert) \
     ORDER BY made_at DESC, alert DESC LIMIT $3"
);
pub(crate) const BACKLOG: &str = "SELECT channel, COUNT(CASE WHEN state = 'waiting' THEN 1 END), \
     COUNT(CASE WHEN state = 'parked' THEN 1 END) FROM livetrail_deliveries WHERE state <> 'sent' \
     GROUP BY channel ORDER BY channel";
pub(crate) const FORGET: &str = "DELETE FROM livetrail_deliveries WHERE (channel, alert) IN \
     (SELECT channel, alert FROM livetrail_deliveries WHERE state = 'sent' AND sent_at < $1 LIMIT $2)";
