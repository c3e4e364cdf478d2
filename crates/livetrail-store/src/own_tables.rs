//! Statements on Livetrail's own tables that every database understands as they stand. Their values are numbered in the order in
//! which they first occur, which is how SQLite counts them.

use crate::SessionScope;

pub(crate) const IS_ADMIN: &str = "SELECT 1 FROM livetrail_admins WHERE user_id = $1";
pub(crate) const ADD_ADMIN: &str =
    "INSERT INTO livetrail_admins (user_id) VALUES ($1) ON CONFLICT DO NOTHING";
pub(crate) const REMOVE_ADMIN: &str = "DELETE FROM livetrail_admins WHERE user_id = $1";

pub(crate) const PUT_PROFILE: &str = "INSERT INTO livetrail_users (tenant, user_id, email, display_name) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, user_id) \
     DO UPDATE SET email = excluded.email, display_name = excluded.display_name";
pub(crate) const PROFILE: &str =
    "SELECT user_id, email, display_name FROM livetrail_users WHERE tenant = $1 AND user_id = $2";

/// The columns of each kind of row, in the order in which [`own_rows`](crate::own_rows) reads and writes them.
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
}

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
pub(crate) const SESSIONS: &str =
    concat!("SELECT ", columns!(session), " FROM livetrail_sessions ORDER BY last_seen_at DESC, id DESC");
pub(crate) const PUT_SESSION: &str = concat!(
    "INSERT INTO livetrail_sessions (",
    columns!(session),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
);
pub(crate) const FORGET_SESSIONS: &str = "DELETE FROM livetrail_sessions WHERE expires_at <= $1";
pub(crate) const SEEN_SESSION: &str =
    "UPDATE livetrail_sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $1";

const END_ONE: &str = concat!("DELETE FROM livetrail_sessions WHERE id = $1 RETURNING ", columns!(session));
const END_OF_USER: &str = concat!(
    "DELETE FROM livetrail_sessions WHERE user_id = $1 OR (backing = 'user' AND backing_id = $1) RETURNING ",
    columns!(session)
);
const END_ON_KEY: &str = concat!(
    "DELETE FROM livetrail_sessions WHERE backing = 'key' AND backing_id = $1 RETURNING ",
    columns!(session)
);
const END_ALL: &str = concat!("DELETE FROM livetrail_sessions RETURNING ", columns!(session));

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

/// The statement that ends these sessions, and the value it takes, if it takes one.
pub(crate) fn end_sessions(which: &SessionScope) -> (&'static str, Option<String>) {
    match which {
        SessionScope::One(id) => (END_ONE, Some(id.to_string())),
        SessionScope::OfUser(user_id) => (END_OF_USER, Some(user_id.clone())),
        SessionScope::OnKey(id) => (END_ON_KEY, Some(id.to_string())),
        SessionScope::All => (END_ALL, None),
    }
}
