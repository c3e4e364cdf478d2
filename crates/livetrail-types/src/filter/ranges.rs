//! Sets of values that lie in ranges: networks and status codes.
//!
//! A set is one sorted list of edges. A value belongs to it when the number of edges up to the value is odd. So a
//! look-up is one binary search, and 200 networks cost about what one costs.

use ipnet::IpNet;
use std::{
    fmt,
    net::{AddrParseError, IpAddr, Ipv6Addr},
    str::FromStr,
};

/// Values in ranges that neither overlap nor touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ranges<T>(Vec<T>);

impl<T: Copy + Ord> Ranges<T> {
    /// The union of ranges. Each has its first value and the first value beyond it, `None` where nothing is beyond it.
    pub(super) fn of(ranges: impl IntoIterator<Item = (T, Option<T>)>) -> Self {
        let mut ranges: Vec<_> = ranges.into_iter().collect();
        ranges.sort_unstable_by_key(|(begin, _)| *begin);
        let mut edges = Vec::with_capacity(ranges.len() * 2);
        for (first, end) in ranges {
            // The last edge is where the range before ends; the two become one where they overlap or touch.
            let before = edges.pop_if(|last| first <= *last);
            if before.is_none() {
                edges.push(first);
            }
            let Some(end) = end else { break };
            edges.push(before.map_or(end, |before| before.max(end)));
        }
        Self(edges)
    }

    pub(super) fn contains(&self, value: &T) -> bool {
        self.0.partition_point(|edge| edge <= value) % 2 == 1
    }
}

/// Addresses of some networks. IPv4 comes before IPv6, as in PostgreSQL's order of `inet`.
///
/// As text, it is the edges of its ranges in order, separated by commas. An address belongs to the networks if the
/// number of edges up to it is odd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Networks(Ranges<IpAddr>);

impl Networks {
    /// The addresses of all of `networks`.
    pub fn of<'a>(networks: impl IntoIterator<Item = &'a IpNet>) -> Self {
        Self(Ranges::of(networks.into_iter().map(|network| (network.network(), beyond(network)))))
    }

    /// Whether an address lies in one of the networks.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

/// The first address beyond a network.
fn beyond(network: &IpNet) -> Option<IpAddr> {
    match network {
        IpNet::V4(network) => {
            let next = network.broadcast().to_bits().checked_add(1);
            Some(next.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |bits| IpAddr::V4(bits.into())))
        }
        IpNet::V6(network) => {
            network.broadcast().to_bits().checked_add(1).map(|bits| IpAddr::V6(bits.into()))
        }
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for edge in &self.0.0 {
            write!(f, "{separator}{edge}")?;
            separator = ",";
        }
        Ok(())
    }
}

impl FromStr for Networks {
    type Err = AddrParseError;

    /// Reads what [`fmt::Display`] has written.
    fn from_str(text: &str) -> Result<Self, AddrParseError> {
        let edges = text.split(',').filter(|edge| !edge.is_empty()).map(str::parse);
        Ok(Self(Ranges(edges.collect::<Result<_, _>>()?)))
    }
}
