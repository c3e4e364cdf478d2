//! Statements on Livetrail's own tables that every database understands as they stand. Their values are numbered in the
//! order in which they first occur, which is how SQLite counts them.

pub(crate) mod deliveries;
pub(crate) mod views;

use crate::{MAX_LISTED_ENDS, SessionScope, internal_rows::Column};

/// Whether a user is an admin, in the tenant `$2` or everywhere. Text says its type, since it may be null.
pub(crate) const IS_ADMIN: &str = "SELECT 1 FROM livetrail_admins WHERE user_id = $1 \
     UNION ALL SELECT 1 FROM livetrail_tenant_admins WHERE user_id = $1 AND tenant = CAST($2 AS TEXT) LIMIT 1";
pub(crate) const IS_TENANT_ADMIN: &str = "SELECT 1 FROM livetrail_tenant_admins WHERE user_id = $1 LIMIT 1";
const ADD_ADMIN: &str = "INSERT INTO livetrail_admins (user_id) VALUES ($1) ON CONFLICT DO NOTHING";
const REMOVE_ADMIN: &str = "DELETE FROM livetrail_admins WHERE user_id = $1";
const ADD_TENANT_ADMIN: &str =
    "INSERT INTO livetrail_tenant_admins (user_id, tenant) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const REMOVE_TENANT_ADMIN: &str = "DELETE FROM livetrail_tenant_admins WHERE user_id = $1 AND tenant = $2";

pub(crate) const PUT_PROFILE: &str = "INSERT INTO livetrail_users (tenant, user_id, email, display_name) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, user_id) \
     DO UPDATE SET email = excluded.email, display_name = excluded.display_name";
/// Of the tenant `$2`, or of all.
pub(crate) const ERASE_PROFILE: &str =
    "DELETE FROM livetrail_users WHERE user_id = $1 AND (CAST($2 AS TEXT) IS NULL OR tenant = $2)";
pub(crate) const PROFILE: &str =
    "SELECT user_id, email, display_name FROM livetrail_users WHERE tenant = $1 AND user_id = $2";
/// The version of the directory, and the profiles that changed after one: see [`Names`](crate::names::Names).
pub(crate) const NAMES_VERSION: &str = "SELECT last_change, last_removal FROM livetrail_names";
pub(crate) const CHANGED_NAMES: &str =
    "SELECT tenant, user_id, email, display_name FROM livetrail_users WHERE changed > $1";

/// The columns of each kind of row, in the order in which [`internal_rows`](crate::internal_rows) reads and writes
/// them.
macro_rules! columns {
    (credential) => {
        "id, name, role, tenant, secret, created_by, created_at, last_used_at, expires_at"
    };
    (session) => {
        "id, secret, user_id, role, tenant, backing, backing_id, backing_issuer, made_by, address, user_agent, \
         created_at, last_seen_at, expires_at"
    };
    (grant) => {
        "id, kind, secret, user_id, role, tenant, backing, backing_id, backing_issuer, session_id, \
         credential_ends_at, made_by, created_at, expires_at"
    };
    (hold) => {
        "id, reason, tenant, user_id, from_time, until_time, made_by, created_at"
    };
    (alert_rule) => {
        "id, definition, enabled, tenant, after, changed_by, changed_at"
    };
    (alert) => {
        "id, rule, rule_version, title, severity, tenant, grouped, position, raised_at, first_at, last_at, \
          open_ended, content, \
         state, state_by, state_at, state_reason, muted_until"
    };
}

/// The stored floor, the number of the last removal, the version of the holds, and the mark of the last erasure.
pub(crate) const BOUNDS: &str = "SELECT floor, removals, holds, \
     (SELECT value FROM livetrail_settings WHERE name = 'edition') AS edition FROM livetrail_bounds";

pub(crate) const SET_FLOOR: &str = "UPDATE livetrail_bounds SET floor = $1";
/// In PostgreSQL it also waits until a removal that has checked the holds is done.
pub(crate) const HOLDS_CHANGE: &str = "UPDATE livetrail_bounds SET holds = holds + 1";
pub(crate) const REMOVED: &str =
    "SELECT number, position FROM livetrail_removed WHERE number > $1 ORDER BY number LIMIT $2";
pub(crate) const COUNT_REMOVED: &str =
    "SELECT COUNT(*) FROM livetrail_removed WHERE position > $1 AND position <= $2";
pub(crate) const FORGET_REMOVED: &str = "DELETE FROM livetrail_removed WHERE position <= $1";
pub(crate) const HOLDS: &str =
    concat!("SELECT ", columns!(hold), " FROM livetrail_holds ORDER BY created_at, id");
