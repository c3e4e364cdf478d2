use super::Refusal;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use serde_json::Value;

/// How much earlier than its `nbf` a token works, for clocks that differ.
const NOT_BEFORE_LEEWAY_SECONDS: f64 = 30.0;

/// Reads the application's HS256 tokens. The algorithm is pinned: what a token's header asks for is not an argument.
pub struct TokenVerifier {
    /// The secret in use, and the one before it while it is being changed.
    keys: Vec<DecodingKey>,
    validation: Validation,
}

impl TokenVerifier {
    /// Believes tokens that are signed with either secret.
    pub fn new(secret: &[u8], previous: Option<&[u8]>) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // The times are checked here, against the environment's clock; an audience is the application's own matter.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let keys = [Some(secret), previous].into_iter().flatten().map(DecodingKey::from_secret).collect();
        Self { keys, validation }
    }

    /// The claims, if the signature is right and `now` is within the token's time. A token without `exp` has none.
    pub(super) fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, Refusal> {
        let read = |key| decode::<Value>(token, key, &self.validation).ok();
        let claims = self.keys.iter().find_map(read).ok_or(Refusal::InvalidToken)?.claims;
        let claims: Claims = serde_json::from_value(claims).map_err(|_| Refusal::InvalidToken)?;
        let seconds = now.as_microsecond() as f64 / 1e6;
        let begun = claims.nbf.is_none_or(|begin| begin <= seconds + NOT_BEFORE_LEEWAY_SECONDS);
        if begun && claims.exp > seconds { Ok(claims) } else { Err(Refusal::InvalidToken) }
    }
}

/// What is read of an application's token.
#[derive(Deserialize)]
pub(super) struct Claims {
    user_id: Option<Value>,
    sub: Option<Value>,
    iss: Option<Value>,
    exp: f64,
    nbf: Option<f64>,
}

impl Claims {
    /// `user_id`, else `sub`; some applications number their users.
    pub(super) fn user(&self) -> Option<String> {
        let text = |claim: &Value| match claim {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        self.user_id.as_ref().and_then(text).or_else(|| self.sub.as_ref().and_then(text))
    }

    /// Who has signed it, if it says.
    pub(super) fn issuer(&self) -> Option<String> {
        self.iss.as_ref().and_then(Value::as_str).map(str::to_owned)
    }

    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        // What is too far away for a calendar never comes.
        Timestamp::from_second(self.exp as i64).ok()
    }
}
