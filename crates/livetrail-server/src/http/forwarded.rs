//! Where a client is that comes by way of proxies.
//!
//! Any client can send `Forwarded` (RFC 7239) or `X-Forwarded-For`. Only what trusted proxies wrote counts. Each proxy
//! appends the address that called it, so the list is read from its end. The first address that is not a trusted proxy
//! is the client's. The addresses before it came from the client itself.

use super::connection::Peer;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, header},
};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Puts the client's address in the place of its proxy's.
pub(super) fn find_client(trusted: &[IpNet], request: &mut Request) {
    if trusted.is_empty() {
        return;
    }
    let Some(Peer::Network { address, .. }) = request.extensions().get::<Peer>().copied() else { return };
    let found = client(address, request.headers(), trusted);
    if let Some(Peer::Network { address, .. }) = request.extensions_mut().get_mut::<Peer>() {
        *address = found;
    }
}

/// The address of the client whose request `peer` has sent. A proxy writes one of the two headers and may pass the
/// other one on as the client sent it: where they disagree, nothing is known but the proxy.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    if !is_trusted(peer, trusted) {
        return peer;
    }
    let forwarded = headers.contains_key(header::FORWARDED);
    let forwarded =
        forwarded.then(|| last_untrusted(peer, elements(headers, header::FORWARDED, forwarded_for), trusted));
    let legacy = headers.contains_key(X_FORWARDED_FOR);
    let legacy = legacy.then(|| last_untrusted(peer, elements(headers, X_FORWARDED_FOR, listed), trusted));
    match (forwarded, legacy) {
        (Some(one), Some(other)) if one != other => peer,
        (one, other) => one.or(other).unwrap_or(peer),
    }
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// Goes back along the list for as long as the one who wrote an element is trusted. An element that names no address
/// hides who is behind it.
fn last_untrusted(
    peer: IpAddr,
    elements: impl DoubleEndedIterator<Item = Option<IpAddr>>,
    trusted: &[IpNet],
) -> IpAddr {
    let mut nearest = peer;
    for element in elements.rev() {
        let Some(address) = element else { return nearest };
        nearest = address;
        if !is_trusted(address, trusted) {
            return nearest;
        }
    }
    nearest
}

/// The addresses that a header's lines name, in order.
fn elements(
    headers: &HeaderMap,
    name: HeaderName,
    read: fn(&[u8]) -> Vec<Option<IpAddr>>,
) -> impl DoubleEndedIterator<Item = Option<IpAddr>> {
    let lines = headers.get_all(name).into_iter().flat_map(|line| read(line.as_bytes()));
    lines.collect::<Vec<_>>().into_iter()
}

/// The elements of a line of `X-Forwarded-For`. One that is not text names no address; those that a proxy has appended
/// to it still do.
fn listed(line: &[u8]) -> Vec<Option<IpAddr>> {
    line.split(|byte| *byte == b',')
        .map(|element| address(std::str::from_utf8(element).ok()?.trim()))
        .collect()
}

/// The elements of a line of `Forwarded`.
fn forwarded_for(line: &[u8]) -> Vec<Option<IpAddr>> {
    parts(line, b',').into_iter().map(|element| address(&for_of(element?)?)).collect()
}

/// The `for` of an element of `Forwarded`. An element that has two of them was not written by a proxy alone, so neither
/// counts.
fn for_of(element: &[u8]) -> Option<String> {
    let mut found = None;
    for pair in parts(element, b';') {
        let pair = String::from_utf8_lossy(pair?);
        let Some((name, value)) = pair.split_once('=') else { continue };
        if name.trim().eq_ignore_ascii_case("for") && found.replace(unquoted(value.trim())?).is_some() {
            return None;
        }
    }
    found
}

/// The parts of a list between separators, of which those in a quoted string are none (RFC 7239, section 4). `None`
/// stands for a part whose quote is not closed.
fn parts(list: &[u8], separator: u8) -> Vec<Option<&[u8]>> {
    let (mut parts, mut begin, mut is_quoted, mut is_escaped) = (Vec::new(), 0, false, false);
    for (place, byte) in list.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            byte if *byte == separator && !is_quoted => {
                parts.push(list.get(begin..place));
                begin = place + 1;
            }
            _ => {}
        }
    }
    parts.push(list.get(begin..).filter(|_| !is_quoted));
    parts
}

