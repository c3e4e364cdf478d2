//! Refusals of clients that show no valid credential. Any client on the network can cause them, so they are bounded in
//! total: at most [`MAX_ROWS`] rows in any minute, whatever the number of addresses.
//!
//! The first refusals of a minute have a row each, one for each address and reason. All others of the minute are
//! counted by network, and the minute's last row tells their number.

use serde_json::{Map, Value, json};
use std::{
    cmp::Reverse,
    collections::{HashMap, VecDeque},
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};
use tokio::time::Instant;

/// The time over which rows are bounded.
pub(super) const MINUTE: Duration = Duration::from_mins(1);
/// Rows in any minute: those of single refusals, and the one that tells the rest.
const MAX_ROWS: usize = 60;
/// Networks that are counted apart in a minute. Refusals from further networks are counted together.
const MAX_NETWORKS: usize = 1_024;
/// Networks that are named, those with the most refusals.
const NAMED_NETWORKS: usize = 10;

/// The treatment of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It has a row of its own.
    Recorded,
    /// It is the first that is only counted; the count is written a minute from now.
    CountedFirst,
    /// It is counted.
    Counted,
}

/// The refusals of the last minute.
#[derive(Default)]
pub(super) struct Refusals {
    /// Those with a row of their own, oldest first: when, from where, and why.
    recorded: VecDeque<(Instant, Option<IpAddr>, String)>,
    counted: Counted,
}

/// Refusals without a row of their own.
#[derive(Default)]
struct Counted {
    total: u64,
    by_network: HashMap<IpAddr, u64>,
    elsewhere: u64,
}

impl Refusals {
    /// Counts a refusal.
    pub(super) fn note(&mut self, from: Option<IpAddr>, why: &str, now: Instant) -> Verdict {
        while self.recorded.front().is_some_and(|(at, ..)| now.duration_since(*at) >= MINUTE) {
            self.recorded.pop_front();
        }
        let source = from.map(source);
        let is_known = self.recorded.iter().any(|(_, other, reason)| *other == source && reason == why);
        if is_known || self.recorded.len() + 1 >= MAX_ROWS {
            self.counted.add(from);
            return if self.counted.total == 1 { Verdict::CountedFirst } else { Verdict::Counted };
        }
        self.recorded.push_back((now, source, why.to_owned()));
        Verdict::Recorded
    }

    /// The refusals counted since the last call: their number, and the details of their row.
    pub(super) fn take_counted(&mut self) -> Option<(u64, Map<String, Value>)> {
        let counted = std::mem::take(&mut self.counted);
        (counted.total > 0).then(|| (counted.total, counted.into_details()))
    }
}

impl Counted {
    fn add(&mut self, from: Option<IpAddr>) {
        self.total += 1;
        let Some(network) = from.map(network) else { return };
        if let Some(count) = self.by_network.get_mut(&network) {
            *count += 1;
        } else if self.by_network.len() < MAX_NETWORKS {
            self.by_network.insert(network, 1);
        } else {
            self.elsewhere += 1;
        }
    }

    fn into_details(self) -> Map<String, Value> {
        let mut networks: Vec<(IpAddr, u64)> = self.by_network.into_iter().collect();
        networks.sort_unstable_by_key(|(network, count)| (Reverse(*count), *network));
        let unnamed: u64 = networks.iter().skip(NAMED_NETWORKS).map(|(_, count)| count).sum();
        let named: Vec<Value> = networks
            .into_iter()
            .take(NAMED_NETWORKS)
            .map(|(network, count)| json!({"network": written(network), "refused": count}))
            .collect();
        let details = [
            ("refused", Value::from(self.total)),
            ("networks", named.into()),
            ("refused_elsewhere", (unnamed + self.elsewhere).into()),
        ];
        details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// One client: an address of IPv4, or a /64 of IPv6, in which a client chooses its addresses itself.
fn source(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => first_half(v6),
    }
}

/// The /24 or /64 of an address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            IpAddr::from([a, b, c, 0])
        }
        IpAddr::V6(v6) => first_half(v6),
    }
}

