//! How many connections there may be: in all, where more have to wait, and from one address, where more are told so.

use crate::config::Config;
use rustix::process::{Resource, getrlimit};
use std::{
    collections::{HashMap, hash_map::Entry},
    io,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Files that are open beside connections: of the database, of the log, of commands.
const OTHER_FILES: usize = 512;
/// Where the system does not say how many files may be open.
const CONNECTIONS: usize = 16_384;
/// An IPv6 network of one household or host (RFC 6177): whoever has one has all of its addresses.
const HOST_PREFIX: u32 = 64;

/// How many connections there may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// At once.
    pub in_all: usize,
    /// Of these, from one address.
    pub of_address: Option<usize>,
}

impl Limits {
    /// What the configuration says, or the system allows.
    pub fn of(config: &Config) -> Self {
        let files = getrlimit(Resource::Nofile).current.and_then(|files| usize::try_from(files).ok());
        let allowed =
            files.map_or(CONNECTIONS, |files| files.saturating_sub(OTHER_FILES).max(OTHER_FILES / 2));
        Self {
            in_all: config.max_connections.unwrap_or(allowed),
            of_address: config.max_connections_per_address,
        }
    }

    /// How many of them may be live streams: lists, writes and sign-ins need some, too.
    pub fn streams(self) -> usize {
        self.in_all - self.in_all.div_ceil(16)
    }
}

/// The connections that there are.
pub(crate) struct Connections {
    permits: Arc<Semaphore>,
    addresses: Option<Arc<Addresses>>,
}

struct Addresses {
    most: usize,
    count: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection's room, until it is dropped.
pub struct Room {
    _permit: OwnedSemaphorePermit,
    counted: Option<(Arc<Addresses>, IpAddr)>,
}

impl Connections {
    pub(crate) fn new(limits: Limits) -> Self {
        let addresses = |most| Arc::new(Addresses { most, count: Mutex::default() });
        Self { permits: Arc::new(Semaphore::new(limits.in_all)), addresses: limits.of_address.map(addresses) }
    }

    /// Waits until there is room for one more.
    pub(crate) async fn room(&self) -> io::Result<Room> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(io::Error::other)?;
        Ok(Room { _permit: permit, counted: None })
    }

    /// Counts a connection from `address`; whether there are more from there than there may be.
    pub(crate) fn is_surplus(&self, room: &mut Room, address: IpAddr) -> bool {
        let Some(addresses) = &self.addresses else { return false };
        let host = host(address);
        room.counted = Some((Arc::clone(addresses), host));
        let mut count = addresses.count.lock().unwrap_or_else(PoisonError::into_inner);
        let of_host = count.entry(host).or_default();
        *of_host += 1;
        *of_host > addresses.most
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let Some((addresses, host)) = self.counted.take() else { return };
        let mut count = addresses.count.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut of_host) = count.entry(host) {
            *of_host.get_mut() -= 1;
            if *of_host.get() == 0 {
                of_host.remove();
            }
        }
    }
}

/// What counts as one address.
pub(crate) fn host(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - HOST_PREFIX))))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn one_more(connections: &Connections, address: &str) -> (Room, bool) {
        let mut room = connections.room().await.expect("room");
        let is_surplus = connections.is_surplus(&mut room, address.parse().expect("an address"));
        (room, is_surplus)
    }

    #[tokio::test]
    async fn connections_are_counted_by_address_and_an_ipv6_host_has_many() {
        let connections = Connections::new(Limits { in_all: 32, of_address: Some(2) });
        let mut rooms = Vec::new();
        for (address, expected) in [
            ("192.0.2.1", false),
            ("::ffff:192.0.2.1", false),
            ("192.0.2.1", true),
            ("192.0.2.2", false),
            ("2001:db8::1", false),
            ("2001:db8::ffff:1", false),
            ("2001:db8::2", true),
            ("2001:db8:0:1::2", false),
        ] {
            let (room, is_surplus) = one_more(&connections, address).await;
            assert_eq!(is_surplus, expected, "{address}");
            rooms.push(room);
        }
        rooms.drain(1..3);
        assert!(!one_more(&connections, "192.0.2.1").await.1, "one has gone");
        drop(rooms);
        let addresses = connections.addresses.as_ref().expect("they are counted");
        assert!(
            addresses.count.lock().expect("no panic").is_empty(),
            "nothing is kept of those who have gone"
        );
    }
}
