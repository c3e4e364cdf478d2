use std::net::IpAddr;

/// Reads a user's address: an IPv4 or IPv6 address, perhaps with a port, or the first one in an `X-Forwarded-For` list.
/// Squid and mobile networks write `unknown` there, and visitors can send any text, so elements that are not addresses
/// are skipped. IPv4-mapped IPv6 becomes IPv4, so that one address has one spelling.
pub(super) fn read_address(text: &str) -> Option<IpAddr> {
    text.split(',').find_map(one)
}

fn one(element: &str) -> Option<IpAddr> {
    let element = element.trim();
    let (host, port) = match element.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?,
        // An IPv6 address that is not in brackets has no port.
        None if element.matches(':').count() == 1 => element.split_at(element.find(':')?),
        None => (element, ""),
    };
    let is_port = port.is_empty()
        || port.strip_prefix(':').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    let unzoned = host.split('%').next()?;
    is_port.then(|| unzoned.parse::<IpAddr>().ok()).flatten().map(|address| address.to_canonical())
}
