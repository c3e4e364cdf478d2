//! Saved views of the log: queries of the page by name, personal ones and those that a tenant shares.

use crate::Result;
use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

/// The part of a [`Store`](crate::Store) that keeps saved views.
#[async_trait]
pub trait Views: Send + Sync + 'static {
    /// The views of an owner and those that are shared in the owner's tenant, the oldest first.
    async fn views(&self, of: ViewOwner) -> Result<Vec<SavedView>>;

    /// Keeps a new view within the bounds. As the default it takes the place of the owner's former one.
    async fn add_view(&self, view: SavedView, bounds: ViewBounds) -> Result<ViewKept>;

    /// Changes what is kept of a view with this id, except its owner and its creation.
    async fn change_view(&self, view: SavedView, bounds: ViewBounds) -> Result<ViewKept>;

    /// Removes a view; whether there was one.
    async fn remove_view(&self, id: Uuid) -> Result<bool>;
}

/// A user who saves views. The same id of another issuer or tenant is another user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewOwner {
    /// The id of the user; none once the user was erased.
    pub user_id: Option<String>,
    /// The issuer that names the user.
    pub issuer: Option<String>,
    /// The only tenant that the user sees.
    pub tenant: Option<String>,
}

/// A query of the page by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: Uuid,
    /// The user who has saved it.
    pub owner: ViewOwner,
    /// For people.
    pub name: String,
    /// The query string of the page.
    pub query: String,
    /// Whether every reader of the tenant sees it.
    pub shared: bool,
    /// Whether the page opens with it for its owner.
    pub is_default: bool,
    /// When it was saved.
    pub created_at: Timestamp,
    /// When it was changed for the last time.
    pub updated_at: Timestamp,
}

/// How many views there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewBounds {
    /// Of an owner.
    pub owned: u64,
    /// Shared ones of a tenant.
    pub shared: u64,
}

/// What has become of a view that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewKept {
    /// It is kept.
    Kept,
    /// The owner has as many as there may be.
    OwnerIsFull,
    /// The tenant shares as many as there may be.
    TenantIsFull,
    /// There is none with this id to change.
    Missing,
}
