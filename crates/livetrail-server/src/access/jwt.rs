use super::jws::{Jws, VerifyingKey};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Makes and reads HS256 tokens of one secret.
pub(super) struct Signer {
    encoding: EncodingKey,
    verifying: VerifyingKey,
}

#[derive(Deserialize)]
struct Times {
    exp: i64,
}

impl Signer {
    pub(super) fn new(secret: &[u8]) -> Self {
        Self { encoding: EncodingKey::from_secret(secret), verifying: VerifyingKey::hs256(secret) }
    }

    /// The claims, if the signature is right and `now` is within the token's time. A token without `exp` has none.
    pub(super) fn read<T: DeserializeOwned>(&self, token: &str, now: Timestamp) -> Option<T> {
        let token = Jws::parse(token).filter(|token| self.verifying.has_signed(token))?;
        let Times { exp } = serde_json::from_slice(&token.payload).ok()?;
        (exp > now.as_second()).then(|| serde_json::from_slice(&token.payload).ok())?
    }

    pub(super) fn write(&self, claims: &impl Serialize) -> Option<String> {
        encode(&Header::new(Algorithm::HS256), claims, &self.encoding).ok()
    }
}
