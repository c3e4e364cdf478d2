//! Saved views: what the page of activities shows, kept by name.

mod change;
mod checked;
mod create;
mod info;
mod list;

pub(super) use change::{__path_change_view, __path_remove_view, change_view, remove_view};
pub(super) use create::{__path_create_view, create_view};
pub(super) use list::{__path_list_views, list_views};

use super::error::{ApiError, ApiResult};
use crate::{
    access::{Backing, Principal, Refusal},
    app::App,
};
use livetrail_store::{SavedView, ViewBounds, ViewKept, ViewOwner};
use livetrail_types::Role;
use uuid::Uuid;

const BOUNDS: ViewBounds = ViewBounds { owned: 200, shared: 1_000 };

/// Whose views a principal has: those of its user, in its tenant. Sessions of the same user have the same ones.
fn owner(principal: &Principal) -> ViewOwner {
    let issuer = match &principal.backing {
        Backing::User { issuer, .. } | Backing::Issued { issuer, .. } => issuer.clone(),
        Backing::Key(_) | Backing::BuiltIn => None,
    };
    ViewOwner { user_id: Some(principal.user_id.clone()), issuer, tenant: principal.tenant.clone() }
}

/// The view with an id, if the principal sees it.
async fn find(app: &App, principal: &Principal, id: &str) -> ApiResult<SavedView> {
    let id = Uuid::try_parse(id).map_err(|_| not_found())?;
    let views = app.store.views(owner(principal)).await?;
    views.into_iter().find(|view| view.id == id).ok_or_else(not_found)
}

/// Only admins share views, and change those that are shared.
fn check_admin(principal: &Principal) -> ApiResult<()> {
    if principal.role == Role::Admin { Ok(()) } else { Err(Refusal::AdminRequired.into()) }
}

fn check_kept(kept: ViewKept) -> ApiResult<()> {
    let ViewBounds { owned, shared } = BOUNDS;
    match kept {
        ViewKept::Kept => Ok(()),
        ViewKept::Missing => Err(not_found()),
        ViewKept::OwnerIsFull => Err(ApiError::conflict(format!(
            "You have {owned} views, which is as many as there may be; remove some"
        ))),
        ViewKept::TenantIsFull => Err(ApiError::conflict(format!(
            "{shared} views are shared, which is as many as there may be; remove some"
        ))),
    }
}

fn not_found() -> ApiError {
    ApiError::not_found("There is no view with this id")
}
