use std::net::{IpAddr, SocketAddr};

/// Reads the address of whoever acted: an IPv4 or IPv6 address, perhaps with a port, perhaps the first of an
/// `X-Forwarded-For` list. IPv4 in IPv6's clothes becomes IPv4, so that one address has one spelling.
pub(super) fn read_address(text: &str) -> Option<IpAddr> {
    let first = text.split(',').next()?.trim();
    let bare = first.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(first);
    let unzoned = bare.split('%').next()?;
    let address =
        unzoned.parse().or_else(|_| first.parse::<SocketAddr>().map(|with_port| with_port.ip())).ok()?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::read_address;

    #[test]
    fn ports_brackets_lists_and_mapped_addresses_are_understood() {
        for (text, address) in [
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7:443", "192.0.2.7"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:DB8:0::1", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            (" 203.0.113.9 , 10.0.0.1", "203.0.113.9"),
        ] {
            assert_eq!(read_address(text).map(|a| a.to_string()).as_deref(), Some(address), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in ["", "unknown", "localhost", "192.0.2", "192.0.2.7.8", ",192.0.2.7", "999.1.1.1"] {
            assert_eq!(read_address(text), None, "{text}");
        }
    }
}
