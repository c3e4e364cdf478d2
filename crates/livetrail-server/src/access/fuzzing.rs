//! Entry points of the fuzz targets: the readers of credentials, without a store.

use super::{
    claims::Claims,
    issued::{IssuedSecret, Reading},
    jws::{Jws, VerifyingKey},
    token_verifier::is_alive,
};
use jiff::Timestamp;

/// Whether a token is accepted at `now`, where `secret` signs tokens.
pub fn accepts(secret: &[u8], token: &str, now: Timestamp) -> bool {
    let Some(token) = Jws::parse(token) else { return false };
    let is_signed = VerifyingKey::hs256(secret).has_signed(&token);
    // The claims of other tokens are read as well, so that their parser meets every input.
    let claims = Claims::parse(&token.payload, &[]);
    let is_believed =
        |claims: Claims| is_alive(&claims, now, false).unwrap_or(false) && claims.user().is_ok();
    claims.is_some_and(is_believed) && is_signed
}

/// A secret of Livetrail's own, of any kind, as it would be written.
pub fn issued(text: &str) -> Option<String> {
    match IssuedSecret::read(text) {
        Reading::Secret(secret) => Some(secret.to_string()),
        Reading::Mistyped | Reading::Other => None,
    }
}
