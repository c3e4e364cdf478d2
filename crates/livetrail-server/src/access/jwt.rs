use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// How much earlier than its `nbf` a token works, for clocks that differ.
const NOT_BEFORE_LEEWAY_SECONDS: f64 = 30.0;

/// Makes and reads HS256 tokens of one secret. The algorithm is pinned: what a token's header asks for is no
/// argument.
pub(super) struct Signer {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

#[derive(Deserialize)]
struct Times {
    exp: f64,
    nbf: Option<f64>,
}

impl Signer {
    pub(super) fn new(secret: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // The times are checked here, against the environment's clock; an audience is the application's own matter.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
        }
    }

    /// The claims, if the signature is right and `now` is within the token's time. A token without `exp` has none.
    pub(super) fn read<T: DeserializeOwned>(&self, token: &str, now: Timestamp) -> Option<T> {
        let claims = decode::<Value>(token, &self.decoding, &self.validation).ok()?.claims;
        let times: Times = serde_json::from_value(claims.clone()).ok()?;
        let seconds = now.as_microsecond() as f64 / 1e6;
        let begun = times.nbf.is_none_or(|begin| begin <= seconds + NOT_BEFORE_LEEWAY_SECONDS);
        (begun && times.exp > seconds).then(|| serde_json::from_value(claims).ok())?
    }

    pub(super) fn write(&self, claims: &impl Serialize) -> Option<String> {
        encode(&Header::new(Algorithm::HS256), claims, &self.encoding).ok()
    }
}
