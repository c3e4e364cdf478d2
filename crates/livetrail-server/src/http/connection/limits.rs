//! What hyper may hold for one connection, and for how long.

use std::time::Duration;

/// How long a client that has shown a credential may take until the head of its next request is complete. Clients and
/// proxies keep idle connections for about a minute; one that ends earlier may meet a request half-way.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// The largest head of a request over HTTP/1.1, and what is written ahead of the socket. A client without a credential
/// can make the server hold this for each of its connections.
pub(super) const BUFFER_BYTES: usize = 32 * 1024;
/// How often a connection over HTTP/2 is pinged.
pub(super) const PING_INTERVAL: Duration = Duration::from_secs(15);
/// What a client may send ahead of what is read, on a connection over HTTP/2 and each of its streams.
pub(super) const WINDOW_BYTES: u32 = 256 * 1024;
/// Requests at once on one connection over HTTP/2.
pub(super) const MAX_STREAMS: u32 = 64;
/// The largest head of a request over HTTP/2, in bytes.
pub(super) const MAX_HEAD_BYTES: u32 = 16 * 1024;
/// How long requests that are under way may take to finish once the server stops.
pub(super) const GRACE: Duration = Duration::from_secs(6);
