//! How many connections there may be: in all, where more have to wait; from one address, where more are told so; and from one
//! address without a credential, where the oldest ones make room once connections run short.

use crate::{access::CredentialId, config::Config, shares::Share};
use rustix::process::{Resource, getrlimit};
use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    io,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Files that are open beside connections: of the database, of the log, of commands.
const OTHER_FILES: usize = 512;
/// Where the system does not say how many files may be open.
const CONNECTIONS: usize = 16_384;
/// An IPv6 network of one household or host (RFC 6177): whoever has one has all of its addresses.
const HOST_PREFIX: u32 = 64;

/// One address may have an eighth of the connections without a credential; behind a proxy, all clients are one address.
const UNIDENTIFIED_PART: usize = 8;
const FEWEST_UNIDENTIFIED: usize = 16;
/// Connections run short when fewer than a quarter of them are free.
const SHORT_PART: usize = 4;

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

    /// How many may be from one address that have not shown a valid credential.
    fn unidentified(self) -> usize {
        (self.in_all / UNIDENTIFIED_PART).max(FEWEST_UNIDENTIFIED)
    }

    /// How many of them may be live streams: lists, writes and sign-ins need some, too.
    pub fn streams(self) -> usize {
        self.in_all - self.in_all.div_ceil(16)
    }
}

/// How long clients may do nothing.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// A connection that has not shown a valid credential and has no request under way. The time for a request's head is part of it.
    pub unidentified: Duration,
    /// An answer of which the client takes nothing.
    pub unread: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { unidentified: Duration::from_secs(10), unread: Duration::from_secs(30) }
    }
}

/// A client that shares a resource with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Client {
    /// A credential, over all of its connections.
    Credential(CredentialId),
    /// A client without one.
    Address(IpAddr),
}

/// The connections that there are.
pub(crate) struct Connections {
    limits: Limits,
    permits: Arc<Semaphore>,
    addresses: Option<Arc<Addresses>>,
    unidentified: Arc<Unidentified>,
}

/// The connections of each address that have not shown a valid credential, in the order in which they came.
#[derive(Default)]
struct Unidentified {
    by: Mutex<HashMap<IpAddr, BTreeMap<u64, Arc<Notify>>>>,
    number: AtomicU64,
}

/// A place among the unidentified connections of an address, until it is dropped.
pub(crate) struct AddressShare {
    among: Arc<Unidentified>,
    host: IpAddr,
    number: u64,
    /// Says that this one has to make room.
    leaves: Arc<Notify>,
    /// Whether there were as many as there may be when it came.
    pub(crate) is_crowded: bool,
}

impl AddressShare {
    /// What says that this connection has to make room for another one.
    pub(crate) fn leaves(&self) -> Arc<Notify> {
        Arc::clone(&self.leaves)
    }
}

impl Drop for AddressShare {
    fn drop(&mut self) {
        let mut by = self.among.by.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut of_host) = by.entry(self.host) {
            of_host.get_mut().remove(&self.number);
            if of_host.get().is_empty() {
                of_host.remove();
            }
        }
    }
}

struct Addresses {
    most: usize,
    count: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection's room, until it is dropped.
pub struct Room {
    _permit: OwnedSemaphorePermit,
    counted: Option<(Arc<Addresses>, IpAddr)>,
    _stream: Option<Share<CredentialId>>,
}

impl Room {
    /// Holds the place of a live stream, too.
    pub(crate) fn hold(&mut self, place: Share<CredentialId>) {
        self._stream = Some(place);
    }
}

impl Connections {
    pub(crate) fn new(limits: Limits) -> Self {
        let addresses = |most| Arc::new(Addresses { most, count: Mutex::default() });
        Self {
            limits,
            permits: Arc::new(Semaphore::new(limits.in_all)),
            addresses: limits.of_address.map(addresses),
            unidentified: Arc::default(),
        }
    }

    /// Waits until there is room for one more.
    pub(crate) async fn room(&self) -> io::Result<Room> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(io::Error::other)?;
        Ok(Room { _permit: permit, counted: None, _stream: None })
    }

    /// Counts a connection from `address` that has not shown a credential yet. If there are more than there may be and connections
    /// run short, the oldest one of them has to leave.
    pub(crate) fn unidentified(&self, address: IpAddr) -> AddressShare {
        let (host, leaves) = (host(address), Arc::<Notify>::default());
        let number = self.unidentified.number.fetch_add(1, Ordering::Relaxed);
        let mut by = self.unidentified.by.lock().unwrap_or_else(PoisonError::into_inner);
        let of_host = by.entry(host).or_default();
        of_host.insert(number, Arc::clone(&leaves));
        let is_crowded = of_host.len() > self.limits.unidentified();
        let are_short = self.permits.available_permits() < self.limits.in_all / SHORT_PART;
        if is_crowded
            && are_short
            && let Some((_, oldest)) = of_host.pop_first()
        {
            oldest.notify_one();
        }
        drop(by);
        AddressShare { among: Arc::clone(&self.unidentified), host, number, leaves, is_crowded }
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
    use futures_util::FutureExt;

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

    #[tokio::test]
    async fn the_oldest_connection_without_a_credential_leaves_once_connections_run_short() {
        let connections = Connections::new(Limits { in_all: 64, of_address: None });
        let address = "192.0.2.1".parse().expect("an address");
        let (mut rooms, mut shares) = (Vec::new(), Vec::new());
        for n in 0..49 {
            rooms.push(connections.room().await.expect("room"));
            shares.push(connections.unidentified(address));
            assert_eq!(shares[n].is_crowded, n >= 16, "{n}");
        }
        let leaves = |share: &AddressShare| share.leaves().notified().now_or_never().is_some();
        let left: Vec<usize> = (0..49).filter(|n| leaves(&shares[*n])).collect();
        assert_eq!(left, [0], "a quarter is still free until the last one");
        rooms.push(connections.room().await.expect("room"));
        let other = connections.unidentified("192.0.2.2".parse().expect("an address"));
        assert!(!other.is_crowded && !leaves(&shares[1]), "another address has its own share");
        drop((shares, other));
        assert!(connections.unidentified.by.lock().expect("no panic").is_empty());
    }
}