fn first_half(v6: Ipv6Addr) -> IpAddr {
    Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into()
}

fn written(network: IpAddr) -> String {
    format!("{network}/{}", if network.is_ipv4() { 24 } else { 64 })
}

/// The message of the row that tells how many refusals have none of their own.
pub(super) fn message(total: u64) -> String {
    format!("{total} more requests without a valid credential were refused")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(number: u32) -> Option<IpAddr> {
        Some(IpAddr::from(number.to_be_bytes()))
    }

    fn details(refusals: &mut Refusals) -> Value {
        refusals.take_counted().map(|(_, details)| Value::Object(details)).unwrap_or_default()
    }

    #[tokio::test]
    async fn in_no_minute_are_there_more_than_sixty_rows_however_many_addresses_there_are() {
        let (mut refusals, begin) = (Refusals::default(), Instant::now());
        let mut rows = Vec::new();
        let mut ends = None;
        for number in 0..50_000_u32 {
            // Ten minutes in all, in bursts that lie across the ends of minutes.
            let now = begin + Duration::from_millis(u64::from(number) * 12);
            if ends.is_some_and(|end| end <= now) {
                assert!(refusals.take_counted().is_some());
                rows.push(now);
                ends = None;
            }
            match refusals.note(v4(number), "Invalid token", now) {
                Verdict::Recorded => rows.push(now),
                Verdict::CountedFirst => ends = Some(now + MINUTE),
                Verdict::Counted => {}
            }
        }
        let most = rows
            .iter()
            .map(|from| rows.iter().filter(|at| *at >= from && **at < *from + MINUTE).count())
            .max();
        assert_eq!(most, Some(60));
    }

    #[tokio::test]
    async fn the_same_address_and_reason_have_one_row_a_minute_and_the_rest_is_counted() {
        let (mut refusals, now) = (Refusals::default(), Instant::now());
        let verdicts = ["a", "a", "b", "a"].map(|why| refusals.note(v4(1), why, now));
        let expected = [Verdict::Recorded, Verdict::CountedFirst, Verdict::Recorded, Verdict::Counted];
        assert_eq!(verdicts, expected);
        assert_eq!(refusals.note(v4(1), "a", now + MINUTE), Verdict::Recorded);
        assert_eq!(details(&mut refusals)["refused"], 2);
        assert_eq!(refusals.take_counted(), None);
    }

    #[tokio::test]
    async fn a_network_of_ipv6_is_one_client() {
        let (mut refusals, now) = (Refusals::default(), Instant::now());
        let address = |host: u16| Some(IpAddr::from([0x2001, 0xdb8, 0, 7, 0, 0, 0, host]));
        assert_eq!(refusals.note(address(1), "a", now), Verdict::Recorded);
        for host in 2..1_000 {
            assert_ne!(refusals.note(address(host), "a", now), Verdict::Recorded);
        }
        let expected = json!([{"network": "2001:db8:0:7::/64", "refused": 998}]);
        assert_eq!(details(&mut refusals)["networks"], expected);
    }

    #[tokio::test]
    async fn the_networks_with_the_most_refusals_are_named_and_no_more_are_remembered_than_fit() {
        let (mut refusals, now) = (Refusals::default(), Instant::now());
        for number in 0..60 {
            refusals.note(v4(0x0a00_0000 + number), "a", now);
        }
        let begun = refusals.counted.total;
        for _ in 0..5 {
            refusals.note(v4(0xc000_0201), "a", now);
        }
        for number in 0..5_000 {
            refusals.note(v4(0x0b00_0000 + number * 256), "a", now);
        }
        assert!(refusals.counted.by_network.len() <= MAX_NETWORKS);
        let details = details(&mut refusals);
        assert_eq!(details["refused"], begun + 5_005);
        let networks = details["networks"].as_array().expect("networks");
        assert_eq!((networks.len(), &networks[0]), (10, &json!({"network": "192.0.2.0/24", "refused": 5})));
        let named: u64 = networks.iter().filter_map(|network| network["refused"].as_u64()).sum();
        assert_eq!(details["refused_elsewhere"], begun + 5_005 - named);
    }
}
