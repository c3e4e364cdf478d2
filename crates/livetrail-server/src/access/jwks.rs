//! The public keys of an issuer (RFC 7517), fetched and kept.
//!
//! A token can cause a fetch, and inventing a token costs nothing. So all tokens together cause at most one fetch in
//! [`COOLDOWN`], whatever they name. Requests that wait for a key wait for the same fetch. While an issuer is away, the
//! known keys stay valid.

#[cfg(test)]
mod tests;

use super::{
    fetch::{self, FetchError},
    jws::{Jws, VerifyingKey},
};
use crate::{environment::Environment, log_span};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Url};
use serde::Deserialize;
use std::{
    sync::{Arc, PoisonError, RwLock, Weak},
    time::Duration,
};
use tokio::sync::Mutex;
use tracing::Instrument;

/// How long keys are used before they are fetched again.
const FRESH_FOR: SignedDuration = SignedDuration::from_mins(5);
/// Tokens together cause no more than one fetch in this time.
pub(super) const COOLDOWN: SignedDuration = SignedDuration::from_secs(30);
/// After a failed fetch at the start, how long the server waits before it asks the issuer again.
const PAUSE: Duration = Duration::from_secs(5);
/// Most keys of one set that are kept.
const MAX_KEYS: usize = 100;
/// Most keys that one token is tried with, where it does not name its key.
const MAX_TRIED: usize = 4;

/// The keys of one issuer.
pub(crate) struct Jwks {
    url: Url,
    client: Client,
    environment: Arc<dyn Environment>,
    known: RwLock<Arc<Known>>,
    /// When a token last caused a fetch. Held during a fetch, so that there is one at a time.
    last_by_token: Mutex<Option<Timestamp>>,
}

#[derive(Default)]
struct Known {
    keys: Vec<NamedKey>,
    fetched_at: Option<Timestamp>,
}

struct NamedKey {
    id: Option<String>,
    key: VerifyingKey,
}

impl Jwks {
    /// Keeps the keys of the set at `url`, which are fetched in the background from now on.
    pub(super) fn start(url: Url, client: Client, environment: Arc<dyn Environment>) -> Arc<Self> {
        let jwks = Arc::new(Self {
            url,
            client,
            environment,
            known: RwLock::default(),
            last_by_token: Mutex::default(),
        });
        log_span::spawn("jwks", fetch_first(Arc::downgrade(&jwks)));
        jwks
    }

    /// Whether one of the keys has signed `token`. A key that is not known may be new, so the set is fetched again.
    pub(super) async fn have_signed(self: &Arc<Self>, token: &Jws<'_>) -> bool {
        if !token.names_public_key() {
            return false;
        }
        let known = self.known();
        if known.candidates(token).next().is_some() {
            // A fetch that is under way is the one that is wanted.
            if known.is_old(self.environment.now()) && self.last_by_token.try_lock().is_ok() {
                log_span::spawn("jwks", Arc::clone(self).refresh(Arc::clone(&known)));
            }
            return known.have_signed(token);
        }
        // A client that leaves must not end the fetch that others wait for.
        let refreshed = tokio::spawn(Arc::clone(self).refresh(known).in_current_span()).await;
        refreshed.is_ok() && self.known().have_signed(token)
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Fetches the keys on behalf of a token, unless that has happened since `seen` was read, or a moment ago.
    async fn refresh(self: Arc<Self>, seen: Arc<Known>) {
        let mut last = self.last_by_token.lock().await;
        let now = self.environment.now();
        let too_soon = last.is_some_and(|last| now < last + COOLDOWN);
        if too_soon || !Arc::ptr_eq(&seen, &self.known()) {
            return;
        }
        *last = Some(now);
        self.fetch().await;
    }

    async fn fetch(&self) -> bool {
        match fetch::json(self.client.get(self.url.clone())).await.and_then(keys_of) {
            Ok(keys) => {
                tracing::debug!(url = %self.url, keys = keys.len(), "the keys of tokens were fetched");
                let known = Known { keys, fetched_at: Some(self.environment.now()) };
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
                true
            }
            Err(error) => {
                tracing::warn!(url = %self.url, %error, "the keys of tokens could not be fetched");
                false
            }
        }
    }
}

impl Known {
    fn is_old(&self, now: Timestamp) -> bool {
        self.fetched_at.is_none_or(|at| now >= at + FRESH_FOR)
    }

    /// The keys that can have signed the token: of its algorithm, and of the name that it gives, if it gives one.
    fn candidates<'a>(&'a self, token: &'a Jws) -> impl Iterator<Item = &'a VerifyingKey> {
        let is_named = |key: &&NamedKey| token.key_id().is_none_or(|id| key.id.as_deref() == Some(id));
        self.keys
            .iter()
            .filter(is_named)
            .map(|named| &named.key)
            .filter(|key| key.fits(token))
            .take(MAX_TRIED)
    }

    fn have_signed(&self, token: &Jws) -> bool {
        self.candidates(token).any(|key| key.has_signed(token))
    }
}

/// At the start the issuer may be away, and the server starts all the same.
async fn fetch_first(jwks: Weak<Jwks>) {
    while let Some(jwks) = jwks.upgrade() {
        let one_at_a_time = jwks.last_by_token.lock().await;
        if jwks.known().fetched_at.is_some() || jwks.fetch().await {
            return;
        }
        drop(one_at_a_time);
        drop(jwks);
        tokio::time::sleep(PAUSE).await;
    }
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<Jwk>,
}

/// A key as an issuer publishes it. Only public parameters are read.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// A set may hold keys for other purposes and of kinds that are not known here; they are left out. A set without any
/// usable key is more likely a mistake than an order to refuse every token.
fn keys_of(set: JwkSet) -> Result<Vec<NamedKey>, FetchError> {
    let keys: Vec<NamedKey> = set.keys.into_iter().filter_map(Jwk::into_key).take(MAX_KEYS).collect();
    match keys.is_empty() {
        true => Err(FetchError::Unreadable("it has no key for RS256, ES256 or EdDSA signatures".into())),
        false => Ok(keys),
    }
}

impl Jwk {
    fn into_key(self) -> Option<NamedKey> {
        let is_for_signatures = self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.key_ops.as_ref().is_none_or(|uses| uses.iter().any(|usage| usage == "verify"));
        let (x, y) = (self.x.as_deref(), self.y.as_deref());
        let (algorithms, key): (&[&str], _) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", None) => (&["RS256"], VerifyingKey::rs256(self.n.as_deref()?, self.e.as_deref()?)?),
            ("EC", Some("P-256")) => (&["ES256"], VerifyingKey::es256(x?, y?)?),
            ("OKP", Some("Ed25519")) => (&["EdDSA", "Ed25519"], VerifyingKey::eddsa(x?)?),
            _ => return None,
        };
        let fits = self.alg.as_deref().is_none_or(|named| algorithms.contains(&named));
        (is_for_signatures && fits).then_some(NamedKey { id: self.kid, key })
    }
}
