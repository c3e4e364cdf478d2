//! `Forwarded` and `X-Forwarded-For`.

use livetrail_server::http::fuzzing::client_address;
use std::net::IpAddr;

const PROXY: &str = "10.0.0.1";
const OUTSIDE: &str = "192.0.2.9";

/// The input is the two headers, one a line. They count only if a trusted proxy sends them, and its own word counts
/// most.
pub fn check(headers: &[u8]) {
    let end = headers.iter().position(|byte| *byte == b'\n').unwrap_or(headers.len());
    let (forwarded, legacy) = (&headers[..end], headers.get(end + 1..).unwrap_or_default());
    let client =
        |peer: &str, headers: &[(&str, &[u8])]| client_address(peer.parse().expect("an address"), headers);
    let both = [("forwarded", forwarded), ("x-forwarded-for", legacy)];
    let address = |text: &str| text.parse::<IpAddr>().expect("an address");
    if let Some(found) = client(OUTSIDE, &both) {
        assert_eq!(found, address(OUTSIDE));
    }
    let _ = client(PROXY, &both);
    let escape = |byte: &u8| if matches!(byte, b'"' | b'\\') { vec![b'\\', *byte] } else { vec![*byte] };
    let host: Vec<u8> = forwarded.iter().flat_map(escape).collect();
    let quoted = [b"for=192.0.2.1;host=\"", &host[..], b"\""].concat();
    if let Some(found) = client(PROXY, &[("forwarded", &quoted)]) {
        assert_eq!(found, address("192.0.2.1"));
    }
    let appended = [legacy, b", 192.0.2.1"].concat();
    if let Some(found) = client(PROXY, &[("x-forwarded-for", &appended)]) {
        assert_eq!(found, address("192.0.2.1"));
    }
}
