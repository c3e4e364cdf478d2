//! The check of the application's tokens.
//!
//! The configuration names the keys, and the keys the algorithm; the token chooses neither. A refusal says only that
//! the token is invalid: a reason would help an attacker most.

use super::{
    claims::{Claims, Malformed},
    fetch,
    jwks::Jwks,
    jws::{Jws, VerifyingKey},
    principal::Refusal,
};
use crate::{
    config::{ClaimNames, Secret, TokenKeys, TokenSettings},
    environment::Environment,
};
use jiff::Timestamp;
use livetrail_types::Role;
use std::sync::Arc;

/// How much earlier than its `nbf` a token works, for clocks that differ.
const NOT_BEFORE_LEEWAY_SECONDS: f64 = 30.0;

/// Checks tokens.
pub(crate) struct TokenVerifier {
    keys: Keys,
    settings: TokenSettings,
}

enum Keys {
    Secrets(Vec<VerifyingKey>),
    Public(Arc<Jwks>),
}

impl TokenVerifier {
    /// Verifies tokens as `settings` say. If they name no key, it accepts tokens of `own_secret`.
    ///
    /// # Errors
    /// The client for the keys' address cannot be made.
    pub(crate) fn start(
        settings: &TokenSettings,
        own_secret: &[u8],
        environment: &Arc<dyn Environment>,
    ) -> Result<Self, reqwest::Error> {
        let hs256 = |secret: &Secret| VerifyingKey::hs256(secret.bytes());
        let keys = match &settings.keys {
            TokenKeys::Made => Keys::Secrets(vec![VerifyingKey::hs256(own_secret)]),
            TokenKeys::Secrets { current, previous } => {
                Keys::Secrets([Some(current), previous.as_ref()].into_iter().flatten().map(hs256).collect())
            }
            TokenKeys::Jwks(url) => {
                Keys::Public(Jwks::start(url.clone(), fetch::client()?, Arc::clone(environment)))
            }
        };
        advise(settings);
        Ok(Self { keys, settings: settings.clone() })
    }

    /// The claims of a token that is valid at `now`.
    ///
    /// # Errors
    /// [`Refusal::InvalidToken`], whatever is wrong with it.
    pub(crate) async fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, Refusal> {
        let token = Jws::parse(token).ok_or(Refusal::InvalidToken)?;
        let is_signed = match &self.keys {
            Keys::Secrets(secrets) => secrets.iter().any(|secret| secret.has_signed(&token)),
            Keys::Public(keys) => keys.have_signed(&token).await,
        };
        let names = &self.settings.claims;
        let further =
            [names.tenant.as_deref(), names.role.as_deref(), names.admin.as_ref().map(|a| &*a.name)];
        let further: Vec<&str> = further.into_iter().flatten().collect();
        let claims = is_signed.then(|| Claims::parse(&token.payload, &further)).flatten();
        let claims = claims.ok_or(Refusal::InvalidToken)?;
        let lives = is_alive(&claims, now, self.settings.allow_no_exp).unwrap_or(false);
        if lives && self.is_from_and_for_the_right_ones(&claims) && claims.user().is_ok() {
            Ok(claims)
        } else {
            Err(Refusal::InvalidToken)
        }
    }

    fn is_from_and_for_the_right_ones(&self, claims: &Claims) -> bool {
        let TokenSettings { issuers, audiences, .. } = &self.settings;
        let has_issuer = || claims.issuer().is_some_and(|issuer| issuers.iter().any(|one| one == issuer));
        let has_audience = || claims.audiences().iter().any(|named| audiences.iter().any(|one| one == named));
        (issuers.is_empty() || has_issuer()) && (audiences.is_empty() || has_audience())
    }

    /// The role that the claims give, if they do.
    pub(super) fn role(&self, claims: &Claims) -> Option<Role> {
        claims.role(&self.settings.claims)
    }

    /// The tenant that the claims bind the user to, if they do.
    ///
    /// # Errors
    /// [`Refusal::InvalidToken`] for a claim that does not name a tenant.
    pub(super) fn tenant(&self, claims: &Claims) -> Result<Option<String>, Refusal> {
        let ClaimNames { tenant, .. } = &self.settings.claims;
        let bound = claims.tenant(tenant.as_deref()).map_err(|Malformed| Refusal::InvalidToken)?;
        Ok(bound.map(str::to_owned))
    }
}

/// Whether `now` is within a token's time.
pub(super) fn is_alive(claims: &Claims, now: Timestamp, allow_no_exp: bool) -> Result<bool, Malformed> {
    let seconds = now.as_microsecond() as f64 / 1e6;
    let begun = claims.seconds("nbf")?.is_none_or(|begin| begin <= seconds + NOT_BEFORE_LEEWAY_SECONDS);
    let ended = claims.seconds("exp")?.map_or(!allow_no_exp, |end| end <= seconds);
    Ok(begun && !ended)
}

/// A key often signs for several applications. Without these two settings, tokens for another application are accepted
/// here as well.
fn advise(settings: &TokenSettings) {
    let unset =
        [("jwt-issuer", settings.issuers.is_empty()), ("jwt-audience", settings.audiences.is_empty())];
    let unset: Vec<&str> = unset.into_iter().filter_map(|(name, unset)| unset.then_some(name)).collect();
    if !matches!(settings.keys, TokenKeys::Made) && !unset.is_empty() {
        tracing::warn!(
            "{} not set: a token that the same key has signed for another application is accepted here, too",
            unset.join(" and ")
        );
    }
    if settings.allow_no_exp {
        tracing::warn!("jwt-allow-no-exp: tokens without an expiry are accepted for as long as their key is");
    }
}
