//! Limits on connections. Above the limit in all, new ones wait. Above that of one address, they are refused. Once
//! connections run short, a client (an address or a credential) with many of them loses its oldest ones.

use crate::{access::CredentialId, config::Config, shares::Share};
use rustix::process::{Resource, getrlimit};
use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    io,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Files that are open beside connections: of the database, of the log, of commands.
pub(crate) const OTHER_FILES: usize = 512;
/// Where the system does not say how many files may be open.
const CONNECTIONS: usize = 16_384;
/// An IPv6 network of one household or host (RFC 6177), which has all of its addresses.
const HOST_PREFIX: u32 = 64;

/// Once connections run short, one address without a credential may have an eighth of them, and so may one credential.
/// Behind a proxy, all clients are one address.
const CLIENT_PART: usize = 8;
const MIN_OF_CLIENT: usize = 16;
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

    /// How many one client may have once they run short.
    fn of_client(self) -> usize {
        (self.in_all / CLIENT_PART).max(MIN_OF_CLIENT)
    }

    /// How many of them may be live streams: lists, writes and sign-ins need some, too.
    pub fn streams(self) -> usize {
        self.in_all - self.in_all.div_ceil(16)
    }
}

/// How long clients may do nothing.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// A connection that has not shown a valid credential and has no request under way. The time for a request's head
    /// is part of it.
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
    clients: Arc<Clients>,
}

/// The connections of each client, in the order in which they came. A client is its address until it shows a
/// credential.
#[derive(Default)]
struct Clients {
    by: Mutex<HashMap<Client, BTreeMap<u64, Arc<Standing>>>>,
    number: AtomicU64,
}

/// Whether a connection may make room for another one, and that it has to.
struct Standing {
    /// Among all moments at which a connection became idle.
    idle_since: AtomicU64,
    leaves: Notify,
}

/// Of a connection with a request under way.
const BUSY: u64 = u64::MAX;

/// A connection as one of its client's, until it is dropped.
pub(crate) struct ClientConnection {
    clients: Arc<Clients>,
    client: Client,
    number: u64,
    standing: Arc<Standing>,
    /// Whether its address had as many without a credential as there may be when it came.
    pub(crate) is_crowded: bool,
}

impl ClientConnection {
    /// Ends when this connection has to make room for another one.
    pub(crate) fn leaves(&self) -> impl Future<Output = ()> + use<> {
        let standing = Arc::clone(&self.standing);
        async move { standing.leaves.notified().await }
    }

    /// Counts it with the connections of a credential from now on.
    pub(crate) fn identify(&mut self, credential: CredentialId) {
        let mut by = self.clients.lock();
        remove(&mut by, self.client, self.number);
        self.client = Client::Credential(credential);
        by.entry(self.client).or_default().insert(self.number, Arc::clone(&self.standing));
    }

    /// Whether it has no request under way.
    pub(crate) fn is_idle(&self, is_idle: bool) {
        let since = if is_idle { self.clients.number.fetch_add(1, Ordering::Relaxed) } else { BUSY };
        self.standing.idle_since.store(since, Ordering::Relaxed);
    }
}

impl Drop for ClientConnection {
    fn drop(&mut self) {
        remove(&mut self.clients.lock(), self.client, self.number);
    }
}

type ByClient = HashMap<Client, BTreeMap<u64, Arc<Standing>>>;

fn remove(by: &mut ByClient, client: Client, number: u64) {
    if let Entry::Occupied(mut of_client) = by.entry(client) {
        of_client.get_mut().remove(&number);
        if of_client.get().is_empty() {
            of_client.remove();
        }
    }
}

impl Clients {
    fn lock(&self) -> MutexGuard<'_, ByClient> {
        self.by.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the credential with most connections lose the one that has been idle for longest if it has more than `part`.
/// Those with a request under way stay: many of them are live streams, which have a bound of their own.
fn make_room(by: &mut ByClient, part: usize) {
    let of_credentials = by.iter_mut().filter(|(client, _)| matches!(client, Client::Credential(_)));
    let Some((_, most)) = of_credentials.max_by_key(|(_, connections)| connections.len()) else { return };
    if most.len() <= part {
        return;
    }
    let since = |standing: &Standing| standing.idle_since.load(Ordering::Relaxed);
    let idle =
        most.iter().map(|(number, standing)| (since(standing), *number)).filter(|(since, _)| *since != BUSY);
    let leaving = idle.min().and_then(|(_, number)| most.remove(&number));
    if let Some(standing) = leaving {
        standing.leaves.notify_one();
    }
}

struct Addresses {
    most: usize,
    count: Mutex<HashMap<IpAddr, usize>>,
}

/// The right to have a connection, until it is dropped.
pub struct ConnectionPermit {
    _permit: OwnedSemaphorePermit,
    counted: Option<(Arc<Addresses>, IpAddr)>,
    _stream: Option<Share<CredentialId>>,
}

impl ConnectionPermit {
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
            clients: Arc::default(),
        }
    }

    /// Waits until there is room for one more.
    pub(crate) async fn permit(&self) -> io::Result<ConnectionPermit> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(io::Error::other)?;
        Ok(ConnectionPermit { _permit: permit, counted: None, _stream: None })
    }

    /// Counts a connection from `address` that has not shown a credential yet. If connections run short, the oldest one
    /// of its address has to leave where there are more than there may be, or else one of the credential that has most.
    pub(crate) fn arrives(&self, address: IpAddr) -> ClientConnection {
        let client = Client::Address(host(address));
        let number = self.clients.number.fetch_add(1, Ordering::Relaxed);
        let standing = Arc::new(Standing { idle_since: number.into(), leaves: Notify::new() });
        let part = self.limits.of_client();
        let are_short = self.permits.available_permits() < self.limits.in_all / SHORT_PART;
        let mut by = self.clients.lock();
        let of_address = by.entry(client).or_default();
        of_address.insert(number, Arc::clone(&standing));
        let is_crowded = of_address.len() > part;
        let oldest = (are_short && is_crowded).then(|| of_address.pop_first()).flatten();
        match oldest {
            Some((_, oldest)) => oldest.leaves.notify_one(),
            None if are_short => make_room(&mut by, part),
            None => {}
        }
        drop(by);
        ClientConnection { clients: Arc::clone(&self.clients), client, number, standing, is_crowded }
    }

    /// Counts a connection from `address`; whether there are more from there than there may be.
    pub(crate) fn is_surplus(&self, permit: &mut ConnectionPermit, address: IpAddr) -> bool {
        let Some(addresses) = &self.addresses else { return false };
        let host = host(address);
        permit.counted = Some((Arc::clone(addresses), host));
        let mut count = addresses.count.lock().unwrap_or_else(PoisonError::into_inner);
        let of_host = count.entry(host).or_default();
        *of_host += 1;
        *of_host > addresses.most
    }
}

