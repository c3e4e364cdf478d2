//! Statements on Livetrail's own tables that every database understands as they stand.

pub(crate) const IS_ADMIN: &str = "SELECT 1 FROM livetrail_admins WHERE user_id = $1";
pub(crate) const ADD_ADMIN: &str =
    "INSERT INTO livetrail_admins (user_id) VALUES ($1) ON CONFLICT DO NOTHING";
pub(crate) const REMOVE_ADMIN: &str = "DELETE FROM livetrail_admins WHERE user_id = $1";

pub(crate) const PUT_PROFILE: &str = "INSERT INTO livetrail_users (tenant, user_id, email, display_name) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, user_id) \
     DO UPDATE SET email = excluded.email, display_name = excluded.display_name";
pub(crate) const PROFILE: &str =
    "SELECT user_id, email, display_name FROM livetrail_users WHERE tenant = $1 AND user_id = $2";

pub(crate) const CREDENTIALS: &str = "SELECT id, name, role, tenant, secret, single_use, created_at, expires_at \
     FROM livetrail_credentials ORDER BY created_at, id";
pub(crate) const PUT_CREDENTIAL: &str = "INSERT INTO livetrail_credentials \
     (id, name, role, tenant, secret, single_use, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(crate) const REMOVE_CREDENTIAL: &str = "DELETE FROM livetrail_credentials WHERE id = $1";

pub(crate) const KEEP_SETTING: &str =
    "INSERT INTO livetrail_settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
pub(crate) const SETTING: &str = "SELECT value FROM livetrail_settings WHERE name = $1";
