//! The values that occur among the activities of a filter, and how often.

use super::{
    Answer, Asker,
    columns::{self, Users},
    known_actions::is_in_catalogue,
};
use livetrail_types::{Catalogue, Choice, Condition, Filter, GroupBy, Grouping, Scalar, TextField};
use std::{collections::HashMap, sync::Arc};

/// Values of a facet.
pub(super) const MAX_VALUES: u32 = 50;

/// Values and how many activities have them: the most frequent first, between equals the smallest. Activities without a
/// value are not counted.
pub(crate) type Values = Vec<(String, u64)>;

/// The values of each facet, at most 50 of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FacetCounts {
    /// How many activities there are.
    pub total: u64,
    pub action_type: Values,
    /// The categories of the actions in the catalogue.
    pub category: Values,
    pub status: Values,
    pub method: Values,
    pub endpoint: Values,
    pub resource_type: Values,
    pub user: Values,
    pub delegate_id: Values,
    pub via: Values,
}

/// The tenants that users act in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Homes {
    /// Users of one tenant, or of none.
    pub(super) known: Users,
    /// Users of whom the rows have to be asked.
    pub(super) unsure: Vec<String>,
}

/// Facets, and whose names the users among them have.
#[derive(Clone, Debug, PartialEq)]
pub struct Facets {
    /// The values.
    pub counts: FacetCounts,
    /// The tenant (or none) and the id of each user of whom all activities are of one tenant: a name belongs to a user
    /// in a tenant.
    pub users: Users,
}

impl Asker<'_> {
    /// The facets of a filter up to and with the position `head`.
    ///
    /// # Errors
    /// See [`QuestionError`](super::QuestionError).
    pub async fn facets(&self, filter: &Filter, head: u64) -> Answer<Facets> {
        let catalogue = self.catalogue();
        let asked = move |selection: &columns::Selection<'_>| columns::facets(selection, &catalogue);
        let (counts, Homes { known: mut users, unsure }) = match self.ask_index(filter, head, asked).await? {
            Some(found) => self.by_index(found),
            None => {
                let counts = self.by_sql(self.facets_by_sql(filter, head).await?);
                let unsure = counts.user.iter().map(|(id, _)| id.clone()).collect();
                (counts, Homes { known: Users::new(), unsure })
            }
        };
        users.extend(self.users_of_one_tenant(filter, head, unsure).await?);
        Ok(Facets { counts, users })
    }

    pub(super) async fn facets_by_sql(&self, filter: &Filter, head: u64) -> Answer<FacetCounts> {
        let total = self.counted_by_sql(filter, head).await?;
        let values = async |by| self.values(filter, head, by).await;
        Ok(FacetCounts {
            total,
            action_type: values(GroupBy::ActionType).await?,
            category: self.categories(filter, head, total).await?,
            status: values(GroupBy::StatusCode).await?,
            method: values(GroupBy::HttpMethod).await?,
            endpoint: values(GroupBy::Endpoint).await?,
            resource_type: values(GroupBy::ResourceType).await?,
            user: values(GroupBy::UserId).await?,
            delegate_id: values(GroupBy::DelegateId).await?,
            via: values(GroupBy::Via).await?,
        })
    }

    async fn values(&self, filter: &Filter, head: u64, by: GroupBy) -> Answer<Values> {
        // One more, since those without a value may be among them.
        let most = MAX_VALUES + 1;
        let grouping = Grouping { filter: filter.clone(), head, by: vec![by], min_count: 1, limit: most };
        let groups = self.grouped_by_sql(grouping).await?.into_iter();
        let named = groups.filter_map(|mut group| Some((columns::text(group.keys.pop()?)?, group.count)));
        Ok(named.take(MAX_VALUES as usize).collect())
    }

    async fn categories(&self, filter: &Filter, head: u64, total: u64) -> Answer<Values> {
        let catalogue: Arc<Catalogue> = self.catalogue();
        let grouping = Grouping {
            filter: filter.clone().and(is_in_catalogue(&catalogue)),
            head,
            by: vec![GroupBy::ActionType],
            min_count: 1,
            limit: u32::MAX,
        };
        let mut counts = HashMap::<&str, u64>::new();
        let groups = self.grouped_by_sql(grouping).await?;
        for group in &groups {
            let action = group.keys.first().and_then(Scalar::as_text).unwrap_or_default();
            *counts.entry(catalogue.category_of(action)).or_default() += group.count;
        }
        let others = total.saturating_sub(groups.iter().map(|group| group.count).sum());
        *counts.entry(Catalogue::OTHER).or_default() += others;
        let mut values: Values =
            counts.into_iter().filter(|(_, count)| *count > 0).map(|(key, n)| (key.to_owned(), n)).collect();
        values.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        values.truncate(MAX_VALUES as usize);
        Ok(values)
    }

    /// Those of the users of whom all activities are of one tenant, or of none.
    pub(super) async fn users_of_one_tenant(
        &self,
        filter: &Filter,
        head: u64,
        users: Vec<String>,
    ) -> Answer<Users> {
        if users.is_empty() {
            // A choice without values would mean all users.
            return Ok(Users::new());
        }
        let these = Condition::Text(TextField::UserId, Choice::any(users));
        let grouping = Grouping {
            filter: filter.clone().and(these),
            head,
            by: vec![GroupBy::UserId, GroupBy::TenantId],
            min_count: 1,
            limit: u32::MAX,
        };
        let mut tenants = HashMap::<String, Vec<Option<String>>>::new();
        for group in self.groups(grouping).await? {
            if let [Scalar::Text(user), tenant] = group.keys.as_slice() {
                tenants.entry(user.clone()).or_default().push(tenant.as_text().map(str::to_owned));
            }
        }
        let of_one = tenants.into_iter().filter(|(_, tenants)| tenants.len() == 1);
        Ok(of_one
            .flat_map(|(user, tenants)| tenants.into_iter().map(move |one| (one, user.clone())))
            .collect())
    }
}
