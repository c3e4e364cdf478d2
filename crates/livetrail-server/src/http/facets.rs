//! What there is to filter by: the values that occur, and how often.

use super::{
    audit_details,
    error::ApiResult,
    extract::{Caller, Reader},
    json::as_json,
    known_actions::is_in_catalogue,
    query::{DateParameters, FilterParameters, PairReader},
};
use crate::{
    app::App,
    questions::{Answer, Asker},
};
use axum::{extract::State, http::Uri, response::Response};
use livetrail_types::{Catalogue, Choice, Condition, Cursor, Filter, GroupBy, Grouping, Scalar, TextField};
use serde::Serialize;
use std::{collections::HashMap, sync::Arc};
use utoipa::ToSchema;

/// Values of a facet.
const MAX_VALUES: u32 = 50;

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
    /// What people call it: a user's name or e-mail address, the title of an action or a category. Null where it has none.
    label: Option<String>,
}

/// Count values
///
/// What occurs among the activities of a filter: action types, categories, statuses, methods, endpoints, resource types,
/// users, the parties that acted in their names, and what it was done through, each with its count.
#[utoipa::path(
    get, path = "/api/admin/activity/facets", tag = "Activities",
    params(DateParameters, FilterParameters),
    responses(
        (status = 200, description = "The values", body = Facets),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn get_facets(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    uri: Uri,
) -> ApiResult<Response> {
    let mut reader = PairReader::of(&uri);
    reader.refuse_about_lists("facets");
    let filter = reader.filter(&app, &principal)?;
    let head = app.hub.cursor_at(app.questions.head().await?.position).await;
    let asked = Asked { app: &app, ask: app.questions.by(&principal), filter, head };
    let total = asked.ask.count(asked.filter.clone(), head.position).await?;
    let action_title = |key: &str| app.catalogue.get(key).map(|action| action.title.clone());
    let facets = Facets {
        success: true,
        total,
        head_cursor: head.to_string(),
        action_type: labelled(asked.values(GroupBy::ActionType).await?, action_title),
        category: asked.categories(total).await?,
        status: labelled(asked.values(GroupBy::StatusCode).await?, |_| None),
        method: labelled(asked.values(GroupBy::HttpMethod).await?, |_| None),
        endpoint: labelled(asked.values(GroupBy::Endpoint).await?, |_| None),
        resource_type: labelled(asked.values(GroupBy::ResourceType).await?, |_| None),
        user: asked.users().await?,
        delegate_id: labelled(asked.values(GroupBy::DelegateId).await?, |_| None),
        via: labelled(asked.values(GroupBy::Via).await?, |_| None),
    };
    audit_details::record_counts(&app, &principal, &origin, (&uri, &asked.filter), total);
    Ok(as_json(&facets))
}

fn labelled(values: Vec<(String, u64)>, label: impl Fn(&str) -> Option<String>) -> Vec<FacetValue> {
    let facet = |(value, count): (String, u64)| FacetValue { label: label(&value), value, count };
    values.into_iter().map(facet).collect()
}

struct Asked<'a> {
    app: &'a App,
    ask: Asker<'a>,
    filter: Filter,
    head: Cursor,
}

impl Asked<'_> {
    async fn values(&self, by: GroupBy) -> Answer<Vec<(String, u64)>> {
        // One more, since those without a value may be among them.
        let grouping = Grouping {
            filter: self.filter.clone(),
            head: self.head.position,
            by: vec![by],
            at_least: 1,
            most: MAX_VALUES + 1,
        };
        let groups = self.ask.groups(grouping).await?;
        let value = |key: Scalar| match key {
            Scalar::Null => None,
            Scalar::Number(number) => Some(number.to_string()),
            Scalar::Text(text) => Some(text),
        };
        let named = groups.into_iter().filter_map(|mut group| Some((value(group.keys.pop()?)?, group.count)));
        Ok(named.take(MAX_VALUES as usize).collect())
    }

    async fn categories(&self, total: u64) -> Answer<Vec<FacetValue>> {
        let catalogue = &self.app.catalogue;
        let grouping = Grouping {
            filter: self.filter.clone().and(is_in_catalogue(catalogue)),
            head: self.head.position,
            by: vec![GroupBy::ActionType],
            at_least: 1,
            most: u32::MAX,
        };
        let mut counts = HashMap::<&str, u64>::new();
        let groups = self.ask.groups(grouping).await?;
        for group in &groups {
            let action = group.keys.first().and_then(Scalar::as_text).unwrap_or_default();
            *counts.entry(catalogue.category_of(action)).or_default() += group.count;
        }
        let others = total.saturating_sub(groups.iter().map(|group| group.count).sum());
        counts.insert(Catalogue::OTHER, others);
        let mut values: Vec<_> =
            counts.into_iter().filter(|(_, count)| *count > 0).map(|(key, n)| (key.to_owned(), n)).collect();
        values.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        let title = |key: &str| {
            let known = catalogue.categories().iter().find(|category| category.key == key);
            known.map(|category| category.title.clone())
        };
        Ok(labelled(values, title))
    }

    /// Users by id, with what the directory calls them: that of their tenant, where all that they did is of one.
    async fn users(&self) -> Answer<Vec<FacetValue>> {
        let users = self.values(GroupBy::UserId).await?;
        let these = Condition::Text(TextField::UserId, Choice::any(users.iter().map(|(id, _)| id.clone())));
        let grouping = Grouping {
            filter: self.filter.clone().and(these),
            head: self.head.position,
            by: vec![GroupBy::UserId, GroupBy::TenantId],
            at_least: 1,
            most: u32::MAX,
        };
        // Without users there is nothing to choose from, which would mean everybody.
        let groups = if users.is_empty() { Vec::new() } else { self.ask.groups(grouping).await? };
        let mut tenants = HashMap::<&str, Vec<Option<&str>>>::new();
        for group in &groups {
            if let [Scalar::Text(user), tenant] = group.keys.as_slice() {
                tenants.entry(user).or_default().push(tenant.as_text());
            }
        }
        let known = tenants.into_iter().filter_map(|(user, tenants)| match tenants.as_slice() {
            [only] => Some(((*only).map(str::to_owned), user.to_owned())),
            _ => None,
        });
        let names = self.app.directory.names(known).await?;
        Ok(labelled(users, |id| {
            names.iter().find(|((_, user), _)| user == id).map(|(_, profile)| profile.name().to_owned())
        }))
    }
}
