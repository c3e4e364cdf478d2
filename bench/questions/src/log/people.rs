//! Users and visitors: ids, names, tenants, addresses, user agents, sessions. Everything of a user is derived from the
//! user's number.

use super::{
    chance::{Chance, mixed, part},
    names::{DOMAINS, FIRST, LAST},
    zipf::Zipf,
};
use livetrail_types::UserProfile;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use uuid::Uuid;

/// Users with a profile in the directory.
pub const USERS: usize = 50_000;
/// Users that act as admins.
const ADMINS: usize = 200;
/// Addresses of users and visitors together.
pub const ADDRESSES: usize = 20_000;
/// How much more the most active users do than others.
const ACTIVITY: f64 = 0.8;
/// Every fourth address is an IPv6 address.
const V6: usize = 4;
/// IPv4 addresses lie in so many /16 networks.
const NETWORKS: usize = 50;
/// A visitor comes back a few times.
const ACTIVITIES_OF_A_VISITOR: u64 = 4;
/// Salts of the values that are derived from a user's number, so that each value has bits of its own.
const TENANT: u64 = 1;
const ADDRESS: u64 = 2;
const AGENT: u64 = 3;
const VISITOR: u64 = 4;
const SESSION: u64 = 5;

pub(super) struct People {
    activity: Zipf,
    tenants: u32,
    visitors: u64,
    agents: Vec<String>,
}

/// A user or a visitor, by a number: visitors have those after the users'.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Person(u64);

impl People {
    /// The people of a log with so many tenants (0: activities have none) and so many activities of visitors.
    pub(super) fn new(tenants: u32, visits: u64) -> Self {
        let visitors = (visits / ACTIVITIES_OF_A_VISITOR).max(1);
        Self { activity: Zipf::of(USERS, ACTIVITY), tenants, visitors, agents: agents() }
    }

    pub(super) fn user(&self, chance: &mut Chance) -> Person {
        // Neighbours in the directory are not equally active.
        Person(self.activity.draw(chance) as u64 * 7_919 % USERS as u64)
    }

    pub(super) fn admin(chance: &mut Chance) -> Person {
        Person((chance.below(ADMINS) * (USERS / ADMINS)) as u64)
    }

    pub(super) fn visitor(&self, chance: &mut Chance) -> Person {
        let visitor = (self.visitors as f64 * chance.part().powi(2)) as u64;
        Person(USERS as u64 + visitor)
    }

    pub(super) fn all() -> impl Iterator<Item = Person> {
        (0..USERS as u64).map(Person)
    }

    /// One tenant is large and many are small.
    pub(super) fn tenant(&self, person: Person) -> Option<String> {
        let share = part(mixed(person.0, TENANT)).powi(2);
        (self.tenants > 0).then(|| format!("org-{:04}", 1 + (f64::from(self.tenants) * share) as u32))
    }

    /// Most people have one address; some activities come from another one.
    pub(super) fn address(person: Person, chance: &mut Chance) -> IpAddr {
        let place = match chance.below(8) {
            away @ 0..2 => away as u64 + 1,
            _ => 0,
        };
        address((mixed(person.0, ADDRESS + place * 256) % ADDRESSES as u64) as usize)
    }

    pub(super) fn agent(&self, person: Person, chance: &mut Chance) -> &str {
        let device = u64::from(chance.is(0.3));
        &self.agents[(mixed(person.0, AGENT + device * 256) % self.agents.len() as u64) as usize]
    }
}

impl Person {
    pub(super) fn id(self) -> String {
        match self.0.checked_sub(USERS as u64) {
            Some(visitor) => format!("anon-{:012x}", mixed(visitor, VISITOR) >> 16),
            None => format!("usr-{}", 100_001 + self.0),
        }
    }

    pub(super) fn profile(self) -> UserProfile {
        let (first, last) = (self.0 as usize % FIRST.len(), self.0 as usize / FIRST.len() % LAST.len());
        let ((first, mailbox), (last, domain)) = (FIRST[first], LAST[last]);
        let at = DOMAINS[self.0 as usize % DOMAINS.len()];
        UserProfile {
            user_id: self.id(),
            email: Some(format!("{mailbox}.{domain}.{}@{at}", self.0)),
            display_name: Some(format!("{first} {last}")),
        }
    }

    /// The session of one half of a day.
    pub(super) fn session(self, half_day: u64) -> Uuid {
        let bits = |part: u64| mixed(self.0, SESSION + 256 * (2 * half_day + part));
        uuid::Builder::from_random_bytes((u128::from(bits(0)) << 64 | u128::from(bits(1))).to_be_bytes())
            .into_uuid()
    }
}

/// Addresses of the shared address space (RFC 6598) and of documentation (RFC 3849), which are not routed.
fn address(number: usize) -> IpAddr {
    let (network, host) = (number % NETWORKS, number / NETWORKS);
    if number.is_multiple_of(V6) {
        let part = |bits: usize| u16::try_from(bits).unwrap_or_default();
        return Ipv6Addr::new(0x2001, 0xdb8, part(network), part(host), 0, 0, 0, part(number) | 1).into();
    }
    let byte = |bits: usize| u8::try_from(bits).unwrap_or_default();
    Ipv4Addr::new(100, byte(64 + network), byte(host / 10), byte(10 + host % 10)).into()
}

/// Browsers, phones and programs in several versions.
fn agents() -> Vec<String> {
    let systems = [
        "Windows NT 10.0; Win64; x64",
        "Macintosh; Intel Mac OS X 10_15_7",
        "X11; Linux x86_64",
        "Linux; Android 10; K",
    ];
    let mut agents = Vec::new();
    for version in 138..144 {
        for system in systems {
            let mobile = if system.contains("Android") { " Mobile" } else { "" };
            let chrome = format!(
                "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/{version}.0.0.0{mobile} Safari/537.36"
            );
            agents.push(chrome);
        }
        let firefox = format!(
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"
        );
        let minor = version - 138;
        let safari = format!(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_{minor} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Version/18.{minor} Mobile/15E148 Safari/604.1"
        );
        agents.extend([
            firefox,
            safari,
            format!("python-requests/2.32.{minor}"),
            format!("okhttp/4.12.{minor}"),
        ]);
    }
    agents
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_user_has_an_id_and_an_email_of_their_own() {
        let profiles: Vec<_> = People::all().map(Person::profile).collect();
        let ids: HashSet<_> = profiles.iter().map(|profile| &profile.user_id).collect();
        let emails: HashSet<_> = profiles.iter().filter_map(|profile| profile.email.as_ref()).collect();
        assert_eq!((ids.len(), emails.len()), (USERS, USERS));
    }

    #[test]
    fn there_are_20_000_addresses_of_both_kinds() {
        let addresses: HashSet<_> = (0..ADDRESSES).map(address).collect();
        assert_eq!(addresses.len(), ADDRESSES);
        assert_eq!(addresses.iter().filter(|address| address.is_ipv6()).count(), ADDRESSES / V6);
    }

    #[test]
    fn every_tenant_has_users_and_the_first_one_has_the_most() {
        let people = People::new(10, 1);
        let mut counts = std::collections::BTreeMap::<_, usize>::new();
        for person in People::all() {
            *counts.entry(people.tenant(person).unwrap()).or_default() += 1;
        }
        assert_eq!(counts.len(), 10);
        assert_eq!(counts.values().max(), counts.values().next());
        assert_eq!(People::new(0, 1).tenant(Person(7)), None);
    }
}
