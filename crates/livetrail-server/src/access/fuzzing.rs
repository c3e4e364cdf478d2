//! What the fuzz targets call: the reader of signed tokens, without a store behind it.

use super::jwt::{Claims, Signer};
use jiff::Timestamp;

/// Whether a token is accepted at `now`, where `secret` signs tokens.
pub fn accepts(secret: &[u8], token: &str, now: Timestamp) -> bool {
    let claims = Signer::new(secret).read::<Claims>(token, now);
    // What is made of accepted claims must not fail either.
    claims.map(|claims| (claims.user(), claims.expires_at())).is_some()
}
