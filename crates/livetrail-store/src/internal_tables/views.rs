//! Statements on saved views.

macro_rules! columns {
    () => {
        "id, user_id, issuer, tenant, name, query, shared, is_default, created_at, updated_at"
    };
}

pub(crate) const VIEWS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM livetrail_views WHERE (user_id = $1 AND issuer = $2 AND tenant = $3) OR (shared = 1 AND tenant = $3) \
     ORDER BY created_at, id"
);
/// How many views an owner has and a tenant shares, without the view `$4`.
pub(crate) const COUNT: &str = "SELECT COUNT(CASE WHEN user_id = $1 AND issuer = $2 THEN 1 END), \
     COUNT(CASE WHEN shared = 1 THEN 1 END) FROM livetrail_views \
     WHERE tenant = $3 AND (user_id = $1 OR shared = 1) AND id <> $4";
pub(crate) const OTHERS_ARE_NOT_DEFAULT: &str = "UPDATE livetrail_views SET is_default = 0 \
     WHERE user_id = $1 AND issuer = $2 AND tenant = $3 AND id <> $4 AND is_default = 1";
pub(crate) const ADD: &str = concat!(
    "INSERT INTO livetrail_views (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
);
pub(crate) const CHANGE: &str = "UPDATE livetrail_views SET name = $1, query = $2, shared = $3, is_default = $4, \
     updated_at = $5 WHERE id = $6";
pub(crate) const REMOVE: &str = "DELETE FROM livetrail_views WHERE id = $1";

/// Of the tenant `$2`, or of all.
pub(crate) const ERASE_PERSONAL: &str = "DELETE FROM livetrail_views \
     WHERE user_id = $1 AND shared = 0 AND (CAST($2 AS TEXT) IS NULL OR tenant = $2)";
/// The tenant keeps what it shares.
pub(crate) const ERASE_OWNER: &str = "UPDATE livetrail_views SET user_id = NULL, is_default = 0 \
     WHERE user_id = $1 AND (CAST($2 AS TEXT) IS NULL OR tenant = $2)";