pub(crate) const PUT_HOLD: &str =
    concat!("INSERT INTO livetrail_holds (", columns!(hold), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
pub(crate) const RELEASE_HOLD: &str =
    concat!("DELETE FROM livetrail_holds WHERE id = $1 RETURNING ", columns!(hold));

pub(crate) const ALERT_RULES_VERSION: &str = "SELECT rules, saturated FROM livetrail_alert_progress";
/// In PostgreSQL it also waits until progress that has compared the version is kept.
pub(crate) const ALERT_RULES_CHANGE: &str = "UPDATE livetrail_alert_progress SET rules = rules + 1";
pub(crate) const ALERT_RULES: &str =
    concat!("SELECT ", columns!(alert_rule), " FROM livetrail_alert_rules ORDER BY id");
pub(crate) const ALERT_RULE: &str =
    concat!("SELECT ", columns!(alert_rule), " FROM livetrail_alert_rules WHERE id = $1");
pub(crate) const PUT_ALERT_RULE: &str = concat!(
    "INSERT INTO livetrail_alert_rules (",
    columns!(alert_rule),
    ") SELECT $1, $2, $3, $4, position, $5, $6 FROM livetrail_alert_progress WHERE TRUE ON CONFLICT (id) DO UPDATE SET \
     definition = excluded.definition, enabled = excluded.enabled, tenant = excluded.tenant, after = excluded.after, \
     changed_by = excluded.changed_by, changed_at = excluded.changed_at"
);
pub(crate) const REMOVE_ALERT_RULE: &str =
    concat!("DELETE FROM livetrail_alert_rules WHERE id = $1 RETURNING ", columns!(alert_rule));
/// Nobody evaluates any more whether its groups speak again.
pub(crate) const END_ALERTS_OF: &str = "UPDATE livetrail_alerts SET open_ended = 0, \
     changed = (SELECT changes FROM livetrail_alert_progress) WHERE rule = $1 AND open_ended = 1";
/// How many rules there are, and whether one of them has an id.
pub(crate) const ALERT_RULES_COUNT: &str =
    "SELECT COUNT(*), COUNT(CASE WHEN id = $1 THEN 1 END) FROM livetrail_alert_rules";

/// Until `$2`, by a clock that says `$3`.
pub(crate) const TAKE_TURN: &str = "UPDATE livetrail_alert_progress \
     SET turn = CASE WHEN node = $1 THEN turn ELSE turn + 1 END, node = $1, until = $2 \
     WHERE node IS NULL OR node = $1 OR until <= $3 RETURNING turn, position, rules";
pub(crate) const TURN_OF: &str = "SELECT turn, position, rules FROM livetrail_alert_progress WHERE node = $1";
pub(crate) const END_TURN: &str = "UPDATE livetrail_alert_progress SET node = NULL WHERE turn = $1";
/// In PostgreSQL it also locks the row until the transaction has ended.
pub(crate) const ADVANCE: &str = "UPDATE livetrail_alert_progress SET position = $1, saturated = $2, \
     changes = changes + 1 WHERE turn = $3 AND rules = $4";
pub(crate) const CURRENT_TURN: &str = "SELECT turn FROM livetrail_alert_progress";
pub(crate) const PUT_ALERT: &str = concat!(
    "INSERT INTO livetrail_alerts (",
    columns!(alert),
    ", changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
     (SELECT changes FROM livetrail_alert_progress)) ON CONFLICT (id) DO UPDATE SET first_at = excluded.first_at, \
     last_at = excluded.last_at, open_ended = excluded.open_ended, content = excluded.content, \
     changed = excluded.changed"
);
pub(crate) const ALERTS_SINCE: &str = concat!(
    "SELECT ",
    columns!(alert),
    " FROM livetrail_alerts WHERE last_at >= $1 OR open_ended = 1 ORDER BY position, id"
);
pub(crate) const ALERTS_OF_GROUP: &str = concat!(
    "SELECT ",
    columns!(alert),
    " FROM livetrail_alerts WHERE rule = $1 AND rule_version = $2 AND grouped = $3 AND last_at >= $4 AND \
      first_at <= $5 \
     ORDER BY position, id"
);
pub(crate) const UNRECORDED_ALERTS: &str = concat!(
    "SELECT ",
    columns!(alert),
    " FROM livetrail_alerts WHERE recorded = 0 ORDER BY position, id LIMIT $1"
);
pub(crate) const ALERT_RECORDED: &str = "UPDATE livetrail_alerts SET recorded = 1 WHERE id = $1";
pub(crate) const ALERT: &str = concat!("SELECT ", columns!(alert), " FROM livetrail_alerts WHERE id = $1");
pub(crate) const ALERTS: &str = concat!(
    "SELECT ",
    columns!(alert),
    " FROM livetrail_alerts WHERE (CAST($1 AS TEXT) IS NULL OR state = $1) AND (CAST($2 AS TEXT) IS NULL OR rule = $2) \
     AND (CAST($3 AS TEXT) IS NULL OR severity = $3) AND (CAST($4 AS TEXT) IS NULL OR tenant = $4) \
     AND (CAST($5 AS BIGINT) IS NULL OR (position, id) < ($5, $6)) ORDER BY position DESC, id DESC LIMIT $7"
);
pub(crate) const OPEN_ALERTS: &str = "SELECT rule, COUNT(*) FROM livetrail_alerts \
     WHERE state = 'open' AND (CAST($1 AS TEXT) IS NULL OR tenant = $1) GROUP BY rule ORDER BY rule";
