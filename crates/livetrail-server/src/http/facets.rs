//! What there is to filter by: the values that occur, and how often.

use super::{
    asking::Asking,
    error::ApiResult,
    query::{DateParameters, FilterParameters},
};
use crate::{
    directory::Key,
    questions::{self, FacetCounts, Values},
};
use axum::response::Response;
use livetrail_types::{Catalogue, UserProfile};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// The values that occur among the activities of a filter, the most frequent first, at most 50 of each kind. Activities
/// without a value are counted in none.
#[derive(Serialize, ToSchema)]
pub(super) struct Facets {
    /// Always true; errors are problems.
    success: bool,
    /// How many activities match.
    total: u64,
    /// Where the log ended when this was read.
    head_cursor: String,
    action_type: Vec<FacetValue>,
    category: Vec<FacetValue>,
    status: Vec<FacetValue>,
    method: Vec<FacetValue>,
    endpoint: Vec<FacetValue>,
    resource_type: Vec<FacetValue>,
    user: Vec<FacetValue>,
    delegate_id: Vec<FacetValue>,
    via: Vec<FacetValue>,
}

/// A value. In a filter, a comma, a backslash and a leading `!` need a backslash before them.
#[derive(Serialize, ToSchema)]
struct FacetValue {
    #[schema(example = "user_login")]
    value: String,
    count: u64,
    /// What people call it: a user's name or e-mail address, the title of an action or a category. Null where it has
    /// none.
    label: Option<String>,
}

/// Count values
///
/// The most frequent values among the activities of a filter, each with its count: action types, categories, statuses,
/// methods, endpoints, resource types, users, delegates and values of `via`.
#[utoipa::path(
    get, path = "/api/admin/activity/facets", tag = "Activities",
    params(DateParameters, FilterParameters),
    responses(
        (
            status = 200, description = "The values", body = Facets,
            headers(("livetrail-answered-by", description = "`index`, or `sql` where the database had to answer"))
        ),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn get_facets(asking: Asking) -> ApiResult<Response> {
    let counting = asking.count(asking.reader(), "facets").await?;
    let questions::Facets { counts, users } =
        counting.asker.facets(&counting.filter, counting.head.position).await?;
    let names = asking.app.directory.names(users).await?;
    let facets = facets(&asking.app.catalogue, &names, counts, counting.head.to_string());
    Ok(counting.answer(facets.total, &facets))
}

fn facets(
    catalogue: &Catalogue,
    names: &HashMap<Key, UserProfile>,
    counts: FacetCounts,
    head_cursor: String,
) -> Facets {
    let action = |key: &str| catalogue.get(key).map(|action| action.title.clone());
    let category = |key: &str| {
        let known = catalogue.categories().iter().find(|category| category.key == key);
        known.map(|category| category.title.clone())
    };
    let user = |id: &str| {
        names.iter().find(|((_, user), _)| user == id).map(|(_, profile)| profile.name().to_owned())
    };
    Facets {
        success: true,
        total: counts.total,
        head_cursor,
        action_type: labelled(counts.action_type, action),
        category: labelled(counts.category, category),
        status: labelled(counts.status, |_| None),
        method: labelled(counts.method, |_| None),
        endpoint: labelled(counts.endpoint, |_| None),
        resource_type: labelled(counts.resource_type, |_| None),
        user: labelled(counts.user, user),
        delegate_id: labelled(counts.delegate_id, |_| None),
        via: labelled(counts.via, |_| None),
    }
}

fn labelled(values: Values, label: impl Fn(&str) -> Option<String>) -> Vec<FacetValue> {
    let facet = |(value, count): (String, u64)| FacetValue { label: label(&value), value, count };
    values.into_iter().map(facet).collect()
}
