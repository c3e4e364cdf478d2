//! What the fuzz targets call: the readers of credentials, without a store behind them.

use super::{
    issued::{IssuedSecret, Reading},
    jwt::TokenVerifier,
};
use jiff::Timestamp;

/// Whether a token is accepted at `now`, where `secret` signs tokens.
pub fn accepts(secret: &[u8], token: &str, now: Timestamp) -> bool {
    let claims = TokenVerifier::new(secret, None).verify(token, now);
    // What is made of accepted claims must not fail either.
    claims.map(|claims| (claims.user(), claims.issuer(), claims.expires_at())).is_ok()
}

/// A secret of Livetrail's own, of any kind, as it would be written.
pub fn issued(text: &str) -> Option<String> {
    match IssuedSecret::read(text) {
        Reading::Secret(secret) => Some(secret.to_string()),
        Reading::Mistyped | Reading::Other => None,
    }
}