pub(crate) const CHANGED_ALERTS: &str = concat!(
    "SELECT ",
    columns!(alert),
    ", changed FROM livetrail_alerts WHERE changed >= $1 AND (changed > $1 OR id > $2) ORDER BY changed, id LIMIT $3"
);
pub(crate) const LAST_ALERT_CHANGE: &str = "SELECT changes FROM livetrail_alert_progress";
/// In PostgreSQL it also locks the row until the transaction has ended, so that changes become visible in their order.
pub(crate) const ALERTS_CHANGE: &str = "UPDATE livetrail_alert_progress SET changes = changes + 1";
pub(crate) const DECIDE: &str = concat!(
    "UPDATE livetrail_alerts SET state = $1, state_by = $2, state_at = $3, state_reason = $4, muted_until = $5, \
     changed = (SELECT changes FROM livetrail_alert_progress) WHERE id = $6 RETURNING ",
    columns!(alert)
);

/// Alerts that may be removed once the log does not have their activities any more.
macro_rules! is_old {
    () => {
        "recorded = 1 AND open_ended = 0 AND (last_at < $1 AND state = 'resolved' OR last_at < $2)"
    };
}

pub(crate) const OLD_ALERTS: &str = concat!(
    "SELECT position, id FROM livetrail_alerts WHERE ",
    is_old!(),
    " AND (position, id) > ($3, $4) ORDER BY position, id LIMIT $5"
);
/// A condition of the database's own follows: that no activity has the id.
pub(crate) const REMOVE_ALERT: &str =
    concat!("DELETE FROM livetrail_alerts WHERE ", is_old!(), " AND id = $3 AND NOT EXISTS ");

/// What an erasure leaves of an alert, unless it has changed since.
pub(crate) const ERASE_FROM_ALERT: &str = "UPDATE livetrail_alerts SET grouped = $1, content = $2, state_by = $3, \
     state_reason = $4, changed = (SELECT changes FROM livetrail_alert_progress) WHERE id = $5 AND changed = $6";

/// A node of an older version keeps its sign-in links in the same table, and they are not keys.
pub(crate) const CREDENTIALS: &str = concat!(
    "SELECT ",
    columns!(credential),
    " FROM livetrail_credentials WHERE NOT single_use ORDER BY created_at, id"
);
pub(crate) const PUT_CREDENTIAL: &str = concat!(
    "INSERT INTO livetrail_credentials (",
    columns!(credential),
    ", single_use) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE)"
);
pub(crate) const USED_CREDENTIAL: &str = "UPDATE livetrail_credentials SET last_used_at = $1 \
     WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $1)";
pub(crate) const REMOVE_CREDENTIAL: &str = "DELETE FROM livetrail_credentials WHERE id = $1";

pub(crate) const SESSION: &str =
    concat!("SELECT ", columns!(session), " FROM livetrail_sessions WHERE id = $1");
pub(crate) const SESSIONS: &str = concat!(
    "SELECT ",
    columns!(session),
    " FROM livetrail_sessions WHERE expires_at > $1 ORDER BY last_seen_at DESC, id DESC LIMIT $2 OFFSET $3"
);
pub(crate) const COUNT_SESSIONS: &str = "SELECT COUNT(*) FROM livetrail_sessions WHERE expires_at > $1";
pub(crate) const PUT_SESSION: &str = concat!(
    "INSERT INTO livetrail_sessions (",
    columns!(session),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
);
/// Not all of them at once, since the client that signs in waits.
pub(crate) const FORGET_SESSIONS: &str = "DELETE FROM livetrail_sessions WHERE id IN \
     (SELECT id FROM livetrail_sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT 64)";
