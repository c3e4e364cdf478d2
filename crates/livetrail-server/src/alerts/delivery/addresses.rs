//! Which addresses messages may go to. A channel's address comes from a user, and the server stands where that user
//! may not: beside other machines of the operator, and beside the metadata service of a cloud. So only public
//! addresses are reached, and those of the networks that the operator allows.
//!
//! A name is looked up once, and the connection goes to the addresses that were checked. A second look-up could have
//! another answer.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

/// IPv4 networks that are not public (IANA's registry of special-purpose addresses), multicast, and the reserved rest.
const SPECIAL_V4: [Ipv4Net; 15] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 4),
    v4([240, 0, 0, 0], 4),
];

/// All public IPv6 addresses are in here, and so are these exceptions: Teredo and other protocols, documentation.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0], 3);
const SPECIAL_V6: [Ipv6Net; 3] = [v6([0x2001, 0], 23), v6([0x2001, 0xdb8], 32), v6([0x3fff, 0], 20)];

const fn v4([a, b, c, d]: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6([a, b]: [u16; 2], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), length)
}

/// Why a host is not reached. The text does not tell its address: a user who may make channels must not learn the
/// addresses of internal names.
#[derive(Debug, thiserror::Error)]
pub(super) enum AddressError {
    #[error("{0} has no public address; the setting alerts-allow-addresses can allow others")]
    Forbidden(String),
    #[error("the name {0} cannot be resolved: {1}")]
    Unknown(String, io::Error),
}

/// Decides about addresses, and looks up names.
#[derive(Clone, Debug)]
pub(super) struct AddressGuard {
    allowed: Arc<[IpNet]>,
}

impl AddressGuard {
    pub(super) fn new(allowed: &[IpNet]) -> Self {
        Self { allowed: allowed.into() }
    }

    /// Refuses a URL whose host is an address that may not be reached. A name is checked when it is looked up.
    pub(super) fn check_url(&self, url: &Url) -> Result<(), AddressError> {
        let host = url.host_str().unwrap_or_default();
        match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            Ok(address) if !self.may_reach(address) => Err(AddressError::Forbidden(host.into())),
            _ => Ok(()),
        }
    }

    /// The addresses of a host that may be reached.
    pub(super) async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, AddressError> {
        let found = tokio::net::lookup_host((host, port)).await;
        let found = found.map_err(|error| AddressError::Unknown(host.into(), error))?;
        let reachable: Vec<_> = found.filter(|found| self.may_reach(found.ip())).collect();
        match reachable.is_empty() {
            true => Err(AddressError::Forbidden(host.into())),
            false => Ok(reachable),
        }
    }

    fn may_reach(&self, address: IpAddr) -> bool {
        let carried = carried_v4(address).map(IpAddr::V4);
        is_public(address)
            || self.is_allowed(address)
            || carried.is_some_and(|carried| self.is_allowed(carried))
    }

    fn is_allowed(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|network| network.contains(&address))
    }
}

impl Resolve for AddressGuard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = guard.resolve(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn is_public(address: IpAddr) -> bool {
    match (address, carried_v4(address)) {
        (IpAddr::V4(address), _) | (IpAddr::V6(_), Some(address)) => {
            !SPECIAL_V4.iter().any(|network| network.contains(&address))
        }
        (IpAddr::V6(address), None) => {
            GLOBAL_V6.contains(&address) && !SPECIAL_V6.iter().any(|network| network.contains(&address))
        }
    }
}

/// The IPv4 address that an IPv6 address leads to: IPv4-mapped and IPv4-compatible addresses, NAT64 (RFC 6052) and
/// 6to4 (RFC 3056). Networks with IPv6 only reach public IPv4 addresses by NAT64, so this form has to pass.
fn carried_v4(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else { return None };
    let ([0, 0, 0, 0, 0, 0 | 0xffff, high, low]
    | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
    | [0x2002, high, low, ..]) = address.segments()
    else {
        return None;
    };
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Some(Ipv4Addr::new(a, b, c, d))
}
