//! Livetrail's own secrets, and signed tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use livetrail_server::access::fuzzing::{accepts, issued};
use serde_json::Value;

const SECRET: &[u8] = b"a secret of the fuzz targets, 32+";
const NOW: i64 = 1_772_366_400;

/// The input is a token, and the header and claims of one that is signed: only the latter is accepted, and only as what
/// the server pins.
pub fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let now = Timestamp::from_second(NOW).expect("a moment");
    // Keys of an old form are written in the new one.
    if let Some(written) = issued(text) {
        assert_eq!(issued(&written).as_ref(), Some(&written), "{text}");
    }
    // 256 bits are not found by chance.
    assert!(!accepts(SECRET, text, now), "{text}");
    let (header, claims) = text.split_once('\n').unwrap_or((r#"{"alg":"HS256"}"#, text));
    let message = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    let signature = crypto::sign(message.as_bytes(), &EncodingKey::from_secret(SECRET), Algorithm::HS256);
    let signature = signature.expect("a signature");
    let is_accepted = accepts(SECRET, &format!("{message}.{signature}"), now);
    assert!(!is_accepted || is_right(header, claims), "{text}");
    assert!(!accepts(SECRET, &format!("{message}."), now), "{text}");
    assert!(!accepts(SECRET, &format!("{message}.{}", damaged(&signature)), now), "{text}");
    assert!(!accepts(&SECRET[1..], &format!("{message}.{signature}"), now), "{text}");
}

/// Whether a token of these parts may be accepted: the pinned algorithm, and an end that has not come.
fn is_right(header: &str, claims: &str) -> bool {
    let [header, claims] =
        [header, claims].map(|part| serde_json::from_str::<Value>(part).unwrap_or_default());
    header["alg"] == "HS256" && claims["exp"].as_f64().is_some_and(|end| end > NOW as f64)
}

fn damaged(signature: &str) -> String {
    let other = if signature.starts_with('A') { "B" } else { "A" };
    format!("{other}{}", &signature[1..])
}
