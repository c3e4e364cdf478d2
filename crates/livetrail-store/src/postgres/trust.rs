//! Whose tables are believed. Livetrail reads `users` and `admin_profiles` by their names, and a role that may only
//! make tables in the schema could make them first: it would name admins, and a view would run its code as Livetrail's
//! role.

/// Whether the owner of the table `class` is this role, the owner of the database, the schema or the log, or a
/// superuser.
pub(super) const IS_TRUSTED: &str = "(class.relowner IN (current_user::regrole,
       (SELECT datdba FROM pg_database WHERE datname = current_database()),
       (SELECT nspowner FROM pg_namespace WHERE oid = class.relnamespace),
       (SELECT relowner FROM pg_class WHERE oid = to_regclass('activity_logs')))
     OR (SELECT rolsuper FROM pg_roles WHERE oid = class.relowner))";