impl Drop for ConnectionPermit {
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

    async fn one_more(connections: &Connections, address: &str) -> (ConnectionPermit, bool) {
        let mut permit = connections.permit().await.expect("permit");
        let is_surplus = connections.is_surplus(&mut permit, address.parse().expect("an address"));
        (permit, is_surplus)
    }

    #[tokio::test]
    async fn connections_are_counted_by_address_and_an_ipv6_host_has_many() {
        let connections = Connections::new(Limits { in_all: 32, of_address: Some(2) });
        let mut permits = Vec::new();
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
            let (permit, is_surplus) = one_more(&connections, address).await;
            assert_eq!(is_surplus, expected, "{address}");
            permits.push(permit);
        }
        permits.drain(1..3);
        assert!(!one_more(&connections, "192.0.2.1").await.1, "one has gone");
        drop(permits);
        let addresses = connections.addresses.as_ref().expect("they are counted");
        assert!(
            addresses.count.lock().expect("no panic").is_empty(),
            "nothing is kept of those who have gone"
        );
    }

    #[test]
    fn the_time_that_clients_have_is_what_the_threat_model_says() {
        let Timeouts { unidentified, unread } = Timeouts::default();
        assert_eq!((unidentified.as_secs(), unread.as_secs()), (10, 30));
    }

    /// A permit for one more, which has to be there, and its connection.
    fn arrival(connections: &Connections, address: &str) -> (ConnectionPermit, ClientConnection) {
        let permit = connections.permit().now_or_never().expect("there is room").expect("permit");
        (permit, connections.arrives(address.parse().expect("an address")))
    }

    fn leaves(connection: &ClientConnection) -> bool {
        connection.leaves().now_or_never().is_some()
    }

    #[tokio::test]
    async fn the_oldest_connection_without_a_credential_leaves_once_connections_run_short() {
        let connections = Connections::new(Limits { in_all: 64, of_address: None });
        let mut arrived: Vec<_> = (0..49).map(|_| arrival(&connections, "192.0.2.1")).collect();
        for (n, (_, connection)) in arrived.iter().enumerate() {
            assert_eq!(connection.is_crowded, n >= 16, "{n}");
        }
        let left: Vec<usize> = (0..49).filter(|n| leaves(&arrived[*n].1)).collect();
        assert_eq!(left, [0], "a quarter is still free until the last one");
        arrived.push(arrival(&connections, "192.0.2.2"));
        let (_, other) = &arrived[49];
        assert!(!other.is_crowded && !leaves(&arrived[1].1), "another address has its own part");
        drop(arrived);
        assert!(connections.clients.lock().is_empty());
    }

    #[tokio::test]
    async fn the_credential_with_most_connections_loses_the_one_that_is_idle_for_longest() {
        let connections = Connections::new(Limits { in_all: 64, of_address: None });
        let mut arrived: Vec<_> = (0..48).map(|_| arrival(&connections, "192.0.2.1")).collect();
        for (n, (_, connection)) in arrived.iter_mut().enumerate() {
            connection.identify(if n < 30 { CredentialId::LIVETRAIL } else { CredentialId::of_user("u-1") });
            connection.is_idle(false);
        }
        arrived[7].1.is_idle(true);
        arrived[5].1.is_idle(true);
        arrived[40].1.is_idle(true);
        let others: Vec<_> = (1..=4).map(|n| arrival(&connections, &format!("198.51.100.{n}"))).collect();
        let left: Vec<usize> = (0..48).filter(|n| leaves(&arrived[*n].1)).collect();
        assert_eq!(left, [5, 7], "those that are busy stay, and those of others");
        assert!(others.iter().all(|(_, connection)| !connection.is_crowded && !leaves(connection)));
    }
}
