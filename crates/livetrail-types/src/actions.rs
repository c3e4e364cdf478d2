//! Generated from actions.toml: the action types as constants.
//!
//! Do not edit by hand: change actions.toml, then run `UPDATE=1 cargo test -p livetrail-types codegen`.

/// User login.
pub const USER_LOGIN: &str = "user_login";

/// User signup.
pub const USER_SIGNUP: &str = "user_signup";

/// User logout.
pub const USER_LOGOUT: &str = "user_logout";

/// Login.
pub const LOGIN: &str = "login";

/// Logout.
pub const LOGOUT: &str = "logout";

/// Session expired.
pub const SESSION_EXPIRED: &str = "session_expired";

/// Chat message.
pub const CHAT_MESSAGE: &str = "chat_message";

/// Session create.
pub const SESSION_CREATE: &str = "session_create";

/// Session rename.
pub const SESSION_RENAME: &str = "session_rename";

/// Session delete.
pub const SESSION_DELETE: &str = "session_delete";

/// Document upload.
pub const DOCUMENT_UPLOAD: &str = "document_upload";

/// Document list.
pub const DOCUMENT_LIST: &str = "document_list";

/// Document status.
pub const DOCUMENT_STATUS: &str = "document_status";

/// Document delete.
pub const DOCUMENT_DELETE: &str = "document_delete";

/// Preferences update.
pub const PREFERENCES_UPDATE: &str = "preferences_update";

/// Admin list users.
pub const ADMIN_LIST_USERS: &str = "admin_list_users";

/// Admin view user details.
pub const ADMIN_VIEW_USER_DETAILS: &str = "admin_view_user_details";

/// Admin list feedback.
pub const ADMIN_LIST_FEEDBACK: &str = "admin_list_feedback";

/// Admin update feedback status.
pub const ADMIN_UPDATE_FEEDBACK_STATUS: &str = "admin_update_feedback_status";

/// Admin view activity logs.
pub const ADMIN_VIEW_ACTIVITY_LOGS: &str = "admin_view_activity_logs";

/// User created.
pub const USER_CREATED: &str = "user_created";

/// User updated.
pub const USER_UPDATED: &str = "user_updated";

/// User deleted.
pub const USER_DELETED: &str = "user_deleted";

/// User suspended.
pub const USER_SUSPENDED: &str = "user_suspended";

/// User activated.
pub const USER_ACTIVATED: &str = "user_activated";

/// Admin created.
pub const ADMIN_CREATED: &str = "admin_created";

/// Admin updated.
pub const ADMIN_UPDATED: &str = "admin_updated";

/// Admin deleted.
pub const ADMIN_DELETED: &str = "admin_deleted";

/// Admin role changed.
pub const ADMIN_ROLE_CHANGED: &str = "admin_role_changed";

/// Subscription created.
pub const SUBSCRIPTION_CREATED: &str = "subscription_created";

/// Subscription updated.
pub const SUBSCRIPTION_UPDATED: &str = "subscription_updated";

/// Subscription cancelled.
pub const SUBSCRIPTION_CANCELLED: &str = "subscription_cancelled";

/// Subscription paused.
pub const SUBSCRIPTION_PAUSED: &str = "subscription_paused";

/// Subscription resumed.
pub const SUBSCRIPTION_RESUMED: &str = "subscription_resumed";

/// Transaction created.
pub const TRANSACTION_CREATED: &str = "transaction_created";

/// Transaction updated.
pub const TRANSACTION_UPDATED: &str = "transaction_updated";

/// Transaction refunded.
pub const TRANSACTION_REFUNDED: &str = "transaction_refunded";

/// Payout created.
pub const PAYOUT_CREATED: &str = "payout_created";

/// Payout approved.
pub const PAYOUT_APPROVED: &str = "payout_approved";

/// Payout rejected.
pub const PAYOUT_REJECTED: &str = "payout_rejected";

/// Payout processed.
pub const PAYOUT_PROCESSED: &str = "payout_processed";

/// Content created.
pub const CONTENT_CREATED: &str = "content_created";

/// Content updated.
pub const CONTENT_UPDATED: &str = "content_updated";

/// Content deleted.
pub const CONTENT_DELETED: &str = "content_deleted";

/// Content published.
pub const CONTENT_PUBLISHED: &str = "content_published";

/// Content unpublished.
pub const CONTENT_UNPUBLISHED: &str = "content_unpublished";

/// Settings updated.
pub const SETTINGS_UPDATED: &str = "settings_updated";

/// Integration configured.
pub const INTEGRATION_CONFIGURED: &str = "integration_configured";

/// Session invalidated.
pub const SESSION_INVALIDATED: &str = "session_invalidated";

/// Password changed.
pub const PASSWORD_CHANGED: &str = "password_changed";

/// Two factor enabled.
pub const TWO_FACTOR_ENABLED: &str = "two_factor_enabled";

/// Two factor disabled.
pub const TWO_FACTOR_DISABLED: &str = "two_factor_disabled";

/// API key created.
pub const API_KEY_CREATED: &str = "api_key_created";

/// API key revoked.
pub const API_KEY_REVOKED: &str = "api_key_revoked";

/// Access refused.
pub const ACCESS_REFUSED: &str = "access_refused";

/// Alert raised.
pub const ALERT_RAISED: &str = "alert_raised";

/// Export generated.
pub const EXPORT_GENERATED: &str = "export_generated";

/// Bulk action performed.
pub const BULK_ACTION_PERFORMED: &str = "bulk_action_performed";

/// API operation.
pub const API_OPERATION: &str = "api_operation";
