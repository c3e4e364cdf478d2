//! A signed token in its compact form (RFC 7515), read without trust in its content.
//!
//! The key decides the algorithm, and the header must agree. Only the few fields of the header that count are kept. A
//! token that is too long is not decoded.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::{Deserialize, Deserializer, de::IgnoredAny};

/// Longest token that is read. Those of large issuers, with their groups, have up to 4 KiB.
pub(super) const MAX_TOKEN_BYTES: usize = 8 * 1024;
/// Longest header, decoded.
const MAX_HEADER_BYTES: usize = 2 * 1024;

/// A token in its parts.
pub(super) struct Jws<'a> {
    header: Header,
    /// The signed text: the header and the payload as they were sent.
    message: &'a str,
    /// The payload, decoded.
    pub(super) payload: Vec<u8>,
    signature: &'a str,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    /// Whether `crit` is there: it names extensions that a reader must understand, and this one understands none.
    #[serde(default, deserialize_with = "is_present")]
    crit: bool,
}

impl<'a> Jws<'a> {
    /// The parts of `token`, if it is a token of a kind that is read here.
    pub(super) fn parse(token: &'a str) -> Option<Self> {
        if token.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let header = URL_SAFE_NO_PAD.decode(header).ok().filter(|json| json.len() <= MAX_HEADER_BYTES)?;
        let header: Header = serde_json::from_slice(&header).ok()?;
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let is_read_here = !header.crit && header.typ.as_deref().is_none_or(is_type_of_token);
        is_read_here.then_some(Self { header, message, payload, signature })
    }

    /// Whether it says that a private key has signed it, in a way that is read here.
    pub(super) fn names_public_key(&self) -> bool {
        matches!(self.header.alg.as_str(), "RS256" | "ES256" | "EdDSA" | "Ed25519")
    }

    /// The name of the key that it says it was signed with.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }
}

/// RFC 7519 and RFC 9068; media types ignore case, and `application/` may be left out.
fn is_type_of_token(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    matches!(typ.strip_prefix("application/").unwrap_or(&typ), "jwt" | "at+jwt")
}

fn is_present<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(value).map(|_| true)
}

/// A key, and the only algorithm that it is used with.
pub(super) struct VerifyingKey {
    key: DecodingKey,
    algorithm: Algorithm,
}

impl VerifyingKey {
    pub(super) fn hs256(secret: &[u8]) -> Self {
        Self { key: DecodingKey::from_secret(secret), algorithm: Algorithm::HS256 }
    }

    pub(super) fn rs256(modulus: &str, exponent: &str) -> Option<Self> {
        let key = DecodingKey::from_rsa_components(modulus, exponent).ok()?;
        Some(Self { key, algorithm: Algorithm::RS256 })
    }

    pub(super) fn es256(x: &str, y: &str) -> Option<Self> {
        Some(Self { key: DecodingKey::from_ec_components(x, y).ok()?, algorithm: Algorithm::ES256 })
    }

    pub(super) fn eddsa(x: &str) -> Option<Self> {
        Some(Self { key: DecodingKey::from_ed_components(x).ok()?, algorithm: Algorithm::EdDSA })
    }

    /// Whether the token says that it was signed with this algorithm.
    pub(super) fn fits(&self, token: &Jws) -> bool {
        match self.algorithm {
            Algorithm::HS256 => token.header.alg == "HS256",
            Algorithm::RS256 => token.header.alg == "RS256",
            Algorithm::ES256 => token.header.alg == "ES256",
            // RFC 9864 gives the curve's own name to what RFC 8037 calls EdDSA.
            Algorithm::EdDSA => matches!(token.header.alg.as_str(), "EdDSA" | "Ed25519"),
            _ => false,
        }
    }

    /// Whether this key has signed the token.
    pub(super) fn has_signed(&self, token: &Jws) -> bool {
        let signed = || crypto::verify(token.signature, token.message.as_bytes(), &self.key, self.algorithm);
        self.fits(token) && matches!(signed(), Ok(true))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::claims::Claims, *};
    use proptest::prelude::*;

    #[test]
    fn a_token_that_is_too_long_is_not_decoded() {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#);
        let with = |length: usize| format!("{header}.{}.AA", "A".repeat(length - header.len() - 4));
        assert!(Jws::parse(&with(MAX_TOKEN_BYTES - 1)).is_some());
        assert!((1..4).all(|more| Jws::parse(&with(MAX_TOKEN_BYTES + more)).is_none()));
        let long = format!(r#"{{"alg":"HS256","x":"{}"}}"#, "x".repeat(MAX_HEADER_BYTES));
        assert!(Jws::parse(&format!("{}.AA.AA", URL_SAFE_NO_PAD.encode(long))).is_none());
    }

    proptest! {
        #[test]
        fn no_token_is_too_odd_to_read(token in "\\PC{0,300}|[A-Za-z0-9_.-]{0,300}") {
            Jws::parse(&token);
        }

        #[test]
        fn no_header_or_payload_is_too_odd_to_read(
            header in r#"(\{"alg":)?[\[\]{}":,a-z0-9$]{0,80}"#,
            payload in r#"(\{"aud":)?[\[\]{}":,a-z0-9$.-]{0,200}"#,
        ) {
            let [header, encoded] = [&header, &payload].map(|json| URL_SAFE_NO_PAD.encode(json));
            Jws::parse(&format!("{header}.{encoded}.AA"));
            Claims::parse(payload.as_bytes(), &["a", "groups"]);
        }
    }
}