/// A value as it is meant: a token, or what a quoted string holds. `None` for a mixture of both.
fn unquoted(value: &str) -> Option<String> {
    let Some(rest) = value.strip_prefix('"') else {
        return (!value.contains('"')).then(|| value.to_owned());
    };
    let (mut meant, mut rest) = (String::new(), rest.chars());
    loop {
        match rest.next()? {
            '"' => return rest.as_str().is_empty().then_some(meant),
            '\\' => meant.push(rest.next()?),
            other => meant.push(other),
        }
    }
}

/// An address as proxies write them: with or without a port, IPv6 in brackets or not, quoted or not.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let in_brackets = || text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let plain = text.parse::<IpAddr>().or_else(|_| in_brackets().unwrap_or_default().parse());
    plain
        .or_else(|_| text.parse::<SocketAddr>().map(|with_port| with_port.ip()))
        .ok()
        .map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    const PROXY: &str = "10.0.0.1";

    fn trusted() -> Vec<IpNet> {
        ["10.0.0.0/8", "fd00::/8"].map(|text| text.parse().expect("a network")).to_vec()
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"))
        };
        lines.iter().map(line).collect()
    }

    fn found(peer: &str, lines: &[(&'static str, &str)]) -> String {
        client(peer.parse().expect("an address"), &headers(lines), &trusted()).to_string()
    }

    #[test]
    fn a_header_counts_only_from_a_trusted_proxy() {
        for name in ["x-forwarded-for", "forwarded"] {
            assert_eq!(found("192.0.2.9", &[(name, "for=198.51.100.1")]), "192.0.2.9", "{name}");
        }
        assert_eq!(found(PROXY, &[]), PROXY);
        assert_eq!(found("::ffff:10.0.0.1", &[("x-forwarded-for", "192.0.2.1")]), "192.0.2.1");
    }

    #[test]
    fn bytes_that_are_not_text_do_not_hide_what_a_proxy_appended() {
        let line = HeaderValue::from_bytes(b"\xff\xfe, 192.0.2.1").expect("a header");
        let headers = HeaderMap::from_iter([(X_FORWARDED_FOR, line)]);
        let found = client(PROXY.parse().expect("an address"), &headers, &trusted());
        assert_eq!(found.to_string(), "192.0.2.1");
    }

    #[test]
    fn the_client_is_the_last_address_that_is_no_trusted_proxy() {
        for (list, expected) in [
            ("192.0.2.1", "192.0.2.1"),
            ("203.0.113.7, 192.0.2.1", "192.0.2.1"),
            ("203.0.113.7, 192.0.2.1, 10.9.9.9", "192.0.2.1"),
            ("192.0.2.1:4711,10.0.0.2:80", "192.0.2.1"),
            ("2001:db8::1, fd00::2", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
            ("203.0.113.7, unknown, 10.0.0.2", "10.0.0.2"),
            ("203.0.113.7, garbage", PROXY),
            ("203.0.113.7,", PROXY),
            ("", PROXY),
        ] {
            assert_eq!(found(PROXY, &[("x-forwarded-for", list)]), expected, "{list}");
        }
    }

    #[test]
    fn forwarded_is_read_as_rfc_7239_says() {
        for (list, expected) in [
            ("for=192.0.2.1", "192.0.2.1"),
            ("for=203.0.113.7, For=\"192.0.2.1:4711\";proto=https;by=10.0.0.1", "192.0.2.1"),
            ("proto=http; for=\"[2001:db8::1]\"", "2001:db8::1"),
            ("for=\"[2001:db8::1]:443\", for=10.0.0.7", "2001:db8::1"),
            ("for=_hidden, for=unknown", PROXY),
            ("by=192.0.2.1", PROXY),
            ("192.0.2.1", PROXY),
        ] {
            assert_eq!(found(PROXY, &[("forwarded", list)]), expected, "{list}");
        }
    }

    #[test]
    fn what_is_in_a_quoted_string_separates_nothing() {
        for (list, expected) in [
            ("for=192.0.2.1;host=\"x;for=6.6.6.6;y\"", "192.0.2.1"),
            ("for=192.0.2.1;host=\"a,for=6.6.6.6;z\"", "192.0.2.1"),
            ("for=192.0.2.1;host=\"a\\\",for=6.6.6.6;z\"", "192.0.2.1"),
            ("host=\"x;for=6.6.6.6\"; for=192.0.2.1", "192.0.2.1"),
            ("host=\"for=6.6.6.6,\", for=\"192\\.0.2.1\"", "192.0.2.1"),
        ] {
            assert_eq!(found(PROXY, &[("forwarded", list)]), expected, "{list}");
        }
    }

    #[test]
    fn an_element_that_can_be_read_in_two_ways_names_no_address() {
        for list in [
            "for=192.0.2.1;for=6.6.6.6",
            "for=6.6.6.6;host=\"x",
            "for=6.6.6.6, for=192.0.2.1;host=\"x",
            "for=6.6.6.6;host=\"x, for=192.0.2.1",
            "for=6.6.6.6;host=\"x\\\", for=192.0.2.1",
            "for=\"6.6.6.6\"x",
            "for=\"6.6.6.6\"\"\"",
            "for=6.6.6.6\"\"",
            "for=\"6.6.6.6",
        ] {
            assert_eq!(found(PROXY, &[("forwarded", list)]), PROXY, "{list}");
        }
    }

    #[test]
    fn lines_of_a_header_are_one_list() {
        let lines = [("x-forwarded-for", "203.0.113.7"), ("x-forwarded-for", "192.0.2.1, 10.0.0.2")];
        assert_eq!(found(PROXY, &lines), "192.0.2.1");
    }

    #[test]
    fn two_headers_that_disagree_name_only_the_proxy() {
        let agreed = [("forwarded", "for=192.0.2.1"), ("x-forwarded-for", "203.0.113.7, 192.0.2.1")];
        assert_eq!(found(PROXY, &agreed), "192.0.2.1");
        assert_eq!(
            found(PROXY, &[("forwarded", "for=203.0.113.7"), ("x-forwarded-for", "192.0.2.1")]),
            PROXY
        );
    }

    proptest! {
        #[test]
        fn whatever_a_client_sends_the_proxys_last_word_counts(sent in "[ -~]{0,200}", quoted in any::<bool>()) {
            let list = format!("{sent}{}, 192.0.2.1", if quoted { "\"" } else { "" });
            prop_assert_eq!(found(PROXY, &[("x-forwarded-for", &list)]), "192.0.2.1");
            // A quote that the client leaves open takes the proxy's word in, which hides the client and names no other.
            let list = format!("{sent},for=192.0.2.1");
            let seen = found(PROXY, &[("forwarded", &list)]);
            prop_assert!(seen == "192.0.2.1" || (seen == PROXY && sent.contains('"')), "{}", seen);
        }

        #[test]
        fn whatever_a_client_puts_into_a_quoted_string_the_address_beside_it_counts(host in "[ -~]{0,100}") {
            let escaped = host.replace('\\', "\\\\").replace('"', "\\\"");
            for list in [format!("for=192.0.2.1;host=\"{escaped}\""), format!("host=\"{escaped}\";for=192.0.2.1")] {
                prop_assert_eq!(found(PROXY, &[("forwarded", &list)]), "192.0.2.1");
            }
        }

        #[test]
        fn no_header_makes_an_untrusted_peer_another(bytes in prop::collection::vec(0x20_u8..=0xff, 0..200)) {
            let value = HeaderValue::from_bytes(&bytes.into_iter().filter(|b| *b != 0x7f).collect::<Vec<_>>());
            let value = value.expect("a header");
            let peer: IpAddr = "192.0.2.9".parse().expect("an address");
            let both = [(header::FORWARDED, value.clone()), (X_FORWARDED_FOR, value)].into_iter().collect();
            prop_assert_eq!(client(peer, &both, &trusted()), peer);
            client(PROXY.parse().expect("an address"), &both, &trusted());
        }
    }
}
