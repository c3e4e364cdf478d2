//! What the fuzz targets call: the readers of request bodies and of forwarded addresses, without a request around them.

use super::body::{Format, Items};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use livetrail_types::json::Value;
use std::net::IpAddr;

/// Networks of the proxies that are trusted here.
const TRUSTED: [&str; 2] = ["10.0.0.0/8", "fd00::/8"];

/// The address of the client whose request `peer` has sent; `None` where the headers cannot be in a request.
pub fn client_address(peer: IpAddr, headers: &[(&str, &[u8])]) -> Option<IpAddr> {
    let header = |(name, value): &(&str, &[u8])| {
        Some((HeaderName::try_from(*name).ok()?, HeaderValue::from_bytes(value).ok()?))
    };
    let headers = headers.iter().map(header).collect::<Option<HeaderMap>>()?;
    let trusted: Vec<_> = TRUSTED.iter().filter_map(|network| network.parse().ok()).collect();
    Some(super::forwarded::client(peer, &headers, &trusted))
}

/// Gives the items of a body, or what is wrong with each; `is_lines` says that it is NDJSON. Whether all of it could be
/// read.
pub fn items(bytes: &[u8], is_lines: bool, mut give: impl FnMut(Result<Value, String>)) -> bool {
    let format = if is_lines { Format::Lines } else { Format::Json };
    let mut many = match Items::of(&format, bytes) {
        Ok(Items::One(value)) => {
            give(Ok(value));
            return true;
        }
        Ok(Items::Many(many)) => many,
        Err(_) => return false,
    };
    loop {
        match many.next() {
            Ok(Some(item)) => give(item.map_err(|error| error.to_string())),
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}
