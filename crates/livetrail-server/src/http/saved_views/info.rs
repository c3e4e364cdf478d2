use super::owner;
use crate::access::Principal;
use jiff::Timestamp;
use livetrail_store::SavedView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A saved view of the log.
#[derive(Serialize, Deserialize, ToSchema)]
pub(in crate::http) struct SavedViewInfo {
    pub(super) id: Uuid,
    /// What people call it.
    pub(super) name: String,
    /// The query string of the page: filters as lists take them, the order, and what the page shows of it.
    pub(super) query: String,
    /// Whether every reader of the tenant sees it.
    pub(super) shared: bool,
    /// Whether the page opens with it. Each user has one such view at most.
    pub(super) is_default: bool,
    /// Whether the caller has saved it.
    pub(super) is_own: bool,
    /// The user who has saved it; null once the user was erased.
    pub(super) created_by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(super) updated_at: Timestamp,
}

impl SavedViewInfo {
    pub(super) fn of(view: SavedView, seen_by: &Principal) -> Self {
        let is_own = view.owner == owner(seen_by);
        Self {
            id: view.id,
            name: view.name,
            query: view.query,
            shared: view.shared,
            is_default: view.is_default && is_own,
            is_own,
            created_by: view.owner.user_id,
            created_at: view.created_at,
            updated_at: view.updated_at,
        }
    }
}
