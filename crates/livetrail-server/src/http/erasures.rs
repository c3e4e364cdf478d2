//! Erasure of the personal data of a user.

use super::{
    body,
    error::{ApiError, ApiResult},
    extract::Administrator,
    json::Json,
};
use crate::{
    app::App,
    erasure::{self, ErasureInfo, Refused, Wanted},
};
use axum::{body::Body, extract::State, http::HeaderMap};
use livetrail_types::{FieldError, limits};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The user whose data are to be erased.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErasureRequest {
    /// The id of the user.
    pub(crate) user_id: String,
    /// The tenant whose activities are meant; those of every tenant and of none without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tenant_id: Option<String>,
    /// Whether nothing is erased, and only counted.
    #[serde(default)]
    pub(crate) dry_run: bool,
}

/// Erase the personal data of a user
///
/// In activities that name the user as the user, the target or the delegate, a pseudonym takes the place of the id, and
/// fields that may hold personal data are emptied. Positions and counts stay. The profile in the directory is removed,
/// and the user's sessions end. The answer comes at the end, after some seconds in a large log; the erasure goes on if
/// the client does not wait. The same request again finishes one that was interrupted.
#[utoipa::path(
    post, path = "/api/admin/erasures", tag = "Retention",
    request_body = ErasureRequest,
    responses(
        (status = 200, description = "What was erased, or what would be", body = ErasureInfo),
        (status = 409, description = "A legal hold keeps an activity, the user is an admin, or an erasure is under way"),
    )
)]
pub(super) async fn erase_user(
    State(app): State<Arc<App>>,
    Administrator(principal, origin): Administrator,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Json<ErasureInfo>> {
    let ErasureRequest { user_id, tenant_id: tenant, dry_run } = body::json(&headers, body).await?;
    check(&user_id, tenant.as_deref())?;
    match erasure::erase(&app, Wanted { user_id, tenant, dry_run }, (principal, origin)).await {
        Ok(erased) => Ok(Json(erased)),
        Err(Refused::Store(error)) => Err(error.into()),
        Err(refused) => Err(ApiError::conflict(refused.to_string())),
    }
}

fn check(user_id: &str, tenant_id: Option<&str>) -> ApiResult<()> {
    let wanted = [("/user_id", Some(user_id), limits::USER_ID), ("/tenant_id", tenant_id, limits::TENANT_ID)];
    let is_id = |text: &str, most| !text.is_empty() && text.chars().count() <= most && !text.contains('\0');
    let errors: Vec<FieldError> = wanted
        .into_iter()
        .filter(|(_, text, most)| text.is_some_and(|text| !is_id(text, *most)))
        .map(|(pointer, _, most)| {
            FieldError::new(pointer, format!("must have 1 to {most} characters, and no NUL"))
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(ApiError::invalid(errors)) }
}
