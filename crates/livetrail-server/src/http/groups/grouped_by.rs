//! What activities are grouped by, and groups of the log that are merged into larger ones.

use crate::directory::Key;
use ipnet::IpNet;
use jiff::Timestamp;
use livetrail_types::{Group, GroupBy, Scalar};
use serde::Deserialize;
use std::{
    cmp::Reverse,
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
};
use utoipa::ToSchema;

/// The prefix of a network of IPv4: what a household, an office or a provider's customer has at most.
const V4_PREFIX: u8 = 24;
/// The prefix of a network of IPv6: what one site has. Rules of alerts group by the same networks.
const V6_PREFIX: u8 = 48;

/// A property of activities, by the name of its filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum GroupedBy {
    ActionType,
    UserId,
    Ip,
    Network,
    Endpoint,
    Method,
    Status,
    ResourceType,
    TenantId,
    DelegateId,
    Via,
}

impl GroupedBy {
    /// The keys of the log's groups.
    pub(super) fn keys(self) -> Vec<GroupBy> {
        vec![match self {
            // A user id names a user of a tenant.
            Self::UserId => return vec![GroupBy::UserId, GroupBy::TenantId],
            Self::ActionType => GroupBy::ActionType,
            Self::Ip | Self::Network => GroupBy::IpAddress,
            Self::Endpoint => GroupBy::Endpoint,
            Self::Method => GroupBy::HttpMethod,
            Self::Status => GroupBy::StatusCode,
            Self::ResourceType => GroupBy::ResourceType,
            Self::TenantId => GroupBy::TenantId,
            Self::DelegateId => GroupBy::DelegateId,
            Self::Via => GroupBy::Via,
        }]
    }

    /// Whether several groups of the log are one group.
    pub(super) fn is_merged(self) -> bool {
        self == Self::Network
    }

    /// The value and the tenant of a group of the log.
    pub(super) fn key_of(by: Option<Self>, keys: &[Scalar]) -> (Option<String>, Option<String>) {
        let text = |n: usize| match keys.get(n) {
            Some(Scalar::Text(text)) => Some(text.clone()),
            Some(Scalar::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        match by {
            None => (None, None),
            Some(Self::Network) => (text(0).map(|ip| network(&ip)), None),
            Some(Self::UserId) => (text(0), text(1)),
            Some(_) => (text(0), None),
        }
    }
}

/// The network of an address; a text that is not an address is a network of its own.
pub(in crate::http) fn network(ip: &str) -> String {
    let of = |ip: IpAddr| IpNet::new(ip, if ip.is_ipv4() { V4_PREFIX } else { V6_PREFIX }).ok();
    let network = ip.parse().ok().and_then(of);
    network.map_or_else(|| ip.to_owned(), |network| network.trunc().to_string())
}

/// A group of the answer.
pub(super) struct Merged {
    pub(super) value: Option<String>,
    pub(super) tenant: Option<String>,
    pub(super) count: u64,
    pub(super) success_count: u64,
    pub(super) first: Timestamp,
    pub(super) last: Timestamp,
    pub(super) p95: Option<i64>,
}

impl Merged {
    /// The groups that the log's groups make, the largest first; between equals, the order is that of the log.
    pub(super) fn all(by: Option<GroupedBy>, parts: Vec<Group>) -> Vec<Self> {
        let (mut found, mut places) = (Vec::<Self>::new(), HashMap::<_, usize>::new());
        for part in parts {
            let (value, tenant) = GroupedBy::key_of(by, &part.keys);
            match places.entry((value.clone(), tenant.clone())) {
                Entry::Occupied(place) => found[*place.get()].add(&part),
                Entry::Vacant(place) => {
                    place.insert(found.len());
                    found.push(Self::of(value, tenant, &part));
                }
            }
        }
        found.sort_by_key(|group| Reverse(group.count));
        found
    }

    fn of(value: Option<String>, tenant: Option<String>, part: &Group) -> Self {
        let Group { count, success_count, first, last, .. } = *part;
        Self { value, tenant, count, success_count, first, last, p95: None }
    }

    fn add(&mut self, part: &Group) {
        self.count += part.count;
        self.success_count += part.success_count;
        (self.first, self.last) = (self.first.min(part.first), self.last.max(part.last));
    }

    /// The user, if these are groups of users.
    pub(super) fn user(&self, by: Option<GroupedBy>) -> Option<Key> {
        let value = self.value.clone().filter(|_| by == Some(GroupedBy::UserId))?;
        Some((self.tenant.clone(), value))
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn an_address_belongs_to_the_network_of_its_site() {
        for (ip, expected) in [
            ("198.51.100.42", "198.51.100.0/24"),
            ("2001:db8:10:1:2:3:4:a0", "2001:db8:10::/48"),
            ("::1", "::/48"),
            ("?", "?"),
        ] {
            assert_eq!(network(ip), expected);
        }
    }
}
