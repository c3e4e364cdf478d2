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

#[cfg(test)]
mod tests {
    use super::read_address;

    #[test]
    fn ports_brackets_lists_and_mapped_addresses_are_understood() {
        for (text, address) in [
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7:443", "192.0.2.7"),
            ("192.0.2.7:", "192.0.2.7"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[fe80::1%eth0]:8080", "fe80::1"),
            ("2001:DB8:0::1", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            (" 203.0.113.9 , 10.0.0.1", "203.0.113.9"),
            ("10.0.0.1, 203.0.113.9", "10.0.0.1"),
            ("unknown, 203.0.113.9", "203.0.113.9"),
            ("_hidden,,203.0.113.9:443", "203.0.113.9"),
        ] {
            assert_eq!(read_address(text).map(|a| a.to_string()).as_deref(), Some(address), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in [
            "",
            "unknown",
            "localhost",
            "192.0.2",
            "192.0.2.7.8",
            "999.1.1.1",
            "192.0.2.7:http",
            "[::1",
            "[::1]x",
            ",",
        ] {
            assert_eq!(read_address(text), None, "{text}");
        }
    }
}