/// Ends all but the newest 49 sessions of a backing, so that a new one is the fiftieth. See
/// [`crate::MAX_SESSIONS_OF_BACKING`].
pub(crate) const END_SURPLUS: &str = concat!(
    "DELETE FROM livetrail_sessions WHERE id IN (SELECT id FROM livetrail_sessions \
     WHERE backing = $1 AND COALESCE(backing_id, '') = $2 AND COALESCE(backing_issuer, '') = $3 \
     AND COALESCE(tenant, '') = $4 AND expires_at > $5 ORDER BY created_at DESC, id DESC LIMIT 64 OFFSET 49) RETURNING ",
    columns!(session)
);
pub(crate) const SEEN_SESSION: &str =
    "UPDATE livetrail_sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $1";

pub(crate) const GRANT: &str = concat!("SELECT ", columns!(grant), " FROM livetrail_grants WHERE id = $1");
pub(crate) const PUT_GRANT: &str = concat!(
    "INSERT INTO livetrail_grants (",
    columns!(grant),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
);
/// Not all of them at once, since the client that asks for a new one waits.
pub(crate) const FORGET_GRANTS: &str = "DELETE FROM livetrail_grants WHERE id IN \
     (SELECT id FROM livetrail_grants WHERE expires_at <= $1 ORDER BY expires_at LIMIT 64)";
pub(crate) const USE_GRANT: &str = "DELETE FROM livetrail_grants WHERE id = $1";

pub(crate) const KEEP_SETTING: &str =
    "INSERT INTO livetrail_settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
pub(crate) const SETTING: &str = "SELECT value FROM livetrail_settings WHERE name = $1";
pub(crate) const REPLACE_SETTING: &str =
    "UPDATE livetrail_settings SET value = $1 WHERE name = $2 AND value = $3";

/// The statement that makes the user an admin or no longer, in one tenant or everywhere.
pub(crate) fn set_admin(is_admin: bool, in_one_tenant: bool) -> &'static str {
    match (is_admin, in_one_tenant) {
        (true, false) => ADD_ADMIN,
        (false, false) => REMOVE_ADMIN,
        (true, true) => ADD_TENANT_ADMIN,
        (false, true) => REMOVE_TENANT_ADMIN,
    }
}

/// The statements that end sessions. All of them take the same values.
pub(crate) struct EndSessions {
    /// Deletes the links and tickets of these sessions and of their users, before the sessions. A sign-in that uses
    /// such a link at the same time is refused then, or the following statements see its session.
    pub(crate) end_grants: String,
    /// Finds a few of the sessions.
    pub(crate) find: String,
    /// Finds some users whose sessions they are.
    pub(crate) users: String,
    /// Deletes the sessions and gives their rows.
    pub(crate) end_listed: String,
    /// Deletes the sessions.
    pub(crate) end: String,
    pub(crate) values: Vec<Column>,
}

impl EndSessions {
    pub(crate) fn of(which: &SessionScope) -> Self {
        const OF_USER: &str =
            "(user_id = $1 OR made_by = $1 OR (backing IN ('user', 'issued') AND backing_id = $1))";
        let text = |value: String| Column::Text(Some(value));
        let (sessions, values) = match which {
            SessionScope::One(id) => (" WHERE id = $1".to_owned(), vec![text(id.to_string())]),
            SessionScope::OfUser { user_id, tenant: None } => {
                (format!(" WHERE {OF_USER}"), vec![text(user_id.clone())])
            }
            SessionScope::OfUser { user_id, tenant: Some(tenant) } => (
                format!(" WHERE {OF_USER} AND tenant = $2"),
                vec![text(user_id.clone()), text(tenant.clone())],
            ),
            SessionScope::OnKey(id) => {
                (" WHERE backing = 'key' AND backing_id = $1".to_owned(), vec![text(id.to_string())])
            }
            SessionScope::All => (String::new(), Vec::new()),
        };
        let grants = match which {
            SessionScope::One(_) => " WHERE session_id = $1".to_owned(),
            SessionScope::All => String::new(),
            _ => format!("{sessions} OR session_id IN (SELECT id FROM livetrail_sessions{sessions})"),
        };
        let (columns, listed) = (columns!(session), MAX_LISTED_ENDS + 1);
        Self {
            end_grants: format!("DELETE FROM livetrail_grants{grants}"),
            find: format!("SELECT {columns} FROM livetrail_sessions{sessions} LIMIT {listed}"),
            users: format!(
                "SELECT DISTINCT user_id FROM livetrail_sessions{sessions} LIMIT {MAX_LISTED_ENDS}"
            ),
            end_listed: format!("DELETE FROM livetrail_sessions{sessions} RETURNING {columns}"),
            end: format!("DELETE FROM livetrail_sessions{sessions}"),
            values,
        }
    }
}
